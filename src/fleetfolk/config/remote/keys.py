"""The keys of what people name: by number, by address, or by name."""

from typing import Any

from fleetfolk.config.remote.failure import Failed
from fleetfolk.config.remote.nouns import NOUNS, Noun
from fleetfolk.config.remote.server import PAGE, Server
from fleetfolk.config.remote.table import plain

_NAMED = 5


def key_of(server: Server, name: str, text: str) -> int:
    """The key of the one thing of this noun that is called so. Digits are a key. Raises `Failed` for none or many."""
    if text.isascii() and text.isdecimal():
        return int(text)
    noun = NOUNS[name]
    found = _called(server, noun, text)
    if not found:
        raise Failed(f"Among the {noun.help} nothing is called {plain(text)!r}.")
    if len(found) > 1:
        keys = ", ".join(str(one["id"]) for one in found[:_NAMED])
        raise Failed(f"Several of the {noun.help} are called {plain(text)!r}: say which by its key ({keys} …).")
    return int(found[0]["id"])


def _called(server: Server, noun: Noun, text: str) -> list[Any]:
    wanted = text.casefold()
    rows = server.rows(noun.path, {"q": text}, most=PAGE) if noun.searched else server.rows(noun.path)
    every = list(rows)
    for field in noun.found_by:
        found = [row for row in every if str(row[field]).casefold() == wanted]
        if found:
            return found
    return []
