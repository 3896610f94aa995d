"""In which browsers a person gets pushes: where they asked for them, and only while they are signed in there."""

from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_push import MOST, CreatePush
from fleetfolk.messages.actions.delete_push import DeletePush, DeletePushInput
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import open_pushes_of, pushes_of
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_push import asked, open_session, subscribed
from fleetfolk.users.actions.cancel_sessions import CancelSessions
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_session import RevokeSession, SessionInput
from fleetfolk.users.models import User


def turn_on(person: User, **said: str) -> PushSubscription:
    perform(CreatePush, actor=actor(person), target_id=person.pk, data=replace(asked(person), **said))
    return PushSubscription.objects.latest("pk")


def test_bob_gets_pushes_where_he_turned_them_on(cast: Cast) -> None:
    made = turn_on(cast.bob)
    assert list(open_pushes_of(cast.bob)) == [made]
    assert made.browser == "Chrome · Android"
    entry = Entry.objects.get(code="user.push.create", result="done")
    assert (entry.actor_id, entry.target_id) == (str(cast.bob.pk), cast.bob.pk)
    assert entry.facts == {"browser": "Chrome · Android"}


def test_neither_the_address_nor_the_keys_are_in_the_log_or_in_what_is_said(cast: Cast) -> None:
    made = turn_on(cast.bob)
    said = str([entry.__dict__ for entry in Entry.objects.all()]) + str(made) + repr(made)
    for secret in (made.endpoint, made.endpoint.rpartition("/")[2], made.p256dh, made.auth):
        assert secret not in said


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"endpoint": "https://127.0.0.1/push"}, "push_address"),
        ({"endpoint": "http://fcm.googleapis.com/push"}, "push_address"),
        ({"endpoint": "https://evil.example/push"}, "push_address"),
        ({"endpoint": "https://localhost:5432/push"}, "push_address"),
        ({"p256dh": "AAAA"}, "push_keys"),
        ({"auth": "AAAA"}, "push_keys"),
        ({"server_key": "AAAA"}, "push_key_old"),
        ({"session_key": "somewhere-else"}, "push_signed_out"),
    ],
)
def test_what_no_browser_of_bob_says_is_refused(cast: Cast, said: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        turn_on(cast.bob, **said)
    assert refusal.value.reason == reason
    assert not PushSubscription.objects.exists()


def test_the_session_of_somebody_else_and_the_key_of_another_tenant_are_none(cast: Cast) -> None:
    with staging():
        of_cleo = open_session(cast.cleo)
    with pytest.raises(Refused):
        turn_on(cast.bob, session_key=of_cleo)
    with pytest.raises(Refused):
        turn_on(cast.bob, server_key=key_of(cast.eve.tenant_id).public)


def test_a_browser_that_changes_hands_gets_the_pushes_of_whoever_has_it_now(cast: Cast) -> None:
    before = turn_on(cast.bob)
    after = turn_on(cast.cleo, endpoint=before.endpoint)
    assert list(PushSubscription.objects.all()) == [after]
    assert after.user_id == cast.cleo.pk


def test_one_browser_is_there_once(cast: Cast) -> None:
    first = turn_on(cast.bob)
    again = turn_on(cast.bob, endpoint=first.endpoint)
    renewed = turn_on(cast.bob, session_key=again.session_key)
    assert list(pushes_of(cast.bob)) == [renewed]


def test_there_is_an_end_to_browsers(cast: Cast) -> None:
    for _each in range(MOST):
        subscribed(cast.bob)
    with pytest.raises(Refused) as refusal:
        turn_on(cast.bob)
    assert refusal.value.reason == "pushes_many"


def test_who_is_signed_out_there_gets_nothing_there(cast: Cast) -> None:
    pushes = [turn_on(cast.bob) for _each in range(4)]
    assert set(open_pushes_of(cast.bob)) == set(pushes)
    session = UserSession.objects.get(session_key=pushes[0].session_key)
    perform(RevokeSession, actor=actor(cast.finn), target_id=cast.bob.pk, data=SessionInput(session_id=session.pk))
    Session.objects.filter(session_key=pushes[1].session_key).delete()  # signed out
    Session.objects.filter(session_key=pushes[2].session_key).update(expire_date="2001-01-01T00:00Z")
    assert list(open_pushes_of(cast.bob)) == [pushes[3]]
    perform(CancelSessions, actor=actor(cast.bob), target_id=cast.bob.pk, data=NoInput())
    assert not open_pushes_of(cast.bob).exists()
    assert pushes_of(cast.bob).count() == 4


def test_bob_turns_them_off(cast: Cast) -> None:
    made, kept = turn_on(cast.bob), turn_on(cast.bob)
    perform(DeletePush, actor=actor(cast.bob), target_id=cast.bob.pk, data=DeletePushInput(push_id=made.pk))
    assert list(pushes_of(cast.bob)) == [kept]
    entry = Entry.objects.get(code="user.push.delete", result="done")
    assert entry.facts == {"browser": "Chrome · Android", "cause": "asked"}


def test_nobody_turns_off_the_pushes_of_somebody_else(cast: Cast) -> None:
    made = subscribed(cast.bob)
    for person, target, wrong in (
        (cast.ada, cast.bob, Denied),
        (cast.eve, cast.bob, TargetNotFound),
        (cast.cleo, cast.cleo, Refused),
    ):
        with pytest.raises(wrong):
            perform(DeletePush, actor=actor(person), target_id=target.pk, data=DeletePushInput(push_id=made.pk))
    assert pushes_of(cast.bob).exists()
