"""`fleetfolk move-in --from https://…`: what is on a server with a Platform API as Blynk has it is here, too."""

import csv
import getpass
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fleetfolk.api.move_in.moving import Line, Moving, Result
from fleetfolk.api.move_in.source import Source, SourceFailed, require_address
from fleetfolk.api.move_in.world import read
from fleetfolk.console.csv_export import safe_cell
from fleetfolk.kernel.actor import Client, Proof
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

SECRET = "FLEETFOLK_MOVE_IN_SECRET"  # noqa: S105 - the name of a variable
HEAD = ("kind", "there", "name", "result", "here", "detail", "token")


class Command(BaseCommand):
    """Moves in; exit code 1 where anything was left out."""

    help = (
        "Bring organizations, templates, tags, people and devices from a server with Blynk's Platform API. "
        "Run it again to go on, or to bring what has come since: nothing is made twice. Nobody is written to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, into what, and as whom."""
        parser.add_argument("--from", dest="source", required=True, metavar="URL", help="the other server")
        parser.add_argument(
            "--client-id", required=True, help=f"of its OAuth client; the secret is asked for, or in {SECRET}"
        )
        parser.add_argument("--as", dest="person", required=True, metavar="EMAIL", help="whose rights are used here")
        parser.add_argument("--into", type=int, metavar="ID", help="the organization (default: the person's own)")
        parser.add_argument("--dry-run", action="store_true", help="read everything there and make nothing here")
        parser.add_argument("--report", type=Path, default=Path("move-in.csv"), help="default: move-in.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything that can come is here; the report says how it went with each thing."""
        found = User.objects.filter(email=options["person"].strip().lower(), is_active=True).first()
        if found is None:
            raise CommandError(f"Nobody with the address {options['person']} can sign in.")
        wanted = found.organization_id if options["into"] is None else options["into"]
        into = Organization.objects.filter(pk=wanted, tenant_id=found.tenant_id).first()
        if into is None:
            raise CommandError(f"There is no organization {wanted} in the tenant of {found}.")
        secret = os.environ.get(SECRET) or getpass.getpass("Client secret: ")
        try:
            source = Source(address=require_address(options["source"]), client_id=options["client_id"], secret=secret)
            self.stdout.write(f"Reading {source.name} …")
            world = read(source)
        except SourceFailed as error:
            raise CommandError(str(error)) from error
        moving = Moving(
            # Whoever has a shell on the server needs to prove nothing to it.
            actor=found.as_actor(Client.SHELL, proof=Proof.GIVEN),
            into=into,
            source=source.name,
            world=world,
            dry_run=options["dry_run"],
        )
        counted = self._written(moving, options["report"])
        for (kind, result), number in sorted(counted.items()):
            self.stdout.write(f"  {kind:<14} {result:<14} {number:>8,}")
        self.stdout.write(f"Each of them is in {options['report']}.")
        if any(result is Result.LEFT for _kind, result in counted):
            sys.exit(1)

    def _written(self, moving: Moving, report: Path) -> Counter[tuple[str, Result]]:
        """Every line is in the report as soon as its thing is done: what a new token is stands nowhere else."""
        counted: Counter[tuple[str, Result]] = Counter()
        opened = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            writer = csv.writer(file)
            writer.writerow(HEAD)
            for line in moving.lines():
                writer.writerow(_cells(line))
                file.flush()
                counted[(line.kind, line.result)] += 1
        return counted


def _cells(line: Line) -> list[str]:
    here = "" if line.made_id is None else str(line.made_id)
    name, detail = str(safe_cell(line.name)), str(safe_cell(line.detail))
    return [line.kind, line.key, name, line.result.value, here, detail, line.token]
