"""Get pushes in a browser."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import hash_of, pushes_of
from fleetfolk.messages.webpush.encryption import BrowserKeys
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.outbound.endpoints import Unfit, allowed_of, read_endpoint
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import open_sessions_of
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.user_agents import words_of

MOST: Final = 20
"""Browsers of one person that get pushes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatePushInput:
    """What the browser gave, and the session in which it did. ``server_key`` is ours, as the browser was given it.

    ``before`` is the address that it had, where it was given another.
    """

    endpoint: str
    p256dh: str
    auth: str
    server_key: str
    session_key: str
    before: str = ""


class CreatePush(Action[User, CreatePushInput]):
    """The browser gets the person's pushes, and nobody else's, while they are signed in there."""

    code = "user.push.create"
    label = _("Get pushes in a browser")
    said = _("turned on pushes in a browser")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = CreatePushInput

    def check(self, *, actor: Actor, target: User, data: CreatePushInput) -> None:
        """Refuses addresses to which nothing is posted, keys that are none, and more browsers than anybody has."""
        try:
            read_endpoint(data.endpoint, allowed_of(settings.FLEETFOLK_PUSH_HOSTS))
        except Unfit as error:
            raise Refused("push_address") from error
        try:
            BrowserKeys.read(data.p256dh, data.auth)
        except ValueError as error:
            raise Refused("push_keys") from error
        if data.server_key != key_of(target.tenant_id).public:
            raise Refused("push_key_old")
        if not open_sessions_of(target).filter(session_key=data.session_key).exists():
            raise Refused("push_signed_out")
        others = pushes_of(target).exclude(endpoint_hash=hash_of(data.endpoint)).exclude(session_key=data.session_key)
        if others.count() >= MOST:
            raise Refused("pushes_many", most=MOST)

    def apply(self, *, actor: Actor, target: User, data: CreatePushInput) -> Outcome[User]:
        """Takes the place of what was there of this browser, also where that was somebody else's."""
        PushSubscription.objects.filter(endpoint_hash=hash_of(data.endpoint)).delete()
        pushes_of(target).filter(session_key=data.session_key).delete()
        pushes_of(target).filter(endpoint_hash=hash_of(data.before)).delete()
        session = open_sessions_of(target).get(session_key=data.session_key)
        made = PushSubscription.objects.create(
            tenant_id=target.tenant_id,
            user=target,
            session_key=data.session_key,
            endpoint=data.endpoint,
            endpoint_hash=hash_of(data.endpoint),
            p256dh=data.p256dh,
            auth=data.auth,
            server_key=data.server_key,
            browser=words_of(session.user_agent)[:60],
            created_at=clock.now(),
        )
        return Outcome(target=target, facts={"browser": made.browser})
