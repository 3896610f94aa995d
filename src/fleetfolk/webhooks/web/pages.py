"""The webhooks of an organization: a page of its settings, one for each, with what was delivered."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.access.place import organization_now
from fleetfolk.api.scopes import missing_at
from fleetfolk.api.web.keys import shown_once
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.dialogs import dialog_methods
from fleetfolk.users.web.settings_pages import SettingsPage, frame_of, home_of, register_settings_page
from fleetfolk.webhooks.actions import (
    CancelDelivery,
    CreateWebhook,
    CreateWebhookInput,
    DeleteWebhook,
    DeliveryInput,
    DisableWebhook,
    EditWebhook,
    EditWebhookInput,
    EnableWebhook,
    RotateSecret,
    RotateSecretInput,
    SendDeliveries,
    SendDeliveriesInput,
    SendDelivery,
    SendTest,
)
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.secrets import new_secret
from fleetfolk.webhooks.telling import told
from fleetfolk.webhooks.triggers import labels_of
from fleetfolk.webhooks.web.forms import AgainForm, RotateForm, WebhookForm

CHANGED: Final = "webhooks:changed"
PAGE: Final = 25
LARGEST: Final = 2**63 - 1
_FIELDS: Final = {
    "webhook_name": "name",
    "webhook_name_taken": "name",
    "webhook_address": "url",
    "webhook_triggers": "triggers",
    "webhook_rights": "permissions",
    "webhook_stronger": "permissions",
    "webhook_many": None,
    "limit_reached": None,
    "limit_none": None,
    "limit_passed": None,
}


@console_view
@require_safe
def webhook_list(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """Whom the organization tells what happens."""
    home = home_of(request, organization_id, permission=MANAGE_WEBHOOKS)
    webhooks = list(Webhook.objects.filter(organization=home).order_by("name"))
    context = {
        "webhooks": [(one, labels_of(one.triggers), _host(one)) for one in webhooks],
        "page_url": request.path,
        "new_url": _url("create", home, organization_id is None),
        **frame_of(request, home, "webhooks"),
    }
    return render(request, "webhooks/list.html", context)


@console_view
@dialog_methods
def create(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """A new webhook with its secret, shown once."""
    home = home_of(request, organization_id, action=CreateWebhook, permission=MANAGE_WEBHOOKS)
    form = WebhookForm(request.POST if request.method == "POST" else None, held=_held_at(request, home))
    if form.is_valid():
        secret = new_secret()
        data = CreateWebhookInput(**form.given(), secret=secret)
        if _performed(form, request, CreateWebhook, home.pk, data):
            webhook = Webhook.objects.get(organization=home, name=data.name)
            return _secret(request, webhook, secret)
    return _dialog(request, form, title=_("Add a webhook"), button=_("Add webhook"))


@console_view
@require_safe
def show(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """A webhook, and what was delivered, the latest first."""
    webhook = _webhook(request, webhook_id)
    state = request.GET.get("state", "")
    rows = Delivery.objects.filter(webhook=webhook).order_by("-pk")
    if state in State.values:
        rows = rows.filter(state=state)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and int(before) <= LARGEST:
        rows = rows.filter(pk__lt=int(before))
    found = list(_with_last_answer(rows)[: PAGE + 1])
    context = {
        "webhook": webhook,
        "host": _host(webhook),
        "labels": labels_of(webhook.triggers),
        "deliveries": found[:PAGE],
        "older": f"?state={state}&before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "newest": f"?state={state}" if before else "",
        "state": state if state in State.values else "",
        "states": State.choices,
        "waiting": Delivery.objects.filter(webhook=webhook, state=State.WAITING).order_by()[:1000].count(),
        "page_url": request.get_full_path(),
        "list_url": _page_of(request, webhook.organization),
        **frame_of(request, webhook.organization, "webhooks"),
    }
    return render(request, "webhooks/webhook.html", context)


@console_view
@require_safe
def delivery(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: what is told, and how each try went."""
    webhook = _webhook(request, webhook_id)
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
        "list_url": _page_of(request, webhook.organization),
        **frame_of(request, webhook.organization, "webhooks"),
    }
    return render(request, "webhooks/delivery.html", context)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """What a webhook is called, where it is, and what it is told."""
    webhook = _webhook(request, webhook_id, EditWebhook)
    held = _held_at(request, webhook.organization)
    form = WebhookForm(request.POST if request.method == "POST" else None, held=held, webhook=webhook)
    if form.is_valid():
        data = EditWebhookInput(**form.given())
        if _performed(form, request, EditWebhook, webhook.pk, data):
            return _done(request, webhook, _("The webhook “%(name)s” is saved.") % {"name": data.name})
    return _dialog(request, form, title=_("Webhook “%(name)s”") % {"name": webhook.name}, button=_("Save"))


