"""Erase mails as they came, after their time."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.models import IncomingMail, MailState
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseMailsInput:
    """What came in before this moment goes."""

    before: dt.datetime


class EraseMails(Action[Organization, EraseMailsInput]):
    """Nothing is left in the tenant of mails as they came, unless they still wait. Messages made of them stay."""

    code = "pushmail.mails.erase"
    label = _("Erase old Push Mail")
    said = _("erased old Push Mail of %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "organizations.Organization"
    input_type = EraseMailsInput

    def check(self, *, actor: Actor, target: Organization, data: EraseMailsInput) -> None:
        """Denies everybody but the installation; refuses what is not over."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("pushmail_mails_stay")
        if data.before >= clock.now():
            raise Refused("pushmail_mails_stay")

    def apply(self, *, actor: Actor, target: Organization, data: EraseMailsInput) -> Outcome[Organization]:
        """Deletes the rows."""
        over = IncomingMail.objects.filter(tenant_id=target.tenant_id, received_at__lt=data.before)
        count, _each = over.exclude(state=MailState.WAITING).delete()
        return Outcome(target=target, facts={"mails": count})
