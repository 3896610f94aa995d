"""Another address: confirmed from the new one, told to the old one, and nobody learns who has which."""

import datetime as dt
import re
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, accept, actor, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks_security
from fleetfolk.users.actions.accept_email import AcceptEmail, AcceptEmailInput
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_email import EditEmail, EmailInput
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.models import EMAIL_CHANGE_LASTS, EmailChange, User

NEW = "bob.new@new.example"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-host"}


def send() -> None:
    """The worker has done what is queued for addresses."""
    for job in ProcrastinateJob.objects.filter(task_name="users.send_email_confirmation"):
        tasks_security.send_email_confirmation(**job.args)


def link() -> str:
    """The path of the link in the mail that was sent last to a new address."""
    for sent in reversed(mail.outbox):
        found = re.search(r"https?://\S+/email/\S+", str(sent.body))
        if found:
            return urlsplit(found[0]).path
    raise AssertionError("no mail has a link")


def ask(browser: Client, email: str = NEW, **typed: str) -> Any:
    return browser.post("/account/email/", {"email": email, **typed}, headers=DIALOG)


def asked(signed_in: SignedIn, user: User, email: str = NEW) -> str:
    """The person asked for the address; the path of the link that goes there."""
    assert ask(signed_in(user), email).status_code == 204
    mail.outbox.clear()
    send()
    return link()


def confirm(path: str, browser: Client | None = None) -> Any:
    browser = browser or Client()
    form = browser.get(path)
    return browser.post(form["Location"]) if form.status_code == 302 else form


