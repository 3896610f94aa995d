"""What can be done to one device, in one table: the row's menu and the device's page read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import (
    EDIT_DEVICE_TOKENS,
    ORG_DEVICES_DELETE,
    ORG_DEVICES_EDIT,
    TRANSFER_DEVICES,
)
from fleetfolk.devices.sides import may_activate, may_restore
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission

THERE = frozenset({DeviceState.ACTIVE, DeviceState.WAITING, DeviceState.DEACTIVATED})


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAct:
    """One entry: its words and icon, its URL's name, the right that it needs, and the states in which it makes sense.

    ``dialog`` asks something first, ``post`` does it at once. Entries of one ``group`` stand together. ``undoing`` says
    whose it is to undo what was done.
    """

    label: StrPromise
    icon: str
    url: str
    method: Literal["dialog", "post"]
    needs: Permission
    states: frozenset[DeviceState]
    group: int
    bad: bool = False
    undoing: Callable[[Actor, Device, Sequence[Grant]], bool] | None = None


ACTS = (
    DeviceAct(
        label=_("Rename…"),
        icon="pencil",
        url="devices:rename",
        method="dialog",
        needs=ORG_DEVICES_EDIT,
        states=THERE,
        group=1,
    ),
    DeviceAct(
        label=_("Set owner…"),
        icon="user-circle",
        url="activation:owner",
        method="dialog",
        needs=TRANSFER_DEVICES,
        states=THERE,
        group=2,
    ),
    DeviceAct(
        label=_("Transfer…"),
        icon="switch-horizontal",
        url="activation:transfer",
        method="dialog",
        needs=TRANSFER_DEVICES,
        states=THERE,
        group=2,
    ),
    DeviceAct(
        label=_("Replace token…"),
        icon="key",
        url="activation:rotate",
        method="dialog",
        needs=EDIT_DEVICE_TOKENS,
        states=THERE,
        group=2,
    ),
    DeviceAct(
        label=_("Activate"),
        icon="circle-check",
        url="devices:activate",
        method="post",
        needs=ORG_DEVICES_EDIT,
        states=frozenset({DeviceState.WAITING, DeviceState.DEACTIVATED}),
        group=3,
        undoing=may_activate,
    ),
    DeviceAct(
        label=_("Deactivate…"),
        icon="ban",
        url="devices:deactivate",
        method="dialog",
        needs=ORG_DEVICES_EDIT,
        states=frozenset({DeviceState.ACTIVE, DeviceState.WAITING}),
        group=3,
    ),
    DeviceAct(
        label=_("Delete…"),
        icon="trash",
        url="activation:delete",
        method="dialog",
        needs=ORG_DEVICES_DELETE,
        states=THERE,
        group=3,
        bad=True,
    ),
    DeviceAct(
        label=_("Restore"),
        icon="arrow-back-up",
        url="activation:restore",
        method="post",
        needs=ORG_DEVICES_DELETE,
        states=frozenset({DeviceState.DELETED}),
        group=3,
        undoing=may_restore,
    ),
)


def items_for(
    actor: Actor, device: Device, *, opening: bool, grants: Sequence[Grant] | None = None
) -> list[dict[str, object]]:
    """The entries that the gate allows, among what the device's state leaves to do, as menus show them."""
    held = grants_of(actor) if grants is None else grants
    items: list[dict[str, object]] = []
    if opening:
        opened = reverse("devices:detail", args=[device.pk])
        items.append({"label": _("Open"), "icon": device.template.icon, "method": "get", "url": opened, "end": "↵"})
    group = 0
    for act in ACTS:
        if device.state not in act.states or not GATE.decide(actor, act.needs, device, held).allowed:
            continue
        if act.undoing is not None and not act.undoing(actor, device, held):
            continue
        url = reverse(act.url, args=[device.pk])
        if items and act.group != group:
            items.append({"divider": True})
        group = act.group
        items.append({"label": act.label, "icon": act.icon, "method": act.method, "url": url, "bad": act.bad})
    return items
