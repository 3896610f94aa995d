"""Sessions: seen, listed, ended one by one or together, and dead once they are ended."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_security import session_of
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import forget_ended_sessions, open_sessions_of

OWN = "/account/security/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEPHONE = "Fleetfolk/1.4 (Android 15; Pixel 9)"


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def row_of(browser: Client) -> UserSession:
    browser.get("/account/")
    row: UserSession = UserSession.objects.get(session_key=browser.session.session_key)
    return row


class TestSeen:
    def test_a_session_is_there_with_where_and_when(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        browser.get("/account/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
        row = UserSession.objects.get(user=cast.bob)
        assert (row.ip, row.user_agent) == ("203.0.113.9", FIREFOX)
        assert "Firefox · Linux" in browser.get(OWN).content.decode()

    def test_it_is_written_down_once_in_five_minutes(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        browser.get("/jobs/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/jobs/")
        about = [one["sql"] for one in asked.captured_queries if "usersessions" in one["sql"]]
        assert ["SELECT session.session_data" in one for one in about] == [True], "it is read with the session, no more"

    @pytest.mark.parametrize("agent", ["", "\x00" * 3, "x" * 5000, "<script>alert(1)</script>", "🦊"])
    def test_whatever_a_browser_says_of_itself_does_no_harm(self, cast: Cast, signed_in: SignedIn, agent: str) -> None:
        browser = signed_in(cast.bob)
        browser.get("/account/", HTTP_USER_AGENT=agent)
        page = browser.get(OWN, HTTP_USER_AGENT=agent).content.decode()
        assert "Unknown program" in page
        assert "<script>alert" not in page

    def test_signing_out_takes_it_from_the_list(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        row_of(browser)
        browser.post("/sign-out/")
        assert not UserSession.objects.filter(user=cast.bob).exists()

    def test_signing_in_with_many_sessions_asks_as_often_as_with_none(self, cast: Cast) -> None:
        asked = []
        for turn in range(2):
            browser = Client()
            with CaptureQueriesContext(connection) as queries:
                browser.post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})
            asked.append(len([one for one in queries.captured_queries if "session" in one["sql"]]))
            for number in range(10):
                session_of(cast.bob, key=f"{turn}{number:031}")
        assert asked[0] == asked[1]

    def test_nothing_is_kept_of_sessions_that_ran_out(self, cast: Cast, signed_in: SignedIn) -> None:
        row_of(signed_in(cast.bob))
        gone = session_of(cast.bob)
        assert forget_ended_sessions() == 1
        assert not UserSession.objects.filter(pk=gone).exists()
        assert open_sessions_of(cast.bob).count() == 1


class TestEnding:
    def test_one_session_ends_and_the_others_go_on(self, cast: Cast, signed_in: SignedIn) -> None:
        here, there = signed_in(cast.bob), signed_in(cast.bob)
        row, _other = row_of(there), row_of(here)
        assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302
        assert (is_in(here), is_in(there)) == (True, False)

    def test_everything_else_ends_and_this_browser_goes_on(self, cast: Cast, signed_in: SignedIn) -> None:
        here, there, unseen = signed_in(cast.bob), signed_in(cast.bob), signed_in(cast.bob)
        row_of(here), row_of(there)
        assert here.post("/account/sessions/end-others/").status_code == 302
        assert (is_in(here), is_in(there), is_in(unseen)) == (True, False, False)
        assert [row.session_key for row in open_sessions_of(cast.bob)] == [here.session.session_key]

    def test_who_may_ends_somebodys_session_and_it_is_in_the_log(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        row = row_of(browser)
        signed_in(cast.ada).post(f"/users/{cast.bob.pk}/sessions/{row.pk}/end/")
        assert not is_in(browser)
        assert Entry.objects.filter(code="user.session.revoke", target_id=cast.bob.pk, result="done").exists()

    @pytest.mark.parametrize("owner", ["bob", "eve", "finn"])
    def test_a_session_is_ended_through_its_owner_alone(self, cast: Cast, signed_in: SignedIn, owner: str) -> None:
        """The person in the address is checked; a key of somebody else's session below them is none of theirs."""
        victim = signed_in(getattr(cast, owner))
        row = row_of(victim)
        for path in (f"/users/{cast.sue.pk}/sessions/{row.pk}/end/", f"/account/sessions/{row.pk}/end/"):
            assert signed_in(cast.sam).post(path).status_code == 409
        assert is_in(victim)

    def test_the_session_of_who_holds_more_is_not_ended(self, cast: Cast, signed_in: SignedIn) -> None:
        victim = signed_in(cast.finn)
        row = row_of(victim)
        assert signed_in(cast.cleo).post(f"/users/{cast.finn.pk}/sessions/{row.pk}/end/").status_code == 403
        assert is_in(victim)

    @pytest.mark.parametrize("path", ["/users/{}/sessions/{}/end/", "/account/sessions/{1}/end/"])
    def test_looking_ends_nothing(self, cast: Cast, signed_in: SignedIn, path: str) -> None:
        browser = signed_in(cast.ada)
        answer = browser.get(path.format(cast.ada.pk, row_of(browser).pk), headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "This address takes what a button sends." in answer.content.decode()
        assert browser.get(path.format(cast.ada.pk, row_of(browser).pk)).content == b"", "a program needs no page"
        assert is_in(browser)


class TestAtOnce:
    @pytest.mark.parametrize("end", ["disable", "log-out", "password"])
    def test_an_open_page_gets_nothing_more(self, cast: Cast, signed_in: SignedIn, end: str) -> None:
        browser, ada = signed_in(cast.cleo), actor(cast.ada)
        assert browser.get("/users/").status_code == 200
        match end:
            case "disable":
                perform(DisableUser, actor=ada, target_id=cast.cleo.pk, data=ReasonInput())
            case "log-out":
                perform(EndSessions, actor=ada, target_id=cast.cleo.pk, data=NoInput())
            case "password":
                signed_in(cast.ada).post(f"/users/{cast.cleo.pk}/password/", {"password": "set by somebody else"})
        answer = browser.get("/users/", headers={"HX-Request": "true", "HX-Target": "people"})
        assert answer["HX-Redirect"].startswith("/sign-in/")
        assert not UserSession.objects.filter(user=cast.cleo).exists()

    def test_enabling_revives_none(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
        perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
        assert not is_in(browser)

    def test_a_weaker_role_holds_at_the_next_request(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        assert browser.get("/users/").status_code == 200
        data = AssignRoleInput(role_id=cast.role("user").pk)
        perform(AssignRole, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)
        assert browser.get("/users/").status_code == 403


class TestForged:
    @pytest.mark.parametrize("key", ["", "x", "a" * 32, "' OR 1=1 --", "../../etc"])
    def test_a_session_that_nobody_made_is_none(self, cast: Cast, key: str) -> None:
        browser = Client()
        browser.cookies["fleetfolk"] = key
        assert not is_in(browser)
        assert not UserSession.objects.filter(session_key=key).exists()

    def test_a_session_whose_signature_is_changed_is_none(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.bob)
        session = browser.session
        session["_auth_user_id"] = str(cast.ada.pk)
        session.save()
        assert not is_in(browser)

    def test_a_key_that_was_planted_before_the_sign_in_is_not_used_after_it(self, cast: Cast) -> None:
        browser = Client()
        browser.get("/sign-in/passkey/")
        planted = browser.session.session_key
        assert planted
        browser.post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})
        assert browser.session.session_key != planted
        assert not Session.objects.filter(session_key=planted).exists()

    def test_the_next_person_at_the_same_browser_has_nothing_of_the_first(self, cast: Cast) -> None:
        browser = Client()
        browser.post("/sign-in/", {"login": cast.ada.email, "password": PASSWORD})
        row = row_of(browser)
        first = browser.session.session_key
        browser.post("/sign-out/")
        browser.post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})
        assert browser.session.session_key != first
        assert row_of(browser).user_id == cast.bob.pk
        assert not UserSession.objects.filter(pk=row.pk).exists()
        assert browser.post(f"/users/{cast.cleo.pk}/disable/").status_code == 404


