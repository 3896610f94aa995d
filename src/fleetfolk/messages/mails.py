"""Mails of messages: what waits is taken a few at a time, sent, and said of it how it fared.

A row is taken for five minutes by a commit before its mail goes out, so that two workers never send the same; one that
was killed leaves its rows to the next, who sends them again under the same Message-ID. Each mail is decided anew when
it goes: whether the person still can sign in, still wants it, and has not had too many that day.
"""

import datetime as dt
import smtplib
from dataclasses import dataclass
from typing import Final

import structlog
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.urls import reverse

from fleetfolk.kernel import clock
from fleetfolk.messages.caps import counted
from fleetfolk.messages.models import (
    Channel,
    Choice,
    Delivery,
    DeliveryState,
    Item,
    Message,
    MessageKind,
    Unreachable,
)
from fleetfolk.messages.reading import read_for
from fleetfolk.users.mail import spoken
from fleetfolk.users.models import User
from fleetfolk.users.tasks import hand_over

AT_ONCE: Final = 50
A_TURN: Final = 500
"""So many mails of messages are carried before other mails have their turn."""
TAKEN_FOR: Final = dt.timedelta(minutes=5)
MOST_TRIES: Final = 6
AGAIN_AFTER: Final = (60, 300, 1200, 3600, 4 * 3600)
"""Seconds until the next try, by how many there were."""
REFUSED_LASTS: Final = dt.timedelta(days=90)
"""So long an address that was refused for good is not written to; the person may have a box there again."""

_LOG = structlog.get_logger("fleetfolk.messages")
_SIGNER: Final = Signer(salt="fleetfolk.messages.mail_off", sep=".")
_TAKE = """
UPDATE messaging_delivery SET due_at = %s, tries = tries + 1 WHERE id IN (
    SELECT id FROM messaging_delivery WHERE channel = %s AND state = 'queued' AND due_at <= %s
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Fared:
    """How a try ended; ``again`` is when the next is, where there is one."""

    state: DeliveryState
    why: str = ""
    again: dt.datetime | None = None


def take(channel: Channel, number: int = AT_ONCE) -> list[Delivery]:
    """What waits on this way and is due, at most so many, taken for five minutes: nobody else gets it meanwhile."""
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [now + TAKEN_FOR, channel.value, now, number])
        keys = [key for (key,) in cursor.fetchall()]
    rows = Delivery.objects.select_related("message__organization", "user__organization", "user__role")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def note(delivery: Delivery, fared: Fared) -> None:
    """How it fared is known. Where somebody stopped the message meanwhile, that stays."""
    rows = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED)
    rows.update(state=fared.state, why=fared.why[:200], due_at=fared.again, at=clock.now())


def later(tries: int, why: str) -> Fared:
    """Another try, unless there were enough."""
    if tries >= MOST_TRIES:
        return Fared(DeliveryState.FAILED, why)
    wait = dt.timedelta(seconds=AGAIN_AFTER[min(tries, len(AGAIN_AFTER)) - 1])
    return Fared(DeliveryState.QUEUED, why, again=clock.now() + wait)


def carry_mails(most: int = A_TURN) -> int:
    """Whatever is due has been tried, up to about so many. Returns how many mails there were."""
    number = 0
    while number < most and (taken := take(Channel.EMAIL)):
        for delivery in taken:
            note(delivery, _carried(delivery))
        number += len(taken)
    return number


def refusal_of(delivery: Delivery) -> Fared | None:
    """Why the person gets this message on no way beside the inbox any more; None where they may."""
    person, message = delivery.user, delivery.message
    if not person.is_active:
        return Fared(DeliveryState.FAILED, "no account")
    if message.has_expired:
        return Fared(DeliveryState.FAILED, "expired")
    choice = Choice.objects.filter(user=person).first()
    if choice is not None and not getattr(choice, delivery.channel):
        return Fared(DeliveryState.UNSUBSCRIBED)
    return None


def mail_off_token(user_id: int) -> str:
    """What stands in a mail's link by which the person gets no more messages by mail."""
    return _SIGNER.sign(str(user_id))


def read_mail_off(token: str) -> int | None:
    """The person's key; None for what we did not sign."""
    try:
        return int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None


def _carried(delivery: Delivery) -> Fared:
    person = delivery.user
    refusal = refusal_of(delivery)
    if refusal is not None:
        return refusal
    since = clock.now() - REFUSED_LASTS
    gone = Unreachable.objects.filter(user=person, email=person.email, at__gt=since).first()
    if gone is not None:
        return Fared(DeliveryState.BOUNCED, gone.why)
    # A second try is no second mail: it was counted at the first.
    if delivery.tries == 1 and not counted(person):
        return Fared(DeliveryState.CAPPED)
    return _tried(delivery)


def _tried(delivery: Delivery) -> Fared:
    try:
        _mail(delivery.message, delivery.user)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()), (550, b""))
        return _refused(delivery, code, words)
    except smtplib.SMTPResponseException as error:
        return later(delivery.tries, f"{error.smtp_code}") if error.smtp_code < 500 else _server_said_no(error)
    except (smtplib.SMTPException, OSError) as error:
        _LOG.warning("message_mail_waits", delivery=delivery.pk, error=type(error).__name__)
        return later(delivery.tries, type(error).__name__)
    return Fared(DeliveryState.SENT)


def _server_said_no(error: smtplib.SMTPResponseException) -> Fared:
    return Fared(DeliveryState.FAILED, f"{error.smtp_code} {_words(error.smtp_error)}")


def _refused(delivery: Delivery, code: int, words: bytes | str) -> Fared:
    why = f"{code} {_words(words)}"
    if code < 500:
        return later(delivery.tries, why)
    Unreachable.objects.update_or_create(
        user=delivery.user, defaults={"email": delivery.user.email, "at": clock.now(), "why": why[:200]}
    )
    return Fared(DeliveryState.BOUNCED, why)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())


def _mail(message: Message, person: User) -> None:
    item = Item.objects.filter(message=message, user=person).first()
    words, origin = read_for(message, person), settings.FLEETFOLK_ORIGIN
    off = origin + reverse("inbox:mail-off", args=[mail_off_token(person.pk)])
    link = origin + (reverse("inbox:message", args=[item.pk]) + "?by=email" if item else reverse("inbox:list"))
    host = origin.partition("//")[2].partition(":")[0]
    with spoken(person.language):
        hand_over(
            person.email,
            "message",
            {
                "name": person.get_short_name(),
                "subject": words.subject,
                "said": words.text,
                "sender": message.sender,
                "from_outside": message.kind == MessageKind.PUSHMAIL,
                "files": message.attachments.count(),
                "link": link,
                "off": off,
            },
            organization_id=person.organization_id,
            language=person.language,
            headers={
                "List-Unsubscribe": f"<{off}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Message-ID": f"<message-{message.pk}-{person.pk}@{host}>",
                "Auto-Submitted": "auto-generated",
            },
        )
