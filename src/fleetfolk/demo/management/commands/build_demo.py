"""`fleetfolk build_demo`: the demo world is in the database, and demo.json says as whom to sign in."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fleetfolk.demo.build import OtherPeopleHere, begin_world, build_world
from fleetfolk.demo.fleet import build_fleet
from fleetfolk.demo.fleet_life import tell_of_fleet
from fleetfolk.demo.signins import as_text
from fleetfolk.demo.writing import tell_of_writing
from fleetfolk.users.models import User


class Command(BaseCommand):
    """Builds the demo world, or what is missing of it; where it is finished, nothing changes."""

    help = "Build the demo world through Actions. An interrupted build is continued."

    def handle(self, *args: Any, **options: Any) -> None:
        """The world is there; a sentence says how many people it has."""
        if settings.MODE == "production":
            raise CommandError("This is a production installation. The demo world is only for FLEETFOLK_MODE=demo.")
        started = time.monotonic()
        try:
            world = begin_world(timezone.now())
        except OtherPeopleHere:
            raise CommandError(
                "This database holds other organizations already. The demo world is built only in an empty database: "
                "set DATABASE_URL to another one, or FLEETFOLK_MODE to production."
            ) from None
        is_new = world.finished_at is None
        build_world(world, tell=self.tell)
        folder = Path(settings.FLEETFOLK_DATA)
        folder.mkdir(parents=True, exist_ok=True)
        build_fleet()
        tell_of_fleet(world.told_at)
        tell_of_writing(world.told_at)
        (folder / "demo.json").write_text(json.dumps(as_text(), ensure_ascii=False, indent=1), encoding="utf-8")
        count = User.objects.count()
        took = f"built in {time.monotonic() - started:.0f} s" if is_new else "there already"
        self.stdout.write(f"The demo world is {took}: {count} people.")

    def tell(self, percent: int) -> None:
        """A line for whoever reads along, as `fleetfolk run` does."""
        self.stdout.write(f"{percent} % of the demo world")
