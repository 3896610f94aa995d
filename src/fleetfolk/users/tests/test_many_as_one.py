"""An Action done to many leaves what it leaves when it is done to one after another: on random worlds, to anybody."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, transaction

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.tests.worlds import NOW, World, build_worlds
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.each import fits, perform_each
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import role_permissions
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.testing.cast import actor
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_location import AssignLocation, AssignLocationInput
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.actions.revoke_tag import RevokeTag
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.models import RESTORABLE_FOR, Invitation, User, UserTag
from fleetfolk.users.models_privacy import Deletion

WORLDS, ENOUGH = 7, 4
"""So many worlds there are; after so many it ends where each Action has been done to somebody."""
ACTORS = 3
MOMENT = NOW + dt.timedelta(minutes=1)

_LEFT = (
    "SELECT to_jsonb(u) - 'search_text' FROM users_user u",
    "SELECT to_jsonb(t) - 'id' FROM users_usertag t",
    "SELECT to_jsonb(k) FROM users_tagskey k",
    "SELECT to_jsonb(i) - 'id' - 'created_at' FROM users_invitation i",
    "SELECT to_jsonb(d) - 'id' FROM users_deletion d",
    "SELECT to_jsonb(s) - 'id' FROM usersessions_usersession s",
    "SELECT to_jsonb(e) - 'id' FROM actionlog_entry e WHERE e.request_id = 'test-request' OR e.actor_kind = 'system'",
    "SELECT to_jsonb(f) - 'id' FROM actionlog_fold f",
    """SELECT jsonb_build_array(j.task_name, (SELECT i.user_id FROM users_invitation i
       WHERE i.id = (j.args ->> 'invitation_id')::bigint)) FROM procrastinate_jobs j""",
)


def _inputs(chance: random.Random, world: World) -> list[tuple[type[Action[User, Any]], Any]]:
    """Every Action that can be done to many together, with an input by chance."""
    return [
        (AssignTag, AssignTagInput(tag_id=_one(chance, world, Tag))),
        (RevokeTag, AssignTagInput(tag_id=_one(chance, world, Tag))),
        (AssignRole, AssignRoleInput(role_id=_one(chance, world, Role))),
        (AssignLocation, AssignLocationInput(location_id=_one(chance, world, Location))),
        (AssignLocation, AssignLocationInput(location_id=None)),
        (DisableUser, ReasonInput(reason="Left")),
        (EnableUser, NoInput()),
        (EndSessions, NoInput()),
        (DeleteUser, DeleteUserInput(reason="Asked", suppress=chance.random() < 0.5)),
        (RestoreUser, NoInput()),
        (SendInvitation, NoInput()),
    ]


def _one(chance: random.Random, world: World, model: type[Any]) -> int:
    """A row of the world, seldom one that is nowhere."""
    key: int = chance.choice([row.pk for row in world.rows[model]] * 5 + [2**40])
    return key


def _furnish(chance: random.Random, worlds: Sequence[World]) -> None:
    """Admins, tags, locations, sessions, invitations and deletions in every state."""
    everything = sorted(permission.code for permission in role_permissions())
    for number, world in enumerate(worlds):
        admin = chance.choice(world.rows[Role])
        Role.objects.filter(pk=admin.pk).update(builtin=BuiltinRole.ADMIN, permissions=everything)
        for person in world.rows[User]:
            places = [place.pk for place in world.rows[Location] if place.organization_id == person.organization_id]
            User.objects.filter(pk=person.pk).update(location=chance.choice([None, *places]))
            for tag in world.rows[Tag]:
                if chance.random() < 0.3:
                    UserTag.objects.create(tenant_id=person.tenant_id, user=person, tag=tag)
            if chance.random() < 0.5:
                UserSession.objects.create(user=person, session_key=f"{number}-{person.pk}", ip="192.0.2.1", data={})
            if person.deletion_requested_at is not None or chance.random() < 0.15:
                ago = chance.choice((dt.timedelta(), RESTORABLE_FOR, RESTORABLE_FOR * 2))
                since = User.objects.filter(pk=person.pk)
                since.update(deletion_requested_at=MOMENT - ago)
                Deletion.objects.create(tenant_id=person.tenant_id, user=person, requested_at=MOMENT - ago)
            if chance.random() < 0.6:
                Invitation.objects.create(
                    tenant_id=person.tenant_id,
                    user=person,
                    email=person.email,
                    role_id_bound=person.role_id,
                    organization_id_bound=person.organization_id,
                    secret_hash=f"hash{person.pk}",
                    invited_by_id="1",
                    invited_by_label="World",
                    created_at=NOW,
                    expires_at=MOMENT + chance.choice((-1, 0, 1)) * dt.timedelta(days=1),
                    revoked_at=chance.choice((None, None, NOW)),
                )


def _actors(chance: random.Random, world: World) -> list[Actor]:
    people = User.objects.select_related("role", "organization").in_bulk([person.pk for person in world.rows[User]])
    able = [person for person in people.values() if person.is_active] or list(people.values())
    strong = sorted(able, key=lambda person: -len(person.role.permissions))[:1]
    chosen = [*strong, *chance.sample(able, min(ACTORS - 1, len(able)))]
    caretaker = system_actor("caretaker", tenant_id=strong[0].tenant_id)
    return [*(actor(person) for person in chosen), caretaker]


def _left() -> list[list[Any]]:
    """Everything that the Actions may have changed."""
    with connection.cursor() as cursor:
        found = []
        for statement in _LEFT:
            cursor.execute(f"SELECT told::text FROM ({statement}) AS each (told) ORDER BY 1")  # noqa: S608
            found.append(cursor.fetchall())
    return found


def _one_by_one(action: type[Action[User, Any]], by: Actor, ids: Sequence[int], data: Any) -> dict[int, str]:
    """How it went for each, the actor last."""
    went = {}
    for key in sorted(ids, key=lambda key: (key == by.user_id, key)):
        try:
            perform(action, actor=by, target_id=key, data=data)
            went[key] = "done"
        except ActionError as error:
            went[key] = f"{type(error).__name__} {error.reason} {error.about}"
    return went


def _together(action: type[Action[User, Any]], by: Actor, ids: Sequence[int], data: Any) -> dict[int, str]:
    outcome = perform_each(action, actor=by, target_ids=ids, data=data)
    refused = {key: f"{type(error).__name__} {error.reason} {error.about}" for key, error in outcome.refused.items()}
    return {**dict.fromkeys(outcome.done, "done"), **refused}


@pytest.mark.parametrize("seed", [1])
@pytest.mark.django_db
def test_many_at_once_is_one_after_another(seed: int) -> None:
    chance = random.Random(seed)
    with staging():
        worlds = build_worlds(WORLDS, seed=seed)
        _furnish(chance, worlds)
    everybody = [person.pk for world in worlds for person in world.rows[User]]
    seen: dict[tuple[str, bool], int] = {}
    together = 0
    wanted = {action.code for action, _data in _inputs(random.Random(seed), worlds[0])}
    with clock.at(MOMENT):
        for number, world in enumerate(worlds):
            if number >= ENOUGH and {code for code, done in seen if done} == wanted:
                break
            people = [person.pk for person in world.rows[User]]
            for by in _actors(chance, world):
                for action, data in _inputs(chance, world):
                    ids = [*chance.sample(people, chance.randint(1, len(people))), chance.choice(everybody)]
                    ids = list(dict.fromkeys([*ids, *([by.user_id] if by.user_id and chance.random() < 0.3 else [])]))
                    start = transaction.savepoint_create()
                    alone = _one_by_one(action, by, ids, data), _left()
                    transaction.savepoint_rollback(start)
                    fit = fits(action, actor=by, targets=User.objects.filter(pk__in=ids), data=data)
                    surely = set(fit.values_list("pk", flat=True))
                    many = _together(action, by, ids, data), _left()
                    transaction.savepoint_rollback(start)
                    assert many == alone, (seed, action.code, by, data)
                    assert all(many[0][key] == "done" for key in surely), "whom `fits` counts is changed"
                    together += len(surely)
                    for went in many[0].values():
                        seen[action.code, went == "done"] = seen.get((action.code, went == "done"), 0) + 1
    assert {code for code, done in seen if done} == wanted
    assert together > sum(count for (_code, done), count in seen.items() if done) / 2, "most of them together"


@pytest.mark.django_db
def test_a_device_may_do_no_more_to_many_than_to_one() -> None:
    """Nothing at all, and each attempt is refused as one alone is."""
    with staging():
        (world,) = build_worlds(1, seed=5)
        _furnish(random.Random(5), [world])
    person = next(person for person in world.rows[User])
    by = replace(actor(person), kind="device")  # type: ignore[arg-type]
    outcome = perform_each(EndSessions, actor=by, target_ids=[person.pk], data=NoInput())
    assert {error.reason for error in outcome.refused.values()} <= {"not_for_devices", "not_found"}
