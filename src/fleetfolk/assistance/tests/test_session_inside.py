"""An assistance has a session of its own, bound to one browser, with a fixed end; what forbids it ends it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fleetfolk.assistance.models import Assistance, EndCause
from fleetfolk.assistance.permissions import ACT_AS, VIEW_AS
from fleetfolk.assistance.tasks import end_over
from fleetfolk.assistance.tests.scenes import COOKIE, HTMX, Scene, begin, change, minutes, without
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import consented, rule

# Rule 8: a fixed end, and an end after ten idle minutes.


def test_rule_08_it_ends_when_its_time_is_over_however_busy(viewing: Scene) -> None:
    for passed in range(5, 30, 5):
        with clock.at(viewing.row.started_at + minutes(passed)):
            assert viewing.get().status_code == 200
    with clock.at(viewing.row.started_at + minutes(30)):
        answer = viewing.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/assistance/{viewing.row.public_id}/"
    assert viewing.now().end_cause == EndCause.EXPIRED
    assert viewing.now().ends_at == viewing.row.ends_at
    assert viewing.get().status_code == 302


def test_rule_08_ten_idle_minutes_end_it(viewing: Scene) -> None:
    with clock.at(viewing.row.started_at + minutes(9.9)):
        assert viewing.get().status_code == 200
    with clock.at(viewing.row.started_at + minutes(19.8)):
        assert viewing.get().status_code == 200
    with clock.at(viewing.row.started_at + minutes(29.85)):
        assert viewing.get().status_code == 302
    assert viewing.now().end_cause == EndCause.IDLE


def test_rule_08_the_clock_in_the_bar_does_not_keep_it_alive(viewing: Scene) -> None:
    for passed in (2.0, 4.0, 6.0, 8.0, 9.9):
        with clock.at(viewing.row.started_at + minutes(passed)):
            answer = viewing.get("assistance/left/", headers=HTMX)
            assert answer.status_code == 200
            assert "data-countdown" in answer.content.decode()
    assert viewing.row.visits.count() == 0
    with clock.at(viewing.row.started_at + minutes(10.1)):
        assert viewing.get("assistance/left/", headers=HTMX)["HX-Redirect"] == f"/assistance/{viewing.row.public_id}/"
    assert viewing.now().end_cause == EndCause.IDLE


def test_rule_08_what_nobody_opens_any_more_is_ended_within_a_minute(viewing: Scene) -> None:
    with clock.at(viewing.row.started_at + minutes(10.1)):
        end_over(timestamp=0)
    assert viewing.now().end_cause == EndCause.IDLE


# Rule 9: a session of its own, bound to one browser, checked at every request.


def test_rule_09_the_cookie_is_for_its_own_address_and_no_script(viewing: Scene) -> None:
    cookie = viewing.agent.cookies[COOKIE]
    assert cookie["path"] == viewing.address
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert 0 < int(cookie["max-age"]) <= 30 * 60


def test_rule_09_over_https_the_cookie_is_secure(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.HTTPS = True
    browser = signed_in(cast.ada)
    begin(browser, consented(cast))
    assert browser.cookies["__Secure-fleetfolk-assist"]["secure"]


def test_rule_09_another_browser_with_the_cookie_stays_out_and_ends_it(viewing: Scene, signed_in: SignedIn) -> None:
    """Even one in which the very same agent is signed in."""
    thief = signed_in(viewing.cast.ada)
    thief.cookies[COOKIE] = viewing.agent.cookies[COOKIE].value
    assert thief.get(viewing.address).status_code == 302
    assert viewing.now().end_cause == EndCause.BROWSER
    assert viewing.get().status_code == 302


@pytest.mark.parametrize("who", ["abe", "sam", "eve", "carl", ""])
def test_rule_09_the_cookie_lets_nobody_else_in(viewing: Scene, signed_in: SignedIn, who: str) -> None:
    person = viewing.carl if who == "carl" else getattr(viewing.cast, who, None)
    thief = signed_in(person) if person else Client()
    thief.cookies[COOKIE] = viewing.agent.cookies[COOKIE].value
    answer = thief.get(viewing.address)
    assert answer.status_code == (404 if person else 302)
    if not person:
        assert answer["Location"].startswith("/sign-in/")
    assert "Carl" not in answer.content.decode() or who == "carl"
    assert viewing.now().end_cause == EndCause.BROWSER


@pytest.mark.parametrize("who", ["ada", "abe", "eve", "carl", ""])
def test_rule_09_without_the_cookie_nobody_comes_in_and_nobody_can_end_it(
    viewing: Scene, signed_in: SignedIn, who: str
) -> None:
    person = viewing.carl if who == "carl" else getattr(viewing.cast, who, None)
    browser = signed_in(person) if person else Client()
    for secret in ("", "x", "x" * 43, viewing.row.secret_hash):
        browser.cookies[COOKIE] = secret
        answer = browser.get(viewing.address)
        assert answer.status_code in (302, 404)
        assert "ff-assistbar" not in answer.content.decode()
    assert viewing.now().ended_at is None
    assert viewing.get().status_code == 200


def test_rule_09_the_agents_own_session_is_untouched(viewing: Scene) -> None:
    before = dict(viewing.agent.session.items()), viewing.agent.session.session_key
    for path in ("", "account/", "account/messages/", "no-such-page/"):
        answer = viewing.get(path)
        assert not {name for name in answer.cookies if "csrf" not in name}, "a cookie came out of the customer's pages"
    assert (dict(viewing.agent.session.items()), viewing.agent.session.session_key) == before
    page = viewing.agent.get("/users/")
    assert page.status_code == 200
    assert "ff-assistbar" not in page.content.decode()
    assert "Ada Lindqvist" in page.content.decode()


def test_rule_09_signing_out_ends_it_at_once(viewing: Scene) -> None:
    viewing.agent.post("/sign-out/")
    assert viewing.now().end_cause == EndCause.BROWSER
    assert viewing.get().status_code == 302


@pytest.mark.parametrize("how", ["disabled_at", "deletion_requested_at", "deactivated_at"])
def test_rule_09_an_agent_who_is_switched_off_is_out_at_once(viewing: Scene, how: str) -> None:
    change(viewing.cast.ada, **{how: clock.now()})
    assert viewing.get().status_code == 302
    assert viewing.now().ended_at is not None


def test_rule_09_an_agent_whose_sessions_are_ended_is_out_at_once(viewing: Scene) -> None:
    change(viewing.cast.ada, session_epoch=77)
    assert viewing.get().status_code == 302
    assert viewing.now().ended_at is not None


def test_rule_09_every_start_has_its_own_secret_and_address(viewing: Scene) -> None:
    first = viewing.agent.cookies[COOKIE].value, viewing.row.public_id
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    begin(viewing.agent, viewing.carl)
    second = viewing.agent.cookies[COOKIE].value, Assistance.objects.get(ended_at=None).public_id
    assert first[0] != second[0]
    assert first[1] != second[1]
    assert viewing.agent.get(viewing.address).status_code == 302


WHAT_ENDS_IT: dict[str, tuple[Callable[[Scene], Any], EndCause]] = {
    "the right is gone": (lambda s: without(s.cast.role("admin"), VIEW_AS.code), EndCause.RIGHTS),
    "the agent is demoted": (lambda s: change(s.cast.ada, role=s.cast.role("staff")), EndCause.RIGHTS),
    "the agent is moved aside": (lambda s: change(s.cast.ada, organization=s.cast.south), EndCause.RIGHTS),
    "the customer is disabled": (lambda s: change(s.carl, disabled_at=clock.now()), EndCause.TARGET),
    "the customer is deactivated": (lambda s: change(s.carl, deactivated_at=clock.now()), EndCause.TARGET),
    "the customer is being deleted": (lambda s: change(s.carl, deletion_requested_at=clock.now()), EndCause.TARGET),
    "the customer becomes staff": (lambda s: change(s.carl, role=s.cast.role("staff")), EndCause.TARGET),
    "the customer is moved away": (lambda s: change(s.cast.ada, organization=s.cast.berg), EndCause.RIGHTS),
    "the rule is turned off": (lambda s: rule(s.cast, AssistanceRule.OFF), EndCause.RULE),
    "nobody says anything any more": (lambda s: rule(s.cast, None), EndCause.RULE),
    "the consent is withdrawn": (lambda s: s.customer.post("/account/support/withdraw/"), EndCause.CONSENT),
    "the customer stops it": (lambda s: s.customer.post("/account/support/stop/"), EndCause.CUSTOMER),
}


@pytest.mark.parametrize("what", WHAT_ENDS_IT)
def test_rule_02_and_07_what_forbids_it_ends_it_at_the_next_request_of_an_open_page(viewing: Scene, what: str) -> None:
    assert viewing.get().status_code == 200
    happens, cause = WHAT_ENDS_IT[what]
    happens(viewing)
    answer = viewing.get("account/")
    assert answer.status_code == 302, what
    assert viewing.now().end_cause == cause
    assert viewing.get("assistance/left/", headers=HTMX)["HX-Redirect"]
    assert viewing.post("account/").status_code == 302


@pytest.mark.parametrize("what", ["the right is gone", "the customer is disabled", "the rule is turned off"])
def test_what_forbids_it_ends_it_without_any_request_within_a_minute(viewing: Scene, what: str) -> None:
    happens, cause = WHAT_ENDS_IT[what]
    happens(viewing)
    end_over(timestamp=0)
    assert viewing.now().end_cause == cause


def test_the_right_to_act_is_asked_for_at_every_request(acting: Scene) -> None:
    assert acting.get().status_code == 200
    without(acting.cast.role("admin"), ACT_AS.code)
    assert acting.get().status_code == 302
    assert acting.now().end_cause == EndCause.RIGHTS


def test_a_consent_that_was_narrowed_to_looking_ends_acting(acting: Scene) -> None:
    acting.customer.post("/account/support/allow/", {"hours": "24", "mode": "view"})
    assert acting.get().status_code == 302
    assert acting.now().end_cause == EndCause.CONSENT
