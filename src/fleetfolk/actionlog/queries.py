"""The action log as an actor may read it: filtered, newest first, paged by key, fast with tens of millions of entries.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.queries import highest

COUNT_CAP: Final = 1_000
CHART_CAP: Final = 200_000
EXPORT_CHUNK: Final = 2_000
WALK: Final = 4_000
PATIENCE: Final = "8s"
"""A page that takes longer is given up, so that no choice of filters can keep the database busy."""

_USER_TYPE: Final = "users.User"
TOLD_WITH_REASON: Final = "assistance."
"""Whoever helps somebody says why to them, too; other reasons are notes among those who run the place."""

Key = tuple[dt.datetime, int]


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Entries, newest first, and whether there are newer and older ones."""

    entries: list[Entry]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True)
class _Sql:
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


def reader_of(actor: Actor) -> Reader:
    """The actor as a reader of the log. Raises `Denied` without the right."""
    grants = grants_of(actor)
    paths = sorted(GATE.paths_within_reach(actor, VIEW_ACTION_LOG, grants))
    if not paths:
        raise Denied("permission_missing")
    home = next(grant for grant in grants if grant.path == paths[0])
    return Reader(
        actor=actor,
        grants=tuple(grants),
        paths=tuple(highest(paths)),
        home_id=_last_key(home.path),
        home_name=home.organization_name,
    )


def own_reader(actor: Actor) -> Reader:
    """The person as a reader of what they did, what was done to them and in their name. Raises `Denied` for others."""
    if actor.user_id is None:
        raise Denied("not_your_account")
    return Reader(
        actor=actor, grants=(), paths=(f"{actor.tenant_id}.",), home_id=actor.tenant_id, home_name="", own=True
    )


@contextmanager
def patience() -> Iterator[None]:
    """Statements inside are given up after PATIENCE, as an `OperationalError`; they see one state of the log."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        yield


def entries_page(
    reader: Reader, wanted: Wanted, *, older_than: Key | None = None, newer_than: Key | None = None, size: int = 50
) -> Page:
    """One page of entries next to a key, the newest where none is given. One statement whatever the depth."""
    rising = newer_than is not None
    key = newer_than or older_than
    found = _select(reader, wanted, key=key, rising=rising, limit=size + 1)
    more, entries = len(found) > size, found[:size]
    if rising:
        entries.reverse()
    return Page(
        entries=entries,
        has_newer=more if rising else key is not None,
        has_older=key is not None if rising else more,
    )


def count_entries(reader: Reader, wanted: Wanted, *, cap: int = COUNT_CAP) -> tuple[int, bool]:
    """How many there are, and whether counting stopped: at the cap, or where a busy person's entries are filtered."""
    wanted = reader.bounded(wanted)
    if wanted.person_id is not None and _filters(wanted):
        return _count_of_person(reader, wanted, cap=cap)
    if _two_rare_things(reader, wanted):
        walk = _walk(reader, wanted, order=_NEWEST, limit=cap + 1)
        ((found, cut),) = _rows(
            f"SELECT count(*) FILTER (WHERE hit), coalesce(bool_or(step = {WALK:d}), false) FROM ({walk.text}) w",
            walk.params,
        )
        if found > cap or not cut:
            return min(found, cap), found > cap
    arms = _arms(reader, wanted, columns="1", order="", limit=cap + 1)
    rows = _rows(f"SELECT count(*) FROM (SELECT 1 FROM ({arms.text}) e LIMIT {cap + 1:d}) counted", arms.params)
    found = int(rows[0][0])
    return min(found, cap), found > cap


def counts_over_time(
    reader: Reader, wanted: Wanted, *, step: dt.timedelta, zone_name: str
) -> dict[dt.datetime, int] | None:
    """Entries by step of the zone's own clock (naive beginnings of steps); None where there are more than CHART_CAP."""
    limit = CHART_CAP + 1
    wanted = reader.bounded(wanted)
    arms = _arms(reader, wanted, columns="at", order="", limit=limit)
    origin = wanted.since.astimezone(ZoneInfo(zone_name)).replace(
        tzinfo=None, hour=0, minute=0, second=0, microsecond=0
    )
    rows = _rows(
        "SELECT date_bin(%s, at AT TIME ZONE %s, %s), count(*)"
        f" FROM (SELECT at FROM ({arms.text}) e LIMIT {limit:d}) counted GROUP BY 1",
        (step, zone_name, origin, *arms.params),
    )
    if sum(row[1] for row in rows) > CHART_CAP:
        return None
    return {row[0]: row[1] for row in rows}


