"""An assistance, request by request: rules 5, 6, 8, 9, 11, 12 and 13."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix, reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.models import Assistance, EndCause, Visit
from fleetfolk.assistance.permissions import ACT_AS, APPROVE, VIEW_AS
from fleetfolk.assistance.tasks import end_over, send_summary
from fleetfolk.assistance.tests.scenes import COOKIE, HTMX, Scene, begin, change, scene, without
from fleetfolk.assistance.web.admission import Admitted
from fleetfolk.assistance.web.inside import inside as within
from fleetfolk.config.tests.test_attack_table_of_actions import fingerprint
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import ActionError, Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Attachment, Item
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples import OPERATORS, SAMPLES
from fleetfolk.testing.samples_assistance import consented, rule
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.models import User

PARTS_TO_SEE = {"assistance:left", "actionlog:own-days"}
"""What pages ask for by themselves, to stand below the bar that they have."""

OPEN_TO_SEE = {
    *("home", "account:profile", "account:action-log", "actionlog:own-entry", "assistance:own"),
    *(f"mydevices:{page}" for page in ("detail", "timeline", "people", "about", "history")),
    "sharing:panel",
    *PARTS_TO_SEE,
}
"""Every page that an assistant may look at. What is not here answers 403."""

OPEN_TO_ACT = {
    "account:profile",
    *("mydevices:about", "mydevices:command"),
    *(f"devices:{act}-event" for act in ("archive", "comment", "reset", "resolve", "restore")),
}
ASSISTABLE = {
    "user.profile.edit",
    *("device.command.send", "device.edit", "device.rename", "device.metadata.edit"),
    *("event.archive", "event.comment.create", "event.reset", "event.resolve", "event.restore"),
}
"""Every Action that an assistant may do in act mode. Whoever adds one says so here."""


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from patterns(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def addresses(person: User) -> dict[str, str]:
    """An address for every URL of the product."""
    made: dict[str, str] = {}
    for name, pattern in patterns(get_resolver()):
        examples = {"int": person.pk, "uuid": "00000000-0000-4000-8000-000000000000", "key": "a" * 20}
        converters = getattr(pattern.pattern, "converters", {})
        values: dict[str, Any] = {
            key: examples.get(type(converter).__name__.removesuffix("Converter").lower(), "x")
            for key, converter in converters.items()
        }
        if not converters and (groups := getattr(pattern.pattern, "regex", None)) is not None:
            values = dict.fromkeys(groups.groupindex, "x-y")
        made[name] = reverse(name, kwargs=values).removeprefix("/")
    return made


# Rule 5: view-only is enforced in one place, for every address.


def test_the_agent_sees_the_customers_own_page(viewing: Scene) -> None:
    page = viewing.get()
    assert page.status_code == 200
    body = page.content.decode()
    assert "Carl" in body
    assert viewing.address in body  # Its links stay inside.


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_rule_05_no_address_takes_anything_but_looking(viewing: Scene, method: str) -> None:
    before, entries = changed(), Entry.objects.count()
    wrong = {}
    for name, path in addresses(viewing.carl).items():
        answer = getattr(viewing.agent, method)(viewing.address + path)
        if answer.status_code != 403:
            wrong[name] = answer.status_code
    assert not wrong
    assert changed() == before
    assert Entry.objects.count() == entries


def changed() -> str:
    """The fingerprint, but for the stamp that somebody was at it."""
    with staging():
        Assistance.objects.update(seen_at=F("started_at"))
    return fingerprint()


def test_rule_05_looking_changes_nothing_anywhere(viewing: Scene) -> None:
    before, entries = changed(), Entry.objects.count()
    answers = {}
    for name, path in addresses(viewing.carl).items():
        answers[name] = viewing.get(path).status_code
    assert changed() == before
    assert Entry.objects.count() == entries
    opened = {name for name, status in answers.items() if status not in (403, 405)}
    assert opened <= OPEN_TO_SEE, sorted(opened - OPEN_TO_SEE)
    assert {name for name in OPEN_TO_SEE if answers.get(name) == 200} >= {"home", "account:profile", "assistance:own"}


def test_rule_05_acting_opens_only_what_says_so(acting: Scene) -> None:
    open_to_act = set()
    for name, path in addresses(acting.carl).items():
        if name not in OPEN_TO_ACT and acting.post(path).status_code != 403:
            open_to_act.add(name)
    assert not open_to_act, sorted(open_to_act)
    answer = acting.post("account/", {"nickname": "Carlo", "time_zone": "", "language": "en"})
    assert answer.status_code in (200, 302), answer.content.decode()[-2000:]
    assert fresh(acting.carl).nickname == "Carlo"


def test_rule_05_a_refusal_names_what_to_do(viewing: Scene) -> None:
    page = viewing.post("account/", {"nickname": "Carlo"})
    assert page.status_code == 403
    assert "You are only looking." in page.content.decode()
    assert f'action="/assistance/{viewing.row.public_id}/act/"' in page.content.decode()
    partly = viewing.post("account/", {"nickname": "Carlo"}, headers=HTMX)
    assert "data-refusal" in partly.content.decode()
    assert fresh(viewing.carl).nickname == ""


# Rule 6: what is never possible.


def helped(person: User, agent: User, mode: AssistMode = AssistMode.ACT) -> Actor:
    """The person in the agent's hands, as the middleware makes the actor."""
    by = Assisting(id=1, public_id=uuid4(), agent_id=agent.pk, agent_label=str(agent), mode=mode)
    return replace(actor(person), assisted_by=by)


