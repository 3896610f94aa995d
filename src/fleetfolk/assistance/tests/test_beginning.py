"""Who may begin to assist whom, and what it takes: rules 1 to 4, 7, 10, 14 and 15."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.actions.grant_consent import GrantConsent, GrantConsentInput
from fleetfolk.assistance.actions.revoke_consent import RevokeConsent
from fleetfolk.assistance.actions.send_request import SendRequest
from fleetfolk.assistance.models import Assistance, Basis, Consent
from fleetfolk.assistance.permissions import ACT_AS, APPROVE, VIEW_AS
from fleetfolk.assistance.tests.scenes import Scene, change, jobs, refusal, role_with, start, without
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS, with_required
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_assistance import REASON, asked, asking, consented, customer, rule
from fleetfolk.users.actions.no_input import NoInput

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
