"""Who may begin to assist whom, and what it takes: rules 1 to 4, 7, 10, 14 and 15."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.actions.grant_consent import GrantConsent, GrantConsentInput
from fleetfolk.assistance.actions.revoke_consent import RevokeConsent
from fleetfolk.assistance.actions.send_request import SendRequest
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance, Basis, Consent, Request
from fleetfolk.assistance.permissions import ACT_AS, APPROVE, VIEW_AS
from fleetfolk.assistance.tests.scenes import HTMX, Scene, begin, change, without
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import ActionError, Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS, with_required
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.testing.cast import PASSWORD, Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import REASON, asked, asking, consented, customer, rule, starting
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User


def start(by: User, person: User, **more: Any) -> Assistance:
    data = starting(**more)
    perform(StartAssistance, actor=actor(by), target_id=person.pk, data=data)
    return Assistance.objects.get(secret_hash=data.secret_hash)


def refusal(by: User, person: User, **more: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        start(by, person, **more)
    assert not Assistance.objects.filter(user=person, ended_at=None).exists()
    return caught.value


def role_with(cast: Cast, name: str, *codes: str) -> Role:
    """Admin's permissions, but of remote assistance only these."""
    admin = cast.role("admin")
    held = [code for code in admin.permissions if not code.startswith("support.")]
    with staging():
        return Role.objects.create(tenant=cast.lumen, name=name, permissions=sorted({*held, *codes}))


# Rule 1: off by default, per organization; separate permissions, never implied.


def test_rule_01_remote_assistance_is_off_until_the_organization_turns_it_on(cast: Cast) -> None:
    carl = consented(cast)
    rule(cast, None)
    assert refusal(cast.ada, carl).reason == "assist_off"
    with pytest.raises(Refused) as caught:
        perform(SendRequest, actor=actor(cast.ada), target_id=carl.pk, data=asking())
    assert caught.value.reason == "assist_off"
    with pytest.raises(Refused) as caught:
        perform(GrantConsent, actor=actor(carl), target_id=carl.pk, data=GrantConsentInput(hours=1))
    assert caught.value.reason == "assist_off"


def test_rule_01_what_the_nearest_organization_says_decides(cast: Cast) -> None:
    carl = consented(cast)
    with staging():
        Organization.objects.filter(pk=cast.north.pk).update(assistance_rule=AssistanceRule.OFF)
    assert refusal(cast.ada, carl).reason == "assist_off"


@pytest.mark.parametrize("codes", [(), (APPROVE.code,), (ACT_AS.code,), (ACT_AS.code, APPROVE.code)])
def test_rule_01_no_other_permission_implies_looking(cast: Cast, codes: tuple[str, ...]) -> None:
    carl = consented(cast, AssistMode.ACT)
    change(cast.ada, role=role_with(cast, "Almost", *codes))
    for mode in AssistMode:
        assert refusal(cast.ada, carl, mode=mode).reason == "permission_missing"


def test_rule_01_looking_does_not_imply_acting(cast: Cast) -> None:
    carl = consented(cast, AssistMode.ACT)
    change(cast.ada, role=role_with(cast, "Viewer", VIEW_AS.code))
    assert refusal(cast.ada, carl, mode=AssistMode.ACT).reason == "permission_missing"
    assert start(cast.ada, carl).mode == AssistMode.VIEW


def test_rule_01_admin_is_no_bypass(cast: Cast) -> None:
    carl = consented(cast)
    without(cast.role("admin"), VIEW_AS.code, ACT_AS.code, APPROVE.code)
    assert refusal(cast.ada, carl).reason == "permission_missing"


def test_rule_01_no_permission_brings_these_along(cast: Cast) -> None:
    others = [code for code in PERMISSIONS if not code.startswith("support.")]
    assert not {VIEW_AS.code, ACT_AS.code, APPROVE.code} & with_required(others)
    assert not {VIEW_AS.code, ACT_AS.code, APPROVE.code} & set(cast.role("staff").permissions)
    assert {VIEW_AS.code, ACT_AS.code} <= set(cast.role("support").permissions)
    assert APPROVE.code not in cast.role("support").permissions


# Rule 2: consent, beforehand or when asked, or the organization's rule.


@pytest.mark.parametrize("hours", [1, 24, 72, 168])
def test_rule_02_consent_lasts_as_long_as_the_customer_says(cast: Cast, hours: int) -> None:
    carl = consented(cast, hours=hours)
    now = clock.now()
    with clock.at(now + dt.timedelta(hours=hours, minutes=-2)):
        row = start(cast.ada, carl)
    assert row.basis == Basis.CONSENT
    assert row.ends_at <= Consent.objects.get(user=carl).until


@pytest.mark.parametrize("hours", [0, -1, 169, 10_000])
def test_rule_02_consent_is_for_a_week_at_most(cast: Cast, hours: int) -> None:
    carl = customer(cast)
    with pytest.raises(Refused) as caught:
        perform(GrantConsent, actor=actor(carl), target_id=carl.pk, data=GrantConsentInput(hours=hours))
    assert caught.value.reason == "assist_consent_long"


def test_rule_02_the_database_takes_no_consent_beyond_a_week(cast: Cast) -> None:
    carl = customer(cast)
    now = clock.now()
    until = now + dt.timedelta(hours=168, seconds=1)
    with staging(), pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(tenant=cast.lumen, user=carl, mode="view", granted_at=now, until=until)


def test_rule_02_without_consent_nobody_comes_in(cast: Cast) -> None:
    assert refusal(cast.ada, customer(cast)).reason == "assist_no_consent"


def test_rule_02_after_the_consent_is_over_nobody_comes_in(cast: Cast) -> None:
    carl = consented(cast, hours=1)
    with clock.at(clock.now() + dt.timedelta(hours=1, seconds=1)):
        assert refusal(cast.ada, carl).reason == "assist_no_consent"


