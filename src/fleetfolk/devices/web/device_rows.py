"""The rows of the Devices page: what each device's row says, ready for the stencil of the page's template."""

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fleetfolk.console.cells import NOTHING, Drawing, escaped, muted, tags
from fleetfolk.console.stencil import stencil_of
from fleetfolk.console.templatetags.console import icon
from fleetfolk.devices.listing import ListedDevice, LocatedDevice

ROW = "devices/device_list.html#row"
SPOT = "devices/device_list.html#spot"


def rows_html(
    devices: Sequence[ListedDevice], *, columns: frozenset[str], words: Sequence[str], profiles: Collection[int] = ()
) -> SafeString:
    """The rows of the table, with what the search found marked. An owner among `profiles` leads to their profile."""
    drawing = Drawing(words=words)
    marked = drawing.marked
    rows = [
        {
            "id": device.id,
            "icon": icon(device.icon),
            "name": escaped(device.name),
            "name_marked": marked(device.name),
            "sub": marked(device.serial) if device.serial else _token(device.token_end, drawing),
            "status": drawing.status(device.status),
            "reported": drawing.when(device.reported_at),
            "template": marked(device.template),
            "owner": _owner(device, drawing, profiles),
            "organization": escaped(device.organization),
            "organization_marked": marked(device.organization),
            "location": escaped(device.location),
            "location_marked": marked(device.location),
            "firmware": marked(device.firmware),
            "tags": tags(device.tags, drawing),
            "activated": drawing.when(device.activated_at),
        }
        for device in devices
    ]
    return stencil_of(ROW, columns=columns).filled(rows)


def spots_html(devices: Sequence[LocatedDevice], *, words: Sequence[str]) -> SafeString:
    """The list beside the map, from which the map takes its points."""
    drawing = Drawing(words=words)
    online = SafeString(" data-online")
    spots = [
        {
            "id": device.id,
            "icon": icon(device.icon),
            "name": escaped(device.name),
            "name_marked": drawing.marked(device.name),
            "organization": drawing.marked(device.organization),
            "position": device.position,
            "online": online if device.status == "online" else NOTHING,
            "status": drawing.status(device.status),
        }
        for device in devices
    ]
    return stencil_of(SPOT).filled(spots)


def _owner(device: ListedDevice, drawing: Drawing, profiles: Collection[int]) -> SafeString:
    if device.owner_id is None:
        return muted(_("nobody"))
    name = drawing.marked(device.owner)
    if device.owner_id not in profiles:
        return name
    address = reverse("users:detail", args=[device.owner_id])
    return format_html('<a href="{}" id="owner-{}">{}</a>', address, device.id, name)


def _token(end: str, drawing: Drawing) -> SafeString:
    return format_html("<span title='{}'>…{}</span>", _("End of the token"), drawing.marked(end)) if end else NOTHING
