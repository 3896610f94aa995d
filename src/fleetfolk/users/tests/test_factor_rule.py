"""Where the organization asks for a second factor, nothing else opens before there is one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver, reverse

from fleetfolk.config.tests.test_attack_table_of_urls import names
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import PASSWORD, Cast, actor, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_security import app_of
from fleetfolk.users.actions.delete_factor import DeleteFactor, FactorInput
from fleetfolk.users.models import User
from fleetfolk.users.tests.links import invitation_link
from fleetfolk.users.tests.test_second_factor import code, secret_on
from fleetfolk.users.web.second_factor import OPEN

THERE = "/account/second-factor/"


def rule(organization: Organization, says: bool | None) -> None:
    with staging():
        Organization.objects.filter(pk=organization.pk).update(second_factor_rule=says)


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """North asks for a second factor."""
    rule(cast.north, True)
    return cast


def test_a_session_that_is_open_already_is_led_there_at_its_next_request(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    assert browser.get("/users/").status_code == 200
    rule(cast.north, True)
    assert browser.get("/users/")["Location"] == THERE
    assert browser.get("/users/", headers={"HX-Request": "true"})["HX-Redirect"] == THERE
    assert browser.get(THERE).status_code == 200


def test_the_rule_of_a_place_holds_below_it_and_the_nearest_one_decides(cast: Cast, signed_in: SignedIn) -> None:
    rule(cast.lumen, True)
    rule(cast.berg, False)
    led = {name: signed_in(getattr(cast, name)).get("/account/").status_code for name in ("ada", "cleo", "sue", "bob")}
    assert led == {"ada": 302, "cleo": 302, "sue": 302, "bob": 200}
    assert signed_in(cast.eve).get("/users/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/users/", "/account/", "/account/security/", "/account/email/", "/find/", "/nowhere/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_else_opens(asked: Cast, signed_in: SignedIn, path: str, method: str) -> None:
    assert getattr(signed_in(asked.cleo), method)(path)["Location"] == THERE


def test_only_the_way_there_and_the_ways_out_are_open() -> None:
    known = set(names(get_resolver()))
    assert {name for name in OPEN if name in known} <= {
        *("security:required", "security:add-app", "security:add-passkey", "security:new-passkey-options"),
        *("security:passkey-options", "security:email", "security:email-form"),
        *("account_logout", "account_reauthenticate", "mfa_authenticate", "mfa_login_webauthn"),
        *("alive", "ready", "metrics", "assistance:end", "assistance:stop", "account:theme"),
        *("sso-start", "openid_connect_callback", "saml_acs", "saml_finish"),
    }


def test_with_an_app_everything_opens(asked: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(asked.cleo)
    secret = secret_on(browser)
    browser.post("/account/second-factor/app/", {"code": code(secret)})
    assert browser.get("/users/").status_code == 200


def test_an_act_by_who_has_none_changes_nothing(asked: Cast, signed_in: SignedIn) -> None:
    assert signed_in(asked.finn).post(reverse("users:disable", args=[asked.cleo.pk]))["Location"] == THERE
    asked.cleo.refresh_from_db()
    assert asked.cleo.is_active


def test_somebody_new_is_led_there_after_choosing_a_password(asked: Cast) -> None:
    paul = invite(asked.north, "Paul Pending", asked.role("user"), by=asked.ada)
    browser = Client()
    form = browser.get(invitation_link(paul))["Location"]
    browser.post(form, {"password": PASSWORD, "time_zone": "", "terms": "on"})
    assert browser.get("/account/")["Location"] == THERE


def test_the_last_factor_is_not_removed_by_its_owner(asked: Cast) -> None:
    factor = app_of(asked.cleo)
    with pytest.raises(Refused, match="factor_required"):
        perform(DeleteFactor, actor=actor(asked.cleo), target_id=asked.cleo.pk, data=FactorInput(factor_id=factor))
    assert Authenticator.objects.filter(pk=factor).exists()


def test_whose_factor_is_removed_by_who_may_adds_another_first(asked: Cast, signed_in: SignedIn) -> None:
    factor = app_of(asked.cleo)
    signed_in(asked.ada).post(reverse("users:revoke-factor", args=[asked.cleo.pk, factor]))
    asked.cleo.refresh_from_db()
    answer: Any = signed_in(asked.cleo).get("/users/")
    assert answer["Location"] == THERE


def test_recovery_codes_are_no_second_factor(asked: Cast, signed_in: SignedIn) -> None:
    app_of(asked.cleo)
    Authenticator.objects.filter(user=asked.cleo, type="totp").delete()
    assert signed_in(asked.cleo).get("/users/")["Location"] == THERE


def test_a_rule_for_staff_asks_whoever_sees_others_and_nobody_else(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        Organization.objects.filter(pk=cast.lumen.pk).update(second_factor_staff_rule=True)
    assert signed_in(cast.cleo).get("/users/")["Location"] == THERE
    assert signed_in(cast.bob).get("/").status_code == 200
    assert signed_in(cast.eve).get("/users/").status_code == 200
    with staging():
        Organization.objects.filter(pk=cast.north.pk).update(second_factor_staff_rule=False)
    assert signed_in(cast.cleo).get("/users/").status_code == 200


def test_who_must_have_a_factor_as_staff_keeps_the_last_one(cast: Cast) -> None:
    with staging():
        Organization.objects.filter(pk=cast.lumen.pk).update(second_factor_staff_rule=True)
    with pytest.raises(Refused, match="factor_required"):
        remove_factor_of(cast.cleo)
    remove_factor_of(cast.bob)


def remove_factor_of(person: User) -> None:
    data = FactorInput(factor_id=app_of(person))
    perform(DeleteFactor, actor=actor(person), target_id=person.pk, data=data)
