"""Signing in with a second factor: no way around it, no code twice, no passkey for what it was not asked."""

import datetime as dt
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.passkey import SoftPasskey
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_security import app_of
from fleetfolk.users import tasks, tasks_security
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.delete_factor import FactorInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.revoke_factor import RevokeFactor
from fleetfolk.users.models import User
from fleetfolk.users.passkeys import HELD, LASTS, Asked, answered, ask

STAGE = "/sign-in/second-factor/"
SECRET = generate_totp_secret()
CLICK = {"HX-Request": "true", "HX-Target": "dialog-host"}


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What an app with the secret shows, so many steps of the clock from now."""
    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30 + steps))


def at_the_stage(user: User, password: str = PASSWORD) -> Client:
    """A browser in which the password was right."""
    browser = Client()
    answer = browser.post("/sign-in/", {"login": user.email, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, STAGE)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def add_passkey(browser: Client, origin: str = settings.FLEETFOLK_ORIGIN, **more: Any) -> SoftPasskey:
    """The person in the browser has this passkey."""
    passkey = SoftPasskey(origin=origin, **more)
    answer = passkey.create(browser.get("/account/second-factor/passkey/new/").json())
    browser.post("/account/second-factor/passkey/", {"name": "Blue key", "credential": answer})
    return passkey


@pytest.fixture
def bob(cast: Cast) -> User:
    """Bob with an app."""
    app_of(cast.bob, SECRET)
    return cast.bob


@pytest.fixture
def key(cast: Cast, signed_in: SignedIn) -> SoftPasskey:
    """Bob's passkey."""
    passkey = add_passkey(signed_in(cast.bob))
    assert Authenticator.objects.filter(user=cast.bob, type="webauthn").exists()
    return passkey


class TestTheStage:
    def test_the_password_alone_opens_nothing_and_the_code_does(self, bob: User) -> None:
        browser = at_the_stage(bob)
        assert not is_in(browser)
        assert not Entry.objects.filter(code="user.session.start", result="done", target_id=bob.pk).exists()
        assert browser.post(STAGE, {"code": code()})["Location"] == "/"
        assert is_in(browser)

    @pytest.mark.parametrize(
        "typed", [{}, {"code": ""}, {"code": " "}, {"code": "000000"}, {"credential": ""}, {"credential": "{}"}]
    )
    def test_an_empty_or_wrong_form_does_not_skip_it(self, bob: User, typed: dict[str, str]) -> None:
        browser = at_the_stage(bob)
        assert browser.post(STAGE, typed).status_code == 422
        assert not is_in(browser)

    @pytest.mark.parametrize(
        "path", ["/", "/users/", "/account/", "/account/security/", "/password/change/", "/prove/"]
    )
    def test_no_other_page_opens_meanwhile(self, bob: User, path: str) -> None:
        answer = at_the_stage(bob).get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")

    def test_the_password_given_again_in_a_second_tab_leads_back_to_it(self, bob: User) -> None:
        browser = at_the_stage(bob)
        assert browser.get("/sign-in/")["Location"] == STAGE
        assert browser.post("/sign-in/", {"login": bob.email, "password": PASSWORD})["Location"] == STAGE
        assert not is_in(browser)

    def test_without_the_password_the_page_is_not_there(self, bob: User) -> None:
        assert Client().post(STAGE, {"code": code()})["Location"] == "/sign-in/"

    def test_the_code_of_somebody_else_is_none(self, cast: Cast, bob: User) -> None:
        other = generate_totp_secret()
        app_of(cast.sue, other)
        browser = at_the_stage(bob)
        browser.post(STAGE, {"code": code(other)})
        assert not is_in(browser)

    def test_a_link_for_a_new_password_does_not_skip_it(self, bob: User) -> None:
        tasks.send_forgotten_link(email=bob.email)
        link = str(mail.outbox[-1].body).split("8080", 2)[1].split()[0]
        browser = Client()
        form = browser.get(link)["Location"]
        browser.post(form, {"password1": "nine lamps in a row", "password2": "nine lamps in a row"})
        assert not is_in(browser)
        at_the_stage(bob, "nine lamps in a row")

    @pytest.mark.parametrize("happened", ["password", "log-out", "disabled"])
    def test_who_took_the_account_in_hand_meanwhile_stops_it(self, cast: Cast, bob: User, happened: str) -> None:
        browser, ada = at_the_stage(bob), actor(cast.ada)
        match happened:
            case "password":
                data = AssignPasswordInput(password="set by somebody else")
                perform(AssignPassword, actor=ada, target_id=bob.pk, data=data)
            case "log-out":
                perform(EndSessions, actor=ada, target_id=bob.pk, data=NoInput())
            case "disabled":
                perform(DisableUser, actor=ada, target_id=bob.pk, data=ReasonInput())
        assert browser.post(STAGE, {"code": code()}).status_code == 403
        assert not is_in(browser)

    def test_guesses_are_counted_and_its_owner_is_not_locked_out_by_them(self, bob: User) -> None:
        owner = at_the_stage(bob)
        owner.post(STAGE, {"code": code()})
        owner.post("/sign-out/")
        thief = at_the_stage(bob)
        answers = [thief.post(STAGE, {"code": "000000"}) for _ in range(11)]
        assert "Too many" in answers[-1].content.decode()
        with clock.at(clock.now() + dt.timedelta(seconds=90)):
            thief.post(STAGE, {"code": code()})
            assert not is_in(thief), "even the right code comes too late"
            owner.post("/sign-in/", {"login": bob.email, "password": PASSWORD})
            owner.post(STAGE, {"code": code()})
        assert is_in(owner)

    def test_a_wrong_code_is_noted_for_the_account(self, bob: User) -> None:
        at_the_stage(bob).post(STAGE, {"code": "000000"})
        job = ProcrastinateJob.objects.get(task_name="users.note_failed_sign_in")
        tasks_security.note_failed_sign_in(**job.args)
        entry = Entry.objects.get(code="user.session.start", target_id=bob.pk, result="refused")
        assert (entry.reason, entry.actor_kind, entry.address) == ("wrong_code", "system", "127.0.0.1")


