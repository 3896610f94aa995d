"""The deliveries of a webhook: one of them, and sending, skipping or trying again."""

import datetime as dt
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.api.scopes import missing_at
from fleetfolk.console.dialogs import Question, ask, ask_first, dialog_methods, performed
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.users.web.settings_pages import address_of, frame_of
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
from fleetfolk.webhooks.web.forms import AgainForm
from fleetfolk.webhooks.web.opened import CHANGED, act, page_of, webhook_for

_FIELDS: Final = dict.fromkeys(("webhook_since", "webhook_is_off", "webhook_nothing"), "hours")


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
        "list_url": address_of(request, webhook.organization, "webhooks:list"),
        **frame_of(request, webhook.organization, "webhooks"),
    }
    return render(request, "webhooks/delivery.html", context)


@console_view
@dialog_methods
def test(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """A delivery that tells of nothing; asks first."""
    question = Question(
        title=_("Send a test"),
        lead=_("The receiver gets one delivery of the type webhook.test, in its turn. How it fares is in the list."),
        button=_("Send test"),
    )
    return act(request, webhook_id, SendTest, question, toast=_("The test is on its way."))


@console_view
@dialog_methods
def again(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """Everything since a moment goes out again; asks since when."""
    webhook = webhook_for(request, webhook_id, SendDeliveries)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = SendDeliveriesInput(since=clock.now() - dt.timedelta(hours=form.cleaned_data["hours"]))
        if performed(form, request, SendDeliveries, webhook.pk, data, fields=_FIELDS):
            return done(request, toast=_("They go out again, in their order."), to=page_of(webhook), changed=CHANGED)
    question = Question(
        title=_("Send deliveries again"),
        lead=_("They keep their numbers, so that a receiver that knows them already can pass them over."),
        button=_("Send again"),
    )
    return ask(request, question, form)


@console_view
@dialog_methods
def send(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery goes out again; asks first."""
    question = Question(
        title=_("Send this delivery again"),
        lead=_("It keeps its number, so that a receiver that knows it already can pass it over."),
        button=_("Send again"),
    )
    return _act_on(request, webhook_id, delivery_id, SendDelivery, question, toast=_("It goes out again."))


@console_view
@dialog_methods
def skip(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery is not sent; asks first."""
    question = Question(
        title=_("Skip this delivery"),
        lead=_("The receiver is not told of it. What waits behind it has its turn."),
        button=_("Skip"),
    )
    return _act_on(request, webhook_id, delivery_id, CancelDelivery, question, toast=_("It is skipped."))


def _act_on(
    request: ConsoleRequest,
    webhook_id: int,
    delivery_id: int,
    action: type[Action[Webhook, DeliveryInput]],
    question: Question,
    *,
    toast: str,
) -> HttpResponse:
    """Asks, does it to the delivery, and says so."""
    webhook = webhook_for(request, webhook_id, action)
    row = _delivery(webhook, delivery_id)
    step = (action, webhook.pk, DeliveryInput(delivery_id=row.pk))
    to = reverse("webhooks:delivery", args=[webhook.pk, row.pk])
    return ask_first(request, question, step, toast=toast, to=to, changed=CHANGED)


def _delivery(webhook: Webhook, delivery_id: int) -> Delivery:
    row = Delivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if row is None:
        raise TargetNotFound
    return row