class TestWhoSees:
    def see(self, browser: Client, person: User) -> str:
        answer: Any = browser.get(f"/users/{person.pk}/security/")
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_who_may_not_end_sessions_does_not_see_from_where(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        browser.get("/account/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
        assert "203.0.113.9" in self.see(signed_in(cast.ada), cast.cleo)
        seen = self.see(signed_in(cast.dana), cast.cleo)
        assert "203.0.113.9" not in seen
        assert "Firefox" not in seen
        assert "Your role does not include seeing where somebody is signed in." in seen
        answer: Any = signed_in(cast.dana).get(f"/users/{cast.cleo.pk}/security/")
        given = [one["sessions"] for one in answer.context if "sessions" in one]
        assert given == [[]] * len(given), "what may not be seen does not even reach the page"
        assert given

    def test_a_reset_link_is_shown_while_it_works(self, cast: Cast, signed_in: SignedIn) -> None:
        ada = signed_in(cast.ada)
        assert "Reset link" not in self.see(ada, cast.cleo)
        ada.post(f"/users/{cast.cleo.pk}/password/reset/")
        assert "works until" in self.see(ada, cast.cleo)
        ada.post(f"/users/{cast.cleo.pk}/sessions/end/")
        assert "works no more" in self.see(ada, cast.cleo)

    def test_the_key_of_a_session_is_on_no_page(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        row = row_of(browser)
        for page in (self.see(signed_in(cast.ada), cast.cleo), browser.get(OWN).content.decode()):
            assert row.session_key not in page

    def test_a_tab_of_many_asks_as_often_as_one_of_one(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.ada)
        self.see(browser, cast.cleo)
        with connection.execute_wrapper(counting := Counting()):
            self.see(browser, cast.cleo)
        one, counting.count = counting.count, 0
        for number in range(60):
            other = Client()
            other.force_login(fresh(cast.cleo))
            session_of(cast.cleo, key=str(other.session.session_key))
            assert number < 60
        with connection.execute_wrapper(counting):
            page = self.see(browser, cast.cleo)
        assert page.count('id="end-') == 50
        assert counting.count <= one + 1


class Counting:
    """Counts statements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)
