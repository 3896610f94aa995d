"""A listener as it runs in earnest, on a copy of the test database, with our name server, and `swaks` as sender."""

import base64
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection
from pytest_django import DjangoDbBlocker

from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.ports import free_ports
from fleetfolk.config.runtime.services import mail_command
from fleetfolk.messages.pushmail.models import IncomingMail, PushAddress
from fleetfolk.messages.pushmail.secret_addresses import new_secret
from fleetfolk.messages.tasks_pushmail import accept_mail
from fleetfolk.testing.cast import Cast, find_cast
from fleetfolk.testing.races import own_copy_of_the_database
from fleetfolk.testing.samples_pushmail import push_address
from fleetfolk.users.models import User

LONGEST_START = 90.0
_HEARD = ("<-  ", "<** ", "<~  ", "<~* ")
DOMAIN = "push.lumen.example"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    _KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
RECORDS = {
    "mail._domainkey.bank.example.": f'"v=DKIM1; k=rsa; p={PUBLIC[:200]}" "{PUBLIC[200:]}"',
    "_dmarc.bank.example.": '"v=DMARC1; p=reject"',
}
"""What our name server knows: TXT records by name. It does not answer for what has ``down`` in its name."""


@dataclass(kw_only=True)
class Listener:
    """A listener that answers on its two ports, and what it wrote into its log."""

    folder: Path
    name_server: int
    smtp: int = 0
    lmtp: int = 0
    more: dict[str, str] = field(default_factory=dict)
    child: Child | None = None

    def start(self) -> "Listener":
        """It greets."""
        self.smtp, self.lmtp = free_ports(2)
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
            "DATABASE_URL": url,
            "FLEETFOLK_DATA": str(self.folder),
            "FLEETFOLK_ORIGIN": "http://lumen.example",
            "FLEETFOLK_MAIL_IN_PORT": str(self.smtp),
            "FLEETFOLK_MAIL_IN_LMTP_PORT": str(self.lmtp),
            "FLEETFOLK_MAIL_IN_NAME_SERVER": f"127.0.0.1:{self.name_server}",
            "PYTHONPATH": os.pathsep.join(sys.path),
            **self.more,
        }
        log = self.folder / "mail.log"
        self.child = spawn("mail", mail_command(), log=log, environment=environment)
        deadline = time.monotonic() + LONGEST_START
        while not self._greets():
            if not self.child.alive or time.monotonic() > deadline:
                pytest.fail(f"The listener did not start: {self.child.output()}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """It has ended."""
        if self.child is not None:
            self.child.stop(seconds=5)

    def log(self) -> str:
        """All that it wrote."""
        return (self.folder / "mail.log").read_text(encoding="utf-8")

    def swaks(self, to: str, *arguments: str, lmtp: bool = False, data: bytes | None = None) -> "Said":
        """What is said when `swaks` sends a mail."""
        where = ("--protocol", "LMTP", "--port", str(self.lmtp)) if lmtp else ("--port", str(self.smtp))
        command = [swaks(), "--server", "127.0.0.1", *where, "--to", to, "--helo", "mx.bank.example"]
        command += [] if "--from" in arguments else ["--from", "ada@bank.example"]
        if data is not None:
            (self.folder / "mail.eml").write_bytes(data)
            command += ["--data", f"@{self.folder / 'mail.eml'}"]
        done = subprocess.run([*command, *arguments], capture_output=True, check=False, timeout=120)
        return Said(done.returncode, done.stdout.decode(errors="replace"))

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.smtp), timeout=5) as peer:
                return peer.recv(200).startswith(b"220")
        except OSError:
            return False


@dataclass(frozen=True)
class Said:
    """How `swaks` ended, and the whole talk."""

    code: int
    talk: str

    def answers(self) -> list[str]:
        """What the listener said, line by line."""
        return [
            line[4:].strip() for line in self.talk.splitlines() if line.startswith(("<-  ", "<** ", "<~  ", "<~* "))
        ]

    def heard(self, code: str) -> bool:
        """Whether the listener answered so."""
        return any(answer.startswith(code) for answer in self.answers())


def swaks() -> str:
    """Where it is. Without it the tests that send mail are left out, but not where everything is checked."""
    found = shutil.which("swaks")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("swaks is not installed; .ci/run installs it.")
        pytest.skip("swaks is not installed")
    return found


@pytest.fixture(scope="module")
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, in a database of this module's tests, in which commits count."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield find_cast()


@pytest.fixture(scope="module")
def name_server() -> Iterator[int]:
    """The port of a name server that knows `RECORDS`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=_answer, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _answer(server: socket.socket) -> None:
    while True:
        try:
            asked, peer = server.recvfrom(4096)
        except OSError:
            return
        question = dns.message.from_wire(asked)
        name = question.question[0].name.to_text().lower()
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if "down" in name:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in RECORDS and question.question[0].rdtype == dns.rdatatype.TXT:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", RECORDS[name]))
        elif name not in RECORDS:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(answer.to_wire(), peer)


@pytest.fixture(scope="module")
def listener(copy: Cast, name_server: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    """A listener on the copy."""
    running = Listener(folder=tmp_path_factory.mktemp("mail"), name_server=name_server).start()
    yield running
    running.stop()


@dataclass(frozen=True)
class Mailbox:
    """A person's address, and what came to it."""

    row: PushAddress
    secret: str

    @property
    def address(self) -> str:
        return f"{self.secret}@{DOMAIN}"

    def mails(self) -> list[IncomingMail]:
        """What was taken in, in order; what waited is delivered now."""
        for key in IncomingMail.objects.filter(address=self.row, state="waiting").values_list("pk", flat=True):
            accept_mail(mail_id=key)
        return list(IncomingMail.objects.select_related("message").filter(address=self.row).order_by("pk"))


def mailbox_of(person: User, **columns: object) -> Mailbox:
    """A new address of the person."""
    secret = new_secret()
    return Mailbox(push_address(person, secret, **{"name": secret[:20], **columns}), secret)
