"""Inviting people, and looking after the invitation until it is accepted."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, create_organization, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.models import InvitationState, State, User
from fleetfolk.users.tests.links import invitation_link, pending

HTMX = {"HX-Request": "true"}


def send(browser: Client, cast: Cast, **typed: object) -> Any:
    """The answer to the form of an invitation to North."""
    form = {
        "first_name": "Noa",
        "last_name": "New",
        "email": "noa@example.org",
        "role": cast.role("user").pk,
        "organization": cast.north.pk,
        "phone": "",
        "location": "",
        **typed,
    }
    return browser.post("/users/invite/", form, headers=HTMX)


def test_noa_is_pending_and_a_mail_is_on_its_way(cast: Cast, signed_in: SignedIn) -> None:
    answer = send(signed_in(cast.ada), cast, email=" Noa@Example.ORG ", phone="0171 1234567")
    assert answer.status_code == 204
    events = json.loads(answer["HX-Trigger"])
    assert events["toast"]["text"] == "Invitation sent to noa@example.org."
    assert events["users:changed"] is True
    noa = User.objects.get(email="noa@example.org")
    assert (noa.state, noa.organization, noa.phone) == (State.PENDING, cast.north, "+491711234567")
    assert noa.invitation.invited_by_label == "Ada Lindqvist"
    job = ProcrastinateJob.objects.latest("id")
    assert (job.task_name, job.args["invitation_id"]) == ("users.send_invitation", noa.invitation.pk)


def test_the_answer_is_the_same_whether_the_address_has_an_account_elsewhere(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.finn)
    answers = []
    for email in ("unknown@example.org", cast.sue.email, cast.eve.email):
        answer = send(browser, cast, email=email)
        told = json.loads(answer["HX-Trigger"])["toast"]["text"].replace(email, "…")
        jobs = ProcrastinateJob.objects.filter(task_name="users.send_invitation").latest("id").args.keys()
        answers.append((answer.status_code, told, tuple(sorted(jobs))))
    assert len(set(answers)) == 1
    assert fresh(cast.sue).organization == cast.south, "the account stays as it is"


def test_an_address_that_is_there_already_is_said_beside_the_field(cast: Cast, signed_in: SignedIn) -> None:
    answer = send(signed_in(cast.ada), cast, email="cleo@lumenhome.example")
    assert answer.status_code == 422
    error = answer.content.decode().partition('id="id_email_error"')[2].partition("</p>")[0]
    assert "cleo@lumenhome.example is in North already" in error


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("email", "noa", "is not an e-mail address"),
        ("email", "no\u0430@example.org", "plain letters"),
        ("email", "a@example.org,b@example.org", "more than one"),
        ("phone", "12", "too short"),
        ("role", "", "Choose a role"),
        ("first_name", "x" * 61, "at most 60"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    cast: Cast, signed_in: SignedIn, field: str, typed: str, says: str
) -> None:
    answer = send(signed_in(cast.ada), cast, **{field: typed})
    assert answer.status_code == 422
    assert says in answer.content.decode().partition(f'id="id_{field}_error"')[2].partition("</p>")[0]
    assert not User.objects.filter(first_name="Noa").exists()


def test_a_second_address_in_the_form_is_not_invited(cast: Cast, signed_in: SignedIn) -> None:
    send(signed_in(cast.ada), cast, email=["mallory@example.org", "noa@example.org"])
    assert User.objects.get(first_name="Noa").email == "noa@example.org"
    assert not User.objects.filter(email="mallory@example.org").exists()


def test_only_roles_that_hold_no_more_than_the_inviters_are_offered_and_taken(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    offered = browser.get("/users/invite/").content.decode().partition('name="role"')[2].partition("</select>")[0]
    assert "Staff" in offered
    assert "Admin" not in offered
    assert send(browser, cast, role=cast.role("admin").pk).status_code == 422
    data = InviteUserInput(first_name="Noa", last_name="", email="noa@example.org", role_id=cast.role("admin").pk)
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(InviteUser, actor=actor(cast.cleo), target_id=cast.north.pk, data=data)
    assert not User.objects.filter(first_name="Noa").exists()


@pytest.mark.parametrize("organization", ["lumen", "south", "evil"])
def test_nobody_invites_upwards_sideways_or_into_another_tenant(
    cast: Cast, signed_in: SignedIn, organization: str
) -> None:
    place = getattr(cast, organization)
    assert send(signed_in(cast.finn), cast, organization=place.pk).status_code == 404
    data = InviteUserInput(first_name="Noa", last_name="", email="noa@example.org", role_id=cast.role("user").pk)
    with pytest.raises(TargetNotFound):
        perform(InviteUser, actor=actor(cast.finn), target_id=place.pk, data=data)
    refused = Entry.objects.filter(code="user.invite", actor_id=str(cast.finn.pk))
    assert [entry.result for entry in refused] == ["not_found", "not_found"]


def test_who_may_not_invite_gets_no_form_and_the_attempt_is_in_the_log(cast: Cast, signed_in: SignedIn) -> None:
    for person in (cast.dana, cast.bob):
        assert signed_in(person).get("/users/invite/").status_code == 403
        assert send(signed_in(person), cast, organization=person.organization_id).status_code in (403, 404)
        assert Entry.objects.filter(code="user.invite", actor_id=str(person.pk)).latest("at").result != "done"
    assert not User.objects.filter(first_name="Noa").exists()


def test_another_site_cannot_make_an_admin_invite_somebody(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.handler.enforce_csrf_checks = True
    assert send(browser, cast).status_code == 403
    assert not User.objects.filter(first_name="Noa").exists()


def test_looking_for_an_organization_invites_nobody_and_keeps_what_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(9):
        create_organization(cast.north, f"Depot {number}", by=cast.ada)
    browser = signed_in(cast.ada)
    answer = send(browser, cast, look="1", organization_query="depot", role=cast.role("staff").pk)
    text = answer.content.decode()
    assert (answer.status_code, text.count("Depot"), "below North" in text) == (200, 7, True)
    elsewhere = send(signed_in(cast.sam), cast, organization=cast.south.pk, look="1", organization_query="d")
    assert "Depot" not in elsewhere.content.decode()
    plain = browser.post("/users/invite/", {"look": "1", "organization_query": "berg", "email": "noa@exam"})
    assert 'value="noa@exam"' in plain.content.decode()
    assert "Familie Berg" in plain.content.decode()
    assert not User.objects.filter(first_name="Noa").exists()


def test_what_lies_above_ones_own_reach_is_not_named(cast: Cast, signed_in: SignedIn) -> None:
    text = send(signed_in(cast.finn), cast, look="1", organization_query="berg").content.decode()
    assert "below North" in text
    assert "Lumen Home" not in text


def test_another_can_be_invited_right_away(cast: Cast, signed_in: SignedIn) -> None:
    answer = send(signed_in(cast.ada), cast, another="1")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "toast" in answer["HX-Trigger"]
    assert "noa@example.org" not in text
    assert f'value="{cast.north.pk}"' in text


def test_an_invitation_is_resent_revoked_and_corrected(cast: Cast, signed_in: SignedIn) -> None:
    paul, browser = pending(cast), signed_in(cast.ada)
    browser.post(f"/users/{paul.pk}/invitation/revoke/", headers=HTMX)
    assert fresh(paul).invitation.state is InvitationState.REVOKED
    browser.post(f"/users/{paul.pk}/invitation/send/", headers=HTMX)
    assert fresh(paul).invitation.state is InvitationState.SENDING
    corrected = browser.post(f"/users/{paul.pk}/invitation/address/", {"email": "Paula@example.org"}, headers=HTMX)
    assert corrected.status_code == 204
    paul = fresh(paul)
    assert (paul.email, paul.invitation.email) == ("paula@example.org", "paula@example.org")
    page = browser.get(f"/users/{paul.pk}/").content.decode()
    assert "Being sent" in page
    assert "Expires" in page


def test_staff_cannot_take_over_the_invitation_of_an_admin(cast: Cast, signed_in: SignedIn) -> None:
    pia = invite(cast.north, "Pia Admin", cast.role("admin"), by=cast.ada)
    cleo = actor(cast.cleo)
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(EditInvitation, actor=cleo, target_id=pia.pk, data=EditInvitationInput(email="cleo@example.org"))
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(SendInvitation, actor=cleo, target_id=pia.pk, data=NoInput())
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(RevokeInvitation, actor=cleo, target_id=pia.pk, data=NoInput())
    answer = signed_in(cast.cleo).post(f"/users/{pia.pk}/invitation/address/", {"email": "cleo@example.org"})
    assert answer.status_code == 403
    assert fresh(pia).email == "pia@lumenhome.example"
    assert "Resend" not in signed_in(cast.cleo).get(f"/users/{pia.pk}/menu/").content.decode()


def test_a_name_is_never_a_link_or_markup_in_a_mail(cast: Cast) -> None:
    """Whoever invites chooses the names in the mail: no phishing with our sender."""
    paul = pending(cast, "https://evil.example/login <b>Urgent</b>", email="paul@example.org")
    link = invitation_link(paul)
    sent = mail.outbox[-1]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert html.count("<a ") == 1
    assert f'href="{settings.FLEETFOLK_ORIGIN}{link}"' in html
    assert "<b>" not in html
