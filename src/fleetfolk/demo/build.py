"""The demo world: one operator with its branches, partners and customers, built by its own people through Actions.

`build_world` tells the story of `fleetfolk.demo.story` to the database, in order and at its own time. Interrupted, it
goes on where it stopped the next time; finished, it changes nothing any more.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from fleetfolk.access.actions import CreateTenant, CreateTenantInput
from fleetfolk.demo.clients import INSTALLATION
from fleetfolk.demo.events import Event
from fleetfolk.demo.helping import tell_of_helping
from fleetfolk.demo.models import Mail, World
from fleetfolk.demo.places import ORGANIZATIONS, TAGS
from fleetfolk.demo.stage import REQUEST_ID, Stage
from fleetfolk.demo.story import story
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    CreateLocation,
    CreateLocationInput,
    CreateOrganization,
    CreateOrganizationInput,
    CreateTag,
    CreateTagInput,
)
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.users.models import State, User

MAILS_STAY = dt.timedelta(days=3)
"""The mailbox begins with the mails of so many days, and those that pending people still need."""

_INSTALLATION = 1
_LONGEST_SET_UP = dt.timedelta(minutes=90)


class OtherPeopleHere(Exception):
    """The database belongs to somebody: the demo world is built only where there is nothing else."""


def begin_world(now: dt.datetime) -> World:
    """The world of this database, perhaps half built, perhaps finished; a new one where there is nothing at all."""
    world = World.objects.first()
    if world is None:
        if Organization.objects.exclude(pk=_INSTALLATION).exists():
            raise OtherPeopleHere
        world = World.objects.create(told_at=now)
    return world


def build_world(
    world: World, events: Iterable[Event] | None = None, *, tell: Callable[[int], None] | None = None
) -> None:
    """Everything has happened that the story tells up to the world's moment; the mails of the last days are there.

    ``tell`` hears every whole percent of the story's time, once it has passed.
    """
    if world.finished_at is not None:
        return
    told = iter(story(world.told_at) if events is None else events)
    if tell is not None:
        told = _counted(told, now=world.told_at, tell=tell)
    with quickly():
        _tell(told, now=world.told_at)
        _tidy_mails(world.told_at)
    world.finished_at = clock.now()
    world.save(update_fields=["finished_at"])


def _counted(told: Iterator[Event], *, now: dt.datetime, tell: Callable[[int], None]) -> Iterator[Event]:
    """The same events. Work is spread evenly over the story's time, so that is what is counted."""
    began: dt.datetime | None = None
    said = 0
    for event in told:
        began = began or event.at
        percent = int(100 * (event.at - began) / (now - began))
        if percent > said:
            said = percent
            tell(percent)
        yield event


def _tell(told: Iterator[Event], *, now: dt.datetime) -> None:
    """All events have happened: first the first admin comes, then she makes the places, then the rest follows."""
    first, accepted, following = islice(told, 3)
    stage = Stage(_found_tenant(first.at), now=now)
    stage.finish_errands()
    stage.act(first, "00000")
    stage.act(accepted, "00001")
    _create_places(stage, after=accepted, before=following.at)
    stage.settle_first_admin(accepted, site=first.data["site"])
    for number, event in enumerate(chain([following], told), start=2):
        stage.act(event, f"{number:05d}")
    tell_of_helping(stage, now=now)


def _found_tenant(first: dt.datetime) -> Organization:
    """The operator is there, since five minutes before the first invitation."""
    operator = ORGANIZATIONS[0]
    found = Organization.objects.filter(parent=None, name=operator.name).first()
    if found is not None:
        return found
    setup = system_actor("setup", tenant_id=_INSTALLATION, client=Client.SHELL)
    with clock.at(first - dt.timedelta(minutes=5)):
        perform(
            CreateTenant,
            actor=replace(setup, request_id=f"{REQUEST_ID}tenant", address=INSTALLATION.address),
            target_id=_INSTALLATION,
            data=CreateTenantInput(name=operator.name, country=operator.country, time_zone=operator.time_zone),
        )
    return Organization.objects.get(parent=None, name=operator.name)


def _create_places(stage: Stage, *, after: Event, before: dt.datetime) -> None:
    """The first admin has created organizations, job sites and tags, one after the other until the story goes on."""
    wanted = list(_places())
    step = min(before - after.at, _LONGEST_SET_UP) * 0.9 / len(wanted)
    for number, (place, action, data) in enumerate(wanted, start=1):
        if place not in stage.organizations:
            stage.find_places()
        stage.do(
            action,
            data,
            key=f"places.{number:03d}",
            at=after.at + number * step,
            by=after.actor,
            target_id=stage.organizations[place],
            device=after.device,
        )
    stage.find_places()


def _places() -> Iterator[tuple[str, type[Action[Organization, Any]], object]]:
    """What is to be created below which organization; parents come before what is below them."""
    operator = ORGANIZATIONS[0]
    for tag in TAGS:
        yield operator.key, CreateTag, CreateTagInput(name=tag.name, colour=tag.colour)
    for place in ORGANIZATIONS:
        if place.parent is not None:
            kind = OrganizationKind(place.kind)
            data = CreateOrganizationInput(name=place.name, kind=kind, country=place.country, time_zone=place.time_zone)
            yield place.parent, CreateOrganization, data
        for site in place.sites:
            yield place.key, CreateLocation, CreateLocationInput(name=site.name, address=site.address)


def _tidy_mails(now: dt.datetime) -> None:
    """The mailbox holds the mails of the last days, and the newest one to each person who is still expected."""
    pending = User.objects.filter(state=State.PENDING).values("email")
    needed = Mail.objects.filter(to__in=pending).order_by("to", "-sent_at", "-id").distinct("to").values("pk")
    Mail.objects.filter(sent_at__lt=now - MAILS_STAY).exclude(pk__in=list(needed.values_list("pk", flat=True))).delete()


@contextmanager
def quickly() -> Iterator[None]:
    """Mails go to the demo's page, passwords are hashed once, and commits do not wait for the disk.

    A crash of the machine may lose the last moments of the build, which then are told again; nothing else.
    """
    with override_settings(
        MAILERS={"default": {"BACKEND": "fleetfolk.demo.mail.Mailbox"}},
        PASSWORD_HASHERS=["fleetfolk.demo.hashing.HashedOnce"],
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")
