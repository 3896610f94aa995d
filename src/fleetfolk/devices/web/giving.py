"""Giving one's own device away, and what is offered to oneself."""

from typing import Any, Final, cast

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import Question, ask, dialog_methods
from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.actions.accept_gift import AcceptGift, GiftInput
from fleetfolk.devices.actions.create_gift import CreateGift, CreateGiftInput
from fleetfolk.devices.actions.end_gift import EndGift
from fleetfolk.devices.actions.revoke_gift import RevokeGift
from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.models import Device, Gift
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.devices.web.dialogs import device_for, page_of, performed
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.portal.cards import Card
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.web.forms import AddressField

LIMITS: Final = {"give": "20/d/key"}
"""Offers that one person makes in a day: each may be a mail to a stranger."""


class GiveForm(forms.Form):
    """To whom a device is offered."""

    email = AddressField(
        label=gettext_lazy("Give it to"), help_text=gettext_lazy("Whoever has no account yet is invited by mail.")
    )


def giving_context(request: ConsoleRequest, device: Device, form: GiveForm | None = None) -> dict[str, Any]:
    """What the owner, and nobody who helps them, sees of giving the device away."""
    mine = device.owner_id is not None and device.owner_id == request.actor.user_id
    if not mine or request.actor.assisted_by or not GATE.decide(request.actor, TRANSFER_DEVICES, device).allowed:
        return {"give_form": None}
    gift = Gift.objects.filter(device=device, ends_at__gt=clock.now()).first()
    return {"give_form": form or GiveForm(), "gift": gift}


@portal_view()
@require_POST
def give(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is offered. The answer is the same whether or not there is an account with the address."""
    device = device_for(CreateGift, request, device_id)
    form = GiveForm(request.POST)
    if form.is_valid():
        data = CreateGiftInput(email=form.cleaned_data["email"])
        if not ratelimit.consume(
            request, app="fleetfolk", action="give", key=str(request.actor.user_id), config=LIMITS
        ):
            form.add_error("email", _("You offered much today. Go on tomorrow."))
        elif performed(form, CreateGift, request, device.pk, data, field="email"):
            text = _("%(device)s is offered to %(email)s. They get a mail.")
            return done(request, toast=text % {"device": device.name, "email": data.email}, to=_about(device))
    context = {"device": device, "form": form, "back": page_of(request, device)}
    return render(request, "devices/give.html", context, status=422)


@portal_view()
@require_POST
def withdraw(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """Nobody is offered the device any more."""
    device = device_for(RevokeGift, request, device_id)
    perform(RevokeGift, actor=request.actor, target_id=device.pk, data=NoInput())
    return done(
        request,
        toast=_("The offer is taken back. %(device)s stays yours.") % {"device": device.name},
        to=_about(device),
    )


@portal_view()
@dialog_methods
def remove(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is nobody's; asked first."""
    device = device_for(RevokeOwner, request, device_id)
    if request.method == "POST":
        perform(RevokeOwner, actor=request.actor, target_id=device.pk, data=NoInput())
        return _home(request, _("%(device)s is not yours any more.") % {"device": device.name})
    lead = _(
        "You will not see or control it any more, and whoever you share it with loses it, too. It stays with "
        "%(organization)s, who can give it back to you."
    )
    question = Question(
        title=_("Remove from my devices"),
        lead=lead % {"organization": device.organization.tenant.name},
        button=_("Remove"),
        about=device.name,
        danger=True,
    )
    return ask(request, question)


@portal_view()
@require_POST
def accept(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """What was offered is one's own."""
    gift = _offered(request, device_id)
    perform(AcceptGift, actor=request.actor, target_id=gift.user_id, data=GiftInput(device_id=device_id))
    return _home(request, _("%(device)s is yours now.") % {"device": gift.device.name})


@portal_view()
@require_POST
def decline(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """What was offered stays with whoever has it."""
    gift = _offered(request, device_id)
    perform(EndGift, actor=request.actor, target_id=gift.user_id, data=GiftInput(device_id=device_id))
    return _home(request, _("You declined %(device)s.") % {"device": gift.device.name})


def gifts_context(request: HttpRequest) -> dict[str, Any] | None:
    """What is offered to the viewer; nothing where nothing is, and to nobody who helps them."""
    if cast("ConsoleRequest", request).actor.assisted_by:
        return None
    gifts = Gift.objects.select_related("device__template").filter(
        user_id=cast("User", request.user).pk, ends_at__gt=clock.now(), device__deleted_at__isnull=True
    )
    found = list(gifts.order_by("pk"))
    return {"gifts": found} if found else None


CARD: Final = Card(position=5, template="devices/portal/gifts.html", context=gifts_context, main=True)


def _offered(request: ConsoleRequest, device_id: int) -> Gift:
    gift = Gift.objects.select_related("device").filter(user_id=request.actor.user_id or 0, device_id=device_id).first()
    if gift is None:
        raise TargetNotFound
    return gift


def _about(device: Device) -> str:
    return reverse("mydevices:about", args=[device.pk])


def _home(request: ConsoleRequest, text: str) -> HttpResponse:
    """Home again, as a whole page: the one that asked may show what is not to be seen any more."""
    messages.success(request, text)
    return HttpResponseClientRedirect(reverse("home")) if request.htmx else HttpResponseRedirect(reverse("home"))
