"""Waiting until a process answers, and what to tell when one ended instead."""

from __future__ import annotations

import socket
import time
from collections.abc import Container
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from fleetfolk.config.runtime.children import Child
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.plan import Plan

LONGEST_WEB_START = 150.0
# The last line of a traceback that ends in a sentence for people.
SENTENCES = ("django.core.exceptions.ImproperlyConfigured: ", "django.core.management.base.CommandError: ")


def log_of(name: str) -> str:
    """The file in which a process of this name logs."""
    return f"{name.removesuffix(' server').replace(' ', '-')}.log"


def wait_for_answer(
    plan: Plan, name: str, where: tuple[str, int], ready: Container[object], children: list[Child]
) -> None:
    """/readyz is answered there with one of these statuses."""
    host = urlsplit(plan.origin).netloc
    said: object = "nothing"
    deadline = time.monotonic() + LONGEST_WEB_START
    while time.monotonic() < deadline:
        for child in children:
            if not child.alive:
                fail_of(child, children)
        said = status_of(where, host)
        if said in ready:
            return
        time.sleep(0.1)
    raise CannotStart(
        f"The {name} did not answer within {LONGEST_WEB_START:.0f} seconds (last: {said}). "
        f"What went wrong is in {plan.folder.logs / log_of(name)}."
    )


def wait_for_greeting(plan: Plan, port: int, children: list[Child]) -> None:
    """Mail is taken in at the port."""
    where = ("127.0.0.1" if plan.mail.host == "0.0.0.0" else plan.mail.host, port)  # noqa: S104 - asked, not bound
    deadline = time.monotonic() + LONGEST_WEB_START
    while True:
        for child in children:
            if not child.alive:
                fail_of(child, children)
        with suppress(OSError), socket.create_connection(where, timeout=10) as peer:
            if peer.recv(3) == b"220":
                return
        if time.monotonic() > deadline:
            log = plan.folder.logs / log_of("mail")
            raise CannotStart(f"Nobody takes mail in at port {port}. What went wrong is in {log}.")
        time.sleep(0.1)


def status_of(where: tuple[str, int], host: str) -> object:
    """The status with which /readyz is answered there, or why it is not."""
    try:
        connection = HTTPConnection(*where, timeout=10)
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        return error


def fail_of(ended: Child, children: list[Child]) -> None:
    """Raises what to tell about a child that ended although nobody asked it to."""
    # When the database goes, the others fall over it, and one of them may be noticed first.
    time.sleep(0.2)
    cause = next((child for child in children if child.name == "database" and not child.alive), ended)
    output = cause.output()
    if "No space left on device" in output or "DiskFull" in output:
        raise CannotStart(
            "The disk is full. Everything was stopped; nothing that was saved is lost. Free some space and start again."
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = lines[-1] if lines else "it said nothing"
    if last.startswith(SENTENCES):
        raise CannotStart(last.partition(": ")[2])
    raise CannotStart(
        f"The {cause.name} {cause.ending()}, so everything was stopped; nothing that was saved is lost. "
        f"The last it said: {last} – the rest is in {cause.log}. Start again when that is mended."
    )
