"""The deliveries of a webhook: one of them, and sending, skipping or trying again."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.api.scopes import missing_at
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.web.dialogs import dialog_methods
from fleetfolk.users.web.settings_pages import frame_of
from fleetfolk.webhooks.actions import (
    CancelDelivery,
    DeliveryInput,
    SendDeliveries,
    SendDeliveriesInput,
    SendDelivery,
    SendTest,
)
from fleetfolk.webhooks.models import Attempt, Delivery, Webhook
from fleetfolk.webhooks.telling import told
from fleetfolk.webhooks.web.asking import CHANGED, Words, act, ask, done_to, page_of, webhook_for
from fleetfolk.webhooks.web.forms import AgainForm


@console_view
@require_safe
def delivery(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: what is told, and how each try went."""
    webhook = webhook_for(request, webhook_id)
    row = _delivery(webhook, delivery_id)
    row.webhook = webhook
    # What the viewer may not see by themselves, this page does not show them either.
    missing = missing_at(request.actor, webhook.organization, webhook.permissions)
    body = None if missing else told(row)
    context = {
        "webhook": webhook,
        "delivery": row,
        "attempts": Attempt.objects.filter(delivery=row).order_by("-pk"),
        "missing": ", ".join(missing),
        "body": None if body is None else body.decode(),
        "page_url": request.path,
        "list_url": page_of(request, webhook.organization),
        **frame_of(request, webhook.organization, "webhooks"),
    }
    return render(request, "webhooks/delivery.html", context)


@console_view
@dialog_methods
def test(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """A delivery that tells of nothing; asks first."""
    words = Words(
        title=_("Send a test"),
        lead=_("The receiver gets one delivery of the type webhook.test, in its turn. How it fares is in the list."),
        button=_("Send test"),
        toast=_("The test is on its way."),
    )
    return act(request, webhook_id, SendTest, words)


@console_view
@dialog_methods
def again(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """Everything since a moment goes out again; asks since when."""
    webhook = webhook_for(request, webhook_id, SendDeliveries)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = SendDeliveriesInput(since=clock.now() - dt.timedelta(hours=form.cleaned_data["hours"]))
        try:
            perform(SendDeliveries, actor=request.actor, target_id=webhook.pk, data=data)
        except Refused as refusal:
            form.add_error("hours", sentence_for(refusal))
        else:
            return done_to(request, webhook, _("They go out again, in their order."))
    lead = _("They keep their numbers, so that a receiver that knows them already can pass them over.")
    return ask(request, _("Send deliveries again"), lead, _("Send again"), form=form)


@console_view
@dialog_methods
def send(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery goes out again; asks first."""
    words = Words(
        title=_("Send this delivery again"),
        lead=_("It keeps its number, so that a receiver that knows it already can pass it over."),
        button=_("Send again"),
        toast=_("It goes out again."),
    )
    return _act_on(request, webhook_id, delivery_id, SendDelivery, words)


@console_view
@dialog_methods
def skip(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery is not sent; asks first."""
    words = Words(
        title=_("Skip this delivery"),
        lead=_("The receiver is not told of it. What waits behind it has its turn."),
        button=_("Skip"),
        toast=_("It is skipped."),
    )
    return _act_on(request, webhook_id, delivery_id, CancelDelivery, words)


def _act_on(
    request: ConsoleRequest,
    webhook_id: int,
    delivery_id: int,
    action: type[Action[Webhook, DeliveryInput]],
    words: Words,
) -> HttpResponse:
    """Asks, does it to the delivery, and says so."""
    webhook = webhook_for(request, webhook_id, action)
    row = _delivery(webhook, delivery_id)
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=webhook.pk, data=DeliveryInput(delivery_id=row.pk))
        to = reverse("webhooks:delivery", args=[webhook.pk, row.pk])
        return done(request, toast=words.toast, to=to, changed=CHANGED)
    return ask(request, words.title, words.lead, words.button)


def _delivery(webhook: Webhook, delivery_id: int) -> Delivery:
    row = Delivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if row is None:
        raise TargetNotFound
    return row
