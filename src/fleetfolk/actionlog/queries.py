"""The action log as an actor may read it: filtered, newest first, paged by key, fast with tens of millions of entries.

How the statements are put together is in `statements`.
"""

# ruff: noqa: S608

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.actionlog import statements
from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.actionlog.statements import (
    NEWEST,
    USER_TYPE,
    Reader,
    Sql,
    Wanted,
    arms_of,
    filters_of,
    last_key,
    period_of,
    persons_of,
    rows_of,
    scope_of,
    two_rare_things,
    walk_of,
)
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.queries import highest

COUNT_CAP: Final = 1_000
CHART_CAP: Final = 200_000
EXPORT_CHUNK: Final = 2_000
PATIENCE: Final = "8s"
"""A page that takes longer is given up, so that no choice of filters can keep the database busy."""

TOLD_WITH_REASON: Final = "assistance."
"""Whoever helps somebody says why to them, too; other reasons are notes among those who run the place."""

Key = tuple[dt.datetime, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Entries, newest first, and whether there are newer and older ones."""

    entries: list[Entry]
    has_newer: bool
    has_older: bool


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
        home_id=last_key(home.path),
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
    if wanted.person_id is not None and filters_of(wanted):
        return _count_of_person(reader, wanted, cap=cap)
    if two_rare_things(reader, wanted):
        walk = walk_of(reader, wanted, order=NEWEST, limit=cap + 1)
        ((found, cut),) = rows_of(
            f"SELECT count(*) FILTER (WHERE hit), coalesce(bool_or(step = {statements.WALK:d}), false)"
            f" FROM ({walk.text}) w",
            walk.params,
        )
        if found > cap or not cut:
            return min(found, cap), found > cap
    arms = arms_of(reader, wanted, columns="1", order="", limit=cap + 1)
    rows = rows_of(f"SELECT count(*) FROM (SELECT 1 FROM ({arms.text}) e LIMIT {cap + 1:d}) counted", arms.params)
    found = int(rows[0][0])
    return min(found, cap), found > cap


def counts_over_time(
    reader: Reader, wanted: Wanted, *, step: dt.timedelta, zone_name: str
) -> dict[dt.datetime, int] | None:
    """Entries by step of the zone's own clock (naive beginnings of steps); None where there are more than CHART_CAP."""
    limit = CHART_CAP + 1
    wanted = reader.bounded(wanted)
    arms = arms_of(reader, wanted, columns="at", order="", limit=limit)
    origin = wanted.since.astimezone(ZoneInfo(zone_name)).replace(
        tzinfo=None, hour=0, minute=0, second=0, microsecond=0
    )
    rows = rows_of(
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
    on = entries.filter(target_type=USER_TYPE, target_id=person_id).values_list("target_label", flat=True)
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
        | Q(target_type=USER_TYPE, target_id=own)
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
    order = "ORDER BY at, id" if rising else NEWEST
    beyond = None if key is None else Sql(f"(x.at, x.id) {'>' if rising else '<'} (%s, %s)", key)
    if two_rare_things(reader, wanted):
        walk = walk_of(reader, wanted, order=order, limit=limit, beyond=beyond)
        walked = list(Entry.objects.raw(walk.text, walk.params))
        hits = [entry for entry in walked if entry.hit]  # type: ignore[attr-defined]
        if len(hits) == limit or not walked or walked[-1].step < statements.WALK:  # type: ignore[attr-defined]
            return hits
    arms = arms_of(reader, wanted, columns="*", order=order, limit=limit, beyond=beyond)
    return list(Entry.objects.raw(f"SELECT * FROM ({arms.text}) e {order} LIMIT {limit:d}", arms.params))


def _count_of_person(reader: Reader, wanted: Wanted, *, cap: int) -> tuple[int, bool]:
    """The hits among the newest WALK entries of each sort: what somebody with 100,000 has beyond is not looked at."""
    filters = filters_of(wanted)
    hit = " AND ".join(term.text for term in filters)
    arms: list[Sql] = []
    for path in reader.paths:
        for person in persons_of(wanted):
            terms = [*period_of(reader, wanted), *scope_of(path, here_only=wanted.here_only), *person]
            where = " AND ".join(term.text for term in terms)
            arms.append(
                Sql(
                    f"SELECT count(*) FILTER (WHERE hit) AS hits, count(*) AS seen FROM (SELECT {hit} AS hit"
                    f" FROM actionlog_entry x WHERE {where} {NEWEST} LIMIT {statements.WALK:d}) walked",
                    tuple(p for term in (*filters, *terms) for p in term.params),
                )
            )
    together = " UNION ALL ".join(f"({arm.text})" for arm in arms)
    ((found, cut),) = rows_of(
        f"SELECT sum(hits), bool_or(seen = {statements.WALK:d}) FROM ({together}) arms",
        [p for arm in arms for p in arm.params],
    )
    return min(int(found), cap), bool(cut) or found > cap
