"""Nobody can overlook an assistance, everything in it is written down, and Stop always works."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import get_script_prefix, reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.models import EndCause, Visit
from fleetfolk.assistance.permissions import ACT_AS, APPROVE, VIEW_AS
from fleetfolk.assistance.tasks import send_summary
from fleetfolk.assistance.tests.scenes import (
    COOKIE,
    PARTS_TO_SEE,
    Scene,
    addresses,
    change,
    helped,
    minutes,
    scene,
    without,
)
from fleetfolk.assistance.web.admission import Admitted
from fleetfolk.assistance.web.inside import inside as within
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import rule
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput

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
