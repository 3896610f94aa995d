"""Say of what one wants no mails."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, EventMail, Level, Quiet
from fleetfolk.devices.notices import LEVELS, quiets_of
from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class EditNoticesInput:
    """The levels of events of which no mail is wanted, by device; None stands for all. What is not named stays."""

    quiet: Mapping[int | None, frozenset[str]]


class EditNotices(Action[User, EditNoticesInput]):
    """The person gets mails of events as they said, from the next one on, those that wait already included."""

    code = "user.notices.edit"
    label = _("Choose notifications")
    said = _("chose their notifications")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EditNoticesInput

    def check(self, *, actor: Actor, target: User, data: EditNoticesInput) -> None:
        """Refuses a level that there is none of, and a device that the person neither sees nor was written to about."""
        if any(not levels <= set(Level.values) for levels in data.quiet.values()):
            raise Refused("notice_level")
        wanted = {key for key in data.quiet if key is not None}
        seen = set(devices_in(actor).filter(pk__in=wanted).values_list("pk", flat=True))
        told = EventMail.objects.filter(user=target, device__in=wanted - seen).values_list("device_id", flat=True)
        if wanted - seen - set(told):
            raise Refused("notice_device")

    def apply(self, *, actor: Actor, target: User, data: EditNoticesInput) -> Outcome[User]:
        """Saves what differs."""
        before = quiets_of(target)
        names = dict(Device.objects.filter(pk__in=[key for key in data.quiet if key]).values_list("pk", "name"))
        changes = []
        for key, levels in data.quiet.items():
            was = before.get(key, frozenset())
            if was == levels:
                continue
            changes.append(Change(names[key] if key else "all devices", _words(was), _words(levels)))
            mine = Quiet.objects.filter(user=target, device=key)
            if not levels:
                mine.delete()
            elif not mine.update(levels=sorted(levels)):
                Quiet.objects.create(tenant_id=target.tenant_id, user=target, device_id=key, levels=sorted(levels))
        return Outcome(target=target, changes=changes)


def _words(quiet: frozenset[str]) -> str:
    """The levels of which there are mails, as a person reads it."""
    return ", ".join(level.value for level in LEVELS if level not in quiet) or "none"
