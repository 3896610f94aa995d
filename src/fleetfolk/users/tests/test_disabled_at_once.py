"""Whoever is disabled is out at their next request, by every way in, and is told so where they knew the password."""

from collections.abc import Callable

import pytest
from django.test import Client

from fleetfolk.access.grants import grants_of
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.activate_user import ActivateUser
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.models import User
from fleetfolk.users.secret import PasswordLinks
from fleetfolk.users.tests.test_sign_in import sign_in

HTMX = {"HX-Request": "true"}


def disable(cast: Cast, person: User) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=person.pk, data=ReasonInput())


def delete(cast: Cast, person: User) -> None:
    perform(DeleteUser, actor=actor(cast.ada), target_id=person.pk, data=DeleteUserInput())


def deactivate(cast: Cast, person: User) -> None:
    perform(DeactivateUser, actor=actor(cast.ada), target_id=person.pk, data=ReasonInput())


OUT: dict[str, Callable[[Cast, User], None]] = {
    "disabled": disable,
    "deleted": delete,
    "deactivated": deactivate,
}


@pytest.mark.parametrize("how", OUT)
def test_an_open_page_asks_once_more_and_is_sent_to_the_sign_in(cast: Cast, signed_in: SignedIn, how: str) -> None:
    browser = signed_in(cast.cleo)
    assert browser.get("/lookup/").status_code == 200
    OUT[how](cast, cast.cleo)
    part = browser.get("/lookup/", {"q": "bob"}, headers={**HTMX, "HX-Target": "results"})
    assert part["HX-Redirect"].startswith("/sign-in/")
    assert "Bob" not in part.content.decode()
    assert browser.get("/lookup/").status_code == 302
    change = signed_in(fresh(cast.cleo)).post(f"/users/{cast.bob.pk}/disable/", {"reason": ""}, headers=HTMX)
    assert change.status_code != 204
    assert fresh(cast.bob).is_active


@pytest.mark.parametrize("how", OUT)
def test_every_open_browser_is_out_and_enabling_brings_none_back(cast: Cast, signed_in: SignedIn, how: str) -> None:
    browsers = [signed_in(cast.cleo) for _ in range(3)]
    OUT[how](cast, cast.cleo)
    assert {browser.get("/users/").status_code for browser in browsers} == {302}
    back = {"disabled": EnableUser, "deleted": RestoreUser, "deactivated": ActivateUser}[how]
    perform(back, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert {browser.get("/users/").status_code for browser in browsers} == {302}
    assert signed_in(fresh(cast.cleo)).get("/users/").status_code == 200


def test_the_sign_in_says_so_to_who_knows_the_password_and_to_nobody_else(cast: Cast) -> None:
    before = sign_in(Client(), cast.bob.email, "wrong")
    disable(cast, cast.bob)
    assert sign_in(Client(), cast.bob.email, "wrong") == before
    status, text = sign_in(Client(), cast.bob.email, PASSWORD)
    assert status == 403
    assert "Your account is disabled" in text


@pytest.mark.parametrize("how", OUT)
def test_a_link_for_a_new_password_made_before_is_worth_nothing(cast: Cast, how: str) -> None:
    link = PasswordLinks().make_token(cast.bob)
    OUT[how](cast, cast.bob)
    data = EditPasswordInput(password="a new long password", link=link)
    with pytest.raises(Refused):
        perform(EditPassword, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)
    assert not fresh(cast.bob).check_password("a new long password")


def test_nothing_is_held_by_who_is_disabled_also_for_work_already_under_way(cast: Cast) -> None:
    cleo = actor(cast.cleo)
    assert grants_of(cleo)
    disable(cast, cast.cleo)
    assert grants_of(cleo) == []
    with pytest.raises((Denied, TargetNotFound)):
        # The actor was made before: a job of theirs, or a request that waited for a lock.
        perform(DisableUser, actor=cleo, target_id=cast.bob.pk, data=ReasonInput())
    assert fresh(cast.bob).is_active
