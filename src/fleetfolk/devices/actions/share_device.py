"""Share a device with somebody by their address."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.models import Device, Share, ShareLevel
from fleetfolk.devices.permissions import ORG_DEVICES_SHARE
from fleetfolk.devices.sharing import (
    knows_owner,
    live_shares,
    no_longer_than,
    require_invitable,
    require_level,
    share_behind,
)
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.invite_user import InviteUserInput, invite_into, require_seat
from fleetfolk.users.actions.send_invitation import renew_invitation
from fleetfolk.users.actions.taken_address import require_domain
from fleetfolk.users.mail import notify, spoken
from fleetfolk.users.models import State, User
from fleetfolk.users.suppression import is_suppressed

MOST_SHARES = 50
"""So many people one device is shared with at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareDeviceInput:
    """With whom, how far, and until when; ``email`` is a checked, lower-case address."""

    email: str
    level: str
    ends_at: dt.datetime | None = None


class ShareDevice(Action[Device, ShareDeviceInput]):
    """The device is shared: at once with who has an account in the tenant, else with somebody who is invited for it.

    Whoever shares sees no difference between the two; only the mails differ.
    """

    code = "device.share"
    label = _("Share device")
    said = _("shared %(target)s")
    permission = ORG_DEVICES_SHARE
    target_model = "devices.Device"
    input_type = ShareDeviceInput
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: Device, data: ShareDeviceInput) -> None:
        """Refuses a deleted device, an end in the past, too far a level, the owner, and one that many share.

        Who may not know the owner's address does not learn it: one that is not to be added again is refused alike.
        """
        require_there(target)
        require_end(data.ends_at)
        require_level(actor, target, data.level)
        require_invitable(actor, target)
        if target.owner is not None and target.owner.email == data.email:
            raise Refused("share_owner" if knows_owner(actor, target) else "share_address")
        if len(live_shares(target)) >= MOST_SHARES:
            raise Refused("share_many", most=MOST_SHARES)

    def apply(self, *, actor: Actor, target: Device, data: ShareDeviceInput) -> Outcome[Device]:
        """Finds or invites the person, and shares. A share of theirs that ended gives way.

        What is given on by a share ends with that one at the latest.
        """
        person = account_or_invited(actor, target, data.email)
        if live_shares(target).filter(user=person).exists():
            raise Refused("share_already")
        through = share_behind(actor, target)
        ends_at = no_longer_than(data.ends_at, through)
        Share.objects.update_or_create(
            device=target,
            user=person,
            defaults={
                "tenant_id": target.tenant_id,
                "address": data.email,
                "level": data.level,
                "ends_at": ends_at,
                "through": through,
                "created_by_id": actor.user_id or 0,
                "created_by_label": actor.label,
                "created_at": clock.now(),
            },
        )
        if person.is_active:
            tell(person, target, data.level, ends_at, by=actor)
        until = ends_at.isoformat() if ends_at else ""
        return Outcome(target=target, facts={"email": data.email, "level": data.level, "until": until})


def require_end(ends_at: dt.datetime | None) -> None:
    """Refuses an end that is over already."""
    if ends_at is not None and ends_at <= clock.now():
        raise Refused("share_ended")


def tell(person: User, device: Device, level: str, ends_at: dt.datetime | None, *, by: Actor) -> None:
    """The person has a mail that says what they may do with the device, and until when."""
    words = {ShareLevel.VIEW: _("see"), ShareLevel.CONTROL: _("see and control"), ShareLevel.MANAGE: _("manage")}
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    with spoken(person.language):
        form = pgettext("moment in a mail", "j F Y H:i")
        ends = "" if ends_at is None else date_format(localtime(ends_at, zone), form)
        notify(person, "device_shared", device=device.name, by=by.label, level=str(words[ShareLevel(level)]), ends=ends)


def account_or_invited(actor: Actor, device: Device, email: str) -> User:
    """Whoever has an account with this address in the tenant, else somebody who is invited to the device's place."""
    return _account(device, email) or _invited(actor, device, email)


def _account(device: Device, email: str) -> User | None:
    return User.objects.filter(tenant_id=device.tenant_id, email=email, is_active=True).first()


def _invited(actor: Actor, device: Device, email: str) -> User:
    """Somebody of the device's organization with this address, who is invited into it where they are not there yet."""
    organization = device.organization
    present = User.objects.filter(tenant_id=device.tenant_id, organization=organization, email=email).first()
    if present is not None:
        invitation = getattr(present, "invitation", None)
        if present.state == State.PENDING and (invitation is None or not invitation.is_open):
            renew_invitation(present, actor)
        return present
    if is_suppressed(organization.tenant_id, email):
        raise Refused("share_address")
    require_domain(email, organization)
    name = email.partition("@")[0][:60]
    role = require_invitable(actor, device)
    require_seat(organization.tenant_id)
    data = InviteUserInput(first_name=name, last_name="", email=email, role_id=role.pk)
    return invite_into(organization, data, by=actor)
