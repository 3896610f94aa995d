"""Guards that nothing else stands behind: each of these fails where its one line is taken away."""

import re
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.actions.revoke_consent import RevokeConsent
from fleetfolk.assistance.models import EndCause, Request
from fleetfolk.assistance.permissions import ACT_AS, APPROVE, VIEW_AS
from fleetfolk.assistance.queries import open_requests, own_records, records
from fleetfolk.assistance.tasks import send_request
from fleetfolk.assistance.tests.scenes import Scene, begin, change, scene, without
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import asked, consented
from fleetfolk.users.actions.edit_profile import EditProfile, EditProfileInput
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT, VIEW_USERS


def in_the_hands_of(agent: User, person: User, mode: AssistMode = AssistMode.ACT) -> Actor:
    """The person as an actor, as the middleware makes it."""
    by = Assisting(id=1, public_id=uuid4(), agent_id=agent.pk, agent_label=str(agent), mode=mode)
    return replace(actor(person), assisted_by=by)


def role_of(cast: Cast, *codes: str) -> Role:
    """A role that holds these and nothing else."""
    with staging():
        return Role.objects.create(tenant=cast.lumen, name=f"Role {uuid4().hex[:8]}", permissions=sorted(codes))


# Ending.


@pytest.mark.parametrize("who", ["abe", "finn"])
def test_who_did_not_begin_it_does_not_end_it_as_if_they_had(viewing: Scene, who: str) -> None:
    with pytest.raises(Denied) as caught:
        perform(
            EndAssistance,
            actor=actor(getattr(viewing.cast, who)),
            target_id=viewing.carl.pk,
            data=EndAssistanceInput(assistance_id=viewing.row.pk),
        )
    assert caught.value.reason == "assist_not_yours"
    assert viewing.now().ended_at is None


def test_who_stops_without_the_right_any_more_leaves_the_installation_to_do_it(viewing: Scene) -> None:
    without(viewing.cast.role("admin"), VIEW_AS.code, ACT_AS.code, APPROVE.code)
    assert viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/").status_code == 302
    assert viewing.now().end_cause == EndCause.RIGHTS
    assert not Entry.objects.filter(code="assistance.end", result="denied").exists()


# Withdrawing.


def test_withdrawing_answers_what_still_waits_with_no(cast: Cast, mailoutbox: list[Any]) -> None:
    carl, request = asked(cast)
    send_request(request_id=request.pk, tenant_id=cast.lumen.pk)
    link = "/support/" + mailoutbox[-1].body.split("/support/")[1].split()[0]
    perform(RevokeConsent, actor=actor(carl), target_id=carl.pk, data=NoInput())
    assert not open_requests(carl.pk).exists()
    assert Request.objects.get(pk=request.pk).accepted is False
    assert Client().get(link).status_code == 410
    with pytest.raises(Refused):
        perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=AnswerRequestInput(request_id=request.pk))


def test_whoever_was_sent_away_cannot_come_back_on_what_let_them_in(viewing: Scene) -> None:
    assert viewing.customer.post("/account/support/stop/").status_code == 302
    again = begin(viewing.agent, viewing.carl)
    assert again.status_code == 422
    assert "has not allowed this" in again.content.decode()


# Answering.


@pytest.mark.parametrize("answer", [AcceptRequest, CancelRequest])
def test_a_customer_does_not_answer_what_another_one_was_asked(cast: Cast, answer: Any) -> None:
    _carl, request = asked(cast)
    with pytest.raises(Refused):
        perform(answer, actor=actor(cast.bob), target_id=cast.bob.pk, data=AnswerRequestInput(request_id=request.pk))
    request.refresh_from_db()
    assert request.answered_at is None


# The log.


def test_what_an_assistant_is_refused_does_not_use_up_the_customers_entries(viewing: Scene) -> None:
    """Of a flood of refusals only the first have an entry: the flood is the assistant's own."""
    bob = viewing.cast.bob
    by = in_the_hands_of(viewing.cast.ada, viewing.carl)
    for _again in range(15):
        with pytest.raises(Denied):
            perform(ExportData, actor=by, target_id=bob.pk, data=NoInput())
    with pytest.raises(Denied):
        perform(ExportData, actor=actor(viewing.carl), target_id=bob.pk, data=NoInput())
    entries = Entry.objects.filter(code="user.data.export", result="denied", target_id=bob.pk)
    assert entries.filter(actor_id=str(viewing.carl.pk), acting_for="").count() == 1


# Reading the records.


