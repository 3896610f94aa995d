"""The works that are cut: how each begins, when it is in the middle, and what must be true when it is over."""

from __future__ import annotations

import hashlib
import json
import socket
import zipfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

from bench.browser import Browser
from bench.faults.installation import Installation, sure, until
from bench.faults.world import BUSY_ENTRIES, World
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.bulk import THINGS
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Channel
from fleetfolk.testing.cast import PASSWORD, actor
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.uploads import keep_upload

ROWS = 4_000
LETTERS = 400
ERASED = 150


@dataclass(kw_only=True)
class Work(ABC):
    """Some work of the installation. ``number`` tells this time from the others."""

    installation: Installation
    world: World
    number: int
    said: str = ""
    job: int = 0

    @abstractmethod
    def begin(self) -> None:
        """It was asked for, and nothing is done yet."""

    @abstractmethod
    def middle(self) -> bool:
        """Whether a part of it is done, and not all."""

    @abstractmethod
    def over(self) -> bool:
        """Whether nothing more will happen."""

    @abstractmethod
    def check(self) -> None:
        """All of it was done, once, and ``said`` says what was seen."""

    def hasten(self) -> None:  # noqa: B027 - most have nothing to wait for
        """What is only waited for has passed."""

    @property
    def done(self) -> int:
        """How many of the job are done."""
        return int(self.installation.one("SELECT done FROM jobs_job WHERE id = %s", self.job) or 0)

    def state(self) -> str:
        """The job's."""
        return str(self.installation.one("SELECT state FROM jobs_job WHERE id = %s", self.job))

    def entries(self, code: str, *, batch: bool = True) -> tuple[int, int]:
        """How many entries the job wrote under the code, and about how many."""
        query = "SELECT count(*), count(DISTINCT target_id) FROM actionlog_entry WHERE code = %s AND result = 'done'"
        if not batch:
            (row,) = self.installation.rows(query, code)
        else:
            of_batch = " AND batch_id = (SELECT batch_id FROM jobs_job WHERE id = %s)"
            (row,) = self.installation.rows(query + of_batch, code, self.job)
        return (int(row[0]), int(row[1]))


class Bulk(Work):
    """A tag on everybody."""

    def begin(self) -> None:
        """The job waits for the worker."""
        ada, cast = actor(self.world.cast.ada), self.world.cast
        self.tag = self.world.tag(f"Bulk {self.number}")
        everybody = CreateBulkInput(of="users", act="tag", where=THINGS["users"].where(ada, self.world.everybody()))
        self.job = perform(CreateBulk, actor=ada, target_id=cast.lumen.pk, data=everybody).target.pk
        perform(StartBulk, actor=ada, target_id=self.job, data=StartBulkInput(chosen={"tag_id": self.tag}))

    def middle(self) -> bool:
        """A thousand have it."""
        return self.done >= 1_000

    def over(self) -> bool:
        """The job says so."""
        return self.state() in ("done", "failed", "cancelled")

    def check(self) -> None:
        """Everybody has the tag, with an entry."""
        total = int(self.installation.one("SELECT total FROM jobs_job WHERE id = %s", self.job))
        tagged = self.installation.one("SELECT count(*) FROM users_usertag WHERE tag_id = %s", self.tag)
        sure(self.state() == "done", f"the job is done, and not {self.state()}")
        sure(self.done == tagged == total, f"all have the tag: {tagged} of {total}")
        sure(self.entries("user.tag.assign") == (total, total), f"one entry each: {self.entries('user.tag.assign')}")
        self.said = f"{total:,} people tagged, one entry each"


