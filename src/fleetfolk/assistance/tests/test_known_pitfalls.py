"""Cases in which other systems failed: each lesson as a test."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.send_request import SendRequest
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance, EndCause, Request
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.assistance.tasks import send_request, tell_overseers
from fleetfolk.assistance.tests.scenes import COOKIE, HTMX, Scene, begin, change, scene, without
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import asked, asking, consented, customer, rule, starting
from fleetfolk.users.models import User


def test_daikoku_the_customer_who_signs_in_inherits_nothing(viewing: Scene) -> None:
    """There the session was kept under the target, who could step out of it into the administrator's."""
    browser = Client()
    browser.post("/sign-in/", {"login": viewing.carl.email, "password": PASSWORD})
    for path in ("/", "/account/"):
        body = browser.get(path).content.decode()
        assert "ff-assistbar" not in body
        assert "/end/" not in body
    assert browser.post(f"/assistance/{viewing.row.public_id}/end/").status_code == 404
    assert browser.get("/users/").status_code == 403
    assert browser.get(viewing.address).status_code == 404
    assert viewing.now().ended_at is None


def test_daikoku_even_in_the_assistants_own_browser(viewing: Scene) -> None:
    """The customer signs in where the assistant sat: nothing of either is left for the other."""
    viewing.agent.post("/sign-out/")
    viewing.agent.post("/sign-in/", {"login": viewing.carl.email, "password": PASSWORD})
    assert viewing.agent.get(viewing.address).status_code == 404
    assert viewing.agent.get("/users/").status_code == 403


def test_ezauth_no_id_survives_stop(viewing: Scene) -> None:
    """There no new session id was made on the way back."""
    held = viewing.agent.cookies[COOKIE].value
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    viewing.agent.cookies[COOKIE] = held
    assert viewing.get().status_code == 302
    begin(viewing.agent, viewing.carl)
    new = Assistance.objects.get(ended_at=None)
    viewing.agent.cookies[COOKIE] = held
    assert viewing.agent.get(f"/as/{new.public_id}/").status_code == 302
    assert "ff-assistbar" not in viewing.agent.get(f"/as/{new.public_id}/").content.decode()


@pytest.mark.parametrize("what", ["end", "act"])
def test_ezauth_only_who_began_may_stop_or_widen_it(viewing: Scene, signed_in: SignedIn, what: str) -> None:
    for who in (viewing.cast.abe, viewing.cast.finn, viewing.carl):
        assert signed_in(who).post(f"/assistance/{viewing.row.public_id}/{what}/").status_code == 404
    assert viewing.now().ended_at is None
    assert not Request.objects.exists()


def test_agenticos_no_bearer_anywhere(viewing: Scene) -> None:
    """There a token on the clipboard opened the account for whoever held it, and could not be ended."""
    secret = viewing.agent.cookies[COOKIE].value
    stranger = Client()
    for path in (f"{viewing.address}?secret={secret}", f"{viewing.address}?token={secret}", f"/as/{secret}/"):
        assert stranger.get(path).status_code in (302, 404)
    assert stranger.get(viewing.address, headers={"Authorization": f"Bearer {secret}"}).status_code == 302
    row = viewing.now()
    assert secret not in str(row.__dict__)
    assert viewing.get().status_code == 200


def test_polovnjak_a_start_by_a_foreign_form(cast: Cast, signed_in: SignedIn) -> None:
    """There a cookie's SameSite=Lax was all that stood before the start."""
    carl = consented(cast)
    browser = signed_in(cast.ada)
    browser.handler.enforce_csrf_checks = True
    assert begin(browser, carl).status_code == 403
    assert not Assistance.objects.exists()


@pytest.mark.parametrize("step", ["ask", "accept", "start", "go on"])
@pytest.mark.parametrize("how", ["right", "staff", "rule", "state"])
def test_twenty_every_rule_is_asked_in_every_step(cast: Cast, signed_in: SignedIn, step: str, how: str) -> None:
    """There the second step did not ask what the first had asked."""
    carl = customer(cast)

    def happens() -> None:
        if how == "right":
            without(cast.role("admin"), VIEW_AS.code, "support.act_as")
        elif how == "staff":
            change(carl, role=cast.role("staff"))
        elif how == "rule":
            rule(cast, AssistanceRule.OFF)
        else:
            change(carl, disabled_at=clock.now())

    if step == "ask":
        happens()
        with pytest.raises(ActionError):
            perform(SendRequest, actor=actor(cast.ada), target_id=carl.pk, data=asking())
        return
    perform(SendRequest, actor=actor(cast.ada), target_id=carl.pk, data=asking())
    data = AnswerRequestInput(request_id=Request.objects.get().pk)
    if step == "accept":
        happens()
        with pytest.raises(Refused):
            perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=data)
        return
    perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=data)
    if step == "start":
        happens()
        with pytest.raises(ActionError):
            perform(StartAssistance, actor=actor(cast.ada), target_id=carl.pk, data=starting())
        return
    browser = signed_in(cast.ada)
    where = begin(browser, carl)["Location"]
    assert browser.get(where).status_code == 200
    happens()
    assert browser.get(where).status_code == 302
    assert Assistance.objects.get().ended_at is not None


