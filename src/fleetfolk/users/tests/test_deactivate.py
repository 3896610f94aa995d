"""Deactivated people are nowhere, for anybody but who can activate them; activating brings everything back."""

import re
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from fleetfolk.access.queries import roles_held
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import directory
from fleetfolk.users.actions.activate_user import ActivateUser
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.listing import reach_of, users_counted, users_listed
from fleetfolk.users.models import Invitation, State
from fleetfolk.users.queries import user_detail

NAMES = ("Cleo Staff", "cleo@lumenhome.example")


def deactivate(cast: Cast) -> None:
    perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput(reason="on leave"))


@pytest.mark.parametrize("who", ["ada", "dana", "finn"])
@pytest.mark.parametrize(
    "address",
    [
        "/users/",
        "/users/?q=cleo",
        "/users/?q=cleo%40lumen",
        "/users/?sort=status&dir=desc",
        "/users/?status=active&status=inactive",
        "/find/?q=cleo",
        "/find/people/?q=cleo",
        "/lookup/?q=cleo",
    ],
)
def test_no_list_and_no_search_shows_them(cast: Cast, signed_in: SignedIn, who: str, address: str) -> None:
    browser = signed_in(getattr(cast, who))
    assert "Cleo" in browser.get(address).content.decode()
    deactivate(cast)
    body = browser.get(address).content.decode()
    words = re.sub(r"<[^>]*>", "", body)  # Hits are marked in the middle of a name.
    assert not [name for name in NAMES if name in words]
    assert f"/users/{cast.cleo.pk}/" not in body
    assert f'value="{cast.cleo.pk}"' not in body


def test_the_status_shows_them_to_who_may_activate_them(cast: Cast, signed_in: SignedIn) -> None:
    deactivate(cast)
    assert "Cleo Staff" in signed_in(cast.ada).get("/users/?status=deactivated").content.decode()
    assert "Cleo Staff" not in signed_in(cast.dana).get("/users/?status=deactivated").content.decode()
    assert "Bob Berg" not in signed_in(cast.dana).get("/users/?status=deactivated").content.decode()
    mixed = signed_in(cast.dana).get("/users/?status=deactivated&status=active&status=inactive").content.decode()
    assert "Cleo Staff" not in mixed
    assert "Bob Berg" in mixed
    assert "Deactivated" in signed_in(cast.ada).get("/users/choices/status/").content.decode()
    assert "Deactivated" not in signed_in(cast.dana).get("/users/choices/status/").content.decode()


def test_they_have_no_page_but_for_who_may_activate_them(cast: Cast, signed_in: SignedIn) -> None:
    deactivate(cast)
    assert user_detail(actor(cast.ada), cast.cleo.pk).state == State.DEACTIVATED
    with pytest.raises(TargetNotFound):
        user_detail(actor(cast.dana), cast.cleo.pk)
    for name in ("users:detail", "users:menu"):
        assert signed_in(cast.dana).get(reverse(name, args=[cast.cleo.pk])).status_code == 404
        assert signed_in(cast.ada).get(reverse(name, args=[cast.cleo.pk])).status_code == 200


@pytest.mark.parametrize("who", ["ada", "finn"])
def test_no_number_counts_them(cast: Cast, who: str) -> None:
    viewer = actor(getattr(cast, who))
    everybody = reach_of(viewer, here_only=False)
    number = users_counted(everybody).count
    staff = {held.role.name: held.people for held in roles_held(viewer)}
    deactivate(cast)
    assert users_counted(everybody).count == number - 1
    assert len(users_listed(everybody).rows) == number - 1
    assert {held.role.name: held.people for held in roles_held(viewer)} == {**staff, "Staff": (staff["Staff"] or 0) - 1}


class Watched:
    """A cursor that keeps its statements, and how they would be answered."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.statements, self.plans = cursor, list[str](), list[str]()

    def execute(self, sql: str, params: Any = None) -> None:
        self.cursor.execute(f"EXPLAIN {sql}", params)
        self.plans.append("\n".join(line for (line,) in self.cursor.fetchall()))
        self.statements.append(sql)
        self.cursor.execute(sql, params)

    def fetchall(self) -> list[Any]:
        return list(self.cursor.fetchall())


@pytest.mark.parametrize("who", ["ada", "finn"])
def test_numbers_come_from_indexes_alone(cast: Cast, who: str) -> None:
    """No row is read to tell the deactivated apart: a small index holds them, and none else asks for the state."""
    deactivate(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        watched = Watched(cursor)
        directory.count(watched, reach_of(actor(getattr(cast, who)), here_only=False))
    hidden, everybody = watched.statements
    if who == "ada":  # Of a branch of three people the planner takes any index at all.
        assert "Index Only Scan using users_user_deactivated" in watched.plans[0]
    assert "state" in hidden
    assert "state" not in everybody


def test_they_are_signed_out_and_cannot_sign_in(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    assert browser.get("/users/").status_code == 200
    deactivate(cast)
    assert browser.get("/users/").status_code == 302
    answer = browser.post("/sign-in/", {"login": cast.cleo.email, "password": PASSWORD})
    assert "deactivated" in answer.content.decode()
    perform(ActivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert browser.get("/users/").status_code == 302, "an ended session stays ended"


def test_activating_brings_everything_back_as_it_was(cast: Cast) -> None:
    with staging():
        cast.cleo.disabled_at = cast.cleo.created_at
        cast.cleo.save(update_fields=["disabled_at"])
    deactivate(cast)
    perform(ActivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert fresh(cast.cleo).state == State.DISABLED


def test_an_invitation_of_somebody_deactivated_is_void(cast: Cast) -> None:
    pia = invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada)
    perform(DeactivateUser, actor=actor(cast.ada), target_id=pia.pk, data=ReasonInput())
    assert not Invitation.objects.get(user=pia).is_open


def test_nobody_deactivates_themselves_or_the_last_admin(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.ada.pk, data=ReasonInput())
    assert refusal.value.reason == "own_account_stays"
    with pytest.raises(Refused) as refusal:
        perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.finn.pk, data=ReasonInput())
    assert refusal.value.reason == "last_admin"


def test_a_deletion_is_not_undone_behind_a_deactivation(cast: Cast) -> None:
    deactivate(cast)
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=DeleteUserInput())
    with pytest.raises(Refused) as refusal:
        perform(RestoreUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert refusal.value.reason == "restore_deactivated"
    with pytest.raises(Refused) as refusal:
        perform(DeleteUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=DeleteUserInput())
    assert refusal.value.reason == "already"
    perform(ActivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    perform(RestoreUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert fresh(cast.cleo).state == State.ACTIVE
