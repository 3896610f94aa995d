"""Lists and single things, as the shell shows them."""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from fleetfolk.config.remote.failure import Ends
from fleetfolk.config.remote.keys import key_of
from fleetfolk.config.remote.nouns import Filter, Noun, Part
from fleetfolk.config.remote.server import Server
from fleetfolk.config.remote.table import Writer, plain


def listed(server: Server, writer: Writer, asked: Namespace, noun: Noun) -> int:
    """Every row that the filters leave, page after page."""
    query = {each.parameter or each.option: _wanted(server, asked, each) for each in noun.filters}
    most = noun.most if asked.limit is None else asked.limit
    writer.rows(noun.columns, server.rows(noun.path, query, most=most or None))
    return Ends.DONE


def shown(server: Server, writer: Writer, asked: Namespace, name: str, noun: Noun) -> int:
    """One, with all that is known of it."""
    writer.one(server.get(f"{noun.path}/{key_of(server, name, asked.name)}"))
    return Ends.DONE


def part(server: Server, writer: Writer, asked: Namespace, *, name: str, noun: Noun, which: Part) -> int:
    """A list that belongs to one of them."""
    path = f"{noun.path}/{key_of(server, name, asked.name)}/{which.path}"
    writer.rows(which.columns, server.rows(path))
    return Ends.DONE


def tree(server: Server, writer: Writer, asked: Namespace) -> int:
    """The organizations that one may see, each below the one that it belongs to."""
    rows = list(server.rows("organizations", {"sort": "name"}))
    if asked.form != "table":
        writer.rows(("path", "id", "name", "kind", "users", "devices"), sorted(rows, key=lambda row: str(row["path"])))
        return Ends.DONE
    for line in _drawn(rows):
        writer.line(line)
    return Ends.DONE


def whoami(server: Server, writer: Writer, asked: Namespace) -> int:
    """Whose key it is, and where it opens what."""
    me = server.get("me")
    places = [f"{place['role']} in {place['organization']}" for place in me["places"]]
    writer.one({"server": server.url, **me, "places": me["places"] if asked.form == "json" else places})
    return Ends.DONE


def _wanted(server: Server, asked: Namespace, each: Filter) -> Any:
    given = getattr(asked, each.option)
    if not each.noun or given is None:
        return given
    if each.many:
        return [key_of(server, each.noun, one) for one in given]
    return key_of(server, each.noun, given)


def _drawn(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Lines of the tree. Whose parent is not to be seen stands at the top."""
    there = {row["path"] for row in rows}
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        parent = row["path"].rstrip(".").rpartition(".")[0] + "."
        below[parent if parent in there else ""].append(row)
    waiting = [(row, "", "") for row in reversed(below[""])]
    while waiting:
        row, before, branch = waiting.pop()
        yield f"{before}{branch}{plain(row['name'])} ({row['id']}, {row['kind']})"
        inner = before + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch]
        children = below[row["path"]]
        branches = ["├─ "] * (len(children) - 1) + ["└─ "] * bool(children)
        waiting += [(child, inner, mark) for child, mark in reversed(list(zip(children, branches, strict=True)))]