def entry_detail(reader: Reader, *, at: dt.datetime, entry_id: int) -> Entry | None:
    """One entry in the actor's reach."""
    return _read(reader, _entries_of(reader).filter(at=at, pk=entry_id).first())


def all_entries(reader: Reader, wanted: Wanted) -> Iterator[Entry]:
    """Every entry wanted, newest first, read in chunks by key: no long transaction, memory does not grow.

    The right is asked for at each chunk. Raises `Denied` where it was taken away meanwhile.
    """
    key: Key | None = None
    while True:
        chunk = _select(reader, wanted, key=key, rising=False, limit=EXPORT_CHUNK)
        yield from chunk
        if len(chunk) < EXPORT_CHUNK:
            return
        key = chunk[-1].at, chunk[-1].pk
        reader = reader_of(reader.actor) if not reader.own else reader


def person_label(reader: Reader, person_id: int) -> str:
    """What the person is called, also after their account is gone; empty where the reach has no trace of them."""
    if reader.own:
        return reader.actor.label
    people = GATE.within_reach(
        get_user_model()._default_manager.all(), actor=reader.actor, permission=VIEW_ACTION_LOG, grants=reader.grants
    )
    person = people.filter(pk=person_id).first()
    if person is not None:
        return str(person)
    entries = _entries_of(reader).order_by("-at", "-id")
    by = entries.filter(actor_kind=ActorKind.USER, actor_id=str(person_id)).values_list("actor_label", flat=True)
    on = entries.filter(target_type=_USER_TYPE, target_id=person_id).values_list("target_label", flat=True)
    return by.first() or on.first() or ""


def _entries_of(reader: Reader) -> QuerySet[Entry]:
    """Every entry that the reader may read."""
    if not reader.own:
        return GATE.within_reach(
            Entry.objects.all(), actor=reader.actor, permission=VIEW_ACTION_LOG, grants=reader.grants
        )
    own = reader.actor.user_id
    return Entry.objects.filter(
        Q(actor_kind=ActorKind.USER, actor_id=str(own))
        | Q(target_type=_USER_TYPE, target_id=own)
        | Q(acting_for_id=own),
        tenant_id=reader.actor.tenant_id,
    )


def _read[E: Entry | None](reader: Reader, entry: E) -> E:
    """The entry as the reader may read it.

    Whoever reads about themselves is not told from where others work, nor what they noted for each other.
    """
    if entry is None or not reader.own or (entry.actor_kind, entry.actor_id) == (ActorKind.USER, reader.actor.id):
        return entry
    entry.address, entry.request_id, entry.batch_id = None, "", None
    if not entry.code.startswith(TOLD_WITH_REASON) and entry.result == Result.DONE:
        entry.facts = {name: value for name, value in entry.facts.items() if name != "reason"}
    return entry


def _select(reader: Reader, wanted: Wanted, *, key: Key | None, rising: bool, limit: int) -> list[Entry]:
    """The entries next to a key, as the reader may read them."""
    return [_read(reader, entry) for entry in _found(reader, reader.bounded(wanted), key, rising=rising, limit=limit)]


def _found(reader: Reader, wanted: Wanted, key: Key | None, *, rising: bool, limit: int) -> list[Entry]:
    if key is not None:
        # The key also bounds the period, so that the months beyond it are pruned.
        moment = key[0]
        wanted = (
            replace(wanted, since=max(wanted.since, moment))
            if rising
            else replace(wanted, until=min(wanted.until, moment + dt.timedelta(microseconds=1)))
        )
    order = "ORDER BY at, id" if rising else _NEWEST
    beyond = None if key is None else _Sql(f"(x.at, x.id) {'>' if rising else '<'} (%s, %s)", key)
    if _two_rare_things(reader, wanted):
        walk = _walk(reader, wanted, order=order, limit=limit, beyond=beyond)
        walked = list(Entry.objects.raw(walk.text, walk.params))
        hits = [entry for entry in walked if entry.hit]  # type: ignore[attr-defined]
        if len(hits) == limit or not walked or walked[-1].step < WALK:  # type: ignore[attr-defined]
            return hits
    arms = _arms(reader, wanted, columns="*", order=order, limit=limit, beyond=beyond)
    return list(Entry.objects.raw(f"SELECT * FROM ({arms.text}) e {order} LIMIT {limit:d}", arms.params))


