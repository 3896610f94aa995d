"""What goes on beside the work: a program that makes changes by REST, and remembers what it was told of each."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, Self

from bench.faults.installation import Installation, sure

PACE = 0.1


@dataclass(kw_only=True)
class Program:
    """Makes one location after the other. Whatever was not answered is asked again, under the same idempotency key."""

    installation: Installation
    key: str
    organization: int
    name: str
    acknowledged: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)
    cut: int = 0
    ending: threading.Event = field(default_factory=threading.Event)
    trouble: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._thread.join()

    def check(self) -> None:
        """Each acknowledged location is there once, with one entry; one that was left in doubt is so, or not at all."""
        sure(not self.trouble, f"a program was answered as it should be: {self.trouble[:3]}")
        found = self.installation.rows(
            "SELECT l.name, count(DISTINCT l.id), count(e.id) FROM organizations_location l LEFT JOIN actionlog_entry e"
            " ON e.code = 'location.create' AND e.result = 'done' AND e.facts ->> 'location' = l.name"
            " WHERE l.name LIKE %s GROUP BY l.name",
            f"{self.name} %",
        )
        there = {name for name, _tags, _entries in found}
        sure(all(row[1:] == (1, 1) for row in found), f"each location is there once, with one entry: {found[:3]}")
        sure(self.acknowledged <= there, f"lost: {sorted(self.acknowledged - there)[:5]}")
        sure(there <= self.acknowledged | self.in_doubt, "nothing is there of which nobody was told")

    def _run(self) -> None:
        asked = HTTPConnection("127.0.0.1", self.installation.ports["web"], timeout=20)
        number = 0
        while not self.ending.is_set():
            number += 1
            name = f"{self.name} {number}"
            while not self.ending.is_set():
                try:
                    if self._made(asked, name):
                        break
                except (OSError, HTTPException):
                    self.cut += 1
                    # Until it is asked again, nobody knows how it ended.
                    self.in_doubt.add(name)
                    asked.close()
                time.sleep(PACE)
            time.sleep(PACE)
        asked.close()

    def _made(self, asked: HTTPConnection, name: str) -> bool:
        """Whether there is an answer, be it that nobody knows; False where it says to come again."""
        headers = {
            "Host": f"localhost:{self.installation.ports['web']}",
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": name.replace(" ", "-"),
        }
        body = json.dumps({"target": self.organization, "name": name})
        asked.request("POST", "/api/v1/actions/location.create", body=body, headers=headers)
        answer = asked.getresponse()
        said = answer.read()
        if answer.status == 200:
            self.acknowledged.add(name)
            self.in_doubt.discard(name)
            return True
        if answer.status == 409 and _reason(said) == "idempotency_open":
            return True
        self.cut += 1
        self.in_doubt.add(name)
        if answer.status not in {503, 507}:
            self.trouble.append(f"{answer.status} {said[:200]!r}")
        return False


def _reason(said: bytes) -> str:
    try:
        document: Any = json.loads(said)
    except ValueError:
        return ""
    return str(document.get("reason", ""))