def test_rule_02_consent_to_look_is_none_to_act(cast: Cast) -> None:
    carl = consented(cast, AssistMode.VIEW)
    assert refusal(cast.ada, carl, mode=AssistMode.ACT).reason == "assist_no_consent"


def test_rule_02_a_request_that_was_answered_lets_in_who_asked_and_nobody_else(cast: Cast) -> None:
    carl, request = asked(cast)
    assert refusal(cast.ada, carl).reason == "assist_no_consent"
    perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    assert refusal(cast.abe, carl).reason == "assist_no_consent"
    assert refusal(cast.ada, carl, mode=AssistMode.ACT).reason == "assist_no_consent"
    row = start(cast.ada, carl, reason="Something else entirely", minutes=60)
    assert (row.basis, row.reason) == (Basis.REQUEST, REASON)
    assert row.ends_at - row.started_at == dt.timedelta(minutes=30)


def test_rule_02_a_yes_is_good_once_and_for_a_quarter_of_an_hour(cast: Cast) -> None:
    carl, request = asked(cast)
    perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    with clock.at(clock.now() + dt.timedelta(minutes=15, seconds=1)):
        assert refusal(cast.ada, carl).reason == "assist_no_consent"
    row = start(cast.ada, carl)
    with staging():
        Assistance.objects.filter(pk=row.pk).update(ended_at=clock.now(), end_cause="agent")
    assert refusal(cast.ada, carl).reason == "assist_no_consent"


def test_rule_02_a_no_is_a_no_and_is_not_worn_down(cast: Cast) -> None:
    carl, request = asked(cast)
    perform(CancelRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    assert refusal(cast.ada, carl).reason == "assist_no_consent"
    for answer in (AcceptRequest, CancelRequest):
        with pytest.raises(Refused):
            perform(answer, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    with pytest.raises(Refused) as caught:
        perform(SendRequest, actor=actor(cast.ada), target_id=carl.pk, data=asking())
    assert caught.value.reason == "assist_asked"


def test_rule_02_an_old_request_cannot_be_answered(cast: Cast) -> None:
    carl, request = asked(cast)
    with clock.at(clock.now() + dt.timedelta(minutes=15, seconds=1)), pytest.raises(Refused):
        perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))


def test_rule_02_nobody_answers_for_the_customer(cast: Cast) -> None:
    carl, request = asked(cast)
    for who in (cast.ada, cast.finn, cast.cleo):
        with pytest.raises(Denied):
            perform(AcceptRequest, actor=actor(who), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    # One's own row with somebody else's request:
    with pytest.raises(Refused):
        perform(
            AcceptRequest,
            actor=actor(cast.ada),
            target_id=cast.ada.pk,
            data=AnswerRequestInput(request_id=request.pk),
        )
    request.refresh_from_db()
    assert request.answered_at is None


def test_rule_02_where_the_organization_waives_it_the_customer_is_told_at_once(cast: Cast) -> None:
    carl = customer(cast)
    rule(cast, AssistanceRule.WAIVED)
    row = start(cast.ada, carl)
    assert row.basis == Basis.POLICY
    told = jobs("users.send_notice")[-1]
    assert (told["email"], told["notice"]) == (carl.email, "assist_viewing")
    assert told["facts"]["reason"] == REASON


def test_rule_02_withdrawing_voids_what_was_asked_too(cast: Cast) -> None:
    carl, request = asked(cast)
    perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))
    perform(RevokeConsent, actor=actor(carl), target_id=carl.pk, data=NoInput())
    assert refusal(cast.ada, carl).reason == "assist_no_consent"


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]


# Rule 3: a reason, kept as it was.


@pytest.mark.parametrize("reason", ["", "help", "         x", "  too few "])
def test_rule_03_a_reason_of_ten_characters_is_needed(cast: Cast, reason: str) -> None:
    carl = consented(cast)
    assert refusal(cast.ada, carl, reason=reason).reason == "assist_reason"
    with pytest.raises(Refused) as caught:
        perform(SendRequest, actor=actor(cast.ada), target_id=customer(cast).pk, data=_with_reason(reason))
    assert caught.value.reason == "assist_reason"


def _with_reason(reason: str) -> Any:
    return replace(asking(), reason=reason)


@pytest.mark.parametrize(
    "change_of",
    [
        "reason = 'another reason altogether'",
        "ticket = 'X'",
        "user_id = agent_id, agent_id = NULL",
        "mode = 'act'",
        "started_at = started_at - interval '1 hour'",
        "ends_at = ends_at + interval '10 minutes'",
        "secret_hash = repeat('0', 64)",
        "browser_hash = repeat('0', 64)",
        "agent_id = user_id",
        "basis = 'policy'",
        "organization_id = tenant_id",
    ],
)
def test_rule_03_what_it_is_about_cannot_be_changed_even_in_sql(viewing: Scene, change_of: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"/* staged */ UPDATE assistance_assistance SET {change_of} WHERE id = %s", [viewing.row.pk])  # noqa: S608


def test_rule_03_an_end_cannot_be_undone(viewing: Scene) -> None:
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("/* staged */ UPDATE assistance_assistance SET ended_at = NULL, end_cause = ''")


def test_rule_03_visits_cannot_be_changed_or_deleted(viewing: Scene) -> None:
    viewing.get()
    assert viewing.row.visits.count() == 1
    for statement in (
        "UPDATE assistance_visit SET path = '/x'",
        "UPDATE assistance_visit SET status = 200, at = now()",
        "DELETE FROM assistance_visit",
        "TRUNCATE assistance_visit",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert viewing.row.visits.count() == 1


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
