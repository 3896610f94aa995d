"""Samples of pushes to browsers."""

import datetime as dt
from uuid import uuid4

from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session

from fleetfolk.kernel import clock
from fleetfolk.messages.actions.create_push import CreatePushInput
from fleetfolk.messages.actions.delete_push import DeletePushInput
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import hash_of
from fleetfolk.messages.webpush import base64url
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, own
from fleetfolk.users.models import User

CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"


def open_session(person: User, key: str = "") -> str:
    """The person is signed in somewhere; returns that session's key."""
    key, now = key or uuid4().hex, clock.now()
    Session.objects.create(session_key=key, session_data="", expire_date=now + dt.timedelta(days=14))
    UserSession.objects.create(
        user=person, session_key=key, created_at=now, last_seen_at=now, ip="127.0.0.1", user_agent=CHROME
    )
    return key


def asked(person: User, *, endpoint: str = "", p256dh: str = "", auth: str = "") -> CreatePushInput:
    """What a browser says in which the person turns pushes on. Unless it is given, nobody can read what comes there."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    return CreatePushInput(
        endpoint=endpoint or f"https://fcm.googleapis.com/fcm/send/{uuid4().hex}",
        p256dh=p256dh or base64url.spelled(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        auth=auth or base64url.spelled(uuid4().bytes),
        server_key=key_of(person.tenant_id).public,
        session_key=open_session(person),
    )


def subscribed(person: User) -> PushSubscription:
    """A browser in which the person has pushes on."""
    said = asked(person)
    with staging():
        return PushSubscription.objects.create(
            tenant_id=person.tenant_id,
            user=person,
            session_key=said.session_key,
            endpoint=said.endpoint,
            endpoint_hash=hash_of(said.endpoint),
            p256dh=said.p256dh,
            auth=said.auth,
            server_key=said.server_key,
            browser="Chrome · Android",
        )


def _turned_off(cast: Cast) -> Sample:
    return own(cast, DeletePushInput(push_id=subscribed(cast.cleo).pk))


SAMPLES: Samples = {
    "user.push.create": lambda cast: own(cast, asked(cast.cleo)),
    "user.push.delete": _turned_off,
}
