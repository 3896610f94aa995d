"""What can be done to many devices at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.console.sql import Sql
from fleetfolk.devices import directory
from fleetfolk.devices.actions.assign_device_tag import AssignDeviceTag, DeviceTagInput
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.actions.revoke_device_tag import RevokeDeviceTag
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.listing import devices_with
from fleetfolk.devices.models import Device, DeviceTag
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT, ORG_DEVICES_VIEW, TRANSFER_DEVICES
from fleetfolk.devices.web.device_list import listing_of
from fleetfolk.devices.web.device_state import DeviceListState
from fleetfolk.jobs.bulk import BulkAct, BulkForm, Rule, Shown, Things, register_bulk, register_things
from fleetfolk.jobs.bulk_kind import bulk_kind
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.users.bulk_forms import LOCATIONS_OFFERED, one_of
from fleetfolk.users.tags import tags_at_hand

DEVICES = "devices"
ORGANIZATIONS_OFFERED = 1000

type Chosen = Mapping[str, Any]


def _where(actor: Actor, address: QueryDict) -> Sql:
    with connection.cursor() as cursor:
        return directory.condition(cursor, listing_of(actor, DeviceListState.of(address)))


def _shown(actor: Actor, ids: Sequence[int]) -> dict[int, Shown]:
    there = Device.objects.filter(pk__in=list(ids))
    seen = GATE.within_reach(there, actor=actor, permission=ORG_DEVICES_VIEW).values_list("pk", flat=True)
    return {
        one.id: Shown(name=one.name, sub=one.serial, place=one.organization, url=f"/devices/{one.id}/")
        for one in devices_with(list(seen))
    }


register_things(
    Things(
        of=DEVICES,
        kind="devices.bulk",
        table="devices_device",
        model=lambda: Device,
        view=ORG_DEVICES_VIEW,
        where=_where,
        shown=_shown,
        list_url="devices:list",
        title=_("Devices"),
        one=_("Device"),
        counted=ngettext_lazy("%(total)s device", "%(total)s devices", "count"),
    )
)
KIND = bulk_kind("devices.bulk", ORG_DEVICES_VIEW)


class TagForm(BulkForm):
    """Which tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = tags_at_hand(self.actor, ORG_DEVICES_VIEW).order_by("name", "pk")
        self.fields["tag_id"] = one_of(_("Tag"), [(str(tag.pk), tag.name) for tag in tags])


class LocationForm(BulkForm):
    """Which location, or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = GATE.within_reach(Location.objects.all(), actor=self.actor, permission=ORG_DEVICES_EDIT)
        places = places.select_related("organization").order_by("name", "pk")[:LOCATIONS_OFFERED]
        choices = [(str(one.pk), f"{one.name} ({one.organization.name})") for one in places]
        self.fields["location_id"] = one_of(_("Location"), [*choices, ("0", gettext("No location"))])

    def chosen(self) -> dict[str, Any]:
        """The location's key, or None."""
        return {"location_id": self.cleaned_data["location_id"] or None}


class TransferForm(BulkForm):
    """To which organization."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = GATE.within_reach(Organization.objects.all(), actor=self.actor, permission=TRANSFER_DEVICES)
        choices = [(str(one.pk), one.name) for one in there.order_by("name", "pk")[:ORGANIZATIONS_OFFERED]]
        self.fields["organization_id"] = one_of(
            _("New organization"), choices, hint=_("The devices are without an owner there.")
        )


_DELETED = Rule(reason="device_deleted", where=Q(deleted_at__isnull=False), said=_("Is deleted"))


def _has_tag(chosen: Chosen) -> Q:
    return Q(Exists(DeviceTag.objects.filter(device=OuterRef("pk"), tag_id=chosen["tag_id"])))


def _tag_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    tag = Tag.objects.select_related("organization").filter(tenant_id=actor.tenant_id, pk=chosen["tag_id"]).first()
    elsewhere = ~Q(path__startswith=tag.path) if tag else Q(pk__isnull=False)
    return [
        Rule(reason="device_tag_elsewhere", where=elsewhere),
        Rule(reason="bulk_unchanged", where=_has_tag(chosen), unchanged=True, said=_("Has the tag already")),
    ]


def _untag_rules(_actor: Actor, chosen: Chosen) -> list[Rule]:
    return [Rule(reason="bulk_unchanged", where=~_has_tag(chosen), unchanged=True, said=_("Does not have the tag"))]


def _at(chosen: Chosen) -> Q:
    key = chosen["location_id"]
    return Q(location_id__isnull=True) if key is None else Q(location_id=key)


def _location_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    here = Rule(reason="bulk_unchanged", where=_at(chosen), unchanged=True, said=_("Is there already"))
    if chosen["location_id"] is None:
        return [_DELETED, here]
    found = Location.objects.select_related("organization")
    place = found.filter(tenant_id=actor.tenant_id, pk=chosen["location_id"]).first()
    elsewhere = ~Q(path__startswith=place.organization.path) if place else Q(pk__isnull=False)
    return [
        _DELETED,
        Rule(reason="location_elsewhere", where=elsewhere, said=_("Belongs to another organization")),
        here,
    ]


def _transfer_rules(_actor: Actor, chosen: Chosen) -> list[Rule]:
    there = Q(organization_id=chosen["organization_id"], owner_id__isnull=True)
    return [_DELETED, Rule(reason="bulk_unchanged", where=there, unchanged=True, said=_("Is there already"))]


def _locations_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = Device.objects.filter(pk__in=list(ids)).values_list("pk", "location_id")
    return {key: {"location_id": location_id} for key, location_id in rows}


ACTS = (
    BulkAct(
        of=DEVICES,
        code="tag",
        label=_("Add tag"),
        icon="tag",
        heading=ngettext_lazy("Add a tag to %(total)s device", "Add a tag to %(total)s devices", "count"),
        action=AssignDeviceTag,
        input=lambda chosen: DeviceTagInput(tag_id=chosen["tag_id"]),
        form=TagForm,
        rules=_tag_rules,
        undo="untag",
        prominent=True,
    ),
    BulkAct(
        of=DEVICES,
        code="untag",
        label=_("Remove tag"),
        icon="tag",
        heading=ngettext_lazy("Remove a tag from %(total)s device", "Remove a tag from %(total)s devices", "count"),
        action=RevokeDeviceTag,
        input=lambda chosen: DeviceTagInput(tag_id=chosen["tag_id"]),
        form=TagForm,
        rules=_untag_rules,
        undo="tag",
    ),
    BulkAct(
        of=DEVICES,
        code="location",
        label=_("Move to location"),
        icon="map-pin",
        heading=ngettext_lazy("Move %(total)s device to a location", "Move %(total)s devices to a location", "count"),
        action=EditDevice,
        input=lambda chosen: EditDeviceInput(location_id=chosen["location_id"]),
        form=LocationForm,
        rules=_location_rules,
        undo="location",
        keep=_locations_of,
        still=_at,
        prominent=True,
    ),
    BulkAct(
        of=DEVICES,
        code="transfer",
        label=_("Transfer"),
        icon="arrow-right-circle",
        heading=ngettext_lazy("Transfer %(total)s device", "Transfer %(total)s devices", "count"),
        action=TransferDevice,
        input=lambda chosen: TransferDeviceInput(organization_id=chosen["organization_id"]),
        form=TransferForm,
        rules=_transfer_rules,
        note=_("They lose their owners, shares, locations and tags of the old place. To undo it, transfer them back."),
        group=2,
        prominent=True,
    ),
)
for act in ACTS:
    register_bulk(act)
