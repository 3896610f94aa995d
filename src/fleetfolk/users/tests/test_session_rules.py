"""How long one stays signed in: as the organization says, from the next request on, in every browser, by every door."""

import datetime as dt
from http.cookies import SimpleCookie

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.gateway.viewers import Door, viewer_at
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import rules_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import forget_ended_sessions, open_sessions_of
from fleetfolk.users.web import seen


def say(by: User, where: Organization, **rules: object) -> None:
    perform(EditRules, actor=actor(by), target_id=where.pk, data=EditRulesInput(**rules))  # type: ignore[arg-type]


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def ago(browser: Client, *, seen: int = 0, began: int = 0) -> None:
    """The session was last used, and begun, so many minutes ago."""
    is_in(browser)
    row = UserSession.objects.get(session_key=browser.session.session_key)
    now = clock.now()
    row.last_seen_at, row.created_at = now - dt.timedelta(minutes=seen), now - dt.timedelta(minutes=began or seen)
    row.save()


class TestUnused:
    def test_whoever_did_nothing_for_too_long_signs_in_again(self, cast: Cast, signed_in: SignedIn) -> None:
        browser, other = signed_in(cast.cleo), signed_in(cast.cleo)
        ago(browser, seen=31)
        ago(other, seen=29)
        assert is_in(browser), "nobody has said anything yet"
        ago(browser, seen=31)
        say(cast.ada, cast.lumen, session_idle=30)
        assert (is_in(browser), is_in(other)) == (False, True)

    def test_one_that_is_over_does_not_come_back(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        say(cast.ada, cast.lumen, session_idle=30)
        ago(browser, seen=31)
        key = browser.session.session_key
        assert not is_in(browser)
        say(cast.ada, cast.lumen)
        browser.cookies = SimpleCookie({"fleetfolk": str(key)})
        assert not is_in(browser)
        assert not UserSession.objects.filter(session_key=key).exists()
        assert not Session.objects.filter(session_key=key).exists()

    def test_whoever_goes_on_stays_in(self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = signed_in(cast.cleo)
        say(cast.ada, cast.lumen, session_idle=30)
        for _turn in range(3):
            ago(browser, seen=20)
            monkeypatch.setattr(seen, "EVERY_WHERE_IT_ENDS", 0)
            assert is_in(browser)
            row = UserSession.objects.get(session_key=browser.session.session_key)
            assert clock.now() - row.last_seen_at < dt.timedelta(minutes=1)

    def test_it_is_written_down_each_minute_where_that_counts(
        self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser, now = signed_in(cast.cleo), 1_000.0
        monkeypatch.setattr("fleetfolk.users.web.seen.time.monotonic", lambda: now)
        written = []
        for rule in (None, 30):
            say(cast.ada, cast.lumen, session_idle=rule)
            is_in(browser)
            now += 61
            with CaptureQueriesContext(connection) as asked:
                is_in(browser)
            written.append(any("INSERT INTO usersessions" in one["sql"] for one in asked.captured_queries))
        assert written == [False, True]


class TestInAnyCase:
    def test_a_session_ends_so_long_after_the_sign_in(self, cast: Cast, signed_in: SignedIn) -> None:
        browser, other = signed_in(cast.cleo), signed_in(cast.cleo)
        ago(browser, began=8 * 60 + 1)
        ago(other, began=8 * 60 - 1)
        say(cast.ada, cast.lumen, session_hours=8)
        assert (is_in(browser), is_in(other)) == (False, True)

    def test_an_open_page_is_told_nothing_more(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.cleo)
        ago(browser, began=61)
        door = Door(assistance=None, cookies={"fleetfolk": str(browser.session.session_key)})
        assert viewer_at(door) is not None
        say(cast.ada, cast.lumen, session_hours=1)
        assert viewer_at(door) is None


class TestWhose:
    def test_the_nearest_upwards_decides(self, cast: Cast, signed_in: SignedIn) -> None:
        say(cast.ada, cast.lumen, session_idle=30)
        say(cast.ada, cast.berg, session_idle=0)
        berg, north = User.objects.get(pk=cast.bob.pk), signed_in(cast.finn)
        assert berg.organization_id == cast.berg.pk
        assert cast.finn.organization_id == cast.north.pk
        browser = signed_in(berg)
        ago(browser, seen=600)
        ago(north, seen=600)
        assert (is_in(browser), is_in(north)) == (True, False)
        assert rules_of(Organization.objects.get(pk=cast.berg.pk)).session_idle == 0

    def test_another_tenant_s_people_stay(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.eve)
        ago(browser, seen=600)
        say(cast.ada, cast.lumen, session_idle=30, session_hours=1)
        assert is_in(browser)

    def test_only_those_that_work_are_listed_and_the_others_are_forgotten(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        old, new = signed_in(cast.cleo), signed_in(cast.cleo)
        ago(old, seen=31)
        ago(new, seen=1)
        say(cast.ada, cast.lumen, session_idle=30)
        kept = new.session.session_key
        assert [row.session_key for row in open_sessions_of(User.objects.get(pk=cast.cleo.pk))] == [kept]
        assert forget_ended_sessions() == 1
        assert list(UserSession.objects.filter(user=cast.cleo).values_list("session_key", flat=True)) == [kept]
        assert Session.objects.filter(session_key=kept).exists()
        assert Session.objects.filter(session_key=old.session.session_key).count() == 0


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"session_idle": 4}, "rules_session_idle"),
        ({"session_idle": -30}, "rules_session_idle"),
        ({"session_idle": 20_161}, "rules_session_idle"),
        ({"session_hours": -1}, "rules_session_hours"),
        ({"session_hours": 337}, "rules_session_hours"),
        ({"password_length": 7}, "rules_password_length"),
        ({"password_length": 65}, "rules_password_length"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, rules: dict[str, int], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        say(cast.ada, cast.lumen, **rules)


def test_the_page_says_and_saves_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    said = {"session_idle": "60", "session_hours": "12", "password_length": "12", "password_mixed": "yes"}
    assert browser.post("/settings/", said).status_code == 302
    rules = rules_of(Organization.objects.get(pk=cast.north.pk))
    assert (rules.session_idle, rules.session_hours, rules.password_length) == (60, 12, 12)
    assert rules.password_mixed
    page = browser.get(f"/organizations/{cast.north.pk}/settings/").content.decode()
    assert "As the organization above (now: After 1 hour)" in page
    assert "As the organization above (now: 12 characters)" in page
    assert browser.post("/settings/", {"session_idle": "7"}).status_code == 422
