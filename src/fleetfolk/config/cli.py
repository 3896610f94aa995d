"""The command `fleetfolk`: Django's commands, and those of the installation."""

import os
import sys

from fleetfolk.config.runtime.folder import find_database


def main() -> None:
    """Run a command; what can be expected to go wrong is one sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
    if sys.argv[1:2] == ["run"]:
        from fleetfolk.config.runtime.supervisor import run  # noqa: PLC0415 - needs no settings

        raise SystemExit(run())
    if sys.argv[1:2] == ["doctor"]:
        from fleetfolk.config.runtime.doctor import run as examine  # noqa: PLC0415 - sets Django up by itself

        raise SystemExit(examine())
    if len(sys.argv) > 1:
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


if __name__ == "__main__":
    main()
