"""What the listener asks the database, and the one thing that it writes: a mail, safely, before it says so."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection, transaction

from fleetfolk.kernel import clock
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.messages.pushmail.models import Forged, MailState, PushAddress
from fleetfolk.messages.pushmail.rules import forged_rule, is_allowed
from fleetfolk.messages.pushmail.secret_addresses import secret_hash
from fleetfolk.messages.pushmail.verdicts import Standing, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """An address that takes mail now: whose it is, whose mail it takes, and what becomes of forged mail there."""

    id: int
    tenant_id: int
    user_id: int
    allowed_senders: tuple[str, ...]
    forged: Forged


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """A mail at the door, with what was read of it and found out about it."""

    raw: bytes
    message_id: str
    sender: str
    author: str
    subject: str
    verdict: Verdict


def box_of(secret: str) -> Box | None:
    """Where mail to this secret goes. None where there is no such address, or it takes none: nobody learns which."""
    found = PushAddress.objects.select_related("user__organization").filter(secret_hash=secret_hash(secret)).first()
    if found is None or not found.takes_mail or not found.user.is_active:
        return None
    return Box(
        id=found.pk,
        tenant_id=found.tenant_id,
        user_id=found.user_id,
        allowed_senders=tuple(found.allowed_senders),
        forged=forged_rule(found.user.organization),
    )


def why_refused(box: Box, arrived: Arrived) -> str | None:
    """Why the mail is not taken in here, in a word for the log; None where it is.

    Where senders are named, a name alone is not enough: anybody can write it.
    """
    standing = arrived.verdict.standing
    if box.allowed_senders and not (is_allowed(arrived.author, box.allowed_senders) and standing is Standing.VERIFIED):
        return "sender_not_allowed"
    if standing is Standing.FORGED and box.forged is Forged.REFUSE:
        return "forged"
    return None


def must_wait(box: Box, arrived: Arrived) -> bool:
    """Whether the mail is to come again, because what decides about it could not be found out now."""
    decides = bool(box.allowed_senders) or box.forged is not Forged.MARK
    return arrived.verdict.undecided and decides


KEEP: Final = """
INSERT INTO messaging_incomingmail
    (tenant_id, user_id, address_id, key, raw, size, state, reason, sender, subject, verdict, received_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (address_id, key) DO NOTHING RETURNING id
"""
"""Keeps a mail, once. No Action: whoever hands it over waits for the answer, and nobody acts."""


def take_in(box: Box, arrived: Arrived) -> bool:
    """The mail is in the database and the worker knows of it, once. False where it was there already.

    A commit is on disk before this returns.
    """
    held = arrived.verdict.standing is Standing.FORGED and box.forged is Forged.HOLD
    state, reason = (MailState.HELD, "forged") if held else (MailState.WAITING, "")
    about = (state.value, reason, arrived.sender[:320], arrived.subject[:120])
    mail = (box.tenant_id, box.user_id, box.id, _key_of(arrived), arrived.raw, len(arrived.raw))
    verdict = json.dumps(kept_verdict(arrived.verdict))
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(KEEP, (*mail, *about, verdict, clock.now()))
        kept = cursor.fetchone()
        if kept and not held:
            enqueue("messages.accept_mail", mail_id=kept[0])
    return kept is not None


def kept_verdict(verdict: Verdict) -> Mapping[str, Any]:
    """The verdict as it is kept and shown."""
    return {**asdict(verdict), "dkim_domains": list(verdict.dkim_domains), "standing": verdict.standing.value}


def _key_of(arrived: Arrived) -> str:
    """Tells a mail from others: by its Message-ID and author, else by every byte of it."""
    said = f"{arrived.author}\0{arrived.message_id}".encode() if arrived.message_id else arrived.raw
    return hashlib.sha256(said).hexdigest()
