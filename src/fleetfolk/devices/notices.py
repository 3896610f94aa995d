"""Whom an event of a device concerns, and who of them wants a mail about it. Asked when a mail is sent, not before."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_switches import HeldAt, HoldsAny
from fleetfolk.devices.models import Device, DeviceState, EventKind, Level, Quiet, Share
from fleetfolk.devices.permissions import VIEW_TIMELINE
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import User

STAFF_TOLD: Final = 20
"""So many of the staff are written to about one event, at most."""
LEVELS: Final = (Level.CRITICAL, Level.WARNING, Level.INFO, Level.CONTENT)
_SIGNER: Final = Signer(salt="fleetfolk.devices.mail_off", sep=".")


def concerned(device: Device, notify: Iterable[str]) -> set[int]:
    """The keys of those who are to be told: its owner, whom it is shared with, and the staff nearest to it.

    Staff are the people of the nearest organization upwards from the device in which somebody may see the timelines of
    all devices.
    """
    said = set(notify)
    people: set[int] = set()
    if "owner" in said and device.owner_id is not None:
        people.add(device.owner_id)
    if "shared" in said:
        shares = Share.objects.filter(device=device).exclude(ends_at__lte=clock.now())
        people.update(shares.values_list("user_id", flat=True))
    if "staff" in said:
        people.update(_staff(device))
    return people


def _staff(device: Device) -> list[int]:
    able = User.objects.filter(
        HoldsAny(HeldAt(F("role_id"), F("path")), [VIEW_TIMELINE.code]),
        tenant_id=device.tenant_id,
        organization__in=upwards(device.organization),
        is_active=True,
    )
    nearest = able.order_by(-Length("organization__path")).values_list("organization_id", flat=True).first() or 0
    return list(able.filter(organization_id=nearest).order_by("pk").values_list("pk", flat=True)[:STAFF_TOLD])


def is_told(person: User, device: Device, kind: EventKind) -> bool:
    """Whether the person is told now: they can sign in, the device works, it concerns them, they may see its timeline
    and have not asked for quiet."""
    if not person.is_active or device.state != DeviceState.ACTIVE or person.pk not in concerned(device, kind.notify):
        return False
    if quiet_for(person.pk, device.pk, kind.level):
        return False
    return GATE.decide(person.as_actor(Client.OTHER), VIEW_TIMELINE, device).allowed


def quiet_for(user_id: int, device_id: int, level: str) -> bool:
    """Whether the person wants no mail of this level from the device."""
    return _quiets(user_id).filter(Q(device_id=device_id) | Q(device=None), levels__contains=[level]).exists()


def quiets_of(person: User) -> Mapping[int | None, frozenset[str]]:
    """The levels of which the person wants no mails, by device; None stands for all devices."""
    return {quiet.device_id: frozenset(quiet.levels) for quiet in _quiets(person.pk)}


def _quiets(user_id: int) -> QuerySet[Quiet]:
    return Quiet.objects.filter(user_id=user_id)


def mail_off_token(user_id: int, device_id: int) -> str:
    """What stands in a mail's link by which the person gets no more of them, good as long as both are there."""
    return _SIGNER.sign(f"{user_id}-{device_id}")


def read_mail_off(token: str) -> tuple[int, int] | None:
    """The keys of person and device; None for what we did not sign."""
    try:
        user_id, _, device_id = _SIGNER.unsign(token).partition("-")
    except BadSignature:
        return None
    return int(user_id), int(device_id)
