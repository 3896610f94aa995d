"""Signing up by oneself: what a stranger gets, and what nobody gets by asking."""

from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import ActionError, Denied, Refused
from fleetfolk.kernel.perform import Step, perform, perform_together
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.testing.cast import Cast, accept, actor, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_signup import HERE, OWN, accepting, asked, doorkeeper, offered
from fleetfolk.users import tasks_signup
from fleetfolk.users.actions.accept_registration import AcceptRegistration
from fleetfolk.users.actions.edit_sign_up import EditSignUp, EditSignUpInput
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.rotate_registration import RotateRegistration, RotateRegistrationInput
from fleetfolk.users.actions.start_registration import MOST_AN_HOUR, StartRegistration, StartRegistrationInput
from fleetfolk.users.models import Invitation, User
from fleetfolk.users.models_signup import Registration, SignUpInto, SignUpMode
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.tests.sign_ups import GOOD, SAID, STELLA, ask, come, link_in, page_of, without_tokens

# The way in.


def test_a_stranger_gets_an_organization_of_their_own_and_is_asked_for_a_device(cast: Cast) -> None:
    sign_up, browser = offered(cast, cast.north, OWN), Client()
    assert "Sign up" in browser.get(f"{page_of(sign_up)}?code=sqr_box").content.decode()
    answer = come(browser, sign_up)
    assert (answer.status_code, answer["Location"]) == (302, "/my/devices/claim/?code=sqr_box")
    stella = User.objects.select_related("organization", "role").get(email=STELLA)
    home = stella.organization
    assert (home.name, home.kind, home.parent_id) == ("Stranger family", OrganizationKind.PERSONAL, cast.north.pk)
    assert (stella.role.builtin, stella.time_zone, stella.name) == ("user", "Asia/Tokyo", "Stella Stranger")
    assert stella.check_password(GOOD)
    assert "sqr_box" in browser.get(answer["Location"]).content.decode()
    entries = Entry.objects.filter(tenant=cast.lumen, result="done").order_by("-at", "-pk")[:6]
    assert [entry.code for entry in reversed(entries)] == [
        *("user.registration.start", "user.registration.rotate", "user.registration.accept"),
        *("organization.create", "user.registration.grant", "user.session.start"),
    ]
    granted = next(entry for entry in entries if entry.code == "user.registration.grant")
    assert (granted.actor_label, granted.target_label, granted.address) == ("Fleetfolk", str(stella), "127.0.0.1")


def test_a_stranger_joins_the_organization_itself_where_that_is_said(cast: Cast) -> None:
    assert come(Client(), offered(cast, cast.north, HERE)).status_code == 302
    stella = User.objects.get(email=STELLA)
    assert stella.organization_id == cast.north.pk
    assert not Organization.objects.filter(parent=cast.north, name__contains="Stranger").exists()


def test_the_terms_of_the_operator_are_accepted_where_there_are_some(cast: Cast) -> None:
    data = EditBrandInput(terms_link="https://lumen.example/terms", privacy_link="https://lumen.example/privacy")
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)
    sign_up, browser = offered(cast, cast.north, HERE), Client()
    assert come(browser, sign_up).status_code == 422
    assert "https://lumen.example/privacy" in browser.get(reverse("users:sign-up-confirm")).content.decode()
    assert browser.post(reverse("users:sign-up-confirm"), {**SAID, "terms": "on"}).status_code == 302
    entry = Entry.objects.get(code="user.registration.accept", result="done")
    assert entry.facts == {"terms_accepted": True}


@pytest.mark.parametrize(
    "wrong", [{"password": "short"}, {"password": "stella.stranger"}, {"first_name": "", "last_name": ""}]
)
def test_what_is_wrong_is_said_and_can_be_corrected(cast: Cast, wrong: dict[str, str]) -> None:
    sign_up, browser = offered(cast, cast.north, HERE), Client()
    answer = come(browser, sign_up, **wrong)
    assert answer.status_code == 422
    assert not User.objects.filter(email=STELLA).exists()
    assert browser.post(reverse("users:sign-up-confirm"), SAID).status_code == 302


def test_the_rules_of_passwords_hold_at_the_door_too(cast: Cast) -> None:
    offered(cast, cast.north, HERE)
    row = asked(cast, cast.north)
    weak = replace(accepting(), password="password")
    with pytest.raises(Refused) as refused:
        perform(AcceptRegistration, actor=doorkeeper(cast), target_id=row.pk, data=weak)
    assert refused.value.reason == "password_unfit"


# Nobody learns who has an account.