class TestCodes:
    def test_a_code_works_once_also_in_another_browser(self, bob: User) -> None:
        first, second, now = at_the_stage(bob), at_the_stage(bob), code()
        first.post(STAGE, {"code": now})
        second.post(STAGE, {"code": now})
        assert (is_in(first), is_in(second)) == (True, False)

    def test_a_code_from_before_the_last_one_is_over(self, bob: User) -> None:
        first, second = at_the_stage(bob), at_the_stage(bob)
        first.post(STAGE, {"code": code(steps=1)})
        second.post(STAGE, {"code": code()})
        assert (is_in(first), is_in(second)) == (True, False)

    @pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_clocks_may_be_half_a_minute_apart(self, bob: User, steps: int, right: bool) -> None:
        browser = at_the_stage(bob)
        browser.post(STAGE, {"code": code(steps=steps)})
        assert is_in(browser) is right

    def test_the_code_that_was_seen_when_the_app_was_added_does_not_sign_in(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        browser = signed_in(cast.bob)
        secret = secret_on(browser)
        shown = code(secret)
        assert browser.post("/account/second-factor/app/", {"code": shown})["Location"] == "/account/recovery-codes/"
        thief = at_the_stage(cast.bob)
        thief.post(STAGE, {"code": shown})
        assert not is_in(thief)

    def test_a_recovery_code_signs_in_once(self, bob: User, signed_in: SignedIn) -> None:
        first = codes_on(signed_in(bob))[0]
        one, two = at_the_stage(bob), at_the_stage(bob)
        one.post(STAGE, {"code": first})
        two.post(STAGE, {"code": first})
        assert (is_in(one), is_in(two)) == (True, False)
        assert first not in codes_on(signed_in(bob))

    def test_new_recovery_codes_void_the_old_ones(self, bob: User, signed_in: SignedIn) -> None:
        browser = signed_in(bob)
        old = codes_on(browser)
        browser.post("/account/recovery-codes/new/")
        assert not set(old) & set(codes_on(browser))
        stage = at_the_stage(bob)
        stage.post(STAGE, {"code": old[0]})
        assert not is_in(stage)

    def test_no_secret_is_in_the_database_in_clear(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        secret = secret_on(browser)
        sessions = [str(row.get_decoded()) for row in Session.objects.all()]
        assert not [row for row in sessions if secret in row]
        browser.post("/account/second-factor/app/", {"code": code(secret)})
        with connection.cursor() as cursor:
            cursor.execute("SELECT data::text FROM mfa_authenticator")
            kept = str(cursor.fetchall())
        assert secret not in kept
        assert not [one for one in codes_on(browser) if one.replace(" ", "") in kept]

    def test_secrets_stay_readable_when_the_key_is_replaced(self, bob: User, settings: Any) -> None:
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, long enough" * 3
        browser = at_the_stage(bob)
        browser.post(STAGE, {"code": code()})
        assert is_in(browser)


class TestPasskeys:
    def test_a_passkey_alone_signs_in(self, cast: Cast, key: SoftPasskey) -> None:
        browser = Client()
        answer = key.get(browser.get("/sign-in/passkey/").json())
        assert browser.post("/sign-in/passkey/", {"credential": answer})["Location"] == "/"
        assert is_in(browser)
        assert Entry.objects.filter(code="user.session.start", result="done", target_id=cast.bob.pk).exists()

    def test_it_works_after_the_password_too(self, cast: Cast, key: SoftPasskey) -> None:
        browser = at_the_stage(cast.bob)
        answer = key.get(browser.get(f"{STAGE}passkey/").json())
        assert browser.post(STAGE, {"credential": answer})["Location"] == "/"
        assert is_in(browser)

    def test_an_answer_counts_once(self, cast: Cast, key: SoftPasskey) -> None:
        request = HttpRequest()
        request.session = Client().session
        answer = key.get(ask(request, Asked.PROOF, cast.bob))
        assert answered(request, Asked.PROOF, answer, cast.bob) is not None
        assert answered(request, Asked.PROOF, answer, cast.bob) is None

    def test_an_answer_that_comes_too_late_is_none(self, cast: Cast, key: SoftPasskey) -> None:
        request = HttpRequest()
        request.session = Client().session
        answer = key.get(ask(request, Asked.PROOF, cast.bob))
        request.session[HELD]["at"] -= LASTS + 1
        assert answered(request, Asked.PROOF, answer, cast.bob) is None

    def test_an_answer_of_another_browser_is_none(self, key: SoftPasskey) -> None:
        answer = key.get(Client().get("/sign-in/passkey/").json())
        browser = Client()
        browser.get("/sign-in/passkey/")
        browser.post("/sign-in/passkey/", {"credential": answer})
        assert not is_in(browser)

    def test_what_was_asked_for_one_purpose_is_no_answer_to_another(self, cast: Cast, key: SoftPasskey) -> None:
        browser = at_the_stage(cast.bob)
        answer = key.get(browser.get(f"{STAGE}passkey/").json())
        browser.post("/sign-in/passkey/", {"credential": answer})
        assert not is_in(browser)

    @pytest.mark.parametrize("wrong", ["origin", "unverified", "other key", "somebody else's"])
    def test_a_passkey_that_is_not_right_signs_nobody_in(self, cast: Cast, key: SoftPasskey, wrong: str) -> None:
        match wrong:
            case "origin":
                key.origin = "https://evil.example"
            case "unverified":
                key.verifies = False
            case "other key":
                key.key = SoftPasskey(origin=key.origin).key
            case "somebody else's":
                key.handle = SoftPasskey(origin="").handle or b"1"
        browser = Client()
        answer = key.get(browser.get("/sign-in/passkey/").json())
        browser.post("/sign-in/passkey/", {"credential": answer})
        assert not is_in(browser)

    @pytest.mark.parametrize("how", ["origin", "unverified"])
    def test_a_passkey_made_for_another_site_or_without_its_owner_is_not_added(
        self, cast: Cast, signed_in: SignedIn, how: str
    ) -> None:
        more: dict[str, Any] = {"origin": "https://evil.example"} if how == "origin" else {"verifies": False}
        add_passkey(signed_in(cast.bob), **more)
        assert not Authenticator.objects.filter(user=cast.bob).exists()

    @pytest.mark.parametrize(
        "credential",
        [
            *("", "x", "[]", "null", "{}", '{"id": 1}', '{"response": []}', "[" * 9000),
            '{"response": {"userHandle": null}}',
            json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "_w"}}),
        ],
    )
    def test_garbage_is_refused_quietly(self, cast: Cast, credential: str) -> None:
        browser = Client()
        browser.get("/sign-in/passkey/")
        assert browser.post("/sign-in/passkey/", {"credential": credential})["Location"] == "/sign-in/"

    @pytest.mark.parametrize("handle", [b"", b"\xff", b"!!", b"-1", b"0", b"z" * 40, "é".encode()])
    def test_a_person_who_cannot_be_is_nobody(self, key: SoftPasskey, handle: bytes) -> None:
        key.handle, browser = handle, Client()
        answer = key.get(browser.get("/sign-in/passkey/").json())
        assert browser.post("/sign-in/passkey/", {"credential": answer})["Location"] == "/sign-in/"

    def test_a_disabled_person_is_told_so_and_stays_out(self, cast: Cast, key: SoftPasskey) -> None:
        perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
        browser = Client()
        answer = browser.post("/sign-in/passkey/", {"credential": key.get(browser.get("/sign-in/passkey/").json())})
        assert answer.status_code == 403
        assert "disabled" in answer.content.decode()
        assert not is_in(browser)

    def test_who_we_are_does_not_depend_on_the_host_that_was_asked(self, cast: Cast) -> None:
        options = Client().get("/sign-in/passkey/", headers={"Host": "127.0.0.1"}).json()
        assert options["publicKey"]["rpId"] == "localhost"

    def test_nobody_signs_up_by_a_passkey(self, cast: Cast) -> None:
        for path in ("/sign-up/", "/sign-up/passkey/", "/accounts/signup/passkey/", "/mfa/webauthn/signup/"):
            assert Client().get(path).status_code == 404


