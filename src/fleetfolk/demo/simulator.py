"""Simulated devices on the public API: they report, ask what people have set, and do it."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fleetfolk.demo.hardware import Hardware

REPORT_SECONDS = 6.0
LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 10.0
AWAY_EVERY = 10
"""One device of so many is away for a while now and then, as devices in the field are."""
AWAY_SECONDS = (90.0, 240.0)
THERE_SECONDS = (240.0, 900.0)

_LOG = logging.getLogger(__name__)


class NotAnswered(Exception):
    """The server is not there, or not ready; a device tries again."""


@dataclass(slots=True)
class Line:
    """A device's connection, kept open between requests as firmware does."""

    host: str
    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, parameters: Sequence[tuple[str, str]]) -> bytes:
        """The answer's body. `NotAnswered` where there is none, or none that says 200."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._get(f"/external/api{path}?{urlencode(parameters)}")
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            self.close()
            raise NotAnswered(str(error)) from None

    def close(self) -> None:
        """The connection is gone."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None

    async def _get(self, target: str) -> bytes:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        self.writer.write(f"GET {target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.strip().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if status.split()[1] != "200":
            raise NotAnswered(f"{status.split()[1]} {body[:200]!r}")
        return body


async def run(devices: Sequence[Hardware], *, host: str, port: int) -> None:
    """They live until somebody ends the process."""
    _LOG.info("%s simulated devices speak to %s:%s.", len(devices), host, port)
    lives = [
        _live(device, Line(host, port), may_leave=number % AWAY_EVERY == AWAY_EVERY - 1)
        for number, device in enumerate(devices)
    ]
    await asyncio.gather(*lives)


async def _live(device: Hardware, line: Line, *, may_leave: bool) -> None:
    """One device: it starts at its own moment, and goes on whatever the server does."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(device.chance.uniform(0, REPORT_SECONDS))
    leaves = loop.time() + device.chance.uniform(*THERE_SECONDS)
    reports = loop.time()
    while True:
        if may_leave and loop.time() >= leaves:
            line.close()
            await asyncio.sleep(device.chance.uniform(*AWAY_SECONDS))
            leaves = loop.time() + device.chance.uniform(*THERE_SECONDS)
        with contextlib.suppress(NotAnswered):
            device.obey(await _ask(device, line))
            if loop.time() >= reports:
                reports = loop.time() + REPORT_SECONDS
                await _say(device, line)
        await asyncio.sleep(LOOK_SECONDS)


async def _ask(device: Hardware, line: Line) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await line.get("/getAll", [("token", device.token)]))
    return found


async def _say(device: Hardware, line: Line) -> None:
    device.live()
    said = device.report()
    if said:
        await line.get("/batch/update", [("token", device.token), *said])
    if code := device.event():
        await line.get("/logEvent", [("token", device.token), ("code", code)])
