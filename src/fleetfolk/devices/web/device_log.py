"""What people did to a device: who wrote which datastream, who renamed it, who let whom see it."""

from typing import Any

from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.rows import one_line, row_of
from fleetfolk.actionlog.web.state import key_text, place_of
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.devices.models import Device
from fleetfolk.devices.queries import device_log


def context(request: ConsoleRequest, device: Device) -> dict[str, Any]:
    """One page of the entries about the device, newest first."""
    before = place_of(request.GET.get("before", ""))
    entries, more = device_log(request.actor, device, before=before)
    return {
        "rows": [{"row": row_of(entry), "what": _what(entry), "url": _url(entry)} for entry in entries],
        "older_url": f"?before={key_text((entries[-1].at, entries[-1].pk))}" if more else "",
        "newest_url": "?" if before else "",
    }


def _what(entry: Entry) -> str:
    """What the entry is about, beside the Action's own words: the datastream and the value that it was set to."""
    facts = entry.facts
    if "datastream" in facts:
        return one_line(f"{facts['datastream']}: {facts.get('value', '')}")
    changed = [f"{change['field']}: {change['after']}" for change in entry.changes if "field" in change]
    return one_line(", ".join(changed)[:200])


def _url(entry: Entry) -> str:
    return reverse("actionlog:entry", args=[key_text((entry.at, entry.pk))])