@console_view
@dialog_methods
def rotate(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """Another secret, shown once; asks first."""
    webhook = _webhook(request, webhook_id, RotateSecret)
    form = RotateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        secret = new_secret()
        data = RotateSecretInput(secret=secret, at_once=form.cleaned_data["at_once"])
        perform(RotateSecret, actor=request.actor, target_id=webhook.pk, data=data)
        return _secret(request, webhook, secret)
    title = _("A new secret for “%(name)s”") % {"name": webhook.name}
    lead = _("For a day, deliveries are signed with both, so that the receiver can change over without a pause.")
    return _ask(request, title, lead, _("Make the secret"), form=form)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """One webhook less; asks first."""
    webhook = _webhook(request, webhook_id, DeleteWebhook)
    if request.method == "POST":
        perform(DeleteWebhook, actor=request.actor, target_id=webhook.pk, data=NoInput())
        toast = _("The webhook “%(name)s” is deleted.") % {"name": webhook.name}
        answer = done(request, toast=toast, to=_page_of(request, webhook.organization), changed=CHANGED)
        if request.htmx:
            answer.headers["HX-Redirect"] = _page_of(request, webhook.organization)
        return answer
    lead = _("Its receiver is told nothing any more, and what waits for it is gone. This cannot be undone.")
    title = _("Delete the webhook “%(name)s”") % {"name": webhook.name}
    return _ask(request, title, lead, _("Delete webhook"), danger=True)


@console_view
@dialog_methods
def test(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """A delivery that tells of nothing; asks first."""
    words = _Words(
        title=_("Send a test"),
        lead=_("The receiver gets one delivery of the type webhook.test, in its turn. How it fares is in the list."),
        button=_("Send test"),
        toast=_("The test is on its way."),
    )
    return _act(request, webhook_id, SendTest, words)


@console_view
@dialog_methods
def enable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook goes on; asks first."""
    words = _Words(
        title=_("Switch the webhook on"),
        lead=_("What waits is sent now, in its order. What happens from now on is told."),
        button=_("Switch on"),
        toast=_("The webhook is on."),
    )
    return _act(request, webhook_id, EnableWebhook, words)


@console_view
@dialog_methods
def disable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook is silent; asks first."""
    words = _Words(
        title=_("Switch the webhook off"),
        lead=_("Nothing is sent. What happens meanwhile is not written down for it; what waits goes on waiting."),
        button=_("Switch off"),
        toast=_("The webhook is off."),
    )
    return _act(request, webhook_id, DisableWebhook, words)


@console_view
@dialog_methods
def again(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """Everything since a moment goes out again; asks since when."""
    webhook = _webhook(request, webhook_id, SendDeliveries)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = SendDeliveriesInput(since=clock.now() - dt.timedelta(hours=form.cleaned_data["hours"]))
        try:
            perform(SendDeliveries, actor=request.actor, target_id=webhook.pk, data=data)
        except Refused as refusal:
            form.add_error("hours", sentence_for(refusal))
        else:
            return _done(request, webhook, _("They go out again, in their order."))
    lead = _("They keep their numbers, so that a receiver that knows them already can pass them over.")
    return _ask(request, _("Send deliveries again"), lead, _("Send again"), form=form)


@console_view
@dialog_methods
def send(request: ConsoleRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery goes out again; asks first."""
    words = _Words(
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
    words = _Words(
        title=_("Skip this delivery"),
        lead=_("The receiver is not told of it. What waits behind it has its turn."),
        button=_("Skip"),
        toast=_("It is skipped."),
    )
    return _act_on(request, webhook_id, delivery_id, CancelDelivery, words)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What a question says, and what is said afterwards."""

    title: str
    lead: str
    button: str
    toast: str


def _act(
    request: ConsoleRequest, webhook_id: int, action: type[Action[Webhook, NoInput]], words: _Words
) -> HttpResponse:
    """Asks, does it, and says so."""
    webhook = _webhook(request, webhook_id, action)
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=webhook.pk, data=NoInput())
        return _done(request, webhook, words.toast)
    return _ask(request, words.title, words.lead, words.button)


def _act_on(
    request: ConsoleRequest,
    webhook_id: int,
    delivery_id: int,
    action: type[Action[Webhook, DeliveryInput]],
    words: _Words,
) -> HttpResponse:
    """Asks, does it to the delivery, and says so."""
    webhook = _webhook(request, webhook_id, action)
    row = _delivery(webhook, delivery_id)
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=webhook.pk, data=DeliveryInput(delivery_id=row.pk))
        to = reverse("webhooks:delivery", args=[webhook.pk, row.pk])
        return done(request, toast=words.toast, to=to, changed=CHANGED)
    return _ask(request, words.title, words.lead, words.button)


def _with_last_answer(rows: "QuerySet[Delivery]") -> "QuerySet[Delivery, Any]":
    last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        last_status=Subquery(last.values("status")[:1]), last_problem=Subquery(last.values("problem")[:1])
    )


def _host(webhook: Webhook) -> str:
    return webhook.url.removeprefix("https://").partition("/")[0]


def _held_at(request: ConsoleRequest, organization: Organization) -> set[str]:
    """What the viewer could let a webhook of the organization be told."""
    here = [grant for grant in grants_of(request.actor) if grant.reaches(organization.path)]
    return {code for grant in here for code in grant.permissions}


def _webhook(request: ConsoleRequest, webhook_id: int, action: type[Action[Any, Any]] | None = None) -> Webhook:
    """The webhook, where the viewer may manage it. A POST by who may not goes to the Action, which logs it."""
    webhooks = Webhook.objects.select_related("organization")
    webhook = webhooks.filter(pk=webhook_id, tenant_id=request.actor.tenant_id).first()
    decision = None if webhook is None else GATE.decide(request.actor, MANAGE_WEBHOOKS, webhook)
    if webhook is None or decision is None or not decision.allowed:
        if request.method == "POST" and action is not None:
            perform(action, actor=request.actor, target_id=webhook_id, data=None)
        raise Denied(decision.reason) if decision is not None and decision.visible else TargetNotFound
    return webhook


def _delivery(webhook: Webhook, delivery_id: int) -> Delivery:
    row = Delivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if row is None:
        raise TargetNotFound
    return row


def _performed(
    form: forms.Form, request: ConsoleRequest, action: type[Action[Any, Any]], target_id: int, data: Any
) -> bool:
    """Whether it was done; a refusal stands in the form, so that what was typed is not lost."""
    try:
        perform(action, actor=request.actor, target_id=target_id, data=data)
    except (Refused, Denied) as refusal:
        if refusal.reason not in _FIELDS:
            raise
        form.add_error(_FIELDS[refusal.reason], sentence_for(refusal))
        return False
    return True


def _secret(request: ConsoleRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret, "page": reverse("webhooks:show", args=[webhook.pk])}
    return shown_once(request, "webhooks/secret.html", context, CHANGED)


def _dialog(request: ConsoleRequest, form: WebhookForm, *, title: str, button: str) -> HttpResponse:
    context = {"form": form, "action": request.path, "title": title, "button": button, "wide": True}
    return render(request, "webhooks/form.html", context, status=422 if form.is_bound else 200)


def _ask(
    request: ConsoleRequest,
    title: str,
    lead: str,
    button: str,
    *,
    danger: bool = False,
    form: forms.Form | None = None,
) -> HttpResponse:
    context = {
        "title": title,
        "lead": lead,
        "action": request.path,
        "button": button,
        "danger": danger,
        "form": form,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "webhooks/ask.html", context, status=status)


def _done(request: ConsoleRequest, webhook: Webhook, toast: str) -> HttpResponse:
    return done(request, toast=toast, to=reverse("webhooks:show", args=[webhook.pk]), changed=CHANGED)


def _page_of(request: ConsoleRequest, home: Organization) -> str:
    return _url("list", home, home.pk == organization_now(request).pk)


def _url(name: str, home: Organization, own: bool) -> str:
    return reverse(f"webhooks:{name}") if own else reverse(f"webhooks:{name}-of", args=[home.pk])


def _address(home: Organization, own: bool) -> str:
    return _url("list", home, own)


register_settings_page(SettingsPage(slug="webhooks", label=gettext_lazy("Webhooks"), address=_address))
