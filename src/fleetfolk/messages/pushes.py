"""In which browsers a person gets pushes: where they asked for them and are signed in."""

from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet

from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import open_sessions_of


def pushes_of(person: User) -> QuerySet[PushSubscription]:
    """Every browser in which the person asked for pushes, the latest first. Most of them know no session any more."""
    return PushSubscription.objects.filter(user=person).order_by("-pk")


def open_pushes_of(person: User) -> QuerySet[PushSubscription]:
    """Those of them in which the person is signed in now: the only ones that get any."""
    sessions = open_sessions_of(person).filter(session_key=OuterRef("session_key")).order_by()
    return pushes_of(person).filter(Exists(sessions))


def push_at(endpoint: str) -> PushSubscription | None:
    """The browser at this address of a push service, whoever it belongs to."""
    return PushSubscription.objects.filter(endpoint_hash=hash_of(endpoint)).first()


def hash_of(endpoint: str) -> str:
    """What an address is found by."""
    return sha256(endpoint.encode()).hexdigest()
