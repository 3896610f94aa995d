"""Where somebody begins who has just signed up: packages above the users say it."""

from collections.abc import Callable

from fleetfolk.users.models import User

_PAGES: list[Callable[[User, str], str]] = []


def register_first_page(address_for: Callable[[User, str], str]) -> None:
    """Who has just signed up begins at this address, unless it is empty. It takes the code that led them here."""
    _PAGES.append(address_for)


def first_page(person: User, code: str) -> str:
    """The first address that somebody says, or home."""
    return next((address for one in _PAGES if (address := one(person, code))), "/")
