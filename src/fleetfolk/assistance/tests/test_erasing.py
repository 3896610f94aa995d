"""Erasing somebody with a history of remote assistance: a request, a session with its pages, what was done in it."""

import datetime as dt

import pytest
from django.db import connection

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.models import Assistance, Consent, Request, Visit
from fleetfolk.assistance.tests.scenes import Scene, change, scene
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import asked
from fleetfolk.users import tasks
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.erasing import pseudonym_of
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.models_privacy import Erasure
from fleetfolk.users.tests.test_erase import found

TYPED = "Carlo the Cold"


@pytest.fixture
def helped(cast: Cast, signed_in: SignedIn) -> Scene:
    """Ada asked Carl twice, was let in once, looked, changed his nickname and went."""
    eight_days_ago = clock.now() - RESTORABLE_FOR - dt.timedelta(days=1)
    with clock.at(eight_days_ago - dt.timedelta(days=3)):
        carl, request = asked(cast)
        answer = AnswerRequestInput(request_id=request.pk)
        perform(CancelRequest, actor=actor(carl), target_id=carl.pk, data=answer)
    with clock.at(eight_days_ago - dt.timedelta(days=2)):
        carl, request = asked(cast)
        answer = AnswerRequestInput(request_id=request.pk)
        perform(AcceptRequest, actor=actor(carl), target_id=carl.pk, data=answer)
    with clock.at(eight_days_ago - dt.timedelta(days=1)):
        one = scene(cast, signed_in, mode=AssistMode.ACT)
        assert one.get("account/").status_code == 200
        assert one.post("account/", {"nickname": TYPED, "time_zone": "", "language": "en"}).status_code == 302
        assert one.agent.post(f"/assistance/{one.row.public_id}/end/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # The queue forgets within a week what it has done.
    return one


def erase(cast: Cast, person: User) -> Erasure:
    """Abe deleted the person eight days ago, and the caretaker has erased them."""
    with clock.at(clock.now() - RESTORABLE_FOR - dt.timedelta(hours=1)):
        perform(DeleteUser, actor=actor(cast.abe), target_id=person.pk, data=DeleteUserInput(reason="left"))
    tasks.erase_deleted(timestamp=0)
    assert not User.objects.filter(pk=person.pk).exists()
    return Erasure.objects.get()


def test_of_an_erased_customer_no_assistance_is_left(cast: Cast, helped: Scene) -> None:
    said = ("Carl Customer", helped.carl.email, TYPED, helped.row.reason, helped.row.ticket)
    assert {table for table, _word in found(said)} >= {
        *("assistance_request", "assistance_assistance", "assistance_visit", "actionlog_entry", "users_user"),
    }
    erasure = erase(cast, helped.carl)
    assert not found(said)
    for model in (Request, Assistance, Visit, Consent):
        assert not model.objects.exists()
    assert erasure.counts["assistance.Request"] == 2
    assert erasure.counts["assistance.Assistance"] == 1
    # What the assistant did is in the log, in the name of nobody.
    entry = Entry.objects.get(code="user.profile.edit", assistance_id=helped.row.pk)
    assert (entry.actor_label, entry.acting_for) == ("Ada Lindqvist", pseudonym_of(helped.carl.pk))


def test_of_an_erased_assistant_the_customer_keeps_what_was_done(cast: Cast, helped: Scene) -> None:
    said = ("Ada Lindqvist", cast.ada.email)
    tables = {table for table, _word in found(said)}
    assert tables >= {"assistance_request", "assistance_assistance", "assistance_visit", "actionlog_entry"}
    erase(cast, cast.ada)
    assert not found(said)
    pseudonym, carl = pseudonym_of(cast.ada.pk), helped.carl
    row = Assistance.objects.get(user=carl)
    assert (row.agent_id, row.agent_label, row.reason) == (None, pseudonym, helped.row.reason)
    asked_by = Request.objects.filter(user=carl)
    assert set(asked_by.values_list("agent_label", flat=True)) == {pseudonym}
    assert not asked_by.exclude(agent=None).exists()
    assert set(row.visits.values_list("agent_label", "user_label")) == {(pseudonym, "Carl Customer")}
    page = helped.customer.get(f"/account/support/{row.public_id}/").content.decode()
    assert pseudonym in page
    assert helped.row.reason in page
    said_yes = Entry.objects.get(code="assistance.request.accept", target_id=carl.pk)
    assert said_yes.facts["assistant"] == pseudonym


def test_a_name_that_somebody_else_bears_stays_theirs(cast: Cast, helped: Scene) -> None:
    change(cast.cleo, first_name="Ada", last_name="Lindqvist")
    erase(cast, cast.ada)
    said_yes = Entry.objects.get(code="assistance.request.accept", target_id=helped.carl.pk)
    assert said_yes.facts["assistant"] == "Ada Lindqvist"
    assert not found((cast.ada.email,))
