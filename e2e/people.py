"""Tenants and people for the journeys, made through Actions. Each journey has a tenant of its own."""

import datetime as dt
import itertools
import re
import time
from dataclasses import dataclass
from typing import Any

from fleetfolk.access.models import Role
from fleetfolk.demo.models import Mail
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    CreateLocation,
    CreateLocationInput,
    CreateOrganization,
    CreateOrganizationInput,
    CreateTag,
    CreateTagInput,
)
from fleetfolk.organizations.models import Location, Organization, OrganizationKind, Tag
from fleetfolk.testing.cast import PASSWORD, accept, actor, create_tenant, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.models import User

LONGEST_WAIT = 40.0
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """A tenant: its root organization, and Ada, its first Admin, who can sign in."""

    root: Organization
    ada: User

    def role(self, name: str) -> Role:
        """The role of this name."""
        return Role.objects.get(tenant=self.root, name=name)

    def branch(self, name: str, *, below: Organization | None = None) -> Organization:
        """A new organization, below the root unless another is given."""
        parent = below or self.root
        data = CreateOrganizationInput(name=name, kind=OrganizationKind.BRANCH, time_zone="Europe/Berlin")
        created: Organization = perform(
            CreateOrganization, actor=actor(self.ada), target_id=parent.pk, data=data
        ).target
        return created

    def location(self, name: str, *, at: Organization | None = None) -> Location:
        """A new location."""
        organization = at or self.root
        self.does(CreateLocation, organization.pk, CreateLocationInput(name=name))
        return Location.objects.get(organization=organization, name=name)

    def tag(self, name: str, colour: int = 1) -> Tag:
        """A new tag of the root organization."""
        self.does(CreateTag, self.root.pk, CreateTagInput(name=name, colour=colour))
        return Tag.objects.get(organization=self.root, name=name)

    def invited(
        self,
        name: str,
        *,
        role: str = "User",
        at: Organization | None = None,
        email: str = "",
        phone: str = "",
        location: Location | None = None,
        time_zone: str = "",
    ) -> User:
        """A pending person; `name` is “First Last”."""
        first, _, last = name.partition(" ")
        data = InviteUserInput(
            first_name=first,
            last_name=last,
            email=email or self.address(first),
            role_id=self.role(role).pk,
            phone=phone,
            location_id=location.pk if location else None,
            time_zone=time_zone,
        )
        target = (at or self.root).pk
        invited: Any = perform(InviteUser, actor=self.boss, target_id=target, data=data).target
        return fresh(invited)

    def person(self, name: str, **facts: Any) -> User:
        """Somebody who has accepted, has been here a moment ago and can sign in with `PASSWORD`."""
        person = accepted(self.invited(name, **facts))
        signed_in_at(person, dt.datetime.now(dt.UTC))
        return fresh(person)

    def customer(self, name: str, **facts: Any) -> User:
        """Somebody who sees the portal and no console, in an organization of their own below the root."""
        family = self.branch(f"Familie {name.rpartition(' ')[2]} {next(_numbers)}")
        return self.person(name, at=family, role="User", **facts)

    def address(self, name: str) -> str:
        """A new address that nobody has."""
        plain = re.sub(r"[^a-z]", "", name.lower()) or "person"
        return f"{plain}.{next(_numbers)}@house{self.root.pk}.example"

    def tagged(self, person: User, tag: Tag) -> None:
        """The person carries the tag."""
        self.does(AssignTag, person.pk, AssignTagInput(tag_id=tag.pk))

    def disabled(self, person: User) -> User:
        """The person, who cannot sign in any more."""
        self.does(DisableUser, person.pk, ReasonInput())
        return fresh(person)

    def does(self, action: type[Action[Any, Any]], target_id: int, data: Any) -> None:
        """Ada does it."""
        perform(action, actor=actor(self.ada), target_id=target_id, data=data)

    @property
    def boss(self) -> Actor:
        """Who invites: Ada, or the set-up before there is an Ada."""
        return actor(self.ada)


def build_house(name: str) -> House:
    """A tenant with Ada in it. Where the name is taken it gets a number."""
    root = create_tenant(f"{name} {next(_numbers)}" if Organization.objects.filter(name=name).exists() else name)
    role = Role.objects.get(tenant=root, builtin="admin")
    data = InviteUserInput(
        first_name="Ada", last_name="Lindqvist", email=f"ada@house{root.pk}.example", role_id=role.pk
    )
    setup = system_actor("setup", tenant_id=root.pk)
    invited: Any = perform(InviteUser, actor=setup, target_id=root.pk, data=data).target
    ada = accepted(fresh(invited))
    signed_in_at(ada, dt.datetime.now(dt.UTC))
    return House(root=root, ada=ada)


def auditor_role(house: House) -> Role:
    """A role that sees and changes nothing."""
    permissions = ["actionlog.view", "locations.view", "organizations.view", "roles.view", "users.view"]
    with staging():
        return Role.objects.create(tenant=house.root, name="Auditor", permissions=permissions)


def accepted(person: User) -> User:
    """The person, who has accepted. The mail that the worker sends meanwhile replaces the link, so it may take two."""
    for _attempt in range(5):
        try:
            return accept(person, PASSWORD)
        except ActionError:
            time.sleep(0.1)
    return accept(person, PASSWORD)


def signed_in_at(person: User, moment: dt.datetime) -> None:
    """The person's last sign-in was then."""
    with clock.at(moment):
        perform(StartSession, actor=actor(person), target_id=person.pk, data=StartSessionInput())


def mail_to(address: str, *, containing: str = "", number: int = 1) -> str:
    """The text of the newest mail to this address, as soon as there are so many. The worker sends them."""
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        texts = list(
            Mail.objects.filter(to=address, text__contains=containing).order_by("-id").values_list("text", flat=True)
        )
        if len(texts) >= number:
            return texts[0]
        if time.monotonic() > deadline:
            raise AssertionError(f"{len(texts)} of {number} mails to {address} came within {LONGEST_WAIT:.0f} seconds")
        time.sleep(0.05)


def link_in(text: str) -> str:
    """The first address in a mail that is a link with a secret."""
    found = re.search(r"http://\S+/(?:join|password|email)/\S+", text)
    assert found, f"no link in: {text}"
    return found[0]
