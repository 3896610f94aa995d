"""How an assistance is begun: by whom, for whom, for how long, and from where (rules 4, 7, 8, 10, 14, 15)."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.grant_consent import GrantConsent, GrantConsentInput
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance, Request
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.assistance.tests.scenes import HTMX, Scene, begin, change, jobs, refusal, role_with, start
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import PASSWORD, Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import REASON, consented, rule, starting
from fleetfolk.users.models import User

# Rule 4: the agent shows that it is them, no more than five minutes ago.


@pytest.mark.parametrize("minutes_ago", [5, 6, 60])
def test_rule_04_a_password_older_than_five_minutes_is_asked_for_again(
    cast: Cast, signed_in: SignedIn, minutes_ago: int
) -> None:
    carl = consented(cast)
    browser = signed_in(cast.ada, minutes_ago=minutes_ago)
    answer = begin(browser, carl)
    assert answer.status_code == 422
    assert "Your own password" in answer.content.decode()
    assert not Assistance.objects.exists()
    assert begin(browser, carl, own_password="not the password").status_code == 422
    assert not Assistance.objects.exists()
    assert begin(browser, carl, own_password=PASSWORD).status_code == 302
    assert Assistance.objects.filter(user=carl, ended_at=None).exists()


def test_rule_04_four_minutes_are_recent_enough(cast: Cast, signed_in: SignedIn) -> None:
    assert begin(signed_in(cast.ada, minutes_ago=4), consented(cast)).status_code == 302


def test_rule_04_a_session_that_showed_no_password_is_asked(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.ada)
    assert begin(browser, consented(cast)).status_code == 422
    assert not Assistance.objects.exists()


# Rule 7: never upwards, sideways, to oneself.


def test_rule_07_not_oneself(cast: Cast) -> None:
    rule(cast, AssistanceRule.WAIVED)
    assert refusal(cast.ada, cast.ada).reason == "assist_self"


def test_rule_07_nobody_equal_higher_or_of_support(cast: Cast) -> None:
    rule(cast, AssistanceRule.WAIVED)
    assert refusal(cast.ada, cast.abe).reason == "assist_staff"  # equal
    assert refusal(cast.ada, cast.cleo).reason == "assist_staff"  # staff of a branch
    helper = accept(invite(cast.north, "Hugo Helper", cast.role("support"), by=cast.ada))
    assert refusal(cast.ada, helper).reason == "assist_staff"  # other support staff
    assert refusal(helper, cast.finn).reason == "target_is_stronger"  # higher
    plain = role_with(cast, "Odd", VIEW_AS.code)
    with staging():
        Role.objects.filter(pk=plain.pk).update(permissions=[VIEW_AS.code])
    change(cast.bob, role=plain)
    assert refusal(cast.ada, fresh(cast.bob)).reason == "assist_staff"


def test_rule_07_nobody_who_holds_what_the_agent_does_not(cast: Cast) -> None:
    carl = consented(cast)
    with staging():
        weak = Role.objects.create(tenant=cast.lumen, name="Weak", permissions=["users.view", VIEW_AS.code])
    change(cast.ada, role=weak)
    assert refusal(cast.ada, carl).reason == "target_is_stronger"


@pytest.mark.parametrize("who", ["sam", "bea", "bob", "eve"])
def test_rule_07_a_sibling_a_child_and_another_tenant_do_not_even_know(cast: Cast, who: str) -> None:
    carl = consented(cast)
    if who == "bob":
        change(cast.bob, role=cast.role("support"))
    by = fresh(getattr(cast, who))
    assert isinstance(refusal(by, carl), TargetNotFound)


@pytest.mark.parametrize(
    "state",
    [
        {"disabled_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"deactivated_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"deletion_requested_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"activated_at": None},
    ],
)
def test_rule_07_nobody_who_cannot_sign_in(cast: Cast, state: dict[str, Any]) -> None:
    carl = consented(cast)
    rule(cast, AssistanceRule.WAIVED)
    change(carl, **state)
    assert refusal(cast.ada, carl).reason == "assist_state"
    change(cast.ada, **state)
    assert isinstance(refusal(cast.ada, carl), TargetNotFound)


def test_rule_07_one_at_a_time(viewing: Scene) -> None:
    cast = viewing.cast
    with pytest.raises(Refused) as caught:
        perform(StartAssistance, actor=actor(cast.abe), target_id=viewing.carl.pk, data=starting())
    assert caught.value.reason == "assist_busy"
    rule(cast, AssistanceRule.WAIVED)
    with pytest.raises(Refused) as caught:
        perform(StartAssistance, actor=actor(cast.ada), target_id=cast.bob.pk, data=starting())
    assert caught.value.reason == "assist_running"


@pytest.mark.parametrize("minutes", [0, -5, 61, 24 * 60])
def test_rule_08_it_is_for_an_hour_at_most(cast: Cast, minutes: int) -> None:
    assert refusal(cast.ada, consented(cast), minutes=minutes).reason == "assist_too_long"


def test_rule_08_the_form_offers_half_an_hour_and_an_hour_at_most(cast: Cast, signed_in: SignedIn) -> None:
    carl = consented(cast)
    for minutes in ("61", "120", "0", "x"):
        assert begin(signed_in(cast.ada), carl, minutes=minutes).status_code == 422
    page = signed_in(cast.ada).get(f"/assistance/of/{carl.pk}/").content.decode()
    assert [value for value in ("15", "30", "60", "61", "90", "120") if f'value="{value}"' in page] == [
        "15",
        "30",
        "60",
    ]
    assert page.split('value="30"')[1].split(">")[0].count("checked") == 1
    assert not Assistance.objects.exists()


# Rule 10: only by a form of our own pages; nothing that lets in is in any address.


def test_rule_10_looking_at_the_start_does_nothing(cast: Cast, signed_in: SignedIn) -> None:
    carl = consented(cast)
    assert signed_in(cast.ada).get(f"/assistance/of/{carl.pk}/start/").status_code == 405
    assert signed_in(cast.ada).get(f"/assistance/of/{carl.pk}/").status_code == 200
    assert not Assistance.objects.exists()


def test_rule_10_a_form_without_our_token_is_refused(cast: Cast) -> None:
    carl = consented(cast)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ada)
    assert begin(browser, carl).status_code == 403
    assert not Assistance.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_rule_10_a_form_of_another_site_is_refused_even_with_the_token(
    cast: Cast, signed_in: SignedIn, headers: dict[str, str]
) -> None:
    carl = consented(cast)
    browser = signed_in(cast.ada)
    browser.handler.enforce_csrf_checks = True
    page = browser.get(f"/assistance/of/{carl.pk}/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    said = {"mode": "view", "reason": REASON, "minutes": "30", "csrfmiddlewaretoken": token}
    address = f"/assistance/of/{carl.pk}/start/"
    assert browser.post(address, said, headers=headers).status_code == 403
    assert not Assistance.objects.exists()
    assert browser.post(address, said, headers={"Origin": "http://testserver"}).status_code == 302


def test_rule_10_no_secret_is_in_an_address_or_a_page(cast: Cast, signed_in: SignedIn) -> None:
    carl, browser = consented(cast), signed_in(cast.ada)
    answer = begin(browser, carl)
    secret = browser.cookies["fleetfolk-assist"].value
    assert len(secret) > 40
    assert secret not in answer["Location"]
    assert answer["Location"] == f"/as/{Assistance.objects.get().public_id}/"
    for path in (answer["Location"], f"/assistance/of/{carl.pk}/", "/assistance/", "/action-log/"):
        assert secret not in browser.get(path).content.decode()
    assert not Entry.objects.filter(facts__icontains=secret).exists()
    assert Assistance.objects.get().secret_hash != secret


# Rule 14: what is unusual is told.


def test_rule_14_more_than_twenty_customers_in_a_day_are_told_to_who_oversees(cast: Cast) -> None:
    carl = consented(cast)
    noon = clock.now().replace(hour=11, minute=0)
    others = [invite(cast.north, f"Nr{n} Customer", cast.role("user"), by=cast.ada) for n in range(20)]
    with staging():
        for other in others:
            Assistance.objects.create(
                tenant=cast.lumen, user=other, user_label="x", agent=cast.ada, agent_label="Ada", mode="view",
                organization=cast.north, reason=REASON, basis="policy", secret_hash="x", browser_hash="x",
                started_at=noon, seen_at=noon, ends_at=noon + dt.timedelta(minutes=5), ended_at=noon, end_cause="agent",
            )  # fmt: skip
    with clock.at(noon + dt.timedelta(minutes=30)):
        row = start(cast.ada, carl)
    assert row.unusual == "many"
    assert jobs("assistance.tell_overseers") == [{"assistance_id": row.pk}]
    assert Entry.objects.get(code="assistance.start", result="done").facts["unusual"] == "many"


@pytest.mark.parametrize(("hour", "unusual"), [(5, "hours"), (6, ""), (12, ""), (21, ""), (22, "hours"), (2, "hours")])
def test_rule_14_outside_of_the_usual_hours_of_the_place(cast: Cast, hour: int, unusual: str) -> None:
    carl = consented(cast)
    tomorrow = (clock.now() + dt.timedelta(hours=1)).astimezone(ZoneInfo("Europe/Berlin"))
    moment = tomorrow.replace(hour=hour, minute=30)
    if moment < clock.now():
        moment += dt.timedelta(days=1)
    perform(GrantConsent, actor=actor(carl), target_id=carl.pk, data=GrantConsentInput(hours=72))
    with clock.at(moment):
        assert start(cast.ada, carl).unusual == unusual


# Rule 15: what helps without looking comes first; nobody is given a password.


def test_rule_15_the_dialog_offers_what_needs_no_looking(cast: Cast, signed_in: SignedIn) -> None:
    carl = consented(cast)
    page = signed_in(cast.ada).get(f"/assistance/of/{carl.pk}/", headers=HTMX).content.decode()
    assert f'href="/users/{carl.pk}/password/reset/"' in page
    assert f'hx-post="/users/{carl.pk}/sessions/end/"' in page


def test_rule_15_assisting_leaves_the_password_alone(viewing: Scene) -> None:
    before = User.objects.values_list("password", "session_epoch").get(pk=viewing.carl.pk)
    viewing.get()
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    assert User.objects.values_list("password", "session_epoch").get(pk=viewing.carl.pk) == before
    assert Request.objects.count() == 0
