"""Sends what waits: for each receiver one delivery after another, in the order in which they were written down.

A receiver is one sender's alone as long as that holds its advisory lock, which goes with the connection: whoever is
killed leaves everything to the next. A delivery is marked only when it was answered, so that nothing is lost; what was
answered and not marked is sent again, under the number that the receiver knows it by.
"""

import datetime as dt
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.db import connection, transaction
from django.db.models import Q

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.sealing import Unreadable
from fleetfolk.outbound.endpoints import Unfit
from fleetfolk.outbound.posting import Answer, Request, post
from fleetfolk.webhooks.actions.deactivate_webhook import DeactivateWebhook, DeactivateWebhookInput
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.rules import endpoint_of
from fleetfolk.webhooks.secrets import signature
from fleetfolk.webhooks.telling import told

A_TURN: Final = 50
"""So many deliveries to one receiver before others have their turn."""
BACKOFF: Final = (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600)
"""Seconds until the next try, by how many failed in a row; after as many and one more the webhook is paused."""
MOST_WAIT: Final = 12 * 3600
BODY_READ: Final = 16_384
BODY_KEPT: Final = 2_000
HEAD_KEPT: Final = 4_000
GONE: Final = 410
"""How a receiver says that it wants nothing any more."""

FAILED: Final = "UPDATE webhooks_webhook SET failures = %s, retry_at = %s WHERE id = %s"
WENT_WELL: Final = "UPDATE webhooks_webhook SET failures = 0, retry_at = NULL WHERE id = %s"

_DUE = """
SELECT hook.id, hook.tenant_id FROM webhooks_webhook hook
JOIN organizations_organization home ON home.id = hook.organization_id AND home.archived_at IS NULL
WHERE hook.is_on AND hook.paused_at IS NULL AND (hook.retry_at IS NULL OR hook.retry_at <= %s)
    AND EXISTS (SELECT FROM webhooks_delivery WHERE webhook_id = hook.id AND state = 'waiting')
ORDER BY hook.retry_at NULLS FIRST, hook.id
"""
_NEXT_TRY = """
SELECT min(hook.retry_at) FROM webhooks_webhook hook
WHERE hook.is_on AND hook.paused_at IS NULL AND hook.retry_at > %s
    AND EXISTS (SELECT FROM webhooks_delivery WHERE webhook_id = hook.id AND state = 'waiting')
"""

_LOG = structlog.get_logger("fleetfolk.webhooks")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """How one try ended: with an answer, or with a ``problem``. ``head`` is what was sent."""

    head: str = ""
    answer: Answer | None = None
    problem: str = ""

    @property
    def went_well(self) -> bool:
        """Whether the receiver took it."""
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def said(self) -> str:
        """In a word or a number."""
        return self.problem if self.answer is None else str(self.answer.status)


def due() -> list[tuple[int, int]]:
    """The webhooks for which something waits and whose time has come, each with its tenant."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [clock.now()])
        return list(cursor.fetchall())


def next_try() -> dt.datetime | None:
    """When the next receiver that failed is tried again."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_TRY, [clock.now()])
        row: Any = cursor.fetchone()
    found: dt.datetime | None = row[0]
    return found