def test_rule_06_these_and_no_others_are_assistable() -> None:
    assert {code for code, action in CATALOGUE.items() if action.assistable} == ASSISTABLE
    assert not [code for code in ASSISTABLE if CATALOGUE[code].risk.needs_proof]


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - {"tenant.create"} - ASSISTABLE))
def test_rule_06_no_other_action_is_possible(cast: Cast, code: str) -> None:
    sample = (SAMPLES | OPERATORS)[code](cast)
    before = fingerprint()
    who = next(
        (user for user in User.objects.all() if str(user.pk) == sample.permitted.id and sample.permitted.user_id),
        cast.bob,
    )
    for mode in AssistMode:
        with pytest.raises(Denied) as caught:
            perform(CATALOGUE[code], actor=helped(who, cast.ada, mode), target_id=sample.target_id, data=sample.data)
        assert caught.value.reason == "assist_never"
    assert fingerprint() == before


def test_rule_06_what_is_assistable_is_denied_where_only_looking_was_chosen(viewing: Scene) -> None:
    sample = SAMPLES["user.profile.edit"](viewing.cast)
    by = helped(viewing.cast.cleo, viewing.cast.ada, AssistMode.VIEW)
    with pytest.raises(Denied) as caught:
        perform(CATALOGUE["user.profile.edit"], actor=by, target_id=sample.target_id, data=sample.data)
    assert caught.value.reason == "assist_view_only"


@pytest.mark.parametrize("field", ["first_name", "last_name", "phone", "email", "role", "password", "theme"])
def test_rule_06_no_harmful_field_of_the_profile(acting: Scene, field: str) -> None:
    before: dict[str, Any] = {**User.objects.filter(pk=acting.carl.pk).values().get()}
    value = {"phone": "+4915112345678", "theme": "dark"}.get(field, "x@evil.example")
    acting.post("account/", {"nickname": "", "time_zone": "", "language": "en", field: value})
    after: dict[str, Any] = {**User.objects.filter(pk=acting.carl.pk).values().get()}
    assert {key for key in before if before[key] != after[key]} <= {"language"}


@pytest.mark.parametrize("page", ["account/messages/", "account/messages/count/", "account/security/"])
def test_rule_06_messages_are_not_read_and_ways_in_are_not_seen(acting: Scene, page: str) -> None:
    assert acting.customer.get(f"/{page}").status_code == 200
    assert acting.get(page).status_code == 403


