"""Erase the records of old assistances."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.models import Assistance, Consent, Request
from fleetfolk.assistance.permissions import APPROVE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseRecordsInput:
    """What was over before this moment goes."""

    before: dt.datetime


class EraseRecords(Action[User, EraseRecordsInput]):
    """Of the customer's old assistances nothing is left, nor of what was asked and allowed; the action log stays."""

    code = "assistance.records.erase"
    label = _("Erase old records of remote assistance")
    said = _("erased the old records of remote assistance of %(target)s")
    permission = APPROVE
    target_model = "users.User"
    input_type = EraseRecordsInput

    def check(self, *, actor: Actor, target: User, data: EraseRecordsInput) -> None:
        """Denies everybody but the installation; refuses what is not over."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("assist_records_stay")
        if data.before >= clock.now():
            raise Refused("assist_records_stay")

    def apply(self, *, actor: Actor, target: User, data: EraseRecordsInput) -> Outcome[User]:
        """Deletes the rows; the pages that were opened go with the assistance they belong to."""
        sessions = Assistance.objects.filter(user=target, ended_at__lt=data.before)
        count = sessions.count()
        sessions.delete()
        Request.objects.filter(user=target, asked_at__lt=data.before).delete()
        over = Q(until__lt=data.before) | Q(revoked_at__lt=data.before)
        Consent.objects.filter(over, user=target).delete()
        return Outcome(target=target, facts={"sessions": count})