def test_records_are_read_within_reach_by_who_oversees_and_by_who_assisted(cast: Cast, signed_in: SignedIn) -> None:
    one = scene(cast, signed_in)
    assert list(records(actor(cast.ada))) == [one.row]
    assert list(records(actor(cast.finn))) == [one.row]  # Oversees North, where Carl is.
    assert not records(actor(cast.sam)).exists()  # Oversees South.
    assert not records(actor(cast.bea)).exists()  # Oversees below Carl's place.
    assert not records(actor(cast.eve)).exists()
    change(cast.ada, role=role_of(cast, VIEW_USERS.code))
    assert list(records(actor(cast.ada))) == [one.row]  # One's own, whatever one holds now.
    change(cast.ada, disabled_at=one.row.started_at)
    assert not records(actor(cast.ada)).exists()
    assert list(own_records(one.carl.pk)) == [one.row]
    assert not own_records(cast.bob.pk).exists()


# The gate: nobody gains by helping.


def test_an_assisted_person_has_what_both_hold_where_both_reach(cast: Cast) -> None:
    """Seen from the gate alone, whoever the two are: no other rule keeps staff from being assisted here."""
    helper = role_of(cast, VIEW_USERS.code, VIEW_AS.code, ACT_AS.code)
    change(cast.ada, role=helper)
    (grant,) = grants_of(in_the_hands_of(cast.ada, cast.finn))
    assert (grant.path, grant.permissions) == (cast.north.path, helper_codes(helper, cast.finn))
    change(cast.bea, role=helper)
    (grant,) = grants_of(in_the_hands_of(cast.bea, cast.finn))
    assert grant.path == cast.berg.path  # The helper's own place, which is narrower.
    change(cast.sam, role=helper)
    assert grants_of(in_the_hands_of(cast.sam, cast.finn)) == []  # Beside.


def helper_codes(helper: Role, person: User) -> frozenset[str]:
    return frozenset(helper.permissions) & frozenset(fresh(person).role.permissions)


def test_without_the_right_to_help_in_this_way_nothing_is_held(cast: Cast) -> None:
    change(cast.ada, role=role_of(cast, VIEW_USERS.code, VIEW_AS.code))
    assert grants_of(in_the_hands_of(cast.ada, cast.finn, AssistMode.VIEW))
    assert grants_of(in_the_hands_of(cast.ada, cast.finn, AssistMode.ACT)) == []
    change(cast.ada, role=role_of(cast, VIEW_USERS.code))
    assert grants_of(in_the_hands_of(cast.ada, cast.finn, AssistMode.VIEW)) == []


def test_ones_own_account_is_closed_to_hands_that_do_not_reach_it_or_are_weaker(cast: Cast) -> None:
    carl = consented(cast, AssistMode.ACT)
    data = EditProfileInput(nickname="Carlo")
    change(cast.sam, role=cast.role("admin"))
    for agent in (cast.sam, cast.eve, cast.bob):
        with pytest.raises(Denied) as caught:
            perform(EditProfile, actor=in_the_hands_of(agent, carl), target_id=carl.pk, data=data)
        assert caught.value.reason == "assist_never"
    perform(EditProfile, actor=in_the_hands_of(cast.ada, carl), target_id=carl.pk, data=data)
    assert fresh(carl).nickname == "Carlo"
    # Weaker than the person: Finn is an Admin, who helps is not.
    change(cast.ada, role=role_of(cast, VIEW_USERS.code, VIEW_AS.code, ACT_AS.code))
    assert not GATE.decide(in_the_hands_of(cast.ada, cast.finn), OWN_ACCOUNT, cast.finn).allowed


# No link leads to a refusal.


@pytest.mark.parametrize("mode", list(AssistMode))
def test_an_assistant_is_shown_no_link_and_no_form_that_is_refused(
    cast: Cast, signed_in: SignedIn, mode: AssistMode
) -> None:
    one = scene(cast, signed_in, mode=mode)
    for page in ("", "account/", "account/action-log/", "account/support/"):
        body = one.get(page).content.decode()
        assert "Export CSV" not in body
        shown = set(re.findall(rf'(?:href|hx-get)="{one.address}([^"#]*)"', body))
        assert shown, page
        refused = {link for link in shown if one.get(unescape(link)).status_code == 403}
        assert not refused, page
        forms = set(re.findall(rf'action="{one.address}([^"]*)"', body))
        assert forms <= {"account/"}, page
        main = body.partition("<main")[2].partition("</main>")[0]
        if 'method="post"' in main and mode is AssistMode.VIEW:
            assert 'type="submit"' not in main, page
    own = one.customer.get("/account/").content.decode()
    for name in ("Security", "Your data", "Messages"):
        assert f">{name}<" in own
        assert f">{name}<" not in one.get("account/").content.decode()
