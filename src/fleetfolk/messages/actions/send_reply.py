"""Answer a message."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.actions.own_item import own_item
from fleetfolk.messages.models import REPLY_LENGTH, MessageKind, Reply
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT

A_DAY: Final = 50
"""So many answers one person sends in a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SendReplyInput:
    """Which message, and the answer as plain text."""

    item_id: int
    text: str


class SendReply(Action[User, SendReplyInput]):
    """Whoever sees the message in the console sees the answer."""

    code = "user.reply.send"
    label = _("Answer message")
    said = _("answered a message")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = SendReplyInput

    def check(self, *, actor: Actor, target: User, data: SendReplyInput) -> None:
        """Refuses an empty or overlong answer, one to what came by mail from outside, and too many of them."""
        item = own_item(target, data.item_id)
        if item.message.kind == MessageKind.PUSHMAIL:
            raise Refused("reply_to_mail")
        text = data.text.strip()
        if not text or len(data.text) > REPLY_LENGTH or "\x00" in text:
            raise Refused("reply_length", most=REPLY_LENGTH)
        since = clock.now() - dt.timedelta(days=1)
        if Reply.objects.filter(user=target, at__gt=since).count() >= A_DAY:
            raise Refused("reply_many")

    def apply(self, *, actor: Actor, target: User, data: SendReplyInput) -> Outcome[User]:
        """Writes the row."""
        item = own_item(target, data.item_id)
        Reply.objects.create(
            tenant_id=target.tenant_id,
            message_id=item.message_id,
            user=target,
            text=data.text.strip(),
            at=clock.now(),
        )
        return Outcome(target=target, facts={"message": item.message_id})
