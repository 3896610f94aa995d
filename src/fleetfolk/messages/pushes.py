"""In which browsers a person gets pushes: where they asked for them and are signed in."""

import datetime as dt
from hashlib import sha256
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from fleetfolk.kernel import clock
from fleetfolk.messages.models import Channel
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.ways import Way, register_way
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import open_sessions_of

_REACHES: Final = """EXISTS (
    SELECT FROM messaging_pushsubscription push
    JOIN usersessions_usersession opened ON opened.session_key = push.session_key AND opened.user_id = push.user_id
    JOIN django_session alive ON alive.session_key = push.session_key AND alive.expire_date > now()
    WHERE push.user_id = u.id
)"""

register_way(Way(channel=Channel.PUSH, reaches=_REACHES, task="messages.carry_pushes"))


def pushes_of(person: User) -> QuerySet[PushSubscription]:
    """Every browser in which the person asked for pushes, the latest first. Most of them know no session any more."""
    return PushSubscription.objects.filter(user=person).order_by("-pk")


def open_pushes_of(person: User) -> QuerySet[PushSubscription]:
    """Those of them in which the person is signed in now: the only ones that get any."""
    sessions = open_sessions_of(person).filter(session_key=OuterRef("session_key")).order_by()
    return pushes_of(person).filter(Exists(sessions))


def idle_pushes(since: dt.datetime) -> QuerySet[PushSubscription]:
    """Browsers that were turned on before then and in which nobody is signed in now."""
    opened = UserSession.objects.filter(user=OuterRef("user"), session_key=OuterRef("session_key"))
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    return PushSubscription.objects.filter(~(Exists(opened) & Exists(alive)), created_at__lt=since).order_by("pk")


def push_at(endpoint: str) -> PushSubscription | None:
    """The browser at this address of a push service, whoever it belongs to."""
    return PushSubscription.objects.filter(endpoint_hash=hash_of(endpoint)).first()


def hash_of(endpoint: str) -> str:
    """What an address is found by."""
    return sha256(endpoint.encode()).hexdigest()
