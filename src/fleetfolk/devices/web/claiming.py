"""Claiming a device by its code: what the portal's page does with its form."""

from typing import cast

from allauth.core.internal import ratelimit
from django.utils.translation import gettext as _

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.devices.actions.claim_device import ClaimDevice
from fleetfolk.devices.models import Device
from fleetfolk.devices.web.forms import ClaimForm
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import REASONS, sentence_for
from fleetfolk.users.models import User

LIMITS = {"claim": "10/15m/key,60/15m/ip"}
"""Wrong codes of one person, and from one address, in so many minutes."""


def claimed(request: ConsoleRequest, form: ClaimForm) -> Device | None:
    """The device, which is the signed-in person's from now on; or None, with what is wrong in the form.

    Only wrong codes count against the limit, so that somebody with a box of devices can claim them all.
    """
    if not form.is_valid():
        return None
    person = cast("User", request.user)
    guess = ratelimit.consume(request, app="fleetfolk", action="claim", key=str(person.pk), config=LIMITS)
    if not guess:
        form.add_error("code", str(REASONS["claim_many"]))
        return None
    try:
        outcome = perform(ClaimDevice, actor=request.actor, target_id=person.organization_id, data=form.to_input())
    except Refused as refusal:
        form.add_error("code", sentence_for(refusal))
        return None
    guess.rollback()
    device: Device = outcome.target  # type: ignore[assignment]
    return device


def claimed_text(device: Device) -> str:
    """What is said when a device was claimed."""
    return _("%(device)s is yours now.") % {"device": device.name}
