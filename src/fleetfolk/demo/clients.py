"""The browsers and telephones of the demo world's people, and the addresses they come from.

``devices(person)``   what somebody uses, the one used most first; always the same, and at least one is a browser.
``INSTALLATION``      where the very first act comes from: the command line of the installation itself.

All addresses lie in the ranges that RFC 5737 keeps for documentation.
"""

from dataclasses import dataclass
from random import Random
from typing import Literal
from zlib import crc32

from fleetfolk.demo.people import Person
from fleetfolk.demo.places import organization

type ClientName = Literal["Web", "Android", "iOS", "Shell"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """What somebody acts through: the log's client, the address, and what the browser or app calls itself."""

    client: ClientName
    address: str
    user_agent: str


INSTALLATION = Device(client="Shell", address="127.0.0.1", user_agent="fleetfolk/0.1 (command line)")

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36"

_DESK = (
    f"{_WINDOWS} {_CHROME}",
    f"{_WINDOWS} {_CHROME}",
    f"{_WINDOWS} {_CHROME} Edg/154.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:157.0) Gecko/20100101 Firefox/157.0",
    f"{_MAC} {_CHROME}",
    f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.0 Safari/605.1.15",
    f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME}",
    "Mozilla/5.0 (X11; Linux x86_64; rv:157.0) Gecko/20100101 Firefox/157.0",
)

_ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)"

_POCKET_BROWSERS = (
    f"{_ANDROID} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Mobile Safari/537.36",
    f"{_IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.0 Mobile/15E148 Safari/604.1",
)

_APPS: tuple[tuple[ClientName, str], ...] = (
    ("Android", "LumenHome/4.11.2 (Android 16; Pixel 9)"),
    ("Android", "LumenHome/4.11.2 (Android 15; SM-S921B)"),
    ("Android", "LumenHome/4.10.0 (Android 14; FP5)"),
    ("iOS", "LumenHome/4.11.1 (iPhone16,1; iOS 27.0)"),
    ("iOS", "LumenHome/4.11.1 (iPhone14,7; iOS 26.4)"),
    ("iOS", "LumenHome/4.9.3 (iPad14,1; iOS 26.1)"),
)


def devices(person: Person) -> tuple[Device, ...]:
    """What this person uses, the one used most first; at least one is a browser."""
    rng = Random(f"devices {person.email}")  # noqa: S311 - a believable world, not a secret
    at_work = person.role != "user"
    home = f"203.0.113.{rng.randrange(1, 255)}"
    office = f"198.51.100.{crc32(f'{person.organization} {person.site}'.encode()) % 254 + 1}"
    browser = Device(
        client="Web",
        address=office if at_work else home,
        user_agent=rng.choice(_DESK if at_work or rng.random() < 0.6 else _POCKET_BROWSERS),
    )
    client, user_agent = rng.choice(_APPS)
    app = Device(client=client, address=f"192.0.2.{rng.randrange(1, 255)}", user_agent=user_agent)
    if organization(person.organization).kind == "installer" and person.role == "staff":
        return app, browser
    if at_work:
        return (browser, app) if rng.random() < 0.3 else (browser,)
    return (app, browser) if rng.random() < 0.55 else (browser, app)
