"""Fills the disk under an installation that is in use, and makes room again: python -m bench.diskfull

Database and data folder lie on a file system of a few hundred megabytes (a file, mounted as ext4; needs root and
Linux). While people look, a program changes things, devices report, an import runs and a file is uploaded, a file
beside them takes all that is left; after a while it is gone again. Then: every answer was the page or a sentence, what
was acknowledged is there once, the import has done every row once or was told of, no log has grown by more than a
little, and everything goes on. Fails where that is not so.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.browser import Browser
from bench.faults.installation import Installation, sure, until

if TYPE_CHECKING:
    from bench.faults.world import World

MEGABYTE = 2**20
SENTENCES = ("does not answer right now", "no room left where")
"""One of them stands in whatever is refused."""
LEFT = 24 * MEGABYTE
"""Before the import begins."""
LOUD = 8 * MEGABYTE
"""More than a log may grow in the time without room."""


def main() -> int:
    """Runs it; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="diskfull", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=700, help="how large the file system is")
    parser.add_argument("--seconds", type=float, default=40, help="how long there is no room")
    options = parser.parse_args()
    with bounded(options.megabytes) as place:
        installation = Installation(folder=place)
        try:
            installation.begin()
            import django  # noqa: PLC0415 - the settings are known only now

            django.setup()
            from bench.faults.world import World  # noqa: PLC0415

            rehearse(installation, World.build(1_000, entries=1_000), place, seconds=options.seconds)
        except BaseException:
            for child in installation.children.values():
                print(f"--- {child.name} {child.ending()}\n{child.output()[-5000:]}", file=sys.stderr, flush=True)
            raise
        finally:
            (place / "ballast").unlink(missing_ok=True)
            installation.close()
    return 0


@contextmanager
def bounded(megabytes: int) -> Iterator[Path]:
    """A folder with a file system of its own, of so many megabytes."""
    with tempfile.TemporaryDirectory(prefix="diskfull-") as name:
        image, place = Path(name) / "image", Path(name) / "place"
        Path(name).chmod(0o755)
        place.mkdir()
        with image.open("wb") as file:
            file.truncate(megabytes * MEGABYTE)
        # No blocks are kept for root: what runs as root shall be refused as well.
        subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-m", "0", image], check=True)
        subprocess.run(["/usr/bin/mount", "-o", "loop", image, place], check=True)
        try:
            place.chmod(0o755)
            yield place
        finally:
            subprocess.run(["/usr/bin/umount", place], check=True)


def fill(place: Path, *, leave: int = 0) -> int:
    """Nothing more can be written there, but for so many bytes. How many megabytes that took."""
    size, there = 0, os.statvfs(place)
    if leave:
        size = max(0, there.f_bavail * there.f_frsize - leave)
        with (place / "ballast").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, size)
        return size // MEGABYTE
    with (place / "ballast").open("ab", buffering=0) as file:
        for piece in (4 * MEGABYTE, 64 * 1024, 4096):
            try:
                while True:
                    size += file.write(b"\0" * piece)
            except OSError:
                continue
    return size // MEGABYTE


@dataclass(kw_only=True)
class Looker:
    """Somebody who looks at pages, edits, and uploads again and again; every answer is counted by what it says."""

    browser: Browser
    organization: str
    role: int
    answers: Counter[str] = field(default_factory=Counter)
    ending: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self.ending.wait(0.2):
            number += 1
            if number % 3 == 0:
                self.answers[
                    "upload: " + self._said("/users/import/", _file(self.browser.token, self.organization, self.role))
                ] += 1
            else:
                self.answers["page: " + self._said("/users/")] += 1

    def _said(self, path: str, form: tuple[str, bytes] | None = None) -> str:
        port = self.browser.port
        asked = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Host": f"localhost:{port}",
            "Origin": f"http://localhost:{port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items()),
        }
        try:
            if form is None:
                asked.request("GET", path, headers=headers)
            else:
                asked.request("POST", path, body=form[1], headers={**headers, "Content-Type": form[0]})
            answer = asked.getresponse()
            content = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            return type(error).__name__
        finally:
            asked.close()
        if answer.status in {503, 507} and any(sentence in content for sentence in SENTENCES):
            return f"{answer.status} with a sentence"
        return str(answer.status) if answer.status < 400 else f"{answer.status} {content[:200]!r}"


