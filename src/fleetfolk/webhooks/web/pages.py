"""The webhooks of an organization: a page of its settings, one for each, with what was delivered."""

from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.console.dialogs import (
    Question,
    ask,
    ask_first,
    dialog_methods,
    form_dialog,
    performed,
    shown_once,
)
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page
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
from fleetfolk.webhooks.web.forms import RotateForm, WebhookForm
from fleetfolk.webhooks.web.opened import CHANGED, act, page_of, webhook_for

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
        "new_url": address_of(request, home, "webhooks:create"),
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
        if performed(form, request, CreateWebhook, home.pk, data, fields=_FIELDS):
            webhook = Webhook.objects.get(organization=home, name=data.name)
            return _secret(request, webhook, secret)
    title, button = _("Add a webhook"), _("Add webhook")
    return form_dialog(request, "webhooks/form.html", form, title=title, button=button, wide=True)


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
        "list_url": _list_of(request, webhook),
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
        if performed(form, request, EditWebhook, webhook.pk, data, fields=_FIELDS):
            toast = _("The webhook “%(name)s” is saved.") % {"name": data.name}
            return done(request, toast=toast, to=page_of(webhook), changed=CHANGED)
    title = _("Webhook “%(name)s”") % {"name": webhook.name}
    return form_dialog(request, "webhooks/form.html", form, title=title, button=_("Save"), wide=True)


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
    question = Question(
        title=_("A new secret for “%(name)s”") % {"name": webhook.name},
        lead=_("For a day, deliveries are signed with both, so that the receiver can change over without a pause."),
        button=_("Make the secret"),
    )
    return ask(request, question, form)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """One webhook less; asks first."""
    webhook = webhook_for(request, webhook_id, DeleteWebhook)
    question = Question(
        title=_("Delete the webhook “%(name)s”") % {"name": webhook.name},
        lead=_("Its receiver is told nothing any more, and what waits for it is gone. This cannot be undone."),
        button=_("Delete webhook"),
        danger=True,
    )
    toast, to = _("The webhook “%(name)s” is deleted.") % {"name": webhook.name}, _list_of(request, webhook)
    step = (DeleteWebhook, webhook.pk, NoInput())
    answer = ask_first(request, question, step, toast=toast, to=to, changed=CHANGED)
    if request.htmx and request.method == "POST":
        answer.headers["HX-Redirect"] = to
    return answer


@console_view
@dialog_methods
def enable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook goes on; asks first."""
    question = Question(
        title=_("Switch the webhook on"),
        lead=_("What waits is sent now, in its order. What happens from now on is told."),
        button=_("Switch on"),
    )
    return act(request, webhook_id, EnableWebhook, question, toast=_("The webhook is on."))


@console_view
@dialog_methods
def disable(request: ConsoleRequest, webhook_id: int) -> HttpResponse:
    """The webhook is silent; asks first."""
    question = Question(
        title=_("Switch the webhook off"),
        lead=_("Nothing is sent. What happens meanwhile is not written down for it; what waits goes on waiting."),
        button=_("Switch off"),
    )
    return act(request, webhook_id, DisableWebhook, question, toast=_("The webhook is off."))


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


def _secret(request: ConsoleRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret}
    return shown_once(request, "webhooks/secret.html", context, page=page_of(webhook), changed=CHANGED)


def _list_of(request: ConsoleRequest, webhook: Webhook) -> str:
    return address_of(request, webhook.organization, "webhooks:list")


register_settings_page(SettingsPage(slug="webhooks", label=gettext_lazy("Webhooks"), url="webhooks:list"))
