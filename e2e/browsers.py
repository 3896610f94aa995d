"""Browsers of people: signed in or not, each with a watch that notices whatever goes wrong in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

# The browser reports every answer of 4xx to a script as an error, and htmx every request that a click elsewhere ended;
# whether that was right is what the journeys ask.
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d"
    r"|htmx:(afterRequest|sendAbort)|Response Status Error Code 4\d\d"
)
# Milliseconds. Only what fails waits so long; a machine that does much else needs a part of it.
PATIENCE = 20_000
# Milliseconds that every answer takes longer where it is slow: the rows of a list give way to a skeleton meanwhile.
LATE = 400
# Nobody's hand is as quick as Playwright's: a page is touched when its scripts have begun, not while they load.
UNTOUCHED = """
const untouched = new CSSStyleSheet();
untouched.replaceSync("html { pointer-events: none }");
document.adoptedStyleSheets = [untouched];
addEventListener("DOMContentLoaded", () => setTimeout(() => document.adoptedStyleSheets = []), {once: true});
"""
PARTS_OF_PAGES = {"font", "image", "script", "stylesheet"}


@dataclass(kw_only=True)
class Watch:
    """What went wrong in the browsers of one journey. `tolerated` are patterns of what the journey brings about."""

    wrong: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Whatever happens in this browser is noticed."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"exception: {error.error}"))
        context.on("response", self._answered)

    def found(self) -> list[str]:
        """What nobody expected."""
        return [one for one in self.wrong if not any(re.search(pattern, one) for pattern in self.tolerated)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self._note(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        broken = response.status >= 500
        missing = response.status >= 400 and response.request.resource_type in PARTS_OF_PAGES
        if broken or missing:
            self._note(f"status {response.status}: {response.request.method} {response.url}")

    def _note(self, text: str) -> None:
        self.wrong.append(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Browsers:
    """Opens browsers that know nothing of each other."""

    new_context: Callable[..., BrowserContext]
    origin: str
    watch: Watch
    slow: bool = False

    def __call__(
        self, person: User | None = None, *, width: int = 1440, theme: str = "light", minutes_ago: int = 0
    ) -> Page:
        """A page, not yet anywhere, in a browser of its own, in which the person has signed in so long ago."""
        context = self.new_context(
            base_url=self.origin,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE)
        context.add_init_script(UNTOUCHED)
        self.watch.over(context)
        if person is not None:
            session = _session(person, minutes_ago)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.origin}])
        page = context.new_page()
        if self.slow:
            _slow_down(page)
        return page


def _slow_down(page: Page) -> None:
    """Every answer comes later: what does not wait for it is too early."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    late = {"offline": False, "latency": LATE, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", late)


def _session(person: User, minutes_ago: int) -> str:
    """The key of a session of the person, without the sign-in page."""
    client = SignedIn()(person, minutes_ago=minutes_ago)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)
