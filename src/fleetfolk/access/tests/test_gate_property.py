"""The gate, both ways, against the oracle: thousands of random worlds and questions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of, held_everywhere, may_work_in
from fleetfolk.access.models import Role
from fleetfolk.access.tests.worlds import World, build_worlds
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Device
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode, Place
from fleetfolk.kernel.permissions import PERMISSIONS, Permission
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.testing import oracle
from fleetfolk.testing.cast import actor
from fleetfolk.users.models import User

WORLDS = 2_000
QUESTIONS = 1_500
ACCOUNTS = (User,)
KINDS = (User, Organization, Role, Location, Tag, Entry, Device)


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[World]]:
    """Many tenants of every shape; nothing is left of them afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_worlds(WORLDS, seed=20261121)
        transaction.set_rollback(True)


def question_of(permission: Permission) -> oracle.Question:
    return oracle.Question(
        code=permission.code,
        on_oneself_only=permission.inherent,
        not_on_the_stronger=permission.guards_strength,
        own_code=permission.own.code if permission.own else "",
        closeness=permission.hold,
    )


def in_the_hands_of(agent: User, user: User, *, acting: bool) -> Actor:
    """The person, whose view the agent uses."""
    by = Assisting(
        id=1,
        public_id=UUID(int=1),
        agent_id=agent.pk,
        agent_label="Agent",
        mode=AssistMode.ACT if acting else AssistMode.VIEW,
    )
    return replace(actor(user), assisted_by=by)


world_numbers = st.integers(0, WORLDS - 1)
permissions = st.sampled_from(list(PERMISSIONS.values()))
held_permissions = st.sampled_from([permission for permission in PERMISSIONS.values() if permission.own])
"""Those that owning or sharing a device answers, too: asked about devices alone, they are met often enough."""
about = st.one_of(
    st.tuples(permissions, st.sampled_from(KINDS)),
    st.tuples(held_permissions, st.just(Device)),
)


@settings(max_examples=QUESTIONS)
@given(number=world_numbers, person=st.integers(0, 7), about=about)
def test_what_is_listed_is_what_is_allowed_is_what_the_oracle_says(
    worlds: list[World], number: int, person: int, about: tuple[Permission, type[Any]]
) -> None:
    permission, kind = about
    if permission.guards_strength and kind not in ACCOUNTS:
        kind = User
    # The neighbour is another tenant.
    world, neighbour = worlds[number], worlds[number - 1]
    user = world.rows[User][person % len(world.rows[User])]
    who, by, grants = world.people[user.pk], actor(user), grants_of(actor(user))
    rows = [*world.rows[kind], *neighbour.rows[kind]]
    targets = world.targets(kind) | neighbour.targets(kind)

    listed = set(
        GATE.within_reach(
            kind._default_manager.filter(pk__in=list(targets)), actor=by, permission=permission
        ).values_list("pk", flat=True)
    )
    decisions = {row.pk: GATE.decide(by, permission, row, grants) for row in rows}
    allowed = {key for key, decision in decisions.items() if decision.allowed}
    expected = {key for key, target in targets.items() if oracle.may(who, question_of(permission), target)}

    assert listed == allowed == expected
    assert all(decision.visible for decision in decisions.values() if decision.allowed)
    if not permission.inherent:
        assert not any(decisions[row.pk].visible for row in neighbour.rows[kind])
        if not permission.guards_strength and kind is not Role and not (kind is Device and permission.own):
            paths = GATE.paths_within_reach(by, permission)
            assert {row.pk for row in world.rows[kind] if any(row.path.startswith(path) for path in paths)} == allowed


@settings(max_examples=QUESTIONS)
@given(
    number=world_numbers,
    person=st.integers(0, 7),
    helper=st.integers(0, 7),
    acting=st.booleans(),
    about=about,
)
def test_an_assisted_person_may_what_both_may_and_nothing_else(  # noqa: PLR0917 - one draw an argument
    worlds: list[World], number: int, person: int, helper: int, acting: bool, about: tuple[Permission, type[Any]]
) -> None:
    permission, kind = about
    if permission.guards_strength and kind not in ACCOUNTS:
        kind = User
    world, neighbour = worlds[number], worlds[number - 1]
    user, agent = (world.rows[User][at % len(world.rows[User])] for at in (person, helper))
    by = in_the_hands_of(agent, user, acting=acting)
    rows = [*world.rows[kind], *neighbour.rows[kind]]
    targets = world.targets(kind) | neighbour.targets(kind)

    listed = set(
        GATE.within_reach(
            kind._default_manager.filter(pk__in=list(targets)), actor=by, permission=permission
        ).values_list("pk", flat=True)
    )
    allowed = {row.pk for row in rows if GATE.decide(by, permission, row).allowed}
    expected = {
        key
        for key, target in targets.items()
        if oracle.may(
            world.people[user.pk],
            question_of(permission),
            target,
            through=world.people[agent.pk],
            acting=acting,
        )
    }

    assert listed == allowed == expected
    assert allowed <= {row.pk for row in rows if GATE.decide(actor(user), permission, row).allowed}