class Import(Work):
    """A file of people."""

    def begin(self) -> None:
        """The job waits for the worker."""
        ada, cast = actor(self.world.cast.ada), self.world.cast
        lines = [b"First name,Last name,Email,Phone\n"]
        lines += [
            f"Row,{row},{'' if row % 10 == 0 else self._address(row)},0171 {1000000 + row}\n".encode()
            for row in range(ROWS)
        ]
        source = ImportSource.of_file(
            file=keep_upload(iter(lines)),
            file_name="people.csv",
            within=cast.south,
            role_id=cast.role("user").pk,
            country="DE",
            invite=False,
            client="web",
        )
        made = perform(CreateImport, actor=ada, target_id=cast.south.pk, data=CreateImportInput(source=source))
        self.job = made.target.pk
        perform(StartImport, actor=ada, target_id=self.job, data=StartImportInput())

    def middle(self) -> bool:
        """A chunk is in."""
        return self.done > 0

    def over(self) -> bool:
        """The job says so."""
        return self.state() in ("done", "failed", "cancelled")

    def check(self) -> None:
        """Every row is a person, or a problem, once."""
        people = ROWS - ROWS // 10
        like = self._address(0).replace("0@", "%@")
        (there,) = self.installation.rows(
            "SELECT count(*), count(DISTINCT email) FROM users_user WHERE email LIKE %s", like
        )
        problems = self.installation.one("SELECT count(*) FROM jobs_problem WHERE job_id = %s", self.job)
        sure(self.state() == "done", f"the job is done, and not {self.state()}")
        sure(tuple(there) == (people, people), f"everybody is there once: {there}")
        sure(problems == ROWS // 10, f"every tenth row is told of: {problems}")
        sure(self.entries("user.import") == (people, people), f"one entry each: {self.entries('user.import')}")
        self.said = f"{people:,} people of {ROWS:,} rows, one entry each; {problems} rows told of"

    def _address(self, row: int) -> str:
        return f"i{self.number}-{row}@example.org"


class PersonExport(Work):
    """Everything about a busy person, as a file."""

    def begin(self) -> None:
        """The job waits for the worker."""
        self.before = self.entries("user.export", batch=False)[0]
        perform(ExportUser, actor=actor(self.world.cast.ada), target_id=self.world.busy, data=NoInput())
        self.job = self.installation.one("SELECT max(id) FROM jobs_job WHERE kind = 'user.export'")

    def middle(self) -> bool:
        """The file is being written."""
        return self.state() == "running" and self.done > 0

    def over(self) -> bool:
        """The job says so."""
        return self.state() in ("done", "failed", "cancelled")

    def check(self) -> None:
        """One file is there, whole."""
        sure(self.state() == "done", f"the job is done, and not {self.state()}")
        ((name, digest, records),) = self.installation.rows(
            "SELECT file, sha256, records FROM users_export WHERE job_id = %s", self.job
        )
        (file,) = self.installation.folder.rglob(f"*{name}*")
        sure(hashlib.sha256(Path(file).read_bytes()).hexdigest() == digest, "the file is the one that was noted")
        with zipfile.ZipFile(file) as archive:
            sure(archive.testzip() is None, "the file is whole")
        sure(records >= BUSY_ENTRIES, f"it holds everything: {records} records")
        sure(self.entries("user.export", batch=False)[0] == self.before + 1, "one entry")
        self.said = f"one file, whole, {records:,} records"


class ListExport(Work):
    """The list of people as CSV, read slowly."""

    whole = False
    lines = 0

    def begin(self) -> None:
        """The file is asked for and its first bytes have come."""
        self.browser = Browser(port=self.installation.ports["web"])
        self.browser.sign_in(self.world.cast.ada.email, PASSWORD)
        self.before = self.entries("user.list.export", batch=False)[0]
        self.answer = self._asked()
        self.begun = self.answer.read(512)

    def middle(self) -> bool:
        """It has begun."""
        return bool(self.begun)

    def over(self) -> bool:
        """It was read to its end, or was cut, which its reader is told; then it is asked for anew."""
        try:
            whole = self.begun + self.answer.read()
            self.cut = False
        except (OSError, HTTPException):
            self.cut = True
            self.installation.ready()
            whole = self._asked().read()
        self.lines = len([line for line in whole.splitlines() if b"@example.org" in line])
        return True

    def check(self) -> None:
        """Everybody is in it, and each download has an entry."""
        sure(self.lines >= self.world.people, f"everybody is in the file: {self.lines} of {self.world.people}")
        taken = self.entries("user.list.export", batch=False)[0] - self.before
        sure(taken == (2 if self.cut else 1), f"one entry a download: {taken}")
        how = "cut, told as an incomplete answer, whole when asked anew" if self.cut else "went on, whole"
        self.said = f"{how}; {self.lines:,} lines, one entry a download"

    def _asked(self) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.installation.ports["web"], timeout=60)
        connection.sock = _narrow(self.installation.ports["web"])
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        headers = {"Host": f"localhost:{self.installation.ports['web']}", "Cookie": cookies}
        connection.request("GET", "/users/export/file/", headers=headers)
        self.connection = connection
        answer = connection.getresponse()
        sure(answer.status == 200, f"the file is given: {answer.status}")
        return answer