class TestTheWay:
    def test_the_address_changes_by_the_link_and_not_before(self, cast: Cast, signed_in: SignedIn) -> None:
        path, elsewhere = asked(signed_in, cast.bob), signed_in(cast.bob)
        browser = Client()
        browser.get(path, follow=True)
        assert fresh(cast.bob).email == cast.bob.email, "opening the link does nothing"
        assert "Sign in with bob.new@new.example" in confirm(path, browser).content.decode()
        assert fresh(cast.bob).email == NEW
        assert elsewhere.get("/account/").status_code == 302
        assert Client().post("/sign-in/", {"login": NEW, "password": PASSWORD})["Location"] == "/"
        assert Client().post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD}).status_code == 200

    def test_the_old_address_is_told_when_it_is_asked_for_and_when_it_is_done(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        path = asked(signed_in, cast.bob)
        assert [(sent.to, "/email/" in str(sent.body)) for sent in mail.outbox] == [
            ([NEW], True),
            ([cast.bob.email], False),
        ]
        assert NEW in str(mail.outbox[1].body)
        confirm(path)
        told = ProcrastinateJob.objects.filter(task_name="users.send_notice").latest("pk").args
        assert (told["email"], told["notice"]) == (cast.bob.email, "email_changed")

    def test_who_may_asks_for_somebody_else_and_the_person_confirms(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.ada).post(
            f"/users/{cast.cleo.pk}/email/", {"email": "C.New@New.example"}, headers=DIALOG
        )
        assert answer.status_code == 204
        send()
        confirm(link())
        assert fresh(cast.cleo).email == "c.new@new.example"
        entry = Entry.objects.get(code="user.email.accept", target_id=cast.cleo.pk)
        assert entry.changes == [{"field": "email", "before": cast.cleo.email, "after": "c.new@new.example"}]

    def test_asking_needs_a_fresh_proof(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob, minutes_ago=11)
        assert ask(browser).status_code == 422
        assert not EmailChange.objects.exists()
        assert ask(browser, own_password=PASSWORD).status_code == 204

    def test_the_person_keeps_the_present_address(self, cast: Cast, signed_in: SignedIn) -> None:
        path = asked(signed_in, cast.bob)
        signed_in(cast.bob).post("/account/email/keep/")
        assert confirm(path).status_code == 404
        assert fresh(cast.bob).email == cast.bob.email


class TestLinks:
    def test_the_link_works_once(self, cast: Cast, signed_in: SignedIn) -> None:
        path = asked(signed_in, cast.bob)
        confirm(path)
        assert confirm(path).status_code == 404

    def test_a_second_wish_voids_the_first_link(self, cast: Cast, signed_in: SignedIn) -> None:
        first = asked(signed_in, cast.bob)
        ask(signed_in(cast.bob), "another@new.example")
        assert confirm(first).status_code == 404, "also before the second mail is made"
        send()
        assert confirm(first).status_code == 404
        assert fresh(cast.bob).email == cast.bob.email

    @pytest.mark.parametrize(("seconds", "status"), [(-2, 200), (1, 410)])
    def test_it_is_over_after_three_days_to_the_second(
        self, cast: Cast, signed_in: SignedIn, seconds: int, status: int
    ) -> None:
        path = asked(signed_in, cast.bob)
        over = EmailChange.objects.get(user=cast.bob).expires_at
        assert over - EmailChange.objects.get(user=cast.bob).requested_at == EMAIL_CHANGE_LASTS
        with clock.at(over + dt.timedelta(seconds=seconds)):
            assert confirm(path).status_code == status

    @pytest.mark.parametrize("happened", ["log-out", "password", "disabled", "own password"])
    def test_whoever_takes_the_account_in_hand_voids_the_wish_of_a_thief(
        self, cast: Cast, signed_in: SignedIn, happened: str
    ) -> None:
        path, ada = asked(signed_in, cast.bob, "thief@evil.example"), actor(cast.ada)
        match happened:
            case "log-out":
                perform(EndSessions, actor=ada, target_id=cast.bob.pk, data=NoInput())
            case "password":
                data = AssignPasswordInput(password="set by somebody else")
                perform(AssignPassword, actor=ada, target_id=cast.bob.pk, data=data)
            case "disabled":
                perform(DisableUser, actor=ada, target_id=cast.bob.pk, data=ReasonInput())
            case "own password":
                new = "nine lamps in a row"
                typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
                signed_in(cast.bob).post("/password/change/", typed)
        assert confirm(path).status_code == 410
        assert fresh(cast.bob).email == cast.bob.email

    def test_the_link_of_one_person_does_nothing_for_another(self, cast: Cast, signed_in: SignedIn) -> None:
        path = asked(signed_in, cast.bob)
        confirm(path, signed_in(cast.ada))
        assert (fresh(cast.ada).email, fresh(cast.bob).email) == (cast.ada.email, NEW)

    @pytest.mark.parametrize("secret", ["", "another", "sue's"])
    def test_a_wish_is_confirmed_by_its_own_secret_alone(self, cast: Cast, signed_in: SignedIn, secret: str) -> None:
        asked(signed_in, cast.bob)
        asked(signed_in, cast.sue, "sue.new@new.example")
        theirs = EmailChange.objects.get(user=cast.sue).secret_hash
        data = AcceptEmailInput(secret_hash=theirs if secret == "sue's" else secret)
        with pytest.raises(Refused, match="email_link_over"):
            perform(AcceptEmail, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)
        with pytest.raises(Denied):
            perform(
                AcceptEmail, actor=actor(cast.bob), target_id=cast.sue.pk, data=AcceptEmailInput(secret_hash=theirs)
            )
        assert fresh(cast.bob).email == cast.bob.email

    def test_the_page_behind_the_link_cannot_be_reached_without_it(self, cast: Cast, signed_in: SignedIn) -> None:
        asked(signed_in, cast.bob)
        assert Client().get("/email/confirm/").status_code == 404
        assert Client().post("/email/confirm/").status_code == 404
        assert fresh(cast.bob).email == cast.bob.email

    def test_the_secret_is_kept_nowhere_and_in_no_referrer(self, cast: Cast, signed_in: SignedIn) -> None:
        path = asked(signed_in, cast.bob)
        secret = path.split("/")[2]
        assert secret not in str(EmailChange.objects.values_list("secret_hash", flat=True))
        assert secret not in str(list(Entry.objects.values()))
        answer = Client().get(path)
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
        assert secret not in answer["Location"]

    @pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
    def test_the_link_points_to_our_own_origin_whatever_the_request_says(
        self, cast: Cast, signed_in: SignedIn, header: str
    ) -> None:
        forged = {"Forwarded": "host=evil.example"}.get(header, "evil.example")
        signed_in(cast.bob).post("/account/email/", {"email": NEW}, headers={header: forged})
        ask(signed_in(cast.bob))
        send()
        assert not [sent for sent in mail.outbox if "evil.example" in str(sent.body)]
        assert link()


class TestWhoHasAnAddress:
    def test_asking_for_a_taken_address_looks_like_asking_for_a_free_one(self, cast: Cast, signed_in: SignedIn) -> None:
        free, taken = ask(signed_in(cast.bob)), ask(signed_in(cast.sue), cast.eve.email)
        assert free.status_code == taken.status_code == 204
        assert free["HX-Trigger"].replace(NEW, "x") == taken["HX-Trigger"].replace(cast.eve.email, "x")

    def test_its_owner_gets_a_mail_without_a_link(self, cast: Cast, signed_in: SignedIn) -> None:
        ask(signed_in(cast.bob), cast.eve.email)
        send()
        (sent,) = [one for one in mail.outbox if one.to == [cast.eve.email]]
        assert "/email/" not in str(sent.body)
        assert "Bob" not in str(sent.body)

    def test_an_address_that_was_taken_meanwhile_is_answered_as_every_link_that_is_over(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        path = asked(signed_in, cast.bob)
        accept(invite(cast.south, "Nina New", cast.role("user"), by=cast.ada, email=NEW))
        answer, other = confirm(path), Client().get("/email/no-such-secret/")
        assert (answer.status_code, other.status_code) == (410, 404)
        assert body_without_token(answer) == body_without_token(other)
        assert fresh(cast.bob).email == cast.bob.email

    def test_one_that_waits_in_the_same_organization_is_refused_in_the_same_words(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        path = asked(signed_in, cast.bob)
        invite(cast.berg, "Nina New", cast.role("user"), by=cast.ada, email=NEW)
        assert confirm(path).status_code == 410
        assert fresh(cast.bob).email == cast.bob.email

    @pytest.mark.parametrize("email", ["", "bob", "a@b@c.example", "bob@lumenhome.example", "x" * 250 + "@a.example"])
    def test_what_is_no_new_address_is_told_in_the_form(self, cast: Cast, signed_in: SignedIn, email: str) -> None:
        assert ask(signed_in(cast.bob), email).status_code == 422
        assert not EmailChange.objects.exists()

    def test_a_second_address_in_the_form_gets_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        signed_in(cast.bob).post("/account/email/", {"email": ["first@new.example", NEW]}, headers=DIALOG)
        send()
        assert {tuple(sent.to) for sent in mail.outbox} == {(NEW,), (cast.bob.email,)}

    @pytest.mark.parametrize("email", ["B\u0131b@new.example", "bob@new.exampl\u212f"])
    def test_a_look_alike_is_one_address_or_none(self, cast: Cast, signed_in: SignedIn, email: str) -> None:
        ask(signed_in(cast.bob), email)
        assert all(wish.email.isascii() for wish in EmailChange.objects.all())


class TestWhoMay:
    @pytest.mark.parametrize(("who", "expected"), [("eve", TargetNotFound), ("sam", TargetNotFound), ("dana", Denied)])
    def test_nobody_else_asks_for_a_persons_address(self, cast: Cast, who: str, expected: type[Exception]) -> None:
        change = partial(perform, EditEmail, target_id=cast.cleo.pk, data=EmailInput(email=NEW))
        with pytest.raises(expected):
            change(actor=actor(getattr(cast, who)))
        assert not EmailChange.objects.exists()

    def test_staff_cannot_take_over_somebody_stronger(self, cast: Cast) -> None:
        with pytest.raises(Denied, match="target_is_stronger"):
            perform(
                EditEmail, actor=actor(cast.cleo), target_id=cast.finn.pk, data=EmailInput(email="mine@evil.example")
            )


def body_without_token(answer: Any) -> str:
    return re.sub(r'(csrf-token" content|nonce)="[^"]*"', "", answer.content.decode())
