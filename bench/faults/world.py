"""Whom the works are about: the cast, and many people more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.management import call_command
from django.http import QueryDict

from fleetfolk.actionlog.models import Entry
from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, build_cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_api import key_of
from fleetfolk.users.models import User

BUSY_ENTRIES = 40_000
LONG_AGO = dt.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class World:
    """The cast, a crowd in North, somebody with a long log, and a key with which Ada's programs do all that she may."""

    cast: Cast
    busy: int
    key: str
    people: int

    @classmethod
    def build(cls, people: int, *, entries: int = BUSY_ENTRIES) -> World:
        """It is there, in an empty database. ``entries`` is how long the long log is."""
        call_command("migrate", verbosity=0)
        cast = build_cast()
        _crowd(cast, "p", people)
        busy = cast.bob
        Entry.objects.bulk_create(
            (
                Entry(
                    tenant=cast.lumen,
                    at=clock.now(),
                    code="user.edit",
                    result="done",
                    client="web",
                    actor_kind="user",
                    actor_id=str(busy.pk),
                    actor_label=str(busy),
                    target_type="users.User",
                    target_id=str(busy.pk),
                    target_label=str(busy),
                    path=cast.berg.path,
                )
                for _number in range(entries)
            ),
            batch_size=2_000,
        )
        key = key_of(cast.ada, scopes=[one.code for one in scopes_there_are()], sensitive=True)
        return cls(cast=cast, busy=busy.pk, key=key, people=people)

    def everybody(self) -> QueryDict:
        """What a list's address says that shows all."""
        return QueryDict("")

    def tag(self, name: str) -> int:
        """A new tag's key."""
        with staging():
            return int(Tag.objects.create(tenant=self.cast.lumen, organization=self.cast.lumen, name=name).pk)

    def deleted(self, count: int, number: int) -> list[int]:
        """People more, who were deleted so long ago that they are to be erased."""
        keys = _crowd(self.cast, f"e{number}-", count)
        with staging():
            User.objects.filter(pk__in=keys).update(deletion_requested_at=clock.now() - LONG_AGO)
        return keys

    def readers(self, count: int, number: int) -> list[int]:
        """People more, who have had no mail today."""
        keys = _crowd(self.cast, f"m{number}-", count)
        with staging():
            User.objects.filter(pk__in=keys).update(is_active=True, activated_at=clock.now())
        return keys


def _crowd(cast: Cast, name: str, count: int) -> list[int]:
    """So many people more in North."""
    with staging():
        made = User.objects.bulk_create(
            (
                User(
                    tenant=cast.lumen,
                    organization=cast.north,
                    path=cast.north.path,
                    role=cast.role("user"),
                    email=f"{name}{number}@example.org",
                    first_name=f"P{number}",
                )
                for number in range(count)
            ),
            batch_size=1_000,
        )
    return [user.pk for user in made]
