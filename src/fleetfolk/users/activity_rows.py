"""A source of a person's stream whose happenings are rows of one table, each with its moment in ``at``."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening, Place
from fleetfolk.users.models import User

CHART_CAP: Final = 50_000


class RowSource[Row: Model](ABC):
    """What differs from table to table: which rows the actor may see, and how one of them reads."""

    kind: ClassVar[str]
    kinds: ClassVar[Mapping[str, StrPromise]]
    joined: ClassVar[tuple[str, ...]] = ()
    """The relations that the sentence of a row needs."""

    @abstractmethod
    def rows(
        self, actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str
    ) -> QuerySet[Row, Any]:
        """Those of the period that the actor may see, and that hold every word."""

    @abstractmethod
    def happening(self, row: Row, /, *, own: bool) -> Happening:
        """The row as a line of the stream; ``own`` where the person reads it themselves."""

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: Place | None,
        limit: int,
        typed: str = "",
        kind: str = "",
    ) -> list[Happening]:
        """One keyset page of the rows."""
        rows = self.rows(actor, person, since=since, until=until, typed=typed)
        place = activity.beyond(self.kind, before)
        if place is not None:
            at, key = place
            rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
        found = rows.select_related(*self.joined).order_by("-at", "-pk")[:limit]
        return [self.happening(row, own=actor.user_id == person.pk) for row in found]

    def counts(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        step: dt.timedelta,
        zone: ZoneInfo,
        typed: str = "",
        kind: str = "",
    ) -> dict[dt.datetime, int] | None:
        """The rows by step."""
        rows = self.rows(actor, person, since=since, until=until, typed=typed)
        moments = list(rows.order_by().values_list("at", flat=True)[: CHART_CAP + 1])
        if len(moments) > CHART_CAP:
            return None
        origin = since.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date_bin(make_interval(secs => %s), at AT TIME ZONE %s, %s), count(*)"
                " FROM unnest(%s::timestamptz[]) AS at GROUP BY 1",
                [step.total_seconds(), str(zone), origin, moments],
            )
            return dict(cursor.fetchall())