def test_rule_06_not_one_message_of_theirs_is_read_or_touched(acting: Scene) -> None:
    message = sent(acting.cast, acting.carl, subject="Between us")
    key = Item.objects.get(message=message).pk
    with staging():
        about = {"name": "a.png", "media_type": "image/png", "size": 3, "file": uuid4()}
        file = Attachment.objects.create(tenant_id=message.tenant_id, message=message, **about)
    paths = [f"account/messages/{key}/", f"messages/files/{file.pk}/"]
    answers = [acting.get(path) for path in paths]
    answers += [acting.post(f"account/messages/{key}/{act}/", {"text": "Yes"}) for act in ("reply", "archive")]
    assert {answer.status_code for answer in answers} == {403}
    for page in ("", "account/", "account/action-log/"):
        assert "Between us" not in acting.get(page).content.decode()
    item = Item.objects.get(pk=key)
    assert (item.read_at, item.archived_at, item.message.replies.count()) == (None, None, 0)


def test_rule_06_no_password_is_tried_in_the_customers_name(acting: Scene) -> None:
    """Not even in act mode, where a form may carry one along."""
    said = {"nickname": "Carlo", "time_zone": "", "language": "en"}
    right = acting.post("account/", {**said, "own_password": PASSWORD})
    wrong = acting.post("account/", {**said, "own_password": "not the password"})
    assert right.status_code == wrong.status_code
    assert not Entry.objects.filter(reason__startswith="proof").exists()
    # Nor is it counted as a guess: ten would keep the customer from signing in on a new browser.
    for _ in range(11):
        acting.post("account/", {**said, "own_password": "not the password"})
    signing_in = {"login": acting.row.user.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), signing_in).status_code == 302


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


# Rule 11: nobody can overlook it.


def test_rule_11_the_bar_is_on_every_page_and_cannot_be_closed(viewing: Scene) -> None:
    for name, path in addresses(viewing.carl).items():
        if name in PARTS_TO_SEE:
            continue
        answer = viewing.get(path)
        if answer.status_code == 405:
            continue  # No page: nobody gets there by looking.
        body = answer.content.decode()
        assert body.count('class="ff-assistbar"') == 1, name
        bar = body[body.index('class="ff-assistbar"') : body.index("</aside>")]
        for said in ("Carl Customer", "North", "View only", "data-countdown", "Stop", "LH-88213", "Ada Lindqvist"):
            assert said in bar, (name, said)
        assert "data-close" not in bar
        assert "dismiss" not in bar
    assert 'class="ff-assistbar"' in viewing.get("no-such-page/").content.decode()


def test_rule_11_every_answer_says_so_to_programs(viewing: Scene) -> None:
    for path in ("", "account/", "account/messages/", "no-such-page/", "assistance/left/"):
        answer = viewing.get(path)
        assert answer["X-Fleetfolk-Assistance"] == f"{viewing.row.public_id}; mode=view"
        assert answer["Cache-Control"] == "no-store"
    assert "X-Fleetfolk-Assistance" not in viewing.agent.get("/users/")


def test_rule_11_the_customer_sees_who_is_in_and_can_stop_it(viewing: Scene) -> None:
    for path in ("/", "/account/", "/account/support/", "/account/messages/"):
        page = viewing.customer.get(path).content.decode()
        assert "Ada Lindqvist of Lumen Home is looking at your account." in page, path
        assert 'action="/account/support/stop/"' in page
    viewing.customer.post("/account/support/stop/")
    assert "is looking at your account" not in viewing.customer.get("/").content.decode()
    assert viewing.get().status_code == 302


def test_rule_11_the_customers_open_page_learns_of_it(viewing: Scene, signed_in: SignedIn) -> None:
    told = viewing.customer.get("/account/support/notice/?seen=0..1")
    assert "Ada Lindqvist" in told.content.decode()
    key = told.content.decode().split("?seen=")[1].split('"')[0]
    assert viewing.customer.get(f"/account/support/notice/?seen={key}").status_code == 204