def _narrow(port: int) -> socket.socket:
    """A connection on which little is on its way at a time."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.settimeout(60)
    wire.connect(("127.0.0.1", port))
    return wire


class Erasure(Work):
    """People whose days of grace are over."""

    def begin(self) -> None:
        """They were deleted long ago, and the worker is to look."""
        self.people: Sequence[int] = self.world.deleted(ERASED, self.number)
        self.before = (self._erased(), self.entries("user.erase", batch=False)[0], len(self._noted()))
        enqueue("users.erase_deleted", timestamp=self.number)

    def middle(self) -> bool:
        """Some are gone."""
        return self._erased() - self.before[0] >= 20

    def over(self) -> bool:
        """Nobody is left, and it is noted of each outside the database."""
        left = self.installation.one("SELECT count(*) FROM users_user WHERE id = ANY(%s)", list(self.people))
        return left == 0 and len(self._noted()) >= self.before[2] + ERASED

    def check(self) -> None:
        """A certificate and an entry each, and a line in the file that a restored backup is compared with."""
        erased = self._erased() - self.before[0]
        sure(erased == ERASED, f"one certificate each: {erased}")
        entries = self.entries("user.erase", batch=False)
        sure(entries[0] == entries[1] == self.before[1] + ERASED, f"one entry each: {entries}")
        subjects = {row[0] for row in self.installation.rows("SELECT subject_key FROM users_erasure")}
        sure(subjects == self._noted(), "the file knows all of them")
        self.said = f"{ERASED} people erased, one certificate and one entry each, all noted in the file"

    def _erased(self) -> int:
        return int(self.installation.one("SELECT count(*) FROM users_erasure"))

    def _noted(self) -> set[str]:
        file = self.installation.folder / "erasures.jsonl"
        return {json.loads(line)["subject"] for line in file.read_text().splitlines()} if file.exists() else set()


class Letters(Work):
    """A message to many, into their inboxes and by mail."""

    def begin(self) -> None:
        """It was sent off."""
        cast = self.world.cast
        self.people = self.world.readers(LETTERS, self.number)
        content = MessageInput(
            subject=f"Maintenance {self.number}",
            body="We come on *Monday*.",
            audience={"users": self.people},
            channels=(Channel.EMAIL,),
        )
        ada = actor(cast.ada)
        self.message = perform(CreateMessage, actor=ada, target_id=cast.lumen.pk, data=content).target.pk
        perform(SendMessage, actor=ada, target_id=self.message, data=SendMessageInput())

    def middle(self) -> bool:
        """A quarter of the mails are out."""
        return sum(self._mails().values()) >= LETTERS // 4

    def over(self) -> bool:
        """No mail waits."""
        ((waiting, there),) = self.installation.rows(
            "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FROM messaging_delivery WHERE message_id = %s"
            " AND channel = 'email'",
            self.message,
        )
        state = self.installation.one("SELECT state FROM messaging_message WHERE id = %s", self.message)
        return bool(there == LETTERS and waiting == 0 and state == "sent")

    def hasten(self) -> None:
        """The five minutes have passed for which a worker that is gone took what it had in hand."""
        self.installation.run(
            "UPDATE messaging_delivery SET due_at = due_at - interval '5 minutes' WHERE message_id = %s"
            " AND state = 'queued'",
            self.message,
        )

    def check(self) -> None:
        """Everybody has it once in the inbox, and a mail; what was in hand when it was cut may have come twice."""
        (items,) = self.installation.rows(
            "SELECT count(*), count(DISTINCT user_id) FROM messaging_item WHERE message_id = %s", self.message
        )
        sure(tuple(items) == (LETTERS, LETTERS), f"everybody has it once: {items}")
        fared = self.installation.rows(
            "SELECT state, count(*) FROM messaging_delivery WHERE message_id = %s AND channel = 'email' GROUP BY 1",
            self.message,
        )
        sure([tuple(row) for row in fared] == [("sent", LETTERS)], f"all mails are sent: {fared}")
        mails = self._mails()
        sure(len(mails) == LETTERS, f"everybody got the mail: {len(mails)}")
        twice = sum(mails.values()) - LETTERS
        sure(twice <= 1, f"at most the mail in hand came again: {twice}")
        sent = self.entries("message.send", batch=False)
        sure(sent[0] == sent[1], "one entry a message")
        self.said = f"{LETTERS} inboxes and {LETTERS} mails" + (
            f"; {twice} of them came twice, under the same Message-ID" if twice else ", each once"
        )

    def _mails(self) -> Counter[str]:
        return Counter(
            name for name, _to in self.installation.letters.taken if name.startswith(f"<message-{self.message}-")
        )


WORKS: dict[str, type[Work]] = {
    "bulk action": Bulk,
    "import": Import,
    "export of a person": PersonExport,
    "export of a list": ListExport,
    "erasure": Erasure,
    "message": Letters,
}


def wait_for(work: Work, *, hastened: bool) -> float:
    """The seconds until the work was over, while whatever ended by itself was started again."""
    installation = work.installation

    def over() -> bool:
        installation.tend()
        if hastened:
            installation.run(
                "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
                " WHERE last_heartbeat < now() - interval '15 seconds'"
            )
            work.hasten()
        return work.over()

    return until(over, "the work is over", pause=0.5)
