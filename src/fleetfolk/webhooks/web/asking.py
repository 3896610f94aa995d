"""A webhook as the viewer may manage it, and the questions before something is done to it."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fleetfolk.access.gate import GATE
from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Webhook

CHANGED: Final = "webhooks:changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a question says, and what is said afterwards."""

    title: str
    lead: str
    button: str
    toast: str


def act(request: ConsoleRequest, webhook_id: int, action: type[Action[Webhook, NoInput]], words: Words) -> HttpResponse:
    """Asks, does it, and says so."""
    webhook = webhook_for(request, webhook_id, action)
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=webhook.pk, data=NoInput())
        return done_to(request, webhook, words.toast)
    return ask(request, words.title, words.lead, words.button)


def webhook_for(request: ConsoleRequest, webhook_id: int, action: type[Action[Any, Any]] | None = None) -> Webhook:
    """The webhook, where the viewer may manage it. A POST by who may not goes to the Action, which logs it."""
    webhooks = Webhook.objects.select_related("organization")
    webhook = webhooks.filter(pk=webhook_id, tenant_id=request.actor.tenant_id).first()
    decision = None if webhook is None else GATE.decide(request.actor, MANAGE_WEBHOOKS, webhook)
    if webhook is None or decision is None or not decision.allowed:
        if request.method == "POST" and action is not None:
            perform(action, actor=request.actor, target_id=webhook_id, data=None)
        raise Denied(decision.reason) if decision is not None and decision.visible else TargetNotFound
    return webhook


def ask(
    request: ConsoleRequest,
    title: str,
    lead: str,
    button: str,
    *,
    danger: bool = False,
    form: forms.Form | None = None,
) -> HttpResponse:
    """The question, with a form where more than yes is to be said."""
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


def done_to(request: ConsoleRequest, webhook: Webhook, toast: str) -> HttpResponse:
    """Back at the webhook's page, which says so."""
    return done(request, toast=toast, to=reverse("webhooks:show", args=[webhook.pk]), changed=CHANGED)


def page_of(request: ConsoleRequest, home: Organization) -> str:
    """Where the list of the organization's webhooks is."""
    return url_of("list", home, home.pk == organization_now(request).pk)


def url_of(name: str, home: Organization, own: bool) -> str:
    """The address of a page of the organization; one's own have the short one."""
    return reverse(f"webhooks:{name}") if own else reverse(f"webhooks:{name}-of", args=[home.pk])
