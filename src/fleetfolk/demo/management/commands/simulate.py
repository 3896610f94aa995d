"""`fleetfolk simulate`: the demo world's devices report and obey, over the public API, until Ctrl-C."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleetfolk.demo import simulator
from fleetfolk.demo.hardware import FILE, read


class Command(BaseCommand):
    """Runs beside `fleetfolk run`, which starts it by itself in the demo."""

    help = "Let the demo world's devices report and obey over the public API, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which devices, and where they report to."""
        parser.add_argument("--file", type=Path, default=Path(settings.FLEETFOLK_DATA) / FILE)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("FLEETFOLK_PORT") or 8080))

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until somebody ends it."""
        file: Path = options["file"]
        if not file.exists():
            raise CommandError(f"There is no {file}, which says what devices there are. Build the demo world first.")
        with suppress(KeyboardInterrupt):
            asyncio.run(simulator.run(read(file), host=options["host"], port=options["port"]))
