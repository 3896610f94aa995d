"""A person's own keys: made with a proof, shown once, never further than their holder, and over when they should be."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.api.actions.cancel_token import CancelToken, TokenInput
from fleetfolk.api.actions.revoke_token import RevokeToken
from fleetfolk.api.models import PersonalToken
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_api import key_of, token_id
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput


def make_in_browser(browser: object, **more: object) -> str:
    """What the page shows once."""
    form = {"name": "CI", "days": "30", "reach": "all", **more}
    answer = browser.post(reverse("keys:create"), form)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    found = re.search(r'id="key"[^>]*>(ffp_[\w-]+)<', answer.content.decode())
    assert found
    return found[1]


def test_a_key_is_made_in_a_browser_shown_once_and_opens_what_its_holder_may(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    key = make_in_browser(browser)
    page = browser.get(reverse("keys:own")).content.decode()
    assert "CI" in page
    assert key not in page
    assert not PersonalToken.objects.filter(secret_hash=key).exists()
    me = Program(key).get("me")
    assert me.status_code == 200
    assert (me.json()["name"], me.json()["kind"], me.json()["email"]) == ("Cleo Staff", "person", cast.cleo.email)
    assert me.json()["places"][0]["organization"] == "North"
    assert "users.view" in me.json()["places"][0]["permissions"]
    assert browser.get(reverse("keys:own")).content.decode().count("last used") == 1
    entry = Entry.objects.get(code="user.token.create")
    assert (entry.actor_label, entry.facts["key"]) == ("Cleo Staff", "CI")
    assert key not in str(entry.__dict__)


def test_making_a_key_asks_who_sits_there(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo, minutes_ago=20)
    answer = browser.post(reverse("keys:create"), {"name": "CI", "days": "30", "reach": "all"})
    assert answer.status_code == 422
    assert "own_password" in answer.content.decode()
    assert not PersonalToken.objects.exists()


def test_a_key_that_only_looks_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    key = make_in_browser(signed_in(cast.ada), reach="look")
    permissions = Program(key).get("me").json()["places"][0]["permissions"]
    assert "users.view" in permissions
    assert not [code for code in permissions if not code.endswith((".view", ".read"))]


@pytest.mark.parametrize("change", ["disable", "downgrade", "sign out", "revoke", "expire"])
def test_what_ends_a_key_ends_it_at_the_next_request(cast: Cast, signed_in: SignedIn, change: str) -> None:
    program = Program(key_of(cast.cleo))
    assert program.get("users").status_code == 200
    match change:
        case "disable":
            perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
        case "downgrade":
            data = AssignRoleInput(role_id=cast.role("user").pk)
            perform(AssignRole, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)
        case "sign out":
            signed_in(cast.cleo).post(reverse("security:end-others"))
        case "revoke":
            token = PersonalToken.objects.get(user=cast.cleo)
            answer = signed_in(cast.cleo).post(reverse("keys:revoke", args=[token.pk]))
            assert answer.status_code == 302
        case "expire":
            with staging():
                PersonalToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    answer = program.get("users")
    expected = ("permission_missing", 403) if change == "downgrade" else ("bearer_wrong", 401)
    assert (reason(answer), answer.status_code) == expected
    if change == "disable":
        perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
        assert program.get("users").status_code == 401, "a key that was ended does not come back"


def test_a_key_goes_no_further_than_its_scopes(cast: Cast) -> None:
    program = Program(key_of(cast.ada, scopes=["devices.view"]))
    assert reason(program.get("users")) == "permission_missing"
    assert reason(program.get(f"users/{cast.cleo.pk}")) == "not_found"


def test_a_key_goes_no_further_than_its_holder(cast: Cast) -> None:
    everything = [
        code for code in Role.objects.get(tenant=cast.lumen, builtin="admin").permissions if "tokens" not in code
    ]
    program = Program(key_of(cast.dana, scopes=everything))
    held = set(program.get("me").json()["places"][0]["permissions"])
    assert held <= set(cast.dana.role.permissions)


def test_whoever_manages_somebodys_credentials_sees_their_keys_and_revokes_them(
    cast: Cast, signed_in: SignedIn
) -> None:
    program = Program(key_of(cast.cleo))
    browser, page = signed_in(cast.ada), reverse("users:detail", args=[cast.cleo.pk])
    assert 'id="person-keys"' in browser.get(page).content.decode()
    assert 'id="person-keys"' not in signed_in(cast.dana).get(page).content.decode()
    token = PersonalToken.objects.get(user=cast.cleo)
    address = reverse("keys:revoke-of", args=[cast.cleo.pk, token.pk])
    assert signed_in(cast.dana).post(address).status_code == 403
    assert "Revoke the key “CI” of Cleo Staff" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    assert program.get("me").status_code == 401
    assert 'id="person-keys"' not in browser.get(page).content.decode()


def test_somebody_elses_key_cannot_be_revoked(cast: Cast, signed_in: SignedIn) -> None:
    key_of(cast.cleo)
    token = PersonalToken.objects.get(user=cast.cleo)
    assert signed_in(cast.ada).post(reverse("keys:revoke", args=[token.pk])).status_code == 404
    assert signed_in(cast.eve).get(reverse("keys:revoke", args=[token.pk])).status_code == 404
    assert PersonalToken.objects.filter(pk=token.pk).exists()


def test_the_actions_look_for_a_key_among_those_of_its_person_alone(cast: Cast) -> None:
    data = TokenInput(token_id=token_id(cast.cleo))
    for action, person in ((CancelToken, cast.ada), (RevokeToken, cast.bob)):
        with pytest.raises(Refused, match="token_gone"):
            perform(action, actor=actor(cast.ada), target_id=person.pk, data=data)
    assert PersonalToken.objects.filter(user=cast.cleo).exists()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "bearer_missing"),
        ("Basic YTpi", "bearer_missing"),
        ("Bearer", "bearer_wrong"),
        ("Bearer nonsense", "bearer_wrong"),
        ("Bearer ffp_" + "x" * 43, "bearer_wrong"),
        ("Bearer ffa_" + "x" * 43, "bearer_wrong"),
        ("Bearer ffp_" + "x" * 5000, "bearer_wrong"),
    ],
)
def test_without_a_key_nothing_opens(db: None, header: str, expected: str) -> None:
    answer = Program(**({"Authorization": header} if header else {})).get("me")
    assert (answer.status_code, reason(answer)) == (401, expected)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_browsers_session_opens_nothing(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.ada).get("/api/v1/users")
    assert (answer.status_code, reason(answer)) == (401, "bearer_missing")


def test_whoever_must_have_a_second_factor_has_one_before_their_keys_open(cast: Cast) -> None:
    program = Program(key_of(cast.cleo))
    with staging():
        cast.lumen.second_factor_rule = True
        cast.lumen.save(update_fields=["second_factor_rule"])
    answer = program.get("me")
    assert (answer.status_code, reason(answer)) == (403, "second_factor_missing")


def test_a_name_stands_once_and_an_end_is_not_far_away(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    make_in_browser(browser)
    form = {"name": "CI", "days": "30", "reach": "all"}
    assert "CI” already" in browser.post(reverse("keys:create"), form).content.decode()
    far = {**form, "name": "Far", "days": "365", "sensitive": "on"}
    answer = browser.post(reverse("keys:create"), far)
    assert (answer.status_code, PersonalToken.objects.count()) == (422, 1)
