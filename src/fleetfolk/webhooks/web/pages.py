"""The webhooks of an organization: a page of its settings, one for each, with what was delivered."""

from typing import Any, Final

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.api.web.keys import shown_once
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.dialogs import dialog_methods
from fleetfolk.users.web.settings_pages import SettingsPage, frame_of, home_of, register_settings_page
from fleetfolk.webhooks.actions import (
    CreateWebhook,
    CreateWebhookInput,
    DeleteWebhook,
    DisableWebhook,
    EditWebhook,
    EditWebhookInput,
    EnableWebhook,
    RotateSecret,
    RotateSecretInput,
)
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.secrets import new_secret
from fleetfolk.webhooks.triggers import labels_of
from fleetfolk.webhooks.values import named
from fleetfolk.webhooks.web.asking import CHANGED, Words, act, ask, done_to, page_of, url_of, webhook_for
from fleetfolk.webhooks.web.forms import RotateForm, WebhookForm

PAGE: Final = 25
LARGEST: Final = 2**63 - 1
_FIELDS: Final = {
    "webhook_name": "name",
    "webhook_name_taken": "name",
    "webhook_address": "url",
    "webhook_triggers": "triggers",
    "webhook_streams": "streams",
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
        "new_url": url_of("create", home, organization_id is None),
        **frame_of(request, home, "webhooks"),
    }
    return render(request, "webhooks/list.html", context)


@console_view
@dialog_methods
def create(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """A new webhook with its secret, shown once."""
    home = home_of(request, organization_id, action=CreateWebhook, permission=MANAGE_WEBHOOKS)
    form = WebhookForm(request.POST if request.method == "POST" else None, held=_held_at(request, home), home=home)
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
    webhook = webhook_for(request, webhook_id)
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
        "streams": named(webhook.streams, tenant_id=webhook.tenant_id),
        "deliveries": found[:PAGE],
        "older": f"?state={state}&before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "newest": f"?state={state}" if before else "",
        "state": state if state in State.values else "",
        "states": State.choices,
        "waiting": Delivery.objects.filter(webhook=webhook, state=State.WAITING).order_by()[:1000].count(),
        "page_url": request.get_full_path(),
        "list_url": page_of(request, webhook.organization),
        **frame_of(request, webhook.organization, "webhooks"),
    }
    return render(request, "webhooks/webhook.html", context)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """What a webhook is called, where it is, and what it is told."""
    webhook = webhook_for(request, webhook_id, EditWebhook)
    home = webhook.organization
    posted = request.POST if request.method == "POST" else None
    form = WebhookForm(posted, held=_held_at(request, home), home=home, webhook=webhook)
    if form.is_valid():
        data = EditWebhookInput(**form.given())
        if _performed(form, request, EditWebhook, webhook.pk, data):
            return done_to(request, webhook, _("The webhook “%(name)s” is saved.") % {"name": data.name})
    return _dialog(request, form, title=_("Webhook “%(name)s”") % {"name": webhook.name}, button=_("Save"))


@console_view
@dialog_methods
def rotate(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """Another secret, shown once; asks first."""
    webhook = webhook_for(request, webhook_id, RotateSecret)
    form = RotateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        secret = new_secret()
        data = RotateSecretInput(secret=secret, at_once=form.cleaned_data["at_once"])
        perform(RotateSecret, actor=request.actor, target_id=webhook.pk, data=data)
        return _secret(request, webhook, secret)
    title = _("A new secret for “%(name)s”") % {"name": webhook.name}
    lead = _("For a day, deliveries are signed with both, so that the receiver can change over without a pause.")
    return ask(request, title, lead, _("Make the secret"), form=form)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """One webhook less; asks first."""
    webhook = webhook_for(request, webhook_id, DeleteWebhook)
    if request.method == "POST":
        perform(DeleteWebhook, actor=request.actor, target_id=webhook.pk, data=NoInput())
        toast = _("The webhook “%(name)s” is deleted.") % {"name": webhook.name}
        answer = done(request, toast=toast, to=page_of(request, webhook.organization), changed=CHANGED)
        if request.htmx:
            answer.headers["HX-Redirect"] = page_of(request, webhook.organization)
        return answer
    lead = _("Its receiver is told nothing any more, and what waits for it is gone. This cannot be undone.")
    title = _("Delete the webhook “%(name)s”") % {"name": webhook.name}
    return ask(request, title, lead, _("Delete webhook"), danger=True)


@console_view
@dialog_methods
def enable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook goes on; asks first."""
    words = Words(
        title=_("Switch the webhook on"),
        lead=_("What waits is sent now, in its order. What happens from now on is told."),
        button=_("Switch on"),
        toast=_("The webhook is on."),
    )
    return act(request, webhook_id, EnableWebhook, words)


@console_view
@dialog_methods
def disable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook is silent; asks first."""
    words = Words(
        title=_("Switch the webhook off"),
        lead=_("Nothing is sent. What happens meanwhile is not written down for it; what waits goes on waiting."),
        button=_("Switch off"),
        toast=_("The webhook is off."),
    )
    return act(request, webhook_id, DisableWebhook, words)


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


def _address(home: Organization, own: bool) -> str:
    return url_of("list", home, own)


register_settings_page(SettingsPage(slug="webhooks", label=gettext_lazy("Webhooks"), address=_address))
