"""A webhook as the viewer may manage it, and where its page is."""

from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.access.web.opened import opened
from fleetfolk.console.dialogs import Question, ask_first
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.action import Action
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Webhook

CHANGED: Final = "webhooks:changed"


def webhook_for(request: ConsoleRequest, webhook_id: int, action: type[Action[Any, Any]] | None = None) -> Webhook:
    """The webhook, where the viewer may manage it. A POST by who may not goes to the Action, which logs it."""
    rows = Webhook.objects.select_related("organization")
    return opened(request, rows, webhook_id, permission=MANAGE_WEBHOOKS, action=action)


def page_of(webhook: Webhook) -> str:
    """The webhook's own page."""
    return reverse("webhooks:show", args=[webhook.pk])


def act(
    request: ConsoleRequest,
    webhook_id: int,
    action: type[Action[Webhook, NoInput]],
    question: Question,
    *,
    toast: str,
) -> HttpResponse:
    """Asks, does it to the webhook, and says so."""
    webhook = webhook_for(request, webhook_id, action)
    step = (action, webhook.pk, NoInput())
    return ask_first(request, question, step, toast=toast, to=page_of(webhook), changed=CHANGED)
