"""Joining by the link in an invitation."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.actions.accept_invitation import AcceptInvitation, AcceptInvitationInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.read_invitation import InvitationSecretInput, ReadInvitation
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.models import Invitation, State, User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.tests.links import invitation_link, pending

GOOD = "nine lamps in a row"


def open_link(browser: Client, link: str) -> int:
    """The status of the page that the link leads to."""
    return browser.get(link, follow=True).status_code


def choose(browser: Client, password: str = GOOD, **more: str) -> int:
    """The status after a password was sent."""
    return browser.post("/join/", {"password": password, **more}).status_code


def test_paul_joins_with_a_password_and_is_signed_in_at_the_time_zone_of_his_browser(cast: Cast) -> None:
    paul, browser = pending(cast), Client()
    page = browser.get(invitation_link(paul), follow=True)
    text = page.content.decode()
    assert "Ada Lindqvist invites you to Familie Berg" in text
    assert "Paul Pending" in text
    assert "paul@lumenhome.example" in text
    before = browser.session.session_key
    answer = browser.post("/join/", {"password": GOOD, "time_zone": "Asia/Tokyo"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.session.session_key != before, "the session is a new one"
    paul = fresh(paul)
    assert (paul.state, paul.time_zone) == (State.ACTIVE, "Asia/Tokyo")
    assert paul.last_sign_in_at
    assert paul.check_password(GOOD)
    codes = list(Entry.objects.filter(actor_id=str(paul.pk)).order_by("at").values_list("code", flat=True))
    assert codes == ["user.invitation.read", "user.invitation.accept", "user.session.start"]


def test_a_link_works_once(cast: Cast) -> None:
    paul = pending(cast)
    link = invitation_link(paul)
    first, second = Client(), Client()
    assert (open_link(first, link), open_link(second, link)) == (200, 200)
    assert choose(first) == 302
    assert choose(second, "another password here") == 404
    assert open_link(Client(), link) == 404
    assert fresh(paul).check_password(GOOD)


ENDS = ["expired", "revoked", "resent", "moved", "promoted", "disabled", "deleted", "known"]


@pytest.mark.parametrize("ended", ENDS)
def test_a_link_that_is_over_says_so_and_makes_no_account(cast: Cast, ended: str) -> None:
    paul, browser = pending(cast), Client()
    link = invitation_link(paul)
    assert open_link(browser, link) == 200
    end(cast, paul, ended)
    assert choose(browser) in (404, 410)
    answer = Client().get(link)
    assert answer.status_code in (404, 410)
    assert "This link does not work any more" in answer.content.decode()
    assert fresh(paul).activated_at is None


@pytest.mark.parametrize("ended", ENDS)
def test_the_action_itself_accepts_no_invitation_that_is_over(cast: Cast, ended: str) -> None:
    paul = pending(cast)
    held = secret_hash(invitation_link(paul).split("/")[2])
    end(cast, paul, ended)
    with pytest.raises((Denied, Refused), match="invitation"):
        perform(
            AcceptInvitation,
            actor=actor(paul),
            target_id=paul.pk,
            data=AcceptInvitationInput(secret_hash=held, password=GOOD),
        )
    assert fresh(paul).activated_at is None


def end(cast: Cast, paul: User, how: str) -> None:
    """The invitation is over."""
    ada = actor(cast.ada)
    match how:
        case "expired":
            with staging():
                Invitation.objects.filter(user=paul).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
        case "revoked":
            perform(RevokeInvitation, actor=ada, target_id=paul.pk, data=NoInput())
        case "resent":
            perform(SendInvitation, actor=ada, target_id=paul.pk, data=NoInput())
        case "moved":
            other = EditInvitationInput(email="paula@example.org")
            perform(EditInvitation, actor=ada, target_id=paul.pk, data=other)
        case "promoted":
            with staging():
                User.objects.filter(pk=paul.pk).update(role=cast.role("admin"))
        case "disabled":
            perform(DisableUser, actor=ada, target_id=paul.pk, data=ReasonInput())
        case "deleted":
            perform(DeleteUser, actor=ada, target_id=paul.pk, data=DeleteUserInput())
        case "known":
            accept(invite(cast.south, "Paul Again", cast.role("user"), by=cast.ada, email=paul.email))


def test_all_links_that_are_over_show_the_same_page(cast: Cast) -> None:
    expired, known = pending(cast), pending(cast, "Nora Known", email="sue.known@lumenhome.example")
    links = [invitation_link(expired), invitation_link(known), "/join/nobody-ever-had-this-secret-at-all/"]
    end(cast, expired, "expired")
    end(cast, known, "known")
    pages = {Client().get(link).content.decode().partition("<main")[2].partition("</main>")[0] for link in links}
    assert len(pages) == 1


def test_a_secret_opens_only_its_own_persons_account(cast: Cast) -> None:
    paul, nora = pending(cast), pending(cast, "Nora New")
    secret = invitation_link(paul).split("/")[2]
    data = AcceptInvitationInput(secret_hash=secret_hash(secret), password=GOOD)
    with pytest.raises(Denied, match="invitation_link"):
        perform(AcceptInvitation, actor=actor(nora), target_id=nora.pk, data=data)
    with pytest.raises(Denied, match="not_your_account"):
        perform(AcceptInvitation, actor=actor(cast.ada), target_id=paul.pk, data=data)
    assert fresh(nora).activated_at is None


@pytest.mark.parametrize("presented", ["", "nothing that was mailed", "that of somebody else"])
def test_without_its_own_secret_an_invitation_is_not_opened(cast: Cast, presented: str) -> None:
    """Before its mail is made an invitation has no secret: nothing is not its secret either."""
    paul, nora = pending(cast), pending(cast, "Nora New")
    given = {"that of somebody else": secret_hash(invitation_link(nora).split("/")[2])}.get(presented, presented)
    with pytest.raises(Denied, match="invitation_link"):
        perform(ReadInvitation, actor=actor(paul), target_id=paul.pk, data=InvitationSecretInput(secret_hash=given))
    data = AcceptInvitationInput(secret_hash=given, password=GOOD)
    with pytest.raises(Denied, match="invitation_link"):
        perform(AcceptInvitation, actor=actor(paul), target_id=paul.pk, data=data)
    assert Invitation.objects.get(user=paul).opened_at is None
    assert fresh(paul).activated_at is None


def test_the_address_the_role_and_the_organization_cannot_be_chosen_in_the_form(cast: Cast) -> None:
    paul, browser = pending(cast), Client()
    open_link(browser, invitation_link(paul))
    more = {"email": "eve@evil.example", "role": cast.role("admin").pk, "organization": cast.lumen.pk}
    assert choose(browser, **{name: str(value) for name, value in more.items()}) == 302
    paul = fresh(paul)
    assert (paul.email, paul.role.builtin, paul.organization) == ("paul@lumenhome.example", "user", cast.berg)


@pytest.mark.parametrize("password", ["", "short", "password1", "paul@lumenhome.example", "pending paul"])
def test_a_weak_or_missing_password_makes_no_account(cast: Cast, password: str) -> None:
    paul, browser = pending(cast), Client()
    open_link(browser, invitation_link(paul))
    assert choose(browser, password) == 422
    assert fresh(paul).activated_at is None


def test_the_form_without_a_link_leads_nowhere(cast: Cast) -> None:
    pending(cast)
    assert Client().get("/join/").status_code == 404
    assert choose(Client()) == 404


def test_the_invitation_shows_as_opened_when_somebody_reads_it_and_not_before(cast: Cast) -> None:
    paul = pending(cast)
    link = invitation_link(paul)
    for purpose in ("prefetch", "prefetch;prerender"):
        assert Client().get(link, headers={"Sec-Purpose": purpose}, follow=True).status_code == 200
    checker = Client()
    assert (checker.head(link).status_code, checker.head("/join/").status_code) == (302, 200)
    assert Invitation.objects.get(user=paul).opened_at is None
    open_link(Client(), link)
    opened_at = Invitation.objects.get(user=paul).opened_at
    assert opened_at
    open_link(Client(), link)
    assert Invitation.objects.get(user=paul).opened_at == opened_at


def test_somebody_else_who_is_signed_in_is_asked_first_and_then_signed_out(cast: Cast, signed_in: SignedIn) -> None:
    paul = pending(cast)
    browser = signed_in(cast.sue)
    page = browser.get(invitation_link(paul), follow=True)
    assert "Sue South is signed in" in page.content.decode()
    assert choose(browser) == 200, "a password is not taken while somebody else is signed in"
    assert fresh(paul).activated_at is None
    assert browser.get("/join/sign-out/").status_code == 405
    assert browser.post("/join/sign-out/", follow=True).status_code == 200
    assert Entry.objects.filter(code="user.session.end", actor_id=str(cast.sue.pk), result="done").exists()
    assert choose(browser) == 302
    assert browser.session["_auth_user_id"] == str(paul.pk)


def test_an_address_with_an_account_gets_a_mail_without_a_link(cast: Cast) -> None:
    again = pending(cast, "Sue Again", email="sue@lumenhome.example")
    tasks.send_invitation(invitation_id=again.invitation.pk, tenant_id=again.tenant_id)
    assert "/join/" not in str(mail.outbox[-1].body)
    assert "Ada Lindqvist invites you to Familie Berg" in str(mail.outbox[-1].body)


def test_neither_inviter_nor_database_nor_log_ever_holds_the_secret(cast: Cast) -> None:
    paul = pending(cast)
    secret = invitation_link(paul).split("/")[2]
    held = Invitation.objects.get(user=paul)
    assert secret not in (held.secret_hash, *(str(value) for value in vars(held).values()))
    assert all(secret not in f"{entry.facts}{entry.changes}" for entry in Entry.objects.all())
    answer = Client().get(f"/join/{secret}/")
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert secret not in answer["Location"]


def test_guessing_links_from_one_address_is_slowed_down(cast: Cast) -> None:
    guesses = [Client().get(f"/join/{number:043}/").status_code for number in range(31)]
    assert guesses == [404] * 30 + [429]