# Rule 12: everything is written down, under both names, and both can read it.


def test_rule_12_every_request_is_a_visit_under_both_names(viewing: Scene) -> None:
    wanted = [("GET", "", 200), ("GET", "account/", 200), ("POST", "account/", 403), ("GET", "no-such-page/", 404)]
    for method, path, status in wanted:
        assert getattr(viewing, method.lower())(path).status_code == status
    visits = list(Visit.objects.filter(assistance=viewing.row).order_by("pk"))
    assert [(visit.method, visit.path[1:], visit.status) for visit in visits] == wanted
    for visit in visits:
        assert (visit.agent_label, visit.user_label) == ("Ada Lindqvist", "Carl Customer")
        assert (visit.agent_id, visit.user_id) == (viewing.cast.ada.pk, viewing.carl.pk)
        assert visit.request_id


def test_rule_12_what_was_typed_into_an_address_is_not_kept(viewing: Scene) -> None:
    viewing.get("account/?q=a-secret-word")
    assert "a-secret-word" not in Visit.objects.get().path


def test_rule_12_what_cannot_be_written_down_is_not_shown(viewing: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("/* staged */ ALTER TABLE assistance_visit ADD CONSTRAINT never CHECK (false) NOT VALID")
    viewing.agent.raise_request_exception = False
    with transaction.atomic():
        assert viewing.get().status_code == 500
        transaction.set_rollback(True)


def test_rule_12_an_entry_says_both_names(acting: Scene) -> None:
    acting.post("account/", {"nickname": "Carlo", "time_zone": "", "language": "en"})
    entry = Entry.objects.filter(code="user.profile.edit").latest("at", "id")
    assert (entry.actor_id, entry.actor_label) == (str(acting.cast.ada.pk), "Ada Lindqvist")
    assert (entry.acting_for, entry.acting_for_id) == ("Carl Customer", acting.carl.pk)
    assert entry.assistance_id == acting.row.pk
    assert entry.target_id == acting.carl.pk


def test_rule_12_customer_agent_and_overseer_read_it_and_nobody_else(viewing: Scene, signed_in: SignedIn) -> None:
    viewing.get("account/")
    record, own = f"/assistance/{viewing.row.public_id}/", f"/account/support/{viewing.row.public_id}/"
    assert "Looked at Profile" in viewing.agent.get(record).content.decode()
    assert "Looked at Profile" in signed_in(viewing.cast.finn).get(record).content.decode()  # oversees North
    assert "Looked at Profile" in viewing.customer.get(own).content.decode()
    for who in ("sam", "bea", "bob", "eve", "dana", "cleo"):
        browser = signed_in(getattr(viewing.cast, who))
        assert browser.get(record).status_code == 404, who
        assert browser.get(own).status_code == 404, who
    assert viewing.customer.get(record).status_code == 404


def test_rule_12_who_oversees_needs_the_right_to(viewing: Scene, signed_in: SignedIn) -> None:
    without(viewing.cast.role("admin"), APPROVE.code)
    record = f"/assistance/{viewing.row.public_id}/"
    assert signed_in(viewing.cast.finn).get(record).status_code == 404
    assert viewing.agent.get(record).status_code == 200  # One's own.
    assert signed_in(viewing.cast.finn).post(f"{record}cancel/").status_code == 404


def test_rule_12_an_overseer_can_end_it(viewing: Scene, signed_in: SignedIn) -> None:
    signed_in(viewing.cast.finn).post(f"/assistance/{viewing.row.public_id}/cancel/")
    assert viewing.now().end_cause == EndCause.CANCELLED
    assert viewing.get().status_code == 302


def test_rule_12_the_customer_gets_a_summary_at_the_end(acting: Scene, mailoutbox: list[Any]) -> None:
    acting.get("account/")
    acting.post("account/", {"nickname": "Carlo", "time_zone": "", "language": "en"})
    acting.agent.post(f"/assistance/{acting.row.public_id}/end/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'assistance.send_summary'")
        assert cursor.fetchone() == (1,)
    send_summary(assistance_id=acting.row.pk)
    (mail,) = [mail for mail in mailoutbox if "What Ada Lindqvist did" in mail.subject]
    assert mail.to == [acting.carl.email]
    assert "Profile" in mail.body
    assert str(CATALOGUE["user.profile.edit"].label) in mail.body
    assert acting.row.reason in mail.body


# Rule 13: Stop always works.


def test_rule_13_stop_works_after_everything_has_been_taken_away(viewing: Scene) -> None:
    without(viewing.cast.role("admin"), VIEW_AS.code, ACT_AS.code, APPROVE.code)
    rule(viewing.cast, AssistanceRule.OFF)
    change(viewing.carl, disabled_at=clock.now())
    assert viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/").status_code == 302
    assert viewing.now().ended_at is not None


def test_rule_13_stop_works_twice_and_after_the_end(viewing: Scene) -> None:
    with clock.at(viewing.row.started_at + minutes(45)):
        for _again in range(2):
            answer = viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/", follow=True)
            assert answer.status_code == 200
    assert viewing.now().ended_at is not None


def test_rule_13_stop_works_where_a_second_factor_is_asked_for(viewing: Scene) -> None:
    with staging():
        type(viewing.cast.lumen).objects.filter(pk=viewing.cast.lumen.pk).update(second_factor_rule=True)
    assert viewing.get().status_code == 200  # The customer's missing factor traps nobody.
    assert viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/").status_code == 302
    assert viewing.now().end_cause == EndCause.AGENT


def test_rule_13_stop_takes_the_cookie_away(viewing: Scene) -> None:
    answer = viewing.agent.post(f"/assistance/{viewing.row.public_id}/end/")
    assert answer.cookies[COOKIE]["max-age"] == 0
    assert answer.cookies[COOKIE]["path"] == viewing.address


@pytest.mark.parametrize("who", ["abe", "finn", "carl", "eve"])
def test_rule_13_only_who_began_it_stops_it_there(viewing: Scene, signed_in: SignedIn, who: str) -> None:
    person = viewing.carl if who == "carl" else getattr(viewing.cast, who)
    assert signed_in(person).post(f"/assistance/{viewing.row.public_id}/end/").status_code == 404
    assert viewing.now().ended_at is None


# Attack 45: two requests at once do not mix.


def test_an_address_made_elsewhere_meanwhile_is_no_address_of_the_assistance(viewing: Scene) -> None:
    assert get_script_prefix() == "/"
    viewing.get()
    viewing.get("no-such-page/")
    assert get_script_prefix() == "/"
    seen: list[str] = []
    inside, outside = threading.Event(), threading.Event()

    def elsewhere() -> None:
        inside.wait(5)
        seen.append(reverse("users:list"))
        outside.set()

    other = threading.Thread(target=elsewhere)
    other.start()
    request = viewing.agent.get("/users/").wsgi_request
    with within(request, Admitted(row=viewing.row, customer=viewing.carl), "/"):
        assert reverse("users:list") == f"{viewing.address}users/"
        inside.set()
        assert outside.wait(5)
    other.join()
    assert seen == ["/users/"]
    assert reverse("users:list") == "/users/"


def test_an_assisted_person_gains_nothing_by_the_agent(viewing: Scene) -> None:
    """The intersection: what the agent may and the customer may not stays impossible."""
    by = helped(viewing.carl, viewing.cast.ada)
    data = AssignRoleInput(role_id=viewing.cast.role("staff").pk)
    with pytest.raises(ActionError):
        perform(AssignRole, actor=by, target_id=viewing.cast.bob.pk, data=data)


def test_scene_can_be_set_with_a_request(cast: Cast, signed_in: SignedIn) -> None:
    assert scene(cast, signed_in).row.basis == "consent"
