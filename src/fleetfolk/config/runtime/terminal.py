"""What the person at the terminal reads."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from fleetfolk.config.runtime.plan import Plan


def greet(plan: Plan, seconds: float) -> None:
    """The person at the terminal knows where to go, and in the demo as whom."""
    lines = [f"\nFleetfolk runs at {plan.origin} (started in {seconds:.0f} s)", ""]
    if plan.demo and plan.folder.demo.exists():
        lines.append("  Sign in as")
        lines += [
            f"    {each['email']:<34} {each['password']:<20} {each['says']}"
            for each in json.loads(plan.folder.demo.read_text(encoding="utf-8"))["sign_ins"]
        ]
        lines.append("")
    for port, protocol in ((plan.mail.smtp, "SMTP"), (plan.mail.lmtp, "LMTP")):
        if port:
            lines.append(f"  Push Mail is taken in by {protocol} on port {port} of {plan.mail.host}.")
    lines.append(f"  Logs are in {shown(plan.folder.logs)}. Ctrl-C stops everything.")
    say("\n".join(lines))


def shown(path: Path) -> str:
    """The path, from the working folder where that is shorter."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def say(text: str) -> None:
    """The text stands at the terminal."""
    # The terminal may be gone; that is no reason to stop.
    with suppress(OSError):
        print(text, flush=True)


def complain(text: str) -> None:
    """The text stands among the errors."""
    with suppress(OSError):
        print(f"\nFleetfolk: {text}", file=sys.stderr, flush=True)
