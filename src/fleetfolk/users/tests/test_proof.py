"""Sensitive acts need a password that was given lately; it is asked for where the act began, which then goes on."""

import re
from dataclasses import replace
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.access.strength import is_strong
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.action import CATALOGUE, SetAction
from fleetfolk.kernel.actor import Actor, ActorKind, Proof
from fleetfolk.kernel.errors import Denied, NotProved
from fleetfolk.kernel.perform import perform, perform_set
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples import OPERATORS, SAMPLES
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.models import Status, User
from fleetfolk.users.permissions import MANAGE_CREDENTIALS, VIEW_USERS

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-host"}
CLICK = {"HX-Request": "true"}
QUESTION = "Your own password"
ACTS = [
    ("disable", {"reason": "left"}),
    ("delete", {"word": "DELETE"}),
    ("password", {"password": "nine lamps in a row"}),
    ("transfer", {"admin_email": "sam@lumenhome.example"}),
    ("password/reset", {}),
]


def post(browser: Client, person: User, path: str, headers: dict[str, str] = DIALOG, **typed: object) -> Any:
    return browser.post(f"/users/{person.pk}/{path}/", typed, headers=headers)


def unchanged(before: User) -> bool:
    now = fresh(before)
    return (now.session_epoch, now.state, now.organization_id, now.password) == (
        before.session_epoch,
        before.state,
        before.organization_id,
        before.password,
    )


@pytest.mark.parametrize(("path", "typed"), ACTS)
def test_ten_minutes_after_the_password_it_is_asked_for_again_and_the_act_goes_on(
    cast: Cast, signed_in: SignedIn, path: str, typed: dict[str, Any]
) -> None:
    typed = typed | {"role": str(cast.role("user").pk)}
    browser = signed_in(cast.ada, minutes_ago=11)
    asked = post(browser, cast.bob, path, **typed)
    assert asked.status_code == 422
    assert QUESTION in asked.content.decode()
    assert (asked["HX-Retarget"], asked["HX-Reswap"]) == ("#proof", "innerHTML")
    assert unchanged(cast.bob)
    assert not Entry.objects.filter(target_id=cast.bob.pk, actor_id=str(cast.ada.pk), result="refused").exists()
    assert post(browser, cast.bob, path, **typed, own_password=PASSWORD).status_code == 204
    assert not unchanged(cast.bob)


def test_a_clock_that_is_set_back_makes_no_proof_last_longer(cast: Cast, signed_in: SignedIn) -> None:
    """The password was given while the clock was an hour ahead; by now nobody knows when that was."""
    browser = signed_in(cast.ada, minutes_ago=-60)
    assert post(browser, cast.bob, "disable", reason="left").status_code == 422
    assert unchanged(cast.bob)
    assert post(browser, cast.bob, "disable", reason="left", own_password=PASSWORD).status_code == 204


@pytest.mark.parametrize("minutes", [0, 9])
def test_within_ten_minutes_nothing_is_asked_and_one_answer_lasts_for_the_next_acts(
    cast: Cast, signed_in: SignedIn, minutes: int
) -> None:
    assert post(signed_in(cast.ada, minutes_ago=minutes), cast.bob, "disable").status_code == 204
    browser = signed_in(cast.ada, minutes_ago=60)
    assert post(browser, cast.sue, "disable", own_password=PASSWORD).status_code == 204
    assert post(browser, cast.cleo, "disable").status_code == 204


def test_the_sign_in_page_counts_as_proof(cast: Cast) -> None:
    browser = Client()
    browser.post("/sign-in/", {"login": cast.ada.email, "password": PASSWORD})
    assert post(browser, cast.bob, "disable").status_code == 204


def test_a_session_without_any_password_is_asked(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.ada)
    assert post(browser, cast.bob, "disable").status_code == 422
    assert unchanged(cast.bob)


