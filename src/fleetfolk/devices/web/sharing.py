"""With whom a device is shared: the panel of the console's and the portal's page, and its acts."""

from typing import Any, cast

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.actions.edit_share import EditShare
from fleetfolk.devices.actions.end_share import EndShare, EndShareInput
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.actions.share_device import ShareDevice
from fleetfolk.devices.models import Device, Share
from fleetfolk.devices.permissions import ORG_DEVICES_SHARE
from fleetfolk.devices.sharing import levels_to_give, require_share, shares_of
from fleetfolk.devices.web.dialogs import device_for, device_seen, dialog, page_of, performed
from fleetfolk.devices.web.forms import EditShareForm, ShareForm, last_day
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.users.models import User

PAGE, PANEL = "devices/sharing.html", "devices/sharing.html#panel"
CHANGED = "sharing:changed"
LIMITS = {"share": "40/d/key"}
"""Shares that one person gives in a day: each may be a mail to a stranger."""


@portal_view(assisted="see")
@require_safe
def panel(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """With whom the device is shared; through htmx the panel alone."""
    return _panel(request, device_seen(request.actor, device_id))


@portal_view()
@require_POST
def share(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is shared. The answer is the same whether or not there is an account with the address."""
    device = device_for(ShareDevice, request, device_id)
    form = ShareForm(request.POST, levels=levels_to_give(request.actor, device))
    if form.is_valid():
        if not ratelimit.consume(
            request, app="fleetfolk", action="share", key=str(request.actor.user_id), config=LIMITS
        ):
            form.add_error(None, _("You shared much today. Go on tomorrow."))
        elif performed(form, ShareDevice, request, device.pk, form.to_input(), field="email"):
            text = _("%(device)s is shared with %(email)s. They get a mail.")
            return _done(request, text % {"device": device.name, "email": form.cleaned_data["email"]}, device)
    return _panel(request, device, form=form)


@portal_view()
@dialog_methods
def edit(request: ConsoleRequest, device_id: int, share_id: int) -> HttpResponse:
    """How far a share goes from now on, and until when."""
    device = device_for(EditShare, request, device_id)
    row = require_share(request.actor, device, share_id)
    levels = levels_to_give(request.actor, device)
    form = EditShareForm(request.POST if request.method == "POST" else None, share=row, levels=levels)
    if form.is_valid() and (outcome := performed(form, EditShare, request, device.pk, form.to_input())):
        text = _("The share of %(email)s is changed.") % {"email": row.address}
        return _done(request, " ".join(filter(None, (text, _ended(outcome)))), device)
    return dialog(request, "devices/share_edit.html", form, device=device, share=row, button=_("Save"))


@portal_view()
@require_POST
def revoke(request: ConsoleRequest, device_id: int, share_id: int) -> HttpResponse:
    """The device is not shared any more; whoever has its page open loses it at once."""
    device = device_for(RevokeShare, request, device_id)
    row = Share.objects.filter(device=device, pk=share_id).first()
    outcome = perform(RevokeShare, actor=request.actor, target_id=device_id, data=RevokeShareInput(share_id=share_id))
    text = _("%(device)s is no longer shared with %(email)s.")
    about = {"device": device.name, "email": row.address if row else ""}
    return _done(request, " ".join(filter(None, (text % about, _ended(outcome)))), device)


@portal_view()
@require_POST
def leave(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is not shared with oneself any more."""
    person = cast("User", request.user)
    mine = Share.objects.filter(user=person, device_id=device_id).select_related("device").first()
    if mine is None:
        raise TargetNotFound
    perform(EndShare, actor=request.actor, target_id=person.pk, data=EndShareInput(device_id=device_id))
    return done(request, toast=_("You left %(device)s.") % {"device": mine.device.name}, to=reverse("home"))


def panel_context(request: ConsoleRequest, device: Device, *, form: ShareForm | None = None) -> dict[str, Any]:
    """What the panel shows, for whoever includes it in a page of their own."""
    may_share = GATE.decide(request.actor, ORG_DEVICES_SHARE, device).allowed and request.actor.assisted_by is None
    shares = shares_of(request.actor, device)
    if may_share and form is None:
        form = ShareForm(levels=levels_to_give(request.actor, device))
    return {
        "device": device,
        "rows": [{"shared": shared, "last_day": last_day(shared.share.ends_at)} for shared in shares],
        "share_form": form if may_share else None,
        "may_leave": request.actor.assisted_by is None and any(shared.mine for shared in shares),
        "owner_seen": device.owner,
    }


def _panel(request: ConsoleRequest, device: Device, *, form: ShareForm | None = None) -> HttpResponse:
    context = {**panel_context(request, device, form=form), "back": page_of(request, device)}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, PANEL if request.htmx else PAGE, context, status=status)


def _ended(outcome: Outcome[Device]) -> str:
    """What else ended with the share; empty where nothing did."""
    count = outcome.facts.get("shares_ended")
    if not count:
        return ""
    text = ngettext(
        "%(count)s share that they gave on has ended.", "%(count)s shares that they gave on have ended.", int(count)
    )
    return text % {"count": count}


def _done(request: ConsoleRequest, text: str, device: Device) -> HttpResponse:
    return done(request, toast=text, to=reverse("sharing:panel", args=[device.pk]), changed=CHANGED)
