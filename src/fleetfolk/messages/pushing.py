"""Pushes of messages: what waits is taken a few at a time, posted to each browser of the person, and noted.

A push says who wrote, and the subject; the message itself is read after signing in. What is posted again after a crash
takes the place of what is there already, at the push service by its topic and in the browser by its tag.
"""

import datetime as dt
import json
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, assert_never
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.delete_push import DeletePush, DeletePushInput
from fleetfolk.messages.caps import counted
from fleetfolk.messages.mails import MOST_TRIES, Fared, note, refusal_of, take
from fleetfolk.messages.models import Channel, Delivery, DeliveryState, Item, MessageKind
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import idle_pushes, open_pushes_of
from fleetfolk.messages.reading import read_for
from fleetfolk.messages.webpush.requests import Push, Verdict, request_of, verdict_of, wait_of
from fleetfolk.messages.webpush.vapid import key_named
from fleetfolk.organizations.branding import look_of
from fleetfolk.outbound.endpoints import Unfit, allowed_of, read_endpoint
from fleetfolk.outbound.posting import Answer, Request, post
from fleetfolk.users.mail import spoken

AT_ONCE: Final = 40
LANES: Final = 16
"""So many are posted at the same time: each mostly waits for somebody else's machine."""
KEPT_FOR: Final = dt.timedelta(days=7)
"""So long a push service keeps a push for a browser that is off, unless the message is over before."""
IDLE_FOR: Final = dt.timedelta(days=60)
"""So long a browser in which somebody is signed out is remembered, so that it gets pushes again when they sign in."""
MOST_FAILURES: Final = 8
"""A browser whose service refused so many pushes in a row gets no more."""

NOTE_TAKEN: Final = (
    "UPDATE messaging_pushsubscription SET last_message = %s, last_ok_at = %s, failures = 0 WHERE id = %s"
)
NOTE_REFUSED: Final = "UPDATE messaging_pushsubscription SET failures = failures + 1 WHERE id = %s RETURNING failures"

_LOG = structlog.get_logger("fleetfolk.messages")


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What became of one push to one browser. ``said`` is for whoever looks into it, ``wait`` in seconds."""

    push: PushSubscription
    verdict: Verdict
    said: str = ""
    wait: int = 0


def carry_pushes(*, trust: ssl.SSLContext | None = None) -> int:
    """Whatever is due has been tried. Returns for how many people."""
    number = 0
    with ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="push") as lanes:
        while taken := take(Channel.PUSH, AT_ONCE):
            _carry(taken, lanes, trust)
            number += len(taken)
    return number


def _carry(taken: Sequence[Delivery], lanes: ThreadPoolExecutor, trust: ssl.SSLContext | None) -> None:
    waiting = []
    for delivery in taken:
        refusal, browsers = refusal_of(delivery), list(open_pushes_of(delivery.user))
        lacking = [push for push in browsers if push.last_message != delivery.message_id]
        if refusal is None and not browsers:
            refusal = Fared(DeliveryState.FAILED, "no browser")
        # A second try is no second push: it was counted at the first.
        if refusal is None and delivery.tries == 1 and lacking and not counted(delivery.user):
            refusal = Fared(DeliveryState.CAPPED)
        if refusal is not None:
            note(delivery, refusal)
            continue
        words = words_of(delivery) if lacking else {}
        posts = [lanes.submit(_posted, _request(push, delivery, words), delivery.tries, trust) for push in lacking]
        waiting.append((delivery, lacking, posts, len(lacking) < len(browsers)))
    for delivery, lacking, posts, has_it in waiting:
        results = [
            Posted(push=push, verdict=verdict, said=said, wait=wait)
            for push, (verdict, said, wait) in zip(lacking, (one.result() for one in posts), strict=True)
        ]
        for posted in results:
            _note(posted, delivery)
        note(delivery, fared(delivery, results, has_it=has_it))


def forget_idle() -> int:
    """Browsers in which their people have not been signed in for long are forgotten. Returns how many."""
    number = 0
    for push in idle_pushes(clock.now() - IDLE_FOR).iterator():
        _forget(push, "idle")
        number += 1
    return number


def fared(delivery: Delivery, results: Iterable[Posted], *, has_it: bool) -> Fared:
    """What the answers mean for the person: it is sent once one browser took it and none is to be tried again.

    ``has_it`` says that a browser took it at an earlier try.
    """
    results = list(results)
    later = [posted for posted in results if posted.verdict is Verdict.LATER]
    if later and delivery.tries < MOST_TRIES:
        wait = dt.timedelta(seconds=max(posted.wait for posted in later))
        return Fared(DeliveryState.QUEUED, later[0].said, again=clock.now() + wait)
    if has_it or any(posted.verdict is Verdict.ACCEPTED for posted in results):
        return Fared(DeliveryState.SENT)
    return Fared(DeliveryState.FAILED, ", ".join(dict.fromkeys(posted.said for posted in results)) or "no browser")


def words_of(delivery: Delivery) -> dict[str, Any]:
    """What the push says, in the person's language: who writes, the subject, and where the message is."""
    person, message = delivery.user, delivery.message
    item = Item.objects.filter(message=message, user=person).first()
    with spoken(person.language):
        subject = read_for(message, person).subject or _("A new message")
        if message.kind == MessageKind.PUSHMAIL:
            subject = _("By e-mail: %(subject)s") % {"subject": subject}
    return {
        "id": message.pk,
        "title": look_of(person.organization_id).name or message.organization.name,
        "text": subject[:200],
        "url": f"{reverse('inbox:message', args=[item.pk])}?by=push" if item else reverse("inbox:list"),
    }


