"""Devices that send at a fixed rate, whatever the server does: `python -m bench.gateway_load`, which prints JSON.

Each request has its moment. Its time counts from that moment on, also when the connection was still busy with the one
before, so a server that falls behind cannot hide it.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 64
TICK_SECONDS = 0.002
type Request = Callable[[str, int], bytes]
"""The bytes of one request of the device with this token; the number counts up."""


def single(token: str, number: int) -> bytes:
    """One value."""
    return _get(f"/update?token={token}&v1={number % 1000 / 10}")


def pins(token: str, number: int) -> bytes:
    """Twenty values, each of another pin."""
    values = "&".join(f"v{pin}={(number + pin) % 1000 / 10}" for pin in range(1, 21))
    return _get(f"/batch/update?token={token}&{values}")


def points(token: str, number: int) -> bytes:
    """A hundred values of one pin, a second apart, as a device sends that saves its battery."""
    now = int(time.time() * 1000)
    body = json.dumps([[now - 1000 * age, (number + age) % 1000 / 10] for age in range(100)]).encode()
    head = (
        f"POST /external/api/batch/update?token={token}&pin=v2 HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


REQUESTS: dict[str, Request] = {"single": single, "pins": pins, "points": points}


@dataclass(kw_only=True)
class Load:
    """What is sent where, how often and for how long; ``rate`` 0 is as fast as answers come."""

    port: int
    request: Request
    tokens: list[str]
    rate: float
    seconds: float
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    sent: int = 0

    async def run(self) -> float:
        """Everything was sent and answered; how many seconds that took."""
        waiting: asyncio.Queue[float | None] = asyncio.Queue()
        began = time.perf_counter()
        workers = [asyncio.create_task(self._work(waiting)) for _ in range(CONNECTIONS)]
        if self.rate:
            while (passed := time.perf_counter() - began) < self.seconds:
                while self.sent < passed * self.rate:
                    waiting.put_nowait(began + self.sent / self.rate)
                    self.sent += 1
                await asyncio.sleep(TICK_SECONDS)
            for _ in workers:
                waiting.put_nowait(None)
        await asyncio.gather(*workers)
        return time.perf_counter() - began

    async def _work(self, waiting: asyncio.Queue[float | None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        deadline = time.perf_counter() + self.seconds
        number = random.randrange(1_000_000)
        while True:
            moment = await waiting.get() if self.rate else time.perf_counter()
            if moment is None or (not self.rate and moment > deadline):
                break
            number += 1
            writer.write(self.request(random.choice(self.tokens), number))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or b"0"))
            self.wrong += not head.startswith(b"http/1.1 200")
            self.times.append(time.perf_counter() - moment)
        writer.close()


def _get(path: str) -> bytes:
    return f"GET /external/api{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def main() -> int:
    """0 after a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=REQUESTS)
    parser.add_argument("tokens", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    load = Load(
        port=given.port,
        request=REQUESTS[given.kind],
        tokens=given.tokens.read_text(encoding="utf-8").split(),
        rate=given.rate,
        seconds=given.seconds,
    )
    elapsed = asyncio.run(load.run())
    times = sorted(load.times)

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1)

    report = {
        "requests": len(times),
        "wrong": load.wrong,
        "per_second": round(len(times) / elapsed, 1),
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "most_ms": at(1),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