def test_the_proof_of_somebody_else_in_the_same_session_is_none(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    records = browser.session[AUTHENTICATION_METHODS_SESSION_KEY]
    browser.force_login(cast.ada)
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session["account_authentication_methods_user"] = str(cast.cleo.pk)
    session.save()
    assert post(browser, cast.bob, "disable").status_code == 422
    assert unchanged(cast.bob)


@pytest.mark.parametrize("password", ["", "not the password", PASSWORD + " "])
def test_a_wrong_password_is_said_so_and_does_nothing(cast: Cast, signed_in: SignedIn, password: str) -> None:
    answer = post(signed_in(cast.ada, minutes_ago=11), cast.bob, "disable", own_password=password)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("This is not your password." in text) is bool(password)
    assert "value=" not in text.partition('name="own_password"')[2].partition(">")[0]
    assert unchanged(cast.bob)


def test_a_wrong_password_is_in_the_log_with_what_it_was_for(cast: Cast, signed_in: SignedIn) -> None:
    post(signed_in(cast.ada, minutes_ago=11), cast.bob, "disable", own_password="not the password")
    entry = Entry.objects.get(code="user.disable", target_id=cast.bob.pk, actor_id=str(cast.ada.pk))
    assert (entry.result, entry.reason) == ("refused", "proof_wrong")
    assert "not the password" not in f"{entry.facts}{entry.changes}"


def test_guesses_are_counted_like_those_at_the_sign_in(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    for _ in range(10):
        post(browser, cast.bob, "disable", own_password="not the password")
    answer = post(browser, cast.bob, "disable", own_password=PASSWORD)
    assert "Too many wrong passwords." in answer.content.decode()
    assert unchanged(cast.bob)
    page = Client().post("/sign-in/", {"login": cast.ada.email, "password": PASSWORD})
    assert "Too many" in page.content.decode(), "one count for both doors"


def test_changing_ones_own_password_counts_wrong_guesses_too(cast: Cast, signed_in: SignedIn) -> None:
    browser, new = signed_in(cast.ada), "nine lamps in a row"
    for _ in range(5):
        browser.post("/password/change/", {"oldpassword": "x", "password1": new, "password2": new})
    for _ in range(5):
        post(signed_in(cast.ada, minutes_ago=11), cast.bob, "disable", own_password="x")
    answer = post(signed_in(cast.ada, minutes_ago=11), cast.bob, "disable", own_password=PASSWORD)
    assert "Too many wrong passwords." in answer.content.decode()


def test_ones_own_new_password_needs_the_present_one_and_no_second_question(cast: Cast, signed_in: SignedIn) -> None:
    browser, new = signed_in(cast.bob, minutes_ago=600), "nine lamps in a row"
    typed = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert "This is not your current password." in browser.post("/password/change/", typed).content.decode()
    assert browser.post("/password/change/", typed | {"oldpassword": PASSWORD}).status_code == 302
    assert fresh(cast.bob).check_password(new)


def test_who_may_not_is_denied_without_being_asked(cast: Cast, signed_in: SignedIn) -> None:
    answer = post(signed_in(cast.cleo, minutes_ago=11), cast.finn, "disable", own_password="not the password")
    assert answer.status_code == 403
    assert QUESTION not in answer.content.decode()


def test_a_wrong_form_is_told_first_and_the_password_is_not_asked_for_in_vain(cast: Cast, signed_in: SignedIn) -> None:
    answer = post(signed_in(cast.ada, minutes_ago=11), cast.bob, "delete", word="delete")
    assert "Type DELETE in capital letters." in answer.content.decode()
    assert QUESTION not in answer.content.decode()


def test_ordinary_acts_ask_nothing(cast: Cast, signed_in: SignedIn) -> None:
    assert post(signed_in(cast.ada, minutes_ago=600), cast.bob, "sessions/end").status_code == 204


def test_a_click_that_acts_at_once_gets_a_dialog_of_its_own(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    asked = post(browser, cast.bob, "password/reset", CLICK)
    text = asked.content.decode()
    assert (asked.status_code, asked["HX-Retarget"], asked["HX-Reswap"]) == (422, "#dialog-host", "innerHTML")
    assert "<dialog" in text
    assert f'hx-post="/users/{cast.bob.pk}/password/reset/"' in text
    assert post(browser, cast.bob, "password/reset", own_password=PASSWORD).status_code == 204
    assert not fresh(cast.bob).has_usable_password()


def test_without_scripts_a_page_asks_and_carries_along_what_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    asked = post(browser, cast.bob, "disable", {}, reason='left "us" <b>')
    text = asked.content.decode()
    assert "<h1" in text
    assert QUESTION in text
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text.partition("<main")[2]))
    assert carried["reason"] == "left &quot;us&quot; &lt;b&gt;"
    assert post(browser, cast.bob, "disable", {}, reason="left", own_password=PASSWORD).status_code == 302
    assert fresh(cast.bob).status is Status.DISABLED


def test_no_password_is_written_into_a_page(cast: Cast, signed_in: SignedIn) -> None:
    typed = {"password": "nine lamps in a row", "own_password": "not the password"}
    for headers in ({}, CLICK, DIALOG):
        asked = post(signed_in(cast.ada, minutes_ago=11), cast.bob, "password", headers, **typed)
        assert QUESTION in asked.content.decode()
        assert not [password for password in typed.values() if password in asked.content.decode()]


@pytest.mark.parametrize("code", sorted(code for code, action in CATALOGUE.items() if action.risk.needs_proof))
def test_the_kernel_itself_asks_whatever_the_view(cast: Cast, code: str) -> None:
    sample, action = (SAMPLES | OPERATORS)[code](cast), CATALOGUE[code]
    run: Any = perform_set if issubclass(action, SetAction) else perform
    stale = replace(sample.permitted, proof=Proof.OLD)
    before = Entry.objects.count()
    with pytest.raises(NotProved):
        run(action, actor=stale, target_id=sample.target_id, data=sample.data)
    assert Entry.objects.count() == before
    run(action, actor=sample.permitted, target_id=sample.target_id, data=sample.data)


# The same change is worth it or not: what counts is the role.


def giving(cast: Cast, kind: str, role: str) -> tuple[Any, int, Any]:
    """An Action by which somebody comes to a role, its target and its input."""
    key = cast.role(role).pk
    if kind == "invite":
        data = InviteUserInput(first_name="New", last_name="Comer", email="new@new.example", role_id=key)
        return InviteUser, cast.north.pk, data
    if kind == "assign":
        return AssignRole, cast.bob.pk, AssignRoleInput(role_id=key)
    pending = invite(cast.north, "Paul Pending", cast.role(role), by=cast.ada)
    return EditInvitation, pending.pk, EditInvitationInput(email="other@new.example")


@pytest.mark.parametrize("kind", ["invite", "assign", "correct"])
@pytest.mark.parametrize("role", ["admin", "staff", "support", "user"])
def test_who_gives_a_strong_role_is_asked_who_they_are(cast: Cast, kind: str, role: str) -> None:
    action, target_id, data = giving(cast, kind, role)
    stale = replace(actor(cast.ada), proof=Proof.OLD)
    if role == "user":
        perform(action, actor=stale, target_id=target_id, data=data)
        return
    with pytest.raises(NotProved):
        perform(action, actor=stale, target_id=target_id, data=data)
    perform(action, actor=actor(cast.ada), target_id=target_id, data=data)


@pytest.mark.parametrize("kind", ["invite", "assign"])
def test_who_may_not_give_a_strong_role_is_told_so_without_a_question(cast: Cast, kind: str) -> None:
    action, target_id, data = giving(cast, kind, "admin")
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(action, actor=replace(actor(cast.cleo), proof=Proof.OLD), target_id=target_id, data=data)


def test_an_actor_has_proved_nothing_unless_somebody_says_so(cast: Cast) -> None:
    client = actor(cast.ada).client
    somebody = Actor(kind=ActorKind.USER, id=str(cast.ada.pk), label="Ada", tenant_id=cast.lumen.pk, client=client)
    action, target_id, data = giving(cast, "assign", "admin")
    with pytest.raises(NotProved):
        perform(action, actor=somebody, target_id=target_id, data=data)


def test_a_role_is_strong_that_may_do_what_is_asked_about(cast: Cast) -> None:
    assert not is_strong([VIEW_ROLES.code])
    assert is_strong([VIEW_USERS.code]), "who sees people may take their list along"
    assert is_strong(cast.dana.role.permissions), "who reads the log may take it along"
    assert not is_strong(cast.role("user").permissions)
    assert is_strong([VIEW_ROLES.code, MANAGE_CREDENTIALS.code])


def test_the_role_that_one_has_already_is_given_without_a_question(cast: Cast) -> None:
    stale = replace(actor(cast.ada), proof=Proof.OLD)
    perform(AssignRole, actor=stale, target_id=cast.cleo.pk, data=AssignRoleInput(role_id=cast.cleo.role_id))


def test_a_role_is_changed_where_it_stands_after_the_question(cast: Cast, signed_in: SignedIn) -> None:
    browser, row = signed_in(cast.ada, minutes_ago=11), f"/users/{cast.bob.pk}/information/role/"
    typed = {"value": cast.role("staff").pk}
    asked = browser.post(row, typed, headers={"HX-Request": "true", "HX-Target": "row-role"})
    assert (asked.status_code, asked["HX-Retarget"]) == (422, "#dialog-host")
    assert f'name="value" value="{typed["value"]}"' in asked.content.decode()
    answer = browser.post(row, typed | {"own_password": PASSWORD}, headers=DIALOG)
    assert answer.status_code == 200
    assert answer["HX-Retarget"].startswith("#")
    assert f'id="{answer["HX-Retarget"][1:]}"' in answer.content.decode()
    assert "dialog:close" in answer["HX-Trigger"]
    assert fresh(cast.bob).role == cast.role("staff")


def test_the_log_is_not_downloaded_without_a_recent_proof(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    page = browser.get("/action-log/export/?client=alexa").content.decode()
    assert QUESTION in page
    assert not Entry.objects.filter(code="log.export").exists()
    back = browser.post("/prove/?next=/action-log/export/%3Fclient%3Dalexa", {"own_password": PASSWORD})
    assert back["Refresh"] == "0; url=/action-log/export/?client=alexa"
    assert browser.get("/action-log/export/?client=alexa")["Content-Type"].startswith("text/csv")
