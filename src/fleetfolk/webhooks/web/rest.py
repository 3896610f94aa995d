"""Webhooks as programs read them. Making and changing one takes hands; the rest is Actions like any other."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from fleetfolk.access.gate import GATE
from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.api.shell import API, actor_of
from fleetfolk.api.v1.lists import Few, Key, Named, Slice, named, require_somewhere, slice_of
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.webhooks.models import Delivery, State, Webhook

_TAGS = ["Webhooks"]


class WebhookOut(Schema):
    """A receiver of what happens in an organization and those below."""

    id: int
    name: str
    url: str
    triggers: list[str] = Field(examples=[["users.new", "device.*"]])
    streams: list[int] = Field(description="Datastreams whose values it is told of, by their keys.", examples=[[12]])
    permissions: list[str] = Field(description="What it may be told of.", examples=[["actionlog.view"]])
    is_on: bool
    paused_at: dt.datetime | None = Field(description="Since when nothing is sent, for its receiver does not answer.")
    failures: int = Field(description="How many tries failed in a row.")
    retry_at: dt.datetime | None
    organization: Named
    created_at: dt.datetime


class DeliveryOut(Schema):
    """Something that a receiver is told."""

    id: int
    message_id: str = Field(description="What the receiver knows it by.", examples=["msg_0b9a"])
    type: str = Field(examples=["user.disable"])
    state: State
    tries: int
    created_at: dt.datetime
    done_at: dt.datetime | None


@API.get("/webhooks", response=Slice[WebhookOut], tags=_TAGS, operation_id="listWebhooks", summary="List webhooks")
def list_webhooks(request: HttpRequest, asked: Query[Few]) -> Any:
    """The webhooks that the holder of the key may manage."""
    actor = actor_of(request)
    require_somewhere(actor, MANAGE_WEBHOOKS)
    webhooks = GATE.within_reach(Webhook.objects.all(), actor=actor, permission=MANAGE_WEBHOOKS)
    rows, following = slice_of(webhooks.select_related("organization"), asked)
    return {"items": [_webhook(one) for one in rows], "next": following}


@API.get(
    "/webhooks/{webhook_id}", response=WebhookOut, tags=_TAGS, operation_id="getWebhook", summary="Look at a webhook"
)
def get_webhook(request: HttpRequest, webhook_id: Key) -> Any:
    """One webhook, and how its receiver fares."""
    return _webhook(_seen(request, webhook_id))


@API.get(
    "/webhooks/{webhook_id}/deliveries",
    response=Slice[DeliveryOut],
    tags=_TAGS,
    operation_id="listDeliveries",
    summary="List what a receiver is told",
)
def list_deliveries(request: HttpRequest, webhook_id: Key, asked: Query[Few]) -> Any:
    """What was told and what waits, newest first."""
    webhook = _seen(request, webhook_id)
    rows, following = slice_of(Delivery.objects.filter(webhook=webhook), asked, newest_first=True)
    return {"items": [_delivery(one) for one in rows], "next": following}


def _seen(request: HttpRequest, webhook_id: int) -> Webhook:
    webhooks = GATE.within_reach(Webhook.objects.all(), actor=actor_of(request), permission=MANAGE_WEBHOOKS)
    webhook = webhooks.select_related("organization").filter(pk=webhook_id).first()
    if webhook is None:
        raise TargetNotFound
    return webhook


def _webhook(webhook: Webhook) -> dict[str, Any]:
    plain = (
        *("id", "name", "url", "triggers", "streams", "permissions", "is_on", "paused_at", "failures", "retry_at"),
        "created_at",
    )
    return {**{name: getattr(webhook, name) for name in plain}, "organization": named(webhook.organization)}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    plain = ("id", "message_id", "state", "tries", "created_at", "done_at")
    return {**{name: getattr(delivery, name) for name in plain}, "type": delivery.code}