def test_gitlab_what_the_customer_must_do_first_traps_nobody(viewing: Scene) -> None:
    """There a password that had to be changed, or a factor to be set up, held the administrator inside."""
    with staging():
        type(viewing.cast.lumen).objects.filter(pk=viewing.cast.lumen.pk).update(second_factor_rule=True)
        user = fresh(viewing.carl)
        user.set_unusable_password()
        user.save(update_fields=["password"])
    assert viewing.get().status_code == 200
    assert viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/").status_code == 302


def test_nextcloud_the_customer_is_told_with_the_reason_and_it_is_in_the_log(viewing: Scene) -> None:
    entry = Entry.objects.get(code="assistance.start", result="done")
    assert (entry.target_id, entry.facts["reason"]) == (viewing.carl.pk, viewing.row.reason)
    page = viewing.customer.get("/account/support/").content.decode()
    assert viewing.row.reason in page


def test_nextcloud_the_agents_own_password_is_asked_for_and_no_other(cast: Cast, signed_in: SignedIn) -> None:
    carl = consented(cast)
    with staging():
        user = fresh(carl)
        user.set_password("the customers own one")
        user.save(update_fields=["password"])
    browser = signed_in(cast.ada, minutes_ago=30)
    assert begin(browser, carl, own_password="the customers own one").status_code == 422
    assert begin(browser, carl, own_password=PASSWORD).status_code == 302


def test_passmower_the_cookies_of_the_two_do_not_mix(viewing: Scene) -> None:
    """The assistant's own messages wait for the assistant's own pages, and none of the customer's come out."""
    assert viewing.agent.post(f"/users/{viewing.cast.cleo.pk}/sessions/end/").status_code == 302
    for path in ("account/", "account/messages/", "no-such-page/"):
        assert "Cleo" not in viewing.get(path).content.decode()
    assert "Cleo" in viewing.agent.get("/assistance/").content.decode()


def test_auth0_nothing_begins_that_nobody_began(cast: Cast, signed_in: SignedIn) -> None:
    """There an answer that nobody had asked for signed people in."""
    carl, request = asked(cast)
    signed_in(carl).post(f"/account/support/asked/{request.pk}/", {"answer": "yes"})
    assert not Assistance.objects.exists()
    assert signed_in(cast.ada).get(f"/assistance/of/{carl.pk}/").status_code == 200
    assert not Assistance.objects.exists()


def test_okta_assistance_has_codes_of_its_own(viewing: Scene) -> None:
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    codes = set(Entry.objects.filter(target_id=viewing.carl.pk).values_list("code", flat=True))
    assert {"assistance.consent.grant", "assistance.start", "assistance.end"} <= codes
    assert not Entry.objects.filter(
        code="user.session.start", actor_id=str(viewing.carl.pk), at__gt=viewing.row.started_at
    )


def test_zendesk_second_factors_stay(acting: Scene) -> None:
    """There assistants switched customers' second factors off."""
    for path in ("account/security/", "second-factor/", "account/password/", "account/support/allow/"):
        assert acting.get(path).status_code in (403, 404)
        assert acting.post(path).status_code in (403, 404)
    assert not [code for code, action in CATALOGUE.items() if "factor" in code and action.assistable]


def test_authentik_no_assistance_inside_an_assistance(acting: Scene) -> None:
    other = customer(acting.cast)
    for path in (
        f"assistance/of/{other.pk}/",
        f"assistance/of/{other.pk}/start/",
        "assistance/",
        f"as/{acting.row.public_id}/",
    ):
        assert acting.get(path).status_code in (403, 404), path
        assert acting.post(path).status_code in (403, 404), path


# The link of the mail.


def mailed_link(cast: Cast, mailoutbox: list[Any]) -> tuple[User, str]:
    carl, request = asked(cast)
    send_request(request_id=request.pk, tenant_id=cast.lumen.pk)
    text = mailoutbox[-1].body
    return carl, "/support/" + text.split("/support/")[1].split()[0]


