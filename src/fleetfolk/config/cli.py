"""The command `fleetfolk`: what an installation is run with, and daily work on any server over the REST interface."""

import os
import sys
from collections.abc import Mapping
from typing import Final

from fleetfolk.config.remote import commands as remote
from fleetfolk.config.runtime.folder import find_database

LOCAL: Final = {
    "run": "start the installation",
    "part": "start one of its processes alone, for a service manager or a container",
    "doctor": "say what is wrong with it, and what to do",
    "create-tenant": "open a tenant, and invite its first Admin",
    "create-operator": "invite a Super Admin of the installation",
    "import-users": "invite the people of a CSV file",
    "move-in": "bring everything from a server with Blynk's Platform API",
    "backup": "write everything that must not be lost into one file",
    "restore": "put back what a backup holds, but for who was erased since",
    "reapply-erasures": "erase again who came back with a backup",
    "build-demo": "make the demo's world",
    "simulate": "let the demo's devices report",
}
"""What works on the installation itself, besides Django's own."""


def main() -> None:
    """Run a command; what can be expected to go wrong is one sentence and an exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print(_overview())
        return
    if sys.argv[1] in remote.HELP:
        raise SystemExit(remote.run(sys.argv[1:]))
    if sys.argv[1] == "run":
        from fleetfolk.config.runtime.supervisor import run  # noqa: PLC0415 - needs no settings

        raise SystemExit(run())
    if sys.argv[1] == "doctor":
        from fleetfolk.config.runtime.doctor import run as examine  # noqa: PLC0415 - sets Django up by itself

        raise SystemExit(examine())
    if sys.argv[1] == "part":
        from fleetfolk.config.runtime.part import run as start  # noqa: PLC0415 - becomes that process

        raise SystemExit(start(sys.argv[2:]))
    if sys.argv[1] == "backup":
        from fleetfolk.config.runtime.backup import run as back_up  # noqa: PLC0415 - needs no settings

        raise SystemExit(back_up(sys.argv[2:]))
    if sys.argv[1] == "restore":
        from fleetfolk.config.runtime.restore import run as restore  # noqa: PLC0415 - needs no settings

        raise SystemExit(restore(sys.argv[2:]))
    sys.argv[1] = sys.argv[1].replace("-", "_")
    if database := find_database():
        os.environ["DATABASE_URL"] = database
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        print(problem, file=sys.stderr)
        raise SystemExit(1) from None


def _overview() -> str:
    return (
        "usage: fleetfolk COMMAND …\n\n"
        "Where the installation is, with its settings:\n"
        f"{_lines(LOCAL)}\n"
        "  and Django's own: `fleetfolk help --commands`, `fleetfolk help COMMAND`\n\n"
        "From anywhere, with a key (`fleetfolk login`), and within its rights:\n"
        f"{_lines(remote.HELP)}\n"
        "  each explains itself: `fleetfolk users --help`"
    )


def _lines(commands: Mapping[str, str]) -> str:
    return "\n".join(f"  {name:<18}{said}" for name, said in commands.items())


if __name__ == "__main__":
    main()
