"""How a device is connected: what a technician looks at first."""

from typing import Any

from django.utils import timezone

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.devices.listing import status_of
from fleetfolk.devices.models import Claim, Device
from fleetfolk.devices.permissions import EDIT_DEVICE_TOKENS, MANAGE_STATIC_TOKENS
from fleetfolk.devices.queries import reported_of


def context(request: ConsoleRequest, device: Device) -> dict[str, Any]:
    """Presence, way and address, and what the limits refused today."""
    reported = reported_of(device)
    today = timezone.now().date()
    claim = Claim.objects.select_related("organization", "claimed_by").filter(device=device).first()
    seen = claim is not None and GATE.decide(request.actor, MANAGE_STATIC_TOKENS, claim).allowed
    return {
        "claim": claim if seen else None,
        "reported": reported,
        "status": status_of(device.state, online=bool(reported and reported.online)),
        "refusals": reported.refusals if reported and reported.refusals_on == today else 0,
        "events_today": reported.events if reported and reported.events_on == today else 0,
        "may_rotate": device.deleted_at is None and GATE.decide(request.actor, EDIT_DEVICE_TOKENS, device).allowed,
    }
