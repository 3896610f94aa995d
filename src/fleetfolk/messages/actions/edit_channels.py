"""Say by which ways one wants messages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.models import Choice
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class EditChannelsInput:
    """Which ways are wanted; None leaves one as it is."""

    email: bool | None = None
    push: bool | None = None


class EditChannels(Action[User, EditChannelsInput]):
    """Messages come by the ways that the person wants, what waits already included; the inbox has them all."""

    code = "user.channels.edit"
    label = _("Choose ways of messages")
    said = _("chose by which ways they get messages")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EditChannelsInput

    def apply(self, *, actor: Actor, target: User, data: EditChannelsInput) -> Outcome[User]:
        """Saves what differs."""
        choice = Choice.objects.filter(user=target).first() or Choice(tenant_id=target.tenant_id, user=target)
        changes = []
        for name, wanted in (("email", data.email), ("push", data.push)):
            before = getattr(choice, name)
            if wanted is not None and wanted != before:
                changes.append(Change(name, before, wanted))
                setattr(choice, name, wanted)
        if changes:
            choice.save()
        return Outcome(target=target, changes=changes)