def carry(
    webhook_id: int,
    *,
    trust: ssl.SSLContext | None = None,
    most: int = A_TURN,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """What waits for this receiver was sent, up to so many and to the first that failed. Returns how many were tried.

    That is none where another sender is at it. Once it is ``stopping``, what is being sent is the last.
    """
    number = 0
    with _alone(webhook_id) as alone:
        while alone and number < most and not stopping():
            delivery = _next(webhook_id)
            if delivery is None:
                break
            number += 1
            if not _carried(delivery, trust):
                break
    return number


@contextmanager
def _alone(webhook_id: int) -> Iterator[bool]:
    """Whether nobody else sends to this receiver meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('webhooks', %s))", [webhook_id])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended('webhooks', %s))", [webhook_id])


def _next(webhook_id: int) -> Delivery | None:
    """The first that waits, where the receiver is to be told anything now."""
    now = clock.now()
    ready = Webhook.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=now), is_on=True, paused_at=None, organization__archived_at=None
    )
    webhook = ready.select_related("organization").filter(pk=webhook_id).first()
    if webhook is None:
        return None
    delivery = Delivery.objects.filter(webhook=webhook, state=State.WAITING).order_by("pk").first()
    if delivery is None:
        return None
    if delivery.gathers:
        # What a receiver may have seen under its number stays as it is: what is newer waits anew.
        Delivery.objects.filter(pk=delivery.pk).update(gathers=False)
        delivery.refresh_from_db()
    delivery.webhook = webhook
    return delivery


def _carried(delivery: Delivery, trust: ssl.SSLContext | None) -> bool:
    """Whether the next one may follow."""
    body = told(delivery)
    if body is None:
        _over(delivery, State.WITHHELD)
        return True
    began = time.monotonic()
    tried = _tried(delivery, body, trust)
    with transaction.atomic():
        _keep(delivery, tried, took=time.monotonic() - began)
        if tried.went_well:
            _over(delivery, State.DONE)
            if delivery.webhook.failures:
                _run(WENT_WELL, delivery.webhook_id)
    if not tried.went_well:
        _failed(delivery.webhook, tried)
    return tried.went_well


def _tried(delivery: Delivery, body: bytes, trust: ssl.SSLContext | None) -> Tried:
    webhook, seconds = delivery.webhook, int(clock.now().timestamp())
    try:
        signed = signature(webhook, message_id=delivery.message_id, seconds=seconds, body=body)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signed,
        }
        request = Request(endpoint=endpoint_of(webhook.url), headers=headers, body=body)
    except Unreadable:
        return Tried(problem="secret")
    except Unfit:
        return Tried(problem="address")
    try:
        return Tried(head=request.head(), answer=post(request, trust=trust, most_body=BODY_READ))
    except Unfit:
        return Tried(head=request.head(), problem="address")
    except OSError as error:
        return Tried(head=request.head(), problem=type(error).__name__)


def _keep(delivery: Delivery, tried: Tried, *, took: float) -> None:
    """What was asked and answered is in the record, unless the webhook is gone meanwhile."""
    answer = tried.answer
    if not Delivery.objects.filter(pk=delivery.pk).update(tries=delivery.tries + 1):
        return
    Attempt.objects.create(
        delivery=delivery,
        at=clock.now(),
        took_ms=int(took * 1000),
        status=None if answer is None else answer.status,
        problem=tried.problem,
        request_head=tried.head[:HEAD_KEPT],
        response_head="" if answer is None else _storable(answer.head)[:HEAD_KEPT],
        response_body="" if answer is None else _storable(answer.body.decode("utf-8", "replace"))[:BODY_KEPT],
    )


def _storable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _over(delivery: Delivery, state: State) -> None:
    """It waits no longer, unless somebody has skipped it meanwhile."""
    rows = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING)
    rows.update(state=state, done_at=clock.now())


def _failed(webhook: Webhook, tried: Tried) -> None:
    """The next try has its time, or there is none: the webhook is paused."""
    failures = webhook.failures + 1
    gone = tried.answer is not None and tried.answer.status == GONE
    wait = 0 if failures > len(BACKOFF) else max(BACKOFF[failures - 1], _asked_for(tried))
    _LOG.info("webhook_failed", webhook=webhook.pk, said=tried.said, failures=failures)
    _run(FAILED, failures, clock.now() + dt.timedelta(seconds=wait), webhook.pk)
    if gone or failures > len(BACKOFF):
        herald = system_actor("herald", tenant_id=webhook.tenant_id)
        data = DeactivateWebhookInput(problem=tried.said)
        try:
            perform(DeactivateWebhook, actor=herald, target_id=webhook.pk, data=data)
        except (Refused, TargetNotFound):
            return  # Somebody was faster.


def _asked_for(tried: Tried) -> int:
    """The seconds that the receiver asked for; no more than the longest wait of ours."""
    said = "" if tried.answer is None else tried.answer.retry_after
    return min(int(said), MOST_WAIT) if said.isascii() and said.isdigit() else 0


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