def _request(push: PushSubscription, delivery: Delivery, words: dict[str, Any]) -> Request | Posted:
    """The request, or why there is none."""
    server = key_named(push.tenant_id, push.server_key)
    if server is None:
        return Posted(push=push, verdict=Verdict.GONE, said="key")
    now, expires = clock.now(), delivery.message.expires_at
    left = KEPT_FOR if expires is None else min(expires - now, KEPT_FOR)
    try:
        endpoint = read_endpoint(push.endpoint, allowed_of(settings.FLEETFOLK_PUSH_HOSTS))
    except Unfit:
        return Posted(push=push, verdict=Verdict.REFUSED, said="address")
    said = Push(
        text=json.dumps(words, ensure_ascii=False).encode(),
        ttl=int(left.total_seconds()),
        topic=f"message {delivery.message_id}",
    )
    return request_of(
        said, endpoint=endpoint, browser=push.keys, server=server, subject=_subject(), now=int(now.timestamp())
    )


def _subject() -> str:
    """Whom the operator of a push service writes to."""
    if urlsplit(settings.FLEETFOLK_ORIGIN).scheme == "https":
        return str(settings.FLEETFOLK_ORIGIN)
    return f"mailto:postmaster@{urlsplit(settings.FLEETFOLK_ORIGIN).hostname}"


def _posted(request: Request | Posted, tries: int, trust: ssl.SSLContext | None) -> tuple[Verdict, str, int]:
    """What became of it. Runs beside others and asks nothing of the database."""
    if isinstance(request, Posted):
        return request.verdict, request.said, 0
    try:
        answer = post(request, trust=trust)
    except Unfit:
        return Verdict.REFUSED, "address", 0
    except OSError as error:
        wait = wait_of(Answer(status=503), attempt=tries - 1, now=clock.now())
        return Verdict.LATER, type(error).__name__, wait
    verdict = verdict_of(answer)
    return verdict, f"{answer.status}", wait_of(answer, attempt=tries - 1, now=clock.now())


def _note(posted: Posted, delivery: Delivery) -> None:
    """The browser is remembered as its service says of it."""
    match posted.verdict:
        case Verdict.ACCEPTED:
            with connection.cursor() as cursor:
                cursor.execute(NOTE_TAKEN, [delivery.message_id, clock.now(), posted.push.pk])
        case Verdict.GONE:
            _forget(posted.push, "key" if posted.said == "key" else "gone")
        case Verdict.REFUSED | Verdict.TOO_LARGE:
            _LOG.warning("push_refused", push=posted.push.pk, said=posted.said)
            with connection.cursor() as cursor:
                cursor.execute(NOTE_REFUSED, [posted.push.pk])
                row = cursor.fetchone()
            if row is not None and row[0] >= MOST_FAILURES:
                _forget(posted.push, "refused")
        case Verdict.LATER:
            _LOG.info("push_waits", push=posted.push.pk, said=posted.said)
        case _:
            assert_never(posted.verdict)


def _forget(push: PushSubscription, cause: str) -> None:
    """Nothing is posted there any more."""
    postman = system_actor("postman", tenant_id=push.tenant_id)
    try:
        perform(DeletePush, actor=postman, target_id=push.user_id, data=DeletePushInput(push_id=push.pk, cause=cause))
    except (Refused, TargetNotFound):
        return  # Somebody was faster.
