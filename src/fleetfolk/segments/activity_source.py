"""Entries into segments and exits from them, as a source of a person's stream."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.segments.models import Passage, Population
from fleetfolk.segments.queries import segments_open
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening
from fleetfolk.users.activity_rows import RowSource
from fleetfolk.users.models import User

SOURCE: Final = "segment"


class SegmentSource(RowSource[Passage]):
    """What of it the actor may see: passages of segments that they may look into."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Segments")}
    joined = ("segment",)

    def rows(
        self, actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str
    ) -> QuerySet[Passage, Any]:
        """As far as the actor may look."""
        seen = segments_open(actor).filter(of=Population.USERS)
        passages = Passage.objects.filter(target_id=person.pk, segment__in=seen, at__gte=since, at__lt=until)
        for word in typed.split()[:8]:
            passages = passages.filter(segment__name__icontains=word)
        return passages

    def happening(self, passage: Passage, *, own: bool) -> Happening:
        """What it says in one line."""
        sentence = _("Entered the segment %(segment)s") if passage.entered else _("Left the segment %(segment)s")
        return Happening(
            at=passage.at,
            key=activity.key_of(SOURCE, passage.pk),
            kind=SOURCE,
            icon="filter",
            sentence=sentence % {"segment": passage.segment.name},
        )


activity.register_source(SegmentSource())