def _file(token: str, organization: str, role: int) -> tuple[str, bytes]:
    """A form with a file of 200,000 bytes that could be imported."""
    edge = "edge-of-the-form"
    rows = "email,first name\n" + "".join(f"up{number}@upload.example,Up\n" for number in range(7_000))
    fields = {"csrfmiddlewaretoken": token, "organization": organization, "role": role, "country": "DE"}
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{rows}\r\n--{edge}--\r\n"
    )
    return f"multipart/form-data; boundary={edge}", (head + body).encode()


def rehearse(installation: Installation, world: World, place: Path, *, seconds: float) -> None:
    """The disk is full for so long, in the middle of an import."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from bench.faults.traffic import Program  # noqa: PLC0415
    from bench.faults.works import Import, wait_for  # noqa: PLC0415
    from fleetfolk.gateway.tests.test_nothing_lost import Crowd  # noqa: PLC0415
    from fleetfolk.testing.cast import PASSWORD  # noqa: PLC0415

    installation.start()
    crowd = Crowd(installation, world.cast, count=2)
    work = Import(installation=installation, world=world, number=1)
    connection.close()
    program = Program(installation=installation, key=world.key, organization=world.cast.lumen.pk, name="Full")
    browser = Browser(port=installation.ports["web"])
    browser.sign_in(world.cast.ada.email, PASSWORD)
    looker = Looker(browser=browser, organization=world.cast.lumen.name, role=world.cast.role("user").pk)
    with crowd, program, looker:
        crowd.wait_for_more(20)
        fill(place, leave=LEFT)
        work.begin()
        connection.close()
        until(work.middle, "the import is in its middle")
        full, grown = _without_room(installation, looker, place, seconds=seconds)
        room = time.monotonic()
        installation.tend()
        installation.ready()
        crowd.wait_for_more(20)
        print(f"serving {time.monotonic() - room:.1f} s after there was room; {_ended(installation)}", flush=True)
        wait_for(work, hastened=False)
        print(f"the import is {work.state()}, {work.done} rows, after {time.monotonic() - room:.0f} s", flush=True)
        crowd.wait_for_more(20)
    after = dict(looker.answers)
    print(f"  answers after: {after}", flush=True)
    program.check()
    crowd.check()
    work.check()
    connection.close()
    print(f"  {work.said}", flush=True)
    _judge([*full, *after], grown)
    values = sum(len(each.acknowledged) for each in crowd.counting)
    print(
        f"{len(program.acknowledged)} changes and {values} values acknowledged, each there once; {program.cut} changes"
        f" and {sum(each.failures for each in crowd.counting)} values refused, and asked for again",
        flush=True,
    )


def _without_room(
    installation: Installation, looker: Looker, place: Path, *, seconds: float
) -> tuple[dict[str, int], dict[str, int]]:
    """There was no room for so long: what was answered, and by how much the logs grew."""
    logs = _sizes(place)
    looker.answers.clear()
    print(f"{fill(place)} MB were left, and are taken", flush=True)
    burned = _processors(installation)
    time.sleep(seconds)
    spent = {part: f"{(now - burned[part]) / seconds:.0%}" for part, now in _processors(installation).items()}
    full = dict(looker.answers)
    looker.answers.clear()
    grown = {name: size - logs.get(name, 0) for name, size in _sizes(place).items()}
    (place / "ballast").unlink()
    print(f"  answers: {full}\n  processors: {spent}; logs grew {grown}", flush=True)
    return full, grown


def _judge(answers: Sequence[str], grown: Mapping[str, int]) -> None:
    """Nobody was answered by a defect, and no log was filled."""
    odd = [answer for answer in answers if not answer.endswith(("200", "302", "with a sentence"))]
    sure(not odd, f"every answer is the page or a sentence: {odd}")
    sure(max(grown.values()) < LOUD, f"no log was filled: {grown}")


def _ended(installation: Installation) -> str:
    ended = ", ".join(sorted(set(installation.ended_by_themselves)))
    return f"{ended} ended and was started again" if ended else "nothing had to be started again"


def _sizes(place: Path) -> dict[str, int]:
    return {log.name: log.stat().st_size for log in place.glob("*.log")}


def _processors(installation: Installation) -> dict[str, float]:
    """Seconds of processors that each part's processes have had."""
    spent = {}
    for part, child in installation.children.items():
        total = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
                if part != "database" and os.getpgid(int(stat.parent.name)) == child.process.pid:
                    total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            except (OSError, ValueError):
                continue
        spent[part] = total
    return spent


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
