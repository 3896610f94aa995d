"""The door at which mail is handed over: what each line of SMTP and LMTP is answered (RFC 5321, RFC 2033).

Whether an address takes mail is decided at RCPT, while the sender still waits and can be told. Whatever was answered
with 250 is in the database; nothing is ever sent back afterwards, so no mail can go round in circles.
"""

import asyncio
import ipaddress
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error as DatabaseError
from django.db import close_old_connections

from fleetfolk.messages.measures import MAILS, RECIPIENTS, SECONDS
from fleetfolk.messages.pushmail.dkim_check import signatures_of
from fleetfolk.messages.pushmail.headers import authors_of, domains_of, headers_of
from fleetfolk.messages.pushmail.intake import Arrived, Box, box_of, must_wait, take_in, why_refused
from fleetfolk.messages.pushmail.lookups import Lookups
from fleetfolk.messages.pushmail.loops import why_looping
from fleetfolk.messages.pushmail.peers import address_of, network_of
from fleetfolk.messages.pushmail.rates import PER_SENDER, PER_SERVER, WRONG_PER_SERVER, Rates
from fleetfolk.messages.pushmail.reading import Unreadable, read_mail, require_bounds
from fleetfolk.messages.pushmail.secret_addresses import secret_hash, secret_in, split_address, without_secrets
from fleetfolk.messages.pushmail.settings import MailIn
from fleetfolk.messages.pushmail.trusted_results import trusted_verdict
from fleetfolk.messages.pushmail.verdicts import Standing, Verdict, judge, verdict_of

MOST_RECIPIENTS: Final = 10
THREADS: Final = 8

GOOD: Final = "250 2.1.5 OK"
UNKNOWN: Final = "550 5.1.1 No such address here"
NO_RELAY: Final = "550 5.7.1 We take mail for our own addresses only"
TOO_MANY_RECIPIENTS: Final = "452 4.5.3 Too many recipients; send the rest separately"
SLOWER: Final = "450 4.7.1 Too much mail; come again later"
TAKEN: Final = "250 2.0.0 Taken in"
NOT_NOW: Final = "451 4.3.0 Not possible now; come again later"
NO_VERDICT: Final = "451 4.7.0 Who sent this could not be checked now; come again later"
FORGED: Final = "550 5.7.1 The sender is not who the mail says"
NOT_ALLOWED: Final = "550 5.7.1 This sender may not write here"
UNREADABLE: Final = "554 5.6.0 This mail is built too strangely to be read"
_REFUSALS: Final = {"forged": FORGED, "sender_not_allowed": NOT_ALLOWED}
_POSTMASTER: Final = "postmaster"

_LOG = structlog.get_logger("fleetfolk.pushmail")