def _count_of_person(reader: Reader, wanted: Wanted, *, cap: int) -> tuple[int, bool]:
    """The hits among the newest WALK entries of each sort: what somebody with 100,000 has beyond is not looked at."""
    filters = _filters(wanted)
    hit = " AND ".join(term.text for term in filters)
    arms: list[_Sql] = []
    for path in reader.paths:
        for person in _persons(wanted):
            terms = [*_period(reader, wanted), *_scope(path, here_only=wanted.here_only), *person]
            where = " AND ".join(term.text for term in terms)
            arms.append(
                _Sql(
                    f"SELECT count(*) FILTER (WHERE hit) AS hits, count(*) AS seen FROM (SELECT {hit} AS hit"
                    f" FROM actionlog_entry x WHERE {where} {_NEWEST} LIMIT {WALK:d}) walked",
                    tuple(p for term in (*filters, *terms) for p in term.params),
                )
            )
    together = " UNION ALL ".join(f"({arm.text})" for arm in arms)
    ((found, cut),) = _rows(
        f"SELECT sum(hits), bool_or(seen = {WALK:d}) FROM ({together}) arms", [p for arm in arms for p in arm.params]
    )
    return min(int(found), cap), bool(cut) or found > cap


def _two_rare_things(reader: Reader, wanted: Wanted) -> bool:
    narrowed = wanted.here_only or reader.paths[0].count(".") > 1
    filtered = wanted.codes is not None or bool(wanted.results) or bool(wanted.clients)
    return len(reader.paths) == 1 and narrowed and filtered and wanted.person_id is None


def _walk(reader: Reader, wanted: Wanted, *, order: str, limit: int, beyond: _Sql | None = None) -> _Sql:
    """The hits among the next WALK entries of the branch, up to the limit.

    The last entry looked at comes back even where it is none: its step says that the walk was cut.
    """
    terms = [
        *_period(reader, wanted),
        *([beyond] if beyond else []),
        *_scope(reader.paths[0], here_only=wanted.here_only),
    ]
    filters = _filters(wanted)
    hit = " AND ".join(term.text for term in filters)
    where = " AND ".join(term.text for term in terms)
    return _Sql(
        f"SELECT * FROM (SELECT x.*, {hit} AS hit, row_number() OVER ({order}) AS step"
        f" FROM actionlog_entry x WHERE {where} {order} LIMIT {WALK:d}) w WHERE hit OR step = {WALK:d} LIMIT {limit:d}",
        tuple(p for term in (*filters, *terms) for p in term.params),
    )


def _period(reader: Reader, wanted: Wanted) -> list[_Sql]:
    return [
        _Sql("x.tenant_id = %s", (reader.actor.tenant_id,)),
        _Sql("x.at >= %s AND x.at < %s", (wanted.since, wanted.until)),
    ]


def _filters(wanted: Wanted) -> list[_Sql]:
    chosen = (("code", wanted.codes), ("result", wanted.results or None), ("client", wanted.clients or None))
    return [_Sql(f"x.{column} = ANY(%s)", (list(values),)) for column, values in chosen if values is not None]


def _arms(
    reader: Reader,
    wanted: Wanted,
    *,
    columns: str,
    order: str,
    limit: int,
    beyond: _Sql | None = None,
) -> _Sql:
    """The disjoint queries whose union is what is wanted, each driven along one index."""
    common = _period(reader, wanted)
    if beyond:
        common.append(beyond)
    gather = _two_rare_things(reader, wanted)
    driver, filters = (None, _filters(wanted)) if gather else _driver(wanted)
    arms = [
        _arm(driver, [*common, *filters, *scope, *person], columns=columns, order=order, limit=limit, gather=gather)
        for scope in (_scope(path, here_only=wanted.here_only) for path in reader.paths)
        for person in _persons(wanted)
    ]
    return _Sql(" UNION ALL ".join(f"({arm.text})" for arm in arms), tuple(p for arm in arms for p in arm.params))