def test_the_answer_is_the_same_for_every_address_and_only_the_mail_differs(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    invite(cast.berg, "Pat Pending", cast.role("user"), by=cast.ada, email="pat@lumenhome.example")
    answers = []
    for email in (STELLA, cast.bob.email, cast.eve.email, "pat@lumenhome.example"):
        browser = Client()
        typed = ask(browser, sign_up, email)
        assert isinstance(typed["Location"], str)
        after = without_tokens(browser.get(typed["Location"]))
        answers.append((typed.status_code, typed["Location"], after))
        assert email not in after
    assert len(set(answers)) == 1
    to = [(sent.to[0], "/join/confirm/" in str(sent.body)) for sent in mail.outbox]
    assert to == [(STELLA, True), (cast.bob.email, False), (cast.eve.email, False)]
    assert Registration.objects.count() == 4


def test_the_entry_and_the_mail_say_nothing_that_a_stranger_typed(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    ask(Client(), sign_up, "buy-now@spam.example")
    entry = Entry.objects.get(code="user.registration.start", result="done")
    assert "spam" not in str(entry.__dict__)
    assert entry.target_label == "North"
    assert "spam" not in str(mail.outbox[-1].body) + str(mail.outbox[-1].subject)


def test_an_address_that_was_invited_gets_its_invitation_again(cast: Cast) -> None:
    """Who invited it has said which role it gets: signing up is no way around."""
    sign_up = offered(cast, cast.lumen, OWN)
    pat = invite(cast.berg, "Pat Pending", cast.role("staff"), by=cast.ada, email="pat@lumenhome.example")
    ask(Client(), sign_up, pat.email)
    assert not mail.outbox
    assert not Registration.objects.exclude(secret_hash="").exists()
    assert Invitation.objects.get(user=pat).is_open


def test_where_only_the_invited_may_come_nobody_else_gets_a_mail(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, EditSignUpInput(mode=SignUpMode.INVITED))
    assert ask(Client(), sign_up).status_code == 302
    assert not mail.outbox
    row = asked(cast, cast.north)
    with pytest.raises(Refused):
        perform(AcceptRegistration, actor=doorkeeper(cast), target_id=row.pk, data=accepting())


def test_an_address_is_written_to_once_a_minute(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    assert [ask(Client(), sign_up).status_code for _each in range(3)] == [302, 302, 302]
    assert len(mail.outbox) == 1


def test_one_place_asks_for_twenty_addresses_an_hour(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    answers = [Client().post(page_of(sign_up), {"email": f"s{n}@stranger.example"}).status_code for n in range(22)]
    assert answers == [302] * 20 + [429] * 2


def test_a_flood_from_everywhere_ends(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    row = asked(cast, cast.north)
    with staging():
        Registration.objects.bulk_create(
            Registration(
                tenant=cast.lumen,
                organization=cast.north,
                email=f"f{number}@stranger.example",
                requested_at=row.requested_at,
                expires_at=row.expires_at,
            )
            for number in range(MOST_AN_HOUR - 1)
        )
    answer = Client().post(page_of(sign_up), {"email": STELLA})
    assert answer.status_code == 409
    assert "Nobody can sign up here now" in answer.content.decode()
    entry = Entry.objects.get(code="user.registration.start", result="refused")
    assert entry.reason == "sign_up_flood"


# Links.


def test_a_key_that_nobody_has_and_one_that_leads_nowhere_are_one_answer(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    unknown = Client().get(reverse("users:sign-up", args=["a" * 20]))
    perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=EditSignUpInput(mode=SignUpMode.OFF))
    closed = Client().get(page_of(sign_up))
    assert (unknown.status_code, closed.status_code) == (404, 404)
    assert without_tokens(unknown) == without_tokens(closed)


@pytest.mark.parametrize("said", ["archived", "plan"])
def test_neither_archive_nor_plan_leave_a_door_open(cast: Cast, said: str) -> None:
    sign_up = offered(cast, cast.north, OWN)
    row = asked(cast, cast.north)
    with staging():
        if said == "archived":
            Organization.objects.filter(pk=cast.north.pk).update(archived_at=row.requested_at)
        else:
            plan = allowing(cast.lumen)
            Plan.objects.filter(pk=plan.pk).update(features={"sign_up": False})
    assert Client().get(page_of(sign_up)).status_code == 404
    reason = {"archived": "sign_up_off", "plan": "plan_sign_up"}[said]
    with pytest.raises(Refused, match=reason):
        perform(
            StartRegistration,
            actor=doorkeeper(cast),
            target_id=cast.north.pk,
            data=StartRegistrationInput(email=STELLA),
        )
    with pytest.raises(Refused, match=reason):
        perform(AcceptRegistration, actor=doorkeeper(cast), target_id=row.pk, data=accepting())


def test_the_forms_of_strangers_are_taken_from_our_own_pages_alone(cast: Cast) -> None:
    """Where the page kept its referrer to itself, browsers would send no origin with its own form."""
    sign_up, browser = offered(cast, cast.north, OWN), Client(enforce_csrf_checks=True)
    page = browser.get(page_of(sign_up))
    assert page["Referrer-Policy"] == "same-origin"
    assert browser.post(page_of(sign_up), {"email": STELLA}).status_code == 403
    assert not Registration.objects.exists()


def test_the_host_of_a_request_is_in_no_link(cast: Cast, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    sign_up = offered(cast, cast.north, OWN)
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    Client().post(page_of(sign_up), {"email": STELLA}, headers=headers)
    row = Registration.objects.get()
    tasks_signup.send_registration(registration_id=row.pk, tenant_id=row.tenant_id)
    assert "evil.example" not in str(mail.outbox[-1].body)
    assert settings.FLEETFOLK_ORIGIN in str(mail.outbox[-1].body)


def test_the_link_of_a_mail_works_once_and_is_nowhere_but_there(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, HERE)
    ask(Client(), sign_up)
    link = link_in(str(mail.outbox[-1].body))
    secret = link.split("/")[-2]
    assert Registration.objects.get().secret_hash == secret_hash(secret)
    first, second = Client(), Client()
    opened = first.get(link)
    assert (opened["Location"], opened["Referrer-Policy"]) == ("/join/confirm/", "no-referrer")
    assert second.get(link, follow=True).status_code == 200
    assert first.post("/join/confirm/", SAID).status_code == 302
    assert second.post("/join/confirm/", {**SAID, "password": "another good one"}).status_code == 404
    assert Client().get(link).status_code == 404
    assert User.objects.get(email=STELLA).check_password(GOOD)
    assert Client().get("/join/confirm/").status_code == 404


ENDS = ["expired", "off", "rotated", "known", "domains"]


@pytest.mark.parametrize("ended", ENDS)
def test_a_link_that_is_over_makes_no_account(cast: Cast, signed_in: SignedIn, ended: str) -> None:
    sign_up, browser = offered(cast, cast.north, HERE), Client()
    ask(browser, sign_up)
    link = link_in(str(mail.outbox[-1].body))
    assert browser.get(link, follow=True).status_code == 200
    row = Registration.objects.get()
    presented = row.secret_hash
    end(cast, row, ended, signed_in)
    assert browser.post("/join/confirm/", SAID).status_code in (404, 409, 410)
    data = replace(accepting(), secret_hash=presented)
    if Registration.objects.filter(pk=row.pk).exists():
        with pytest.raises(ActionError):
            perform(AcceptRegistration, actor=doorkeeper(cast), target_id=row.pk, data=data)
    assert not User.objects.filter(email=STELLA, organization=cast.north).exists()


def end(cast: Cast, row: Registration, ended: str, signed_in: SignedIn) -> None:
    match ended:
        case "expired":
            with staging():
                Registration.objects.filter(pk=row.pk).update(expires_at=row.requested_at)
        case "off":
            said = EditSignUpInput(mode=SignUpMode.OFF)
            perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=said)
        case "rotated":
            assert signed_in(cast.ada).post(reverse("settings:sign-up-rotate-of", args=[cast.north.pk])).status_code
            assert not Registration.objects.exists()
        case "known":
            accept(invite(cast.south, "Stella Elsewhere", cast.role("user"), by=cast.ada, email=STELLA))
        case "domains":
            said = EditSignUpInput(mode=SignUpMode.DOMAINS, domains=("lumenhome.example",), into=SignUpInto.HERE)
            perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=said)


def test_the_link_of_one_opens_nothing_of_another(cast: Cast) -> None:
    offered(cast, cast.north, HERE)
    mine, other = asked(cast, cast.north, secret="mine"), asked(cast, cast.north, "otto@stranger.example", "other")
    with pytest.raises(Denied):
        perform(AcceptRegistration, actor=doorkeeper(cast), target_id=other.pk, data=accepting("mine"))
    with pytest.raises(Denied):
        perform(AcceptRegistration, actor=doorkeeper(cast), target_id=mine.pk, data=accepting(""))


def test_who_confirmed_ends_the_other_links_of_the_address(cast: Cast) -> None:
    offered(cast, cast.north, HERE)
    first, _second = asked(cast, cast.north, secret="first"), asked(cast, cast.north, secret="second")
    steps: list[Step] = [(AcceptRegistration, first.pk, accepting("first")), (GrantRegistration, first.pk, NoInput())]
    perform_together(steps, actor=doorkeeper(cast))
    assert list(Registration.objects.values_list("pk", flat=True)) == [first.pk]


def test_somebody_who_is_signed_in_is_asked_to_leave_first(cast: Cast, signed_in: SignedIn) -> None:
    sign_up = offered(cast, cast.north, HERE)
    browser = signed_in(cast.cleo)
    assert "Somebody is signed in here" in browser.get(page_of(sign_up)).content.decode()
    answer = browser.post(reverse("users:sign-up-leave"), {"key": sign_up.key})
    assert (answer.status_code, answer["Location"]) == (302, page_of(sign_up))
    assert come(browser, sign_up).status_code == 302


def test_whoever_may_invite_has_nothing_to_do_with_the_secrets_of_strangers(cast: Cast) -> None:
    """An Admin who made the link of somebody else's address could take it."""
    offered(cast, cast.north, HERE)
    row = asked(cast, cast.north)
    by = actor(cast.ada)
    with pytest.raises(Denied, match="sign_up_by_itself"):
        perform(RotateRegistration, actor=by, target_id=row.pk, data=RotateRegistrationInput(secret_hash="0" * 64))
    with pytest.raises(Denied, match="sign_up_by_itself"):
        perform(AcceptRegistration, actor=by, target_id=row.pk, data=accepting())
    with pytest.raises(Denied, match="sign_up_by_itself"):
        perform(StartRegistration, actor=by, target_id=cast.north.pk, data=StartRegistrationInput(email=STELLA))
