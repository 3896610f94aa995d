"""The process that takes mail in, by SMTP and LMTP.

    python -m fleetfolk.messages.pushmail.listener

It listens where FLEETFOLK_MAIL_IN_HOST, _PORT and _LMTP_PORT say, offers STARTTLS where there is a certificate, and
knows neither sign-in nor other people's mail.
"""

import asyncio
import os
import signal
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any, Final

import django
from django.conf import settings as django_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from fleetfolk.messages.pushmail.peers import address_of, network_of

MOST_CONNECTIONS: Final = 32
"""Each may hold a whole mail in memory."""
MOST_OF_ONE: Final = 10
"""Connections of one server that is not our own: it leaves room for others."""
LONGEST_LINE: Final = 16_384
"""Bytes. Senders of HTML break the rule of 998 now and then."""
_FULL: Final = b"421 4.3.2 Too many connections; come again later\r\n"


class Places:
    """How many connections there are, of one process, and whose."""

    def __init__(self, *, most: int = MOST_CONNECTIONS, of_one: int = MOST_OF_ONE) -> None:
        self._most, self._of_one = most, of_one
        self._taken: Counter[str] = Counter()

    def take(self, server: str, *, ours: bool) -> bool:
        """Whether the server has a place now. ``ours`` may have them all."""
        if self._taken.total() >= self._most or (not ours and self._taken[server] >= self._of_one):
            return False
        self._taken[server] += 1
        return True

    def leave(self, server: str) -> None:
        """The place is free again."""
        self._taken[server] -= 1
        self._taken += Counter()  # Without those that have none.


class _Bounded(SMTP):
    """Closes the connection at once where too many are open."""

    line_length_limit = LONGEST_LINE

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = places
        self._server: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes a place. After STARTTLS the connection is made anew and keeps its own."""
        if self._server is None:
            peer = address_of(transport.get_extra_info("peername"))
            server = network_of(peer)
            if not self._places.take(server, ours=self.event_handler.is_relay(peer)):
                transport.write(_FULL)  # type: ignore[attr-defined]
                transport.close()
                return
            self._server = server
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Gives the place back."""
        if self._server is not None:
            self._places.leave(self._server)
            self._server = None
            super().connection_lost(error)


class _Lmtp(_Bounded, LMTP):
    """LMTP: after the mail there is an answer for each recipient, whatever became of it (RFC 2033, 4.2)."""

    _asked = False

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Takes the mail."""
        try:
            await super().smtp_DATA(arg)
        finally:
            self._asked = False

    async def push(self, status: Any) -> None:
        """One answer stands for all recipients where the library refuses by itself."""
        text = status.decode() if isinstance(status, bytes) else status
        if self._asked and "\r\n" not in text:
            status = "\r\n".join([text] * max(len(self.envelope.rcpt_tos) if self.envelope else 1, 1))
        if text.startswith("354"):
            self._asked = True
        await super().push(status)


def protocol(door: Any, *, places: Places, lmtp: bool = False, tls: ssl.SSLContext | None = None) -> Callable[[], SMTP]:
    """What makes a connection's protocol."""

    def make() -> SMTP:
        kind = _Lmtp if lmtp else _Bounded
        return kind(
            door,
            places=places,
            hostname=door.settings.domain,
            ident="Fleetfolk",
            data_size_limit=door.settings.largest,
            enable_SMTPUTF8=True,
            tls_context=tls,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
        )

    return make


def certificate(chain: str, key: str) -> ssl.SSLContext | None:
    """What STARTTLS uses; None where no certificate is named."""
    if not chain:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key or None)
    return context


async def listen(host: str, smtp_port: int, lmtp_port: int) -> None:
    """Mail is taken in until somebody asks the process to end; what is being handed over is finished."""
    # Django is set up by now.
    from fleetfolk.messages.pushmail.door import Door  # noqa: PLC0415
    from fleetfolk.messages.pushmail.lookups import Resolver  # noqa: PLC0415
    from fleetfolk.messages.pushmail.rates import Rates  # noqa: PLC0415
    from fleetfolk.messages.pushmail.settings import MailIn  # noqa: PLC0415

    loop, done, places = asyncio.get_running_loop(), asyncio.Event(), Places()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    settings, lookups = MailIn.read(), Resolver(django_settings.FLEETFOLK_MAIL_IN_NAME_SERVER)
    rates = Rates()
    tls = certificate(django_settings.FLEETFOLK_MAIL_IN_CERTIFICATE, django_settings.FLEETFOLK_MAIL_IN_KEY)
    async with AsyncExitStack() as servers:
        for port, lmtp in ((smtp_port, False), (lmtp_port, True)):
            if port:
                door = Door(settings, lookups=lookups, rates=rates, lmtp=lmtp)
                make = protocol(door, places=places, lmtp=lmtp, tls=tls)
                await servers.enter_async_context(await loop.create_server(make, host, port))
        await done.wait()


def main() -> None:
    """Until it is asked to end."""
    django.setup()
    said = {name: os.environ.get(f"FLEETFOLK_MAIL_IN_{name}", "") for name in ("HOST", "PORT", "LMTP_PORT")}
    asyncio.run(listen(said["HOST"] or "127.0.0.1", int(said["PORT"] or 0), int(said["LMTP_PORT"] or 0)))


if __name__ == "__main__":
    main()
