"""Entries into segments and exits from them, as a source of a person's stream."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.segments.models import Passage, Population
from fleetfolk.segments.queries import segments_open
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening, Place
from fleetfolk.users.models import User

SOURCE: Final = "segment"
CHART_CAP: Final = 50_000


class SegmentSource:
    """What of it the actor may see: passages of segments that they may look into."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Segments")}

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
        """One keyset page of the passages."""
        passages = _passages(actor, person, since=since, until=until, typed=typed)
        place = activity.beyond(SOURCE, before)
        if place is not None:
            at, key = place
            passages = passages.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
        return [_happening(one) for one in passages.select_related("segment").order_by("-at", "-pk")[:limit]]

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
        """The passages by step."""
        passages = _passages(actor, person, since=since, until=until, typed=typed)
        moments = list(passages.order_by().values_list("at", flat=True)[: CHART_CAP + 1])
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


def _passages(
    actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str
) -> QuerySet[Passage, Any]:
    seen = segments_open(actor).filter(of=Population.USERS)
    passages = Passage.objects.filter(target_id=person.pk, segment__in=seen, at__gte=since, at__lt=until)
    for word in typed.split()[:8]:
        passages = passages.filter(segment__name__icontains=word)
    return passages


def _happening(passage: Passage) -> Happening:
    sentence = _("Entered the segment %(segment)s") if passage.entered else _("Left the segment %(segment)s")
    return Happening(
        at=passage.at,
        key=activity.key_of(SOURCE, passage.pk),
        kind=SOURCE,
        icon="filter",
        sentence=sentence % {"segment": passage.segment.name},
    )


activity.register_source(SegmentSource())