class Door:
    """What aiosmtpd asks. One per process; a session keeps its boxes in the envelope, by their recipient."""

    def __init__(self, settings: MailIn, *, lookups: Lookups, rates: Rates | None = None, lmtp: bool = False) -> None:
        self.settings = settings
        self.rates = rates or Rates()
        self._lookups = lookups
        self._lmtp = lmtp
        self._relays = [ipaddress.ip_network(network) for network in settings.relays]
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="pushmail")

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What we can: signing in is no part of it, with or without TLS."""
        session.host_name = hostname
        return [line for line in responses if not line.startswith("250-AUTH")]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        """Anybody may offer mail, but no server too much of it.

        The sender is not counted here: anybody can say to be anybody, and would use up what that one may send.
        """
        peer = peer_of(session)
        if not self.is_relay(peer) and not self.rates.takes("server", network_of(peer), most=PER_SERVER):
            return SLOWER
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        envelope.boxes = {}  # type: ignore[attr-defined]
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Whether the address takes mail. Whatever the reason that it takes none, the answer is the same."""
        answer = await self._recipient(session, envelope, address)
        RECIPIENTS.labels(answer=answer[:3]).inc()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(rcpt_options)
        return answer

    async def _recipient(self, session: Session, envelope: Envelope, address: str) -> str:
        local, domain = split_address(address)
        boxes: dict[str, Box | None] = envelope.boxes  # type: ignore[attr-defined]
        if len(boxes) >= MOST_RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        if local.lower() == _POSTMASTER and domain in ("", self.settings.domain):
            boxes[address] = None
            return GOOD
        if domain != self.settings.domain:
            return NO_RELAY
        secret = secret_in(local)
        box = await self._box(secret, peer_of(session))
        if isinstance(box, Box):
            boxes[address] = box
            return GOOD
        _LOG.info("mail_for_nobody", answer=box[:3], peer=peer_of(session), sender=without_secrets(_sender(envelope)))
        return box

    async def _box(self, secret: str | None, peer: str) -> Box | str:
        """Where mail to the secret goes, or why it goes nowhere. Whoever guesses too often learns nothing more."""
        guessing, server = not self.is_relay(peer), network_of(peer)
        if guessing and not self.rates.has_room("wrong", server, most=WRONG_PER_SERVER):
            return SLOWER
        try:
            box = await self._in_thread(box_of, secret) if secret else None
        except DatabaseError:
            _LOG.exception("mail_not_looked_up")
            return NOT_NOW
        if box is None or secret is None:
            if guessing:
                self.rates.takes("wrong", server, most=WRONG_PER_SERVER)
            return UNKNOWN
        within = self.rates.takes("address", secret_hash(secret), most=self.settings.per_address)
        return box if within else SLOWER

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """The mail is in the database, or dropped because no person wrote it, or the sender knows why not."""
        began = time.perf_counter()
        boxes: dict[str, Box | None] = envelope.boxes  # type: ignore[attr-defined]
        raw = envelope.original_content or b""
        work = partial(self._decided, raw, list(boxes.values()), peer_of(session), session.host_name or "", envelope)
        try:
            answers = await self._in_thread(work)
        except DatabaseError:
            _LOG.exception("mail_not_kept")
            answers = [NOT_NOW] * len(boxes)
        SECONDS.observe(time.perf_counter() - began)
        return self._together(answers)

    async def handle_exception(self, error: Exception) -> str:
        """A defect of ours is no reason to lose the mail: it comes again."""
        _LOG.error("mail_defect", exc_info=error)
        return NOT_NOW

    def _together(self, answers: Sequence[str]) -> str:
        """LMTP has an answer for each recipient. SMTP has one for all: whoever was refused is not told then."""
        if self._lmtp:
            return "\r\n".join(answers)
        return next((answer for answer in answers if answer.startswith("2")), min(answers))

    def _decided(self, raw: bytes, boxes: Sequence[Box | None], peer: str, helo: str, envelope: Envelope) -> list[str]:
        """The answer for each recipient. In a thread: it asks name servers and the database."""
        sender = _sender(envelope)
        try:
            require_bounds(raw)
            headers = headers_of(raw)
            dropped = why_looping(headers, own_mark=self.settings.mark) if sender else "null_sender"
            if dropped:
                return [self._dropped(dropped, peer, box) for box in boxes]
            mail = read_mail(raw)
        except Unreadable as unreadable:
            MAILS.labels(outcome="unreadable").inc(len(boxes))
            _LOG.info("mail_unreadable", peer=peer, why=unreadable.reason)
            return [UNREADABLE] * len(boxes)
        arrived = Arrived(
            raw=raw,
            message_id=mail.message_id,
            sender=f"{mail.author_name} <{mail.author_address}>" if mail.author_name else mail.author_address,
            author=mail.author_address,
            subject=mail.subject,
            verdict=self._verdict(raw, headers, peer, helo, sender),
        )
        if self._is_too_much(arrived):
            MAILS.labels(outcome="too_much").inc(len(boxes))
            _LOG.info("mail_too_much", peer=peer, author=arrived.verdict.author)
            return [SLOWER] * len(boxes)
        return [self._answer(box, arrived, peer) for box in boxes]

    def _is_too_much(self, arrived: Arrived) -> bool:
        """Whether somebody who is shown to be the author sends too much. What is not shown is nobody's."""
        proved = arrived.verdict.standing is Standing.VERIFIED
        return proved and not self.rates.takes("sender", arrived.author.lower(), most=PER_SENDER)

    def _answer(self, box: Box | None, arrived: Arrived, peer: str) -> str:
        if box is None:
            MAILS.labels(outcome="postmaster").inc()
            _LOG.warning("mail_for_postmaster", peer=peer, sender=arrived.sender, subject=arrived.subject)
            return TAKEN
        about = {"peer": peer, "address": box.id, "user": box.user_id, "standing": arrived.verdict.standing.value}
        if must_wait(box, arrived):
            outcome, answer = "undecided", NO_VERDICT
        elif refused := why_refused(box, arrived):
            outcome, answer = refused, _REFUSALS[refused]
        else:
            outcome, answer = ("taken" if take_in(box, arrived) else "again"), TAKEN
        MAILS.labels(outcome=outcome).inc()
        _LOG.info("mail_at_the_door", outcome=outcome, size=len(arrived.raw), **about)
        return answer

    def _dropped(self, why: str, peer: str, box: Box | None) -> str:
        MAILS.labels(outcome="dropped").inc()
        _LOG.info("mail_dropped", why=why, peer=peer, address=box.id if box else None)
        return TAKEN

    def _verdict(self, raw: bytes, headers: dict[str, list[str]], peer: str, helo: str, sender: str) -> Verdict:
        authors = domains_of(authors_of(headers), headers)
        if not self.is_relay(peer):
            return judge(raw=raw, address=peer, helo=helo, sender=sender, authors=authors, lookups=self._lookups)
        if self.settings.trusted:
            said = headers.get("authentication-results", ())
            found = trusted_verdict(said, identity=self.settings.trusted, authors=authors, lookups=self._lookups)
            if found is not None:
                return found
        signatures = signatures_of(raw, lookups=self._lookups)
        return verdict_of(spf=("none", ""), signatures=signatures, authors=authors, lookups=self._lookups)

    def is_relay(self, peer: str) -> bool:
        """Whether the peer is one of our own mail servers, which counts for itself."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._relays)

    async def _in_thread[T](self, work: Callable[..., T], *args: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(_with_fresh_connection, work, *args))


def _sender(envelope: Envelope) -> str:
    """The sender of the envelope; empty for mail of mail servers themselves."""
    return (envelope.mail_from or "").strip("<>")


def peer_of(session: Session) -> str:
    """The address of whoever hands mail over."""
    return address_of(session.peer)


def _with_fresh_connection[T](work: Callable[..., T], *args: Any) -> T:
    close_old_connections()
    try:
        return work(*args)
    finally:
        close_old_connections()
