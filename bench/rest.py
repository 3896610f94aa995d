"""Programs that read: the first 50 people of the largest tenant, again and again, with a token."""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode

from bench.browser import PATIENCE, UnexpectedAnswer, opened
from bench.measure import Times, measured
from fleetfolk.api.actions.create_program import CreateProgram, CreateProgramInput
from fleetfolk.api.actions.create_secret import CreateSecret, SecretInput
from fleetfolk.api.secrets import key_hash
from fleetfolk.kernel.actor import Client, Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

READS: Final = "REST, 50 people by a program"
READ: Final = "/api/v1/users?limit=50"
_CLIENT, _SECRET = "bench-program", "a secret of the bench, which nobody needs to guess"


def program_of(admin: User) -> tuple[str, str]:
    """Name and secret of a program of the admin's organization that may look at people."""
    actor = admin.as_actor(Client.WEB, proof=Proof.GIVEN)
    data = CreateProgramInput(name="Bench", client_id=_CLIENT, permissions=[VIEW_USERS.code])
    made = perform(CreateProgram, actor=actor, target_id=admin.organization_id, data=data)
    secret = SecretInput(secret_hash=key_hash(_SECRET), secret_end=_SECRET[-4:])
    perform(CreateSecret, actor=actor, target_id=made.target.pk, data=secret)
    return _CLIENT, _SECRET


@dataclass(kw_only=True)
class Program:
    """A program with one connection; not for several threads at once."""

    port: int
    token: str = ""
    _connection: HTTPConnection | None = field(default=None, repr=False)

    def enter(self, client_id: str, secret: str) -> None:
        """It has a token for its secret."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.token = json.loads(self._asked("POST", "/oauth2/token", urlencode(form), headers))["access_token"]

    def read(self, path: str) -> bytes:
        """The answer, unpacked."""
        return self._asked("GET", path, None, {"Authorization": f"Bearer {self.token}"})

    def again(self, _number: int) -> None:
        """The first 50 people."""
        self.read(READ)

    def close(self) -> None:
        """The connection is closed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _asked(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        known = {"Host": f"localhost:{self.port}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        self._connection.request(method, path, body=body, headers={**known, **headers})
        answer = self._connection.getresponse()
        content = opened(answer.read())
        if answer.status != 200:
            raise UnexpectedAnswer(f"{path} answered {answer.status}: {content[:400]!r}")
        return content


def read_by(port: int, credentials: tuple[str, str], *, clients: int, count: int, seconds: float) -> Times:
    """So many programs at once read the list; each has a token of its own and a connection that stays open."""
    programs = [Program(port=port) for _number in range(clients)]
    for program in programs:
        program.enter(*credentials)
        if len(json.loads(program.read(READ))["items"]) != 50:
            raise UnexpectedAnswer(f"{READ} has not 50 people")
    try:
        return measured([program.again for program in programs], count, seconds=seconds)
    finally:
        for program in programs:
            program.close()
