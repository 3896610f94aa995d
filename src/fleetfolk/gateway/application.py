"""The gateway's process: granian's RSGI application, with the core and its protocols.

    granian fleetfolk.gateway.application:application --interface rsgi

RSGI, because every request of a device passes here: no middleware, no copy of the headers, and the body only where one
is wanted. Django is set up for its settings, and for Actions, which run in threads.
"""

import asyncio
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - needs the set-up above, as all that follows

from fleetfolk.gateway.core import Core  # noqa: E402
from fleetfolk.gateway.https.endpoints import BASE  # noqa: E402
from fleetfolk.gateway.https.protocol import Connection, HttpsApi, Scope  # noqa: E402
from fleetfolk.gateway.https.uploads import BASE as UPLOADS  # noqa: E402
from fleetfolk.gateway.meeting import meet  # noqa: E402

PLAIN = [("content-type", "text/plain; charset=utf-8")]


class Gateway:
    """One process of the gateway."""

    def __init__(self) -> None:
        self._core: Core | None = None
        self._https: HttpsApi | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self._start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._core is not None:
            loop.run_until_complete(self._core.stop())

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """Answers devices; and, to whoever looks after the process, whether it has its database."""
        if scope.proto != "http":
            connection.close(404)  # type: ignore[attr-defined]
        elif scope.path.startswith((f"{BASE}/", f"{UPLOADS}/")) and self._https is not None:
            await self._https.answer(scope, connection)
        elif scope.path == "/readyz" and self._core is not None:
            connection.response_str(*((200, PLAIN, "ok") if self._core.connected else (503, PLAIN, "no database")))
        else:
            connection.response_str(404, PLAIN, "")

    async def _start(self) -> None:
        self._core = Core(first_contact=meet)
        self._https = HttpsApi(self._core, proxies=settings.FLEETFOLK_PROXIES)
        self._core.start()


application = Gateway()
