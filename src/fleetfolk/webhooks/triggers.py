"""What a webhook can be told of, and what that comes to: codes of Actions, and events of devices."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW, VIEW_TIMELINE
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.permissions import Permission, with_required
from fleetfolk.users.permissions import VIEW_USERS

EVERYTHING: Final = "*"
ANY_OF: Final = ".*"
"""What the code of a whole group of Actions ends in: ``user.*``."""

ONLINE, OFFLINE, EVENT, VALUE = "online", "offline", "event", "value"
VALUES: Final = "devices.value"
"""The trigger that asks for datastreams, too."""

MAY_BE_TOLD: Final[tuple[Permission, ...]] = (VIEW_ACTION_LOG, VIEW_USERS, ORG_DEVICES_VIEW, VIEW_TIMELINE)
"""The rights that a webhook can have: of what it is not told, these are why.

Without the action log it hears of no Action; without the people, no name of a person and nothing about one; without the
devices, nothing of what is about a device but that it happened; without the timeline, nothing that devices report.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Something that many want to hear of, by a word of its own."""

    code: str
    label: StrPromise
    group: StrPromise
    actions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


_PEOPLE, _DEVICES, _ORGANIZATIONS = _("People"), _("Devices"), _("Organizations")

TRIGGERS: Final[dict[str, Trigger]] = {
    one.code: one
    for one in (
        Trigger(code="users.new", label=_("Somebody is invited or added"), group=_PEOPLE,
                actions=("user.invite", "user.import")),
        Trigger(code="users.joined", label=_("Somebody accepts an invitation"), group=_PEOPLE,
                actions=("user.invitation.accept", "guest.accept")),
        Trigger(code="users.changed", label=_("Somebody’s account changes"), group=_PEOPLE,
                actions=("user.edit", "user.profile.edit", "user.role.assign", "user.email.edit", "user.email.accept",
                         "user.location.assign", "user.tag.assign", "user.tag.revoke", "user.disable", "user.enable",
                         "user.deactivate", "user.activate", "user.transfer")),
        Trigger(code="users.removed", label=_("Somebody is deleted"), group=_PEOPLE,
                actions=("user.delete", "user.account.delete", "user.erase")),
        Trigger(code="devices.new", label=_("A device is added"), group=_DEVICES,
                actions=("device.create", "device.import", "device.claim", "device.provisioning.create")),
        Trigger(code="devices.first", label=_("A device is online for the first time"), group=_DEVICES,
                actions=("device.connection.start",)),
        Trigger(code="devices.changed", label=_("A device changes"), group=_DEVICES,
                actions=("device.edit", "device.rename", "device.metadata.edit", "device.transfer",
                         "device.owner.assign", "device.owner.revoke", "device.activate", "device.deactivate",
                         "device.tag.assign", "device.tag.revoke", "device.restore")),
        Trigger(code="devices.removed", label=_("A device is deleted"), group=_DEVICES,
                actions=("device.delete", "device.erase")),
        Trigger(code="devices.online", label=_("A device comes online"), group=_DEVICES, events=(ONLINE,)),
        Trigger(code="devices.offline", label=_("A device goes offline"), group=_DEVICES, events=(OFFLINE,)),
        Trigger(code="devices.event", label=_("A device reports an event"), group=_DEVICES, events=(EVENT,)),
        Trigger(code=VALUES, label=_("A device reports a value"), group=_DEVICES, events=(VALUE,)),
        Trigger(code="organizations.new", label=_("An organization is created"), group=_ORGANIZATIONS,
                actions=("organization.create",)),
        Trigger(code="organizations.changed", label=_("An organization changes"), group=_ORGANIZATIONS,
                actions=("organization.edit", "organization.transfer", "organization.archive",
                         "organization.restore")),
        Trigger(code="organizations.removed", label=_("An organization is deleted"), group=_ORGANIZATIONS,
                actions=("organization.delete",)),
    )
}  # fmt: skip


def groups_of_actions() -> dict[str, list[str]]:
    """The codes of all Actions, by the word that they begin with."""
    groups: dict[str, list[str]] = {}
    for code in sorted(CATALOGUE):
        groups.setdefault(code.partition(".")[0], []).append(code)
    return groups


def is_known(trigger: str) -> bool:
    """Whether it is a trigger, an Action, a group of Actions, or all of them."""
    if trigger in TRIGGERS or trigger in CATALOGUE or trigger == EVERYTHING:
        return True
    return trigger.endswith(ANY_OF) and trigger.removesuffix(ANY_OF) in groups_of_actions()


def codes_of(triggers: Iterable[str]) -> list[str]:
    """The Actions that are told, as the database compares them."""
    found: set[str] = set()
    for trigger in triggers:
        found.update(TRIGGERS[trigger].actions if trigger in TRIGGERS else (trigger,))
    return [EVERYTHING] if EVERYTHING in found else sorted(found)


def events_of(triggers: Iterable[str]) -> list[str]:
    """The events of devices that are told."""
    return sorted({event for trigger in triggers if trigger in TRIGGERS for event in TRIGGERS[trigger].events})


def needed_for(triggers: Collection[str]) -> list[Permission]:
    """What a webhook must have to be told of these at all."""
    log = [VIEW_ACTION_LOG] if codes_of(triggers) else []
    return [*log, *((ORG_DEVICES_VIEW, VIEW_TIMELINE) if events_of(triggers) else ())]


def complete(permissions: Collection[str]) -> list[str] | None:
    """The rights with all that they require; None where one is none that a webhook can have."""
    known = {one.code for one in MAY_BE_TOLD}
    return sorted(with_required(permissions)) if set(permissions) <= known else None


def labels_of(triggers: Iterable[str]) -> Sequence[str]:
    """What was chosen, as people read it."""
    said = []
    for trigger in triggers:
        if trigger in TRIGGERS:
            said.append(str(TRIGGERS[trigger].label))
        elif trigger == EVERYTHING:
            said.append(str(_("Everything in the action log")))
        elif trigger in CATALOGUE:
            said.append(str(CATALOGUE[trigger].label))
        else:
            said.append(str(_("All of “%(group)s”") % {"group": trigger.removesuffix(ANY_OF)}))
    return said
