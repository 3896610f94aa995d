"""The REST interface as it is asked from the shell: one connection, pages one after another, nothing done twice."""

import base64
import json
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from fleetfolk.config.remote.failure import Ends, Failed
from fleetfolk.config.remote.login import Login

PAGE: Final = 100
SECONDS: Final = 120
_TRIES: Final = 4
_LONGEST_WAIT: Final = 90


class Server:
    """One server, asked with one key. What is read is JSON; all else is `Failed`."""

    def __init__(self, login: Login) -> None:
        parts = urlsplit(login.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.url = login.url
        self._login = login
        self._connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        self._key = login.key

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """What `GET` answers. Empty values are not asked."""
        given = {name: value for name, value in (query or {}).items() if value not in (None, "", [])}
        return self._ask("GET", f"/api/v1/{path}" + (f"?{urlencode(given, doseq=True)}" if given else ""))

    def post(self, path: str, data: Any) -> Any:
        """What `POST` answers. A connection that breaks is tried anew: with its key the change happens once."""
        return self._ask("POST", f"/api/v1/{path}", json.dumps(data).encode(), once=str(uuid.uuid4()))

    def rows(self, path: str, query: Mapping[str, Any] | None = None, *, most: int | None = None) -> Iterator[Any]:
        """All rows of a list, however its pages are turned; ``most`` at most."""
        place: dict[str, Any] = {}
        left = most
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            answer = self.get(path, {"limit": size, **(query or {}), **place})
            if isinstance(answer, list):
                yield from answer[:most]
                return
            yield from answer["items"]
            left = None if left is None else left - len(answer["items"])
            turns = {"after": answer.get("next"), "before": answer.get("older")}
            place = {name: value for name, value in turns.items() if value}
            if not place:
                return

    def _ask(self, method: str, path: str, body: bytes | None = None, *, once: str = "") -> Any:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._access()}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": once}
        for _ in range(_TRIES):
            answer, said = self._send(method, path, body, headers)
            if answer.status != 429:
                return _read(answer, said)
            self._wait(answer)
        raise Failed("The server has too much to do. Try it later.", Ends.UNREACHABLE)

    def _access(self) -> str:
        """The key, or the token that the program gets for its secret."""
        if self._key:
            return self._key
        pair = f"{self._login.client_id}:{self._login.client_secret}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer, said = self._send("POST", "/oauth2/token", b"grant_type=client_credentials", headers)
        if answer.status != 200:
            raise Failed("The server does not know this program, or its secret is over.", Ends.SIGNED_OUT)
        self._key = str(_json(said)["access_token"])
        return self._key

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        """The answer, unread. No other server is asked, wherever this one points to: it would get the key."""
        for turn in range(_TRIES):
            try:
                self._connection.request(method, path, body, {"User-Agent": "fleetfolk-shell", **headers})
                answer = self._connection.getresponse()
                return answer, answer.read()
            except (OSError, HTTPException) as error:
                self._connection.close()
                if turn == _TRIES - 1:
                    raise Failed(
                        f"{self.url} does not answer: {str(error) or 'it hung up'}.", Ends.UNREACHABLE
                    ) from error
                time.sleep(0.2 * 3**turn)
        raise AssertionError

    def _wait(self, answer: HTTPResponse) -> None:
        given = answer.headers.get("Retry-After", "")
        seconds = min(int(given) if given.isdecimal() else 10, _LONGEST_WAIT)
        print(f"Too many requests in this minute: going on in {seconds} s.", file=sys.stderr)
        time.sleep(seconds)


def _read(answer: HTTPResponse, said: bytes) -> Any:
    if 300 <= answer.status < 400:
        where = answer.headers.get("Location", "elsewhere")
        raise Failed(f"The server sends to {where}. Sign in with the address at which it answers.", Ends.UNREACHABLE)
    if answer.status >= 500:
        number = answer.headers.get("X-Request-Id", "none")
        raise Failed(f"The server failed ({answer.status}, request {number}).", Ends.UNREACHABLE)
    found = _json(said)
    if answer.status < 300:
        return found
    raise Failed(_sentence(found), Ends.SIGNED_OUT if answer.status == 401 else Ends.REFUSED)


def _json(said: bytes) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        raise Failed("What answers there is no Fleetfolk.", Ends.UNREACHABLE) from None


def _sentence(problem: Any) -> str:
    """What a problem document says, with each value that does not fit."""
    if not isinstance(problem, dict) or "reason" not in problem:
        return "What answers there is no Fleetfolk."
    unfit = "".join(f"\n  {one['field']}: {one['message']}" for one in problem.get("errors", []))
    return f"{problem['detail']} ({problem['reason']}){unfit}"
