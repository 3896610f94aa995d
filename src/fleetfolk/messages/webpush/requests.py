"""One push as a request, and what its answer means: RFC 8030."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from fleetfolk.messages.webpush import base64url
from fleetfolk.messages.webpush.encryption import BrowserKeys, encrypted
from fleetfolk.messages.webpush.vapid import ServerKey, authorization
from fleetfolk.outbound.endpoints import Endpoint
from fleetfolk.outbound.posting import Answer, Request

LONGEST_TTL: Final = 28 * 24 * 3600
"""Seconds. No push service keeps one for longer."""

_HIGHEST: Final = 24 * 3600
_SECONDS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class Urgency(StrEnum):
    """How much of its battery a device may give for it."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """What is sent to one browser.

    ``ttl`` says for how many seconds the service keeps it for a browser that is off. A push takes the place of an
    earlier one with the same ``topic`` that still waits.
    """

    text: bytes
    ttl: int
    urgency: Urgency = Urgency.NORMAL
    topic: str = ""


class Verdict(StrEnum):
    """What an answer means for the push, and for the browser's subscription."""

    ACCEPTED = "accepted"
    GONE = "gone"
    LATER = "later"
    TOO_LARGE = "too_large"
    REFUSED = "refused"


def request_of(
    push: Push, *, endpoint: Endpoint, browser: BrowserKeys, server: ServerKey, subject: str, now: int
) -> Request:
    """The request, encrypted for the browser and signed with the key that it subscribed with. ``now`` is in seconds."""
    headers = {
        "Authorization": authorization(server, audience=endpoint.origin, subject=subject, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(min(max(push.ttl, 0), LONGEST_TTL)),
        "Urgency": push.urgency.value,
    }
    if push.topic:
        headers["Topic"] = topic_of(push.topic)
    return Request(endpoint=endpoint, headers=headers, body=encrypted(push.text, browser))


def topic_of(name: str) -> str:
    """32 letters of base64url for any name: what a Topic may hold at most. The service does not learn the name."""
    return base64url.spelled(sha256(name.encode()).digest()[:24])


def verdict_of(answer: Answer) -> Verdict:
    """What the answer means. A redirect is a refusal: nobody is followed."""
    if 200 <= answer.status < 300:
        return Verdict.ACCEPTED
    if answer.status in (404, 410):
        return Verdict.GONE
    if answer.status == 413:
        return Verdict.TOO_LARGE
    if answer.status in (408, 425, 429) or answer.status >= 500:
        return Verdict.LATER
    return Verdict.REFUSED


def wait_of(answer: Answer, *, attempt: int, now: datetime) -> int:
    """Seconds until the next try: as the service asks, else a minute, then four times as long each; a day at most."""
    asked = answer.retry_after.strip()
    if _SECONDS.fullmatch(asked):
        return min(int(asked), _HIGHEST)
    if asked:
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            until = None
        if until is not None and until.tzinfo is not None:
            return min(max(int((until - now).total_seconds()), 0), _HIGHEST)
    return int(min(60 * 4.0 ** min(attempt, 20), _HIGHEST))