def _arm(driver: _Sql | None, terms: Sequence[_Sql], *, columns: str, order: str, limit: int, gather: bool) -> _Sql:
    where = " AND ".join(term.text for term in terms)
    inner = f"SELECT {columns} FROM actionlog_entry x WHERE {where} {order} LIMIT {limit:d}"
    params = tuple(p for term in terms for p in term.params)
    if gather and order:
        # OFFSET 0 keeps the planner from drifting back to the clock.
        inner = f"SELECT {columns} FROM actionlog_entry x WHERE {where} OFFSET 0"
        return _Sql(f"SELECT * FROM ({inner}) gathered {order} LIMIT {limit:d}", params)
    if driver is None:
        return _Sql(inner, params)
    return _Sql(
        f"SELECT e.* FROM unnest(%s::text[]) AS d (value) CROSS JOIN LATERAL ({inner}) e {order} LIMIT {limit:d}",
        (*driver.params, *params),
    )


def _driver(wanted: Wanted) -> tuple[_Sql | None, list[_Sql]]:
    """The values that drive the query, one index walk each, and the filters that are left.

    A person's entries are few enough to be filtered. `done` and `web` are what most entries are: they never drive.
    """
    choices: list[tuple[str, tuple[str, ...] | None, bool]] = [
        ("result", wanted.results or None, Result.DONE not in wanted.results),
        ("code", wanted.codes, True),
        ("client", wanted.clients or None, Client.WEB not in wanted.clients),
    ]
    driver: _Sql | None = None
    filters: list[_Sql] = []
    for column, values, may_drive in choices:
        if values is None:
            continue
        if driver is None and may_drive and wanted.person_id is None:
            driver = _Sql(column, (list(values),))
            filters.append(_Sql(f"x.{column} = d.value"))
            # Said again with the usual value left out, so that the index of the rare ones serves.
            if column in _RARE:
                filters.append(_Sql(_RARE[column]))
        else:
            filters.append(_Sql(f"x.{column} = ANY(%s)", (list(values),)))
    return driver, filters


_RARE: Final = {"result": "x.result <> 'done'", "client": "x.client <> 'web'"}


def _scope(path: str, *, here_only: bool) -> list[_Sql]:
    """What lies at and below the path: nothing to say for the root, an index for the second and the third level."""
    depth = path.count(".")
    if here_only:
        return [_Sql("x.organization_id = %s AND x.path = %s", (_last_key(path), path))]
    if depth == 1:
        return []
    if depth == 2:
        return [_Sql(f"{LEVEL_2} = %s", (path,))]
    third = ".".join(path.split(".")[:3]) + "."
    below = [_Sql(f"{LEVEL_3} = %s", (third,))]
    return below if depth == 3 else [*below, _Sql("x.path LIKE %s", (path + "%",))]


_NEWEST: Final = "ORDER BY at DESC, id DESC"
LEVEL_2: Final = r"substring(x.path from '^\d+\.\d+\.')"
LEVEL_3: Final = r"substring(x.path from '^\d+\.\d+\.\d+\.')"


def _persons(wanted: Wanted) -> list[list[_Sql]]:
    if wanted.person_id is None:
        return [[]]
    by = _Sql("x.actor_kind = 'user' AND x.actor_id = %s", (str(wanted.person_id),))
    on = _Sql("x.target_type = %s AND x.target_id = %s", (_USER_TYPE, wanted.person_id))
    # What somebody did in the person's name counts as done by them: their own view shows it so.
    behalf = _Sql("x.acting_for_id = %s", (wanted.person_id,))
    not_by = _Sql(f"NOT ({by.text})", by.params)
    not_behalf = _Sql("x.acting_for_id IS DISTINCT FROM %s", (wanted.person_id,))
    arms = [[by], [behalf, not_by]] if wanted.by_person else []
    return [*arms, [on, *([not_by, not_behalf] if wanted.by_person else [])]] if wanted.on_person else arms


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _last_key(path: str) -> int:
    return int(path.rstrip(".").rpartition(".")[2])