def test_the_link_answers_once_and_is_in_no_address(cast: Cast, mailoutbox: list[Any]) -> None:
    _carl, link = mailed_link(cast, mailoutbox)
    browser = Client()
    answer = browser.get(link)
    assert (answer.status_code, answer["Location"]) == (302, "/support/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert Request.objects.get().answered_at is None  # Opening it says nothing yet.
    assert "Ada Lindqvist asks to come in" in browser.get("/support/").content.decode()
    assert Request.objects.get().answered_at is None
    assert browser.post("/support/", {"answer": "yes"}).status_code == 200
    assert Request.objects.get().accepted is True
    assert Client().get(link).status_code == 410
    assert browser.post("/support/", {"answer": "no"}).status_code == 410
    assert Request.objects.get().accepted is True
    assert Entry.objects.get(code="assistance.request.accept").actor_label == "Carl Customer"


def test_without_a_clear_yes_the_answer_is_no(cast: Cast, mailoutbox: list[Any]) -> None:
    _carl, link = mailed_link(cast, mailoutbox)
    browser = Client()
    browser.get(link)
    browser.post("/support/")
    assert Request.objects.get().accepted is False


def test_support_does_not_answer_its_own_question(cast: Cast, signed_in: SignedIn, mailoutbox: list[Any]) -> None:
    _carl, link = mailed_link(cast, mailoutbox)
    browser = signed_in(cast.ada)
    browser.get(link)
    assert browser.post("/support/", {"answer": "yes"}).status_code == 403
    assert Request.objects.get().answered_at is None


@pytest.mark.parametrize("link", ["/support/x/", "/support/" + "a" * 43 + "/"])
def test_a_link_that_is_none_tells_nothing(cast: Cast, link: str) -> None:
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "Carl" not in answer.content.decode()


def test_an_old_link_is_over(cast: Cast, mailoutbox: list[Any]) -> None:
    _carl, link = mailed_link(cast, mailoutbox)
    browser = Client()
    browser.get(link)
    with clock.at(clock.now() + dt.timedelta(minutes=16)):
        assert browser.post("/support/", {"answer": "yes"}).status_code == 410
        assert Client().get(link).status_code == 410


# Asking for more, and telling who oversees.


def test_whoever_looks_can_ask_to_act_and_must_begin_anew(cast: Cast, signed_in: SignedIn) -> None:
    carl = consented(cast)
    browser = signed_in(cast.ada)
    where = begin(browser, carl)["Location"]
    row = Assistance.objects.get()
    assert browser.post(f"/assistance/{row.public_id}/act/", headers=HTMX).status_code == 204
    request = Request.objects.get()
    assert (request.mode, request.reason) == (AssistMode.ACT, row.reason)
    signed_in(carl).post(f"/account/support/asked/{request.pk}/", {"answer": "yes"})
    assert "They said yes" in browser.get(where).content.decode()
    assert browser.post(f"{where}account/", {"nickname": "Carlo"}).status_code == 403  # Still looking only.
    assert begin(browser, carl, mode="act").status_code == 422  # One at a time.
    browser.post(f"/assistance/{row.public_id}/end/")
    assert begin(browser, carl, mode="act").status_code == 302


def test_who_oversees_gets_a_mail_about_what_is_unusual(cast: Cast, mailoutbox: list[Any]) -> None:
    carl = consented(cast)
    night = clock.now().replace(hour=1, minute=0)
    with clock.at(night if night > clock.now() else night + dt.timedelta(days=1)):
        perform(StartAssistance, actor=actor(cast.ada), target_id=carl.pk, data=starting())
    # The consent was given for a day; whoever reaches North is told, the assistant is not.
    tell_overseers(assistance_id=Assistance.objects.get().pk)
    told = {mail.to[0] for mail in mailoutbox if "unusual" in mail.subject}
    assert told == {cast.abe.email, cast.finn.email}


# Erasing.


def test_erasing_the_customer_takes_the_records_and_erasing_the_agent_takes_the_name(
    cast: Cast, signed_in: SignedIn
) -> None:
    one = scene(cast, signed_in)
    one.get()
    one.agent.post(f"/assistance/{one.row.public_id}/end/")
    with staging():
        one.carl.delete()
    assert not Assistance.objects.filter(pk=one.row.pk).exists()
    assert one.row.visits.count() == 0


def test_the_agent_can_be_deleted_and_the_record_stays(viewing: Scene) -> None:
    viewing.get()
    viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    with staging():
        Assistance.objects.filter(pk=viewing.row.pk).update(agent=None, agent_label="Erased person 1")
        viewing.row.visits.update(agent_label="Erased person 1")
    assert viewing.now().agent_id is None
    assert viewing.now().end_cause == EndCause.AGENT


def test_what_the_customer_does_not_need_they_may_still_do(viewing: Scene) -> None:
    """Stopping twice, withdrawing what is not there: no error, nothing to see."""
    assert viewing.customer.post("/account/support/stop/").status_code == 302
    assert viewing.customer.post("/account/support/stop/").status_code == 302
    assert viewing.customer.post("/account/support/withdraw/").status_code == 302
