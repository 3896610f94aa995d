"""Write a message."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Message, MessageKind
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.organizations.models import Organization


class CreateMessage(Action[Organization, MessageInput]):
    """A draft is there, under the organization in and below which its people are."""

    code = "message.create"
    label = _("Write message")
    said = _("wrote %(target)s")
    permission = SEND_MESSAGES
    target_model = "organizations.Organization"
    input_type = MessageInput

    def check(self, *, actor: Actor, target: Organization, data: MessageInput) -> None:
        """Refuses what no message can be."""
        data.check(actor=actor, within=target)

    def apply(self, *, actor: Actor, target: Organization, data: MessageInput) -> Outcome[Organization]:
        """Writes the row."""
        message = Message.objects.create(
            tenant_id=actor.tenant_id,
            organization=target,
            kind=MessageKind.TEST if data.test else MessageKind.PRIVATE,
            created_by_id=actor.user_id or 0,
            created_by_label=actor.label,
            program_id=actor.program_id,
            client=actor.client,
            created_at=clock.now(),
            changed_at=clock.now(),
            **data.values(),
        )
        return Outcome(target=message)  # type: ignore[arg-type]