class TestOwnFactors:
    @pytest.mark.parametrize("path", ["app/", "passkey/", "passkey/new/"])
    def test_adding_asks_first_who_it_is(self, cast: Cast, signed_in: SignedIn, path: str) -> None:
        answer = signed_in(cast.bob, minutes_ago=11).get(f"/account/second-factor/{path}")
        assert "Your own password" in answer.content.decode()
        assert "secret" not in answer.content.decode()

    def test_recovery_codes_are_shown_to_who_has_proved_it_alone(self, bob: User, signed_in: SignedIn) -> None:
        browser = signed_in(bob, minutes_ago=11)
        for path in ("/account/recovery-codes/", "/account/recovery-codes/file/"):
            assert "Confirm that it is you" in browser.get(path).content.decode()
        assert not Entry.objects.filter(code="user.codes.read").exists()

    def test_whoever_looks_at_recovery_codes_again_leaves_an_entry_without_them(
        self, bob: User, signed_in: SignedIn
    ) -> None:
        browser = signed_in(bob)
        shown = codes_on(browser)
        browser.get("/account/recovery-codes/file/")
        seen, taken = Entry.objects.filter(code="user.codes.read").order_by("at", "id")
        for entry in (seen, taken):
            assert (entry.actor_id, entry.target_id, entry.result) == (str(bob.pk), bob.pk, "done")
            assert not [code for code in shown if code in str(entry.facts) + str(entry.changes)]
        page = browser.get("/account/action-log/").content.decode()
        assert page.count('<span class="strong500">Show recovery codes</span>') == 2

    def test_a_code_proves_and_works_once_for_that_too(self, bob: User, signed_in: SignedIn) -> None:
        now = code()
        browser = signed_in(bob, minutes_ago=11)
        assert browser.post("/account/recovery-codes/new/", {}, headers=CLICK).status_code == 422
        answer = browser.post("/account/recovery-codes/new/", {"own_code": now}, headers=CLICK)
        assert answer.status_code == 204
        again = signed_in(bob, minutes_ago=11).post("/account/recovery-codes/new/", {"own_code": now}, headers=CLICK)
        assert again.status_code == 422
        assert "was used before" in again.content.decode()

    def test_a_passkey_proves(self, cast: Cast, key: SoftPasskey, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob, minutes_ago=11)
        answer = key.get(browser.get("/prove/passkey/").json())
        sent = {"own_passkey": answer}
        assert browser.post("/account/recovery-codes/new/", sent, headers=CLICK).status_code == 204

    def test_the_page_that_proves_leads_back_to_our_own_pages_alone(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob, minutes_ago=11)
        proof = {"own_password": PASSWORD}
        assert browser.post("/prove/?next=/account/recovery-codes/", proof)["Location"] == "/account/recovery-codes/"
        assert browser.post("/prove/?next=https://evil.example/", proof)["Location"] == "/"
        assert browser.post("/prove/?next=//evil.example/", proof)["Location"] == "/"

    def test_who_has_neither_password_nor_factor_is_not_let_through(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob, minutes_ago=11)
        cast.bob.set_unusable_password()
        with connection.cursor() as cursor:
            cursor.execute("/* staged */ UPDATE users_user SET password = %s WHERE id = %s", ["!", cast.bob.pk])
        browser = Client()
        browser.force_login(fresh(cast.bob))
        assert "Add the app" not in browser.get("/account/second-factor/app/").content.decode()

    def test_the_last_factor_takes_the_recovery_codes_along(self, bob: User, signed_in: SignedIn) -> None:
        factor = Authenticator.objects.get(user=bob, type="totp")
        signed_in(bob).post(f"/account/second-factor/{factor.pk}/remove/")
        assert not Authenticator.objects.filter(user=bob).exists()

    @pytest.mark.parametrize("who", ["bob", "ada"])
    def test_the_factor_of_somebody_else_is_none_of_ones_own(self, cast: Cast, signed_in: SignedIn, who: str) -> None:
        theirs = app_of(cast.sue)
        answer = signed_in(getattr(cast, who)).post(f"/account/second-factor/{theirs}/remove/")
        assert answer.status_code == 409
        assert Authenticator.objects.filter(pk=theirs).exists()

    def test_whose_factor_is_removed_is_told_and_out_everywhere(
        self, cast: Cast, bob: User, signed_in: SignedIn
    ) -> None:
        browser = signed_in(bob)
        factor = Authenticator.objects.get(user=bob, type="totp")
        signed_in(cast.ada).post(f"/users/{bob.pk}/factors/{factor.pk}/remove/")
        assert not is_in(browser)
        sent = [job.args for job in ProcrastinateJob.objects.filter(task_name="users.send_notice")]
        assert [(one["email"], one["notice"]) for one in sent][-1] == (bob.email, "factor_revoked")

    def test_nobody_removes_the_factor_of_who_holds_more(self, cast: Cast) -> None:
        theirs = app_of(cast.finn)
        data = FactorInput(factor_id=theirs)
        with pytest.raises(Denied, match=r"target_is_stronger|permission_missing"):
            perform(RevokeFactor, actor=actor(cast.cleo), target_id=cast.finn.pk, data=data)


@pytest.mark.parametrize(
    "code",
    [
        *("user.factor.create", "user.factor.delete", "user.factor.revoke", "user.codes.rotate", "user.codes.read"),
        *("user.email.start", "user.email.edit", "user.password.edit", "user.password.assign", "user.password.reset"),
    ],
)
def test_whatever_changes_a_way_in_asks_first_who_it_is(code: str) -> None:
    assert CATALOGUE[code].risk.needs_proof
    assert not CATALOGUE[code].assistable


def secret_on(browser: Client) -> str:
    """The secret that the page shows for a new app."""
    page = browser.get("/account/second-factor/app/").content.decode()
    return page.partition('class="ff-secret">')[2].partition("<")[0].replace(" ", "")


def codes_on(browser: Client) -> list[str]:
    """The recovery codes that the page shows."""
    page = browser.get("/account/recovery-codes/").content.decode()
    return [part.partition("</code>")[0] for part in page.split("<li><code>")[1:]]
