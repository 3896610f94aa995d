"""How the log is read fast with tens of millions of entries: which entries, for whom, and the statements for them.

Every filter that can be rare *drives* the query: for each of its values the newest entries are read along the index
that begins with it, and the few that come back are merged. The planner is never left to guess whether a rare code is
found sooner along the clock or along the code. Months without a chosen moment are pruned.

Whoever reaches a branch only has two rare things at once, the branch and the filter, and no index begins with both.
There the newest WALK entries of the branch are looked at first: a filter that is frequent in the branch ends there.
Otherwise hits are few: all of them are gathered, along whichever indexes the planner's statistics prefer, and sorted.

No text from a person enters SQL: conditions are written here, everything else is a parameter.
"""

# ruff: noqa: S608

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection

from fleetfolk.access.grants import Grant
from fleetfolk.actionlog.models import Result
from fleetfolk.kernel.actor import Actor, Client

WALK: Final = 4_000
USER_TYPE: Final = "users.User"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which entries. An empty filter does not restrict; ``codes`` None does not either, but () matches nothing.

    ``since`` is included, ``until`` is not. ``here_only`` leaves out what happened below the actor's own organization.
    ``by_person`` and ``on_person`` say whether a chosen person's own acts count (those that somebody did in their name
    are among them), and acts done to their account.
    """

    since: dt.datetime
    until: dt.datetime
    here_only: bool = False
    clients: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    person_id: int | None = None
    by_person: bool = True
    on_person: bool = True


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody who may read the log, found out once for all the statements of a page.

    ``paths`` are where their right begins, none of them below another; ``home_id`` is the first one's organization.
    Whoever reads only what is about themselves (``own``) needs no right, and reads it wherever it happened.
    """

    actor: Actor
    grants: tuple[Grant, ...]
    paths: tuple[str, ...]
    home_id: int
    home_name: str
    own: bool = False

    def bounded(self, wanted: Wanted) -> Wanted:
        """What of it the reader may read: whoever reads about themselves asks for nobody else."""
        return replace(wanted, person_id=self.actor.user_id, here_only=False) if self.own else wanted


def two_rare_things(reader: Reader, wanted: Wanted) -> bool:
    """Whether a branch and a filter are asked for at once, with which no index begins."""
    narrowed = wanted.here_only or reader.paths[0].count(".") > 1
    filtered = wanted.codes is not None or bool(wanted.results) or bool(wanted.clients)
    return len(reader.paths) == 1 and narrowed and filtered and wanted.person_id is None


def walk_of(reader: Reader, wanted: Wanted, *, order: str, limit: int, beyond: Sql | None = None) -> Sql:
    """The hits among the next WALK entries of the branch, up to the limit.

    The last entry looked at comes back even where it is none: its step says that the walk was cut.
    """
    terms = [
        *period_of(reader, wanted),
        *([beyond] if beyond else []),
        *scope_of(reader.paths[0], here_only=wanted.here_only),
    ]
    filters = filters_of(wanted)
    hit = " AND ".join(term.text for term in filters)
    where = " AND ".join(term.text for term in terms)
    return Sql(
        f"SELECT * FROM (SELECT x.*, {hit} AS hit, row_number() OVER ({order}) AS step"
        f" FROM actionlog_entry x WHERE {where} {order} LIMIT {WALK:d}) w WHERE hit OR step = {WALK:d} LIMIT {limit:d}",
        tuple(p for term in (*filters, *terms) for p in term.params),
    )


def period_of(reader: Reader, wanted: Wanted) -> list[Sql]:
    """The tenant and the time: what every statement says first."""
    return [
        Sql("x.tenant_id = %s", (reader.actor.tenant_id,)),
        Sql("x.at >= %s AND x.at < %s", (wanted.since, wanted.until)),
    ]


def filters_of(wanted: Wanted) -> list[Sql]:
    """What was chosen of codes, results and clients."""
    chosen = (("code", wanted.codes), ("result", wanted.results or None), ("client", wanted.clients or None))
    return [Sql(f"x.{column} = ANY(%s)", (list(values),)) for column, values in chosen if values is not None]