@settings(max_examples=QUESTIONS // 3)
@given(number=world_numbers, person=st.integers(0, 7), place=st.integers(0, 30), permission=permissions)
def test_only_roles_that_hold_no_more_than_oneself_can_be_given(
    worlds: list[World], number: int, person: int, place: int, permission: Permission
) -> None:
    world, neighbour = worlds[number], worlds[number - 1]
    user = world.rows[User][person % len(world.rows[User])]
    organizations = [*world.rows[Organization], *neighbour.rows[Organization]]
    organization = organizations[place % len(organizations)]
    where = (world.places | neighbour.places)[organization.pk]

    giveable = set(GATE.giveable_roles(actor(user), permission, organization).values_list("pk", flat=True))

    question = oracle.Question(code=permission.code)
    assert giveable == {
        sheet.id
        for sheet in (world.sheets | neighbour.sheets).values()
        if oracle.may_give(world.people[user.pk], question, where, sheet)
    }


@settings(max_examples=QUESTIONS // 3)
@given(number=world_numbers, person=st.integers(0, 7), nth=st.integers(0, 4), permission=permissions)
def test_where_a_role_can_be_given_is_where_it_holds_no_more_than_oneself(
    worlds: list[World], number: int, person: int, nth: int, permission: Permission
) -> None:
    world = worlds[number]
    user = world.rows[User][person % len(world.rows[User])]
    who, question = world.people[user.pk], oracle.Question(code=permission.code)
    role = [*world.rows[Role], None][nth % (len(world.rows[Role]) + 1)]

    where = GATE.where_giveable(actor(user), permission, role)
    people = User.objects.filter(tenant_id=user.tenant_id)
    found = set() if where is None else set(people.filter(where).values_list("pk", flat=True))

    assert found == {
        key
        for key, one in world.people.items()
        if (
            oracle.may_give(who, question, one.home, world.sheets[role.pk])
            if role
            else any(
                question.code in hat.permissions
                and hat.place in one.home.upwards()
                and one.strength() <= hat.permissions
                for hat in who.hats()
            )
        )
    }


DEVICE_RIGHTS = frozenset(
    code for one in PERMISSIONS.values() if one.own is not None for code in (one.code, one.own.code)
)


@settings(max_examples=QUESTIONS)
@given(number=world_numbers, person=st.integers(0, 7), place=st.integers(0, 30), about=about)
def test_where_one_works_one_holds_nothing_beyond_it(
    worlds: list[World], number: int, person: int, place: int, about: tuple[Permission, type[Any]]
) -> None:
    permission, kind = about
    if permission.guards_strength and kind not in ACCOUNTS:
        kind = User
    world, neighbour = worlds[number], worlds[number - 1]
    user = world.rows[User][person % len(world.rows[User])]
    who, everywhere = world.people[user.pk], actor(user)
    organization = world.rows[Organization][place % len(world.rows[Organization])]
    home = organization.pk == user.organization_id
    by = replace(
        everywhere,
        place=Place(organization_id=organization.pk, path=organization.path, name=organization.name, home=home),
    )
    where = world.places[organization.pk]
    hats = oracle.hats_at_home(who, DEVICE_RIGHTS) if home else oracle.hats_in(who, where)
    rows = [*world.rows[kind], *neighbour.rows[kind]]
    targets = world.targets(kind) | neighbour.targets(kind)

    listed = set(
        GATE.within_reach(
            kind._default_manager.filter(pk__in=list(targets)), actor=by, permission=permission
        ).values_list("pk", flat=True)
    )
    allowed = {row.pk for row in rows if GATE.decide(by, permission, row).allowed}
    expected = {key for key, target in targets.items() if oracle.may(who, question_of(permission), target, hats=hats)}

    assert listed == allowed == expected
    assert may_work_in(organization.path, held_everywhere(everywhere)) == bool(oracle.hats_in(who, where))
    assert allowed <= {row.pk for row in rows if GATE.decide(everywhere, permission, row).allowed}
