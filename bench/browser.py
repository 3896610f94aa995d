"""A browser without eyes: signs in on the real page, keeps cookies and its connection, and asks as htmx does."""

import gzip
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 120.0


class UnexpectedAnswer(Exception):
    """A page answered otherwise than it must for a measurement to mean anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One request. `target` is what htmx would fill; empty for a page of its own. `form` makes it a POST."""

    path: str
    target: str = ""
    form: tuple[tuple[str, str], ...] | None = None
    expected: tuple[int, ...] = (200,)


@dataclass(kw_only=True)
class Browser:
    """One person's browser with one connection; not for several threads at once."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    went: str = ""
    """Where the last answer sent the browser on to."""
    _connection: HTTPConnection | None = None

    def again(self) -> "Browser":
        """Another tab: the same person, a connection of its own."""
        return Browser(port=self.port, cookies=dict(self.cookies), token=self.token)

    def ask(self, ask: Ask) -> bytes:
        """The body of the answer as it came, mostly packed. Raises `UnexpectedAnswer` for another status."""
        headers = {
            "Host": f"localhost:{self.port}",
            "User-Agent": "Mozilla/5.0 (bench)",
            "Accept": "text/html,*/*",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en-US,en;q=0.9",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if ask.target:
            headers |= {
                "HX-Request": "true",
                "HX-Target": ask.target,
                "HX-Current-URL": f"http://localhost:{self.port}/users/",
            }
        body = None
        if ask.form is not None:
            body = urlencode([*ask.form, ("csrfmiddlewaretoken", self.token)])
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://localhost:{self.port}",
                "Referer": f"http://localhost:{self.port}/users/",
            }
        method = "POST" if ask.form is not None else "GET"
        try:
            answer, content = self._sent(method, ask.path, body, headers)
        except (RemoteDisconnected, BrokenPipeError):
            # A server may close a connection that was idle; browsers then ask anew, and so it counts.
            answer, content = self._sent(method, ask.path, body, headers)
        self._keep_cookies(answer)
        self.went = answer.headers.get("Location", "")
        if answer.status not in ask.expected:
            raise UnexpectedAnswer(f"{ask.path} answered {answer.status}: {opened(content)[:400]!r}")
        return content

    def _sent(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[HTTPResponse, bytes]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self._connection.request(method, path, body=body, headers=headers)
            answer = self._connection.getresponse()
            return answer, answer.read()
        except OSError:
            self.close()
            raise

    def sign_in(self, email: str, password: str) -> None:
        """The session is the person's, by way of the sign-in page."""
        page = opened(self.ask(Ask(path="/sign-in/")))
        self.token = self._token_of(page)
        form = (("login", email), ("password", password))
        self.ask(Ask(path="/sign-in/", form=form, expected=(302,)))
        self.token = self._token_of(opened(self.ask(Ask(path="/account/"))))

    def close(self) -> None:
        """The connection is closed; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    def _token_of(self, page: bytes) -> str:
        found = _TOKEN.search(page)
        if found is None:
            raise UnexpectedAnswer(f"There is no form on the page: {page[:400]!r}")
        return found[1].decode()


def opened(content: bytes) -> bytes:
    """The body, unpacked."""
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