def arms_of(
    reader: Reader,
    wanted: Wanted,
    *,
    columns: str,
    order: str,
    limit: int,
    beyond: Sql | None = None,
) -> Sql:
    """The disjoint queries whose union is what is wanted, each driven along one index."""
    common = period_of(reader, wanted)
    if beyond:
        common.append(beyond)
    gather = two_rare_things(reader, wanted)
    driver, filters = (None, filters_of(wanted)) if gather else _driver(wanted)
    arms = [
        _arm(driver, [*common, *filters, *scope, *person], columns=columns, order=order, limit=limit, gather=gather)
        for scope in (scope_of(path, here_only=wanted.here_only) for path in reader.paths)
        for person in persons_of(wanted)
    ]
    return Sql(" UNION ALL ".join(f"({arm.text})" for arm in arms), tuple(p for arm in arms for p in arm.params))


def _arm(driver: Sql | None, terms: Sequence[Sql], *, columns: str, order: str, limit: int, gather: bool) -> Sql:
    where = " AND ".join(term.text for term in terms)
    inner = f"SELECT {columns} FROM actionlog_entry x WHERE {where} {order} LIMIT {limit:d}"
    params = tuple(p for term in terms for p in term.params)
    if gather and order:
        # OFFSET 0 keeps the planner from drifting back to the clock.
        inner = f"SELECT {columns} FROM actionlog_entry x WHERE {where} OFFSET 0"
        return Sql(f"SELECT * FROM ({inner}) gathered {order} LIMIT {limit:d}", params)
    if driver is None:
        return Sql(inner, params)
    return Sql(
        f"SELECT e.* FROM unnest(%s::text[]) AS d (value) CROSS JOIN LATERAL ({inner}) e {order} LIMIT {limit:d}",
        (*driver.params, *params),
    )


def _driver(wanted: Wanted) -> tuple[Sql | None, list[Sql]]:
    """The values that drive the query, one index walk each, and the filters that are left.

    A person's entries are few enough to be filtered. `done` and `web` are what most entries are: they never drive.
    """
    choices: list[tuple[str, tuple[str, ...] | None, bool]] = [
        ("result", wanted.results or None, Result.DONE not in wanted.results),
        ("code", wanted.codes, True),
        ("client", wanted.clients or None, Client.WEB not in wanted.clients),
    ]
    driver: Sql | None = None
    filters: list[Sql] = []
    for column, values, may_drive in choices:
        if values is None:
            continue
        if driver is None and may_drive and wanted.person_id is None:
            driver = Sql(column, (list(values),))
            filters.append(Sql(f"x.{column} = d.value"))
            # Said again with the usual value left out, so that the index of the rare ones serves.
            if column in _RARE:
                filters.append(Sql(_RARE[column]))
        else:
            filters.append(Sql(f"x.{column} = ANY(%s)", (list(values),)))
    return driver, filters


_RARE: Final = {"result": "x.result <> 'done'", "client": "x.client <> 'web'"}


def scope_of(path: str, *, here_only: bool) -> list[Sql]:
    """What lies at and below the path: nothing to say for the root, an index for the second and the third level."""
    depth = path.count(".")
    if here_only:
        return [Sql("x.organization_id = %s AND x.path = %s", (last_key(path), path))]
    if depth == 1:
        return []
    if depth == 2:
        return [Sql(f"{LEVEL_2} = %s", (path,))]
    third = ".".join(path.split(".")[:3]) + "."
    below = [Sql(f"{LEVEL_3} = %s", (third,))]
    return below if depth == 3 else [*below, Sql("x.path LIKE %s", (path + "%",))]


NEWEST: Final = "ORDER BY at DESC, id DESC"
LEVEL_2: Final = r"substring(x.path from '^\d+\.\d+\.')"
LEVEL_3: Final = r"substring(x.path from '^\d+\.\d+\.\d+\.')"


def persons_of(wanted: Wanted) -> list[list[Sql]]:
    """The sorts of entries that concern the chosen person, none of them in two; one that says nothing where none is."""
    if wanted.person_id is None:
        return [[]]
    by = Sql("x.actor_kind = 'user' AND x.actor_id = %s", (str(wanted.person_id),))
    on = Sql("x.target_type = %s AND x.target_id = %s", (USER_TYPE, wanted.person_id))
    # What somebody did in the person's name counts as done by them: their own view shows it so.
    behalf = Sql("x.acting_for_id = %s", (wanted.person_id,))
    not_by = Sql(f"NOT ({by.text})", by.params)
    not_behalf = Sql("x.acting_for_id IS DISTINCT FROM %s", (wanted.person_id,))
    arms = [[by], [behalf, not_by]] if wanted.by_person else []
    return [*arms, [on, *([not_by, not_behalf] if wanted.by_person else [])]] if wanted.on_person else arms


def rows_of(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def last_key(path: str) -> int:
    """The organization at which a path ends."""
    return int(path.rstrip(".").rpartition(".")[2])
