"""What a provider said of somebody, once all that can be checked of it was."""

from dataclasses import dataclass
from typing import Any, Final

from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.names import clean_name, split_name
from fleetfolk.users.importing.problems import UnfitValue

LONGEST_SUBJECT: Final = 255
LONGEST_NAME: Final = 60


class Unproved(Exception):
    """What came back from the provider shows nothing. The reason is for who runs or sets it up, not for the browser."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who the provider says somebody is. ``email`` is lower-case; ``verified`` where the provider answers for it."""

    subject: str
    email: str = ""
    verified: bool = False
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """Who came back from the provider, what for (login, prove), and where to lead them then."""

    claim: Claim
    process: str
    back: str | None


def said(*, subject: Any, email: Any, verified: bool, first_name: Any, last_name: Any, name: Any = None) -> Claim:
    """The claim. Without a subject that is a text there is none; an address that is none is no address."""
    if not isinstance(subject, str) or not subject or len(subject) > LONGEST_SUBJECT or "\x00" in subject:
        raise Unproved("no subject")
    try:
        address = normal_email(email) if isinstance(email, str) else ""
    except UnfitValue:
        address = ""
    first, last = _name(first_name), _name(last_name)
    if not first and not last and isinstance(name, str):
        first, last = split_name(_name(name))
    return Claim(subject=subject, email=address, verified=verified and bool(address), first_name=first, last_name=last)


def _name(text: Any) -> str:
    try:
        return clean_name(text, limit=LONGEST_NAME) if isinstance(text, str) else ""
    except UnfitValue:
        return ""
