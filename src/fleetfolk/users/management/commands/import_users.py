"""`fleetfolk import_users FILE`: what the page does, from the shell, as a person and with that person's rights."""

import argparse
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole
from fleetfolk.jobs.actions import CancelJob, CancelJobInput
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.actor import Actor, Client, Proof
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.import_places import Ambiguous, organization_named
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.importing.phones import is_country
from fleetfolk.users.importing.problems import UnreadableFile
from fleetfolk.users.models import User
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.runs import run_import
from fleetfolk.users.uploads import keep_upload, remove_upload

_PIECE = 1 << 20


class Command(BaseCommand):
    """Imports people; exit code 1 where anything was left out or it could not be done."""

    help = "Import people from a CSV file. Importing again updates them. Wrong rows are written to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and everything that the page asks for."""
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--as", dest="person", required=True, metavar="EMAIL", help="whose rights are used")
        parser.add_argument("--organization", metavar="NAME_OR_ID", help="where people go (default: the person's own)")
        parser.add_argument("--default-country", default="", metavar="DE", help="for phone numbers in national form")
        parser.add_argument("--role", metavar="NAME", help="for rows that name none (default: the User role)")
        parser.add_argument("--invite", action="store_true", help="send invitations by mail")
        parser.add_argument("--dry-run", action="store_true", help="look at every row and change nobody")
        parser.add_argument(
            "--map",
            dest="columns",
            action="append",
            default=[],
            metavar='FIELD="COLUMN"',
            help=f"which column is what; FIELD is one of {', '.join(Field)}",
        )
        parser.add_argument(
            "--problems", type=Path, metavar="CSV", help="where wrong rows go (default: FILE.problems.csv)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """The import is done, and what was left out is in a file."""
        try:
            job = self._draft(argparse.Namespace(**options))
        except ActionError as error:
            raise CommandError(sentence_for(error)) from error
        except UnreadableFile as error:
            raise CommandError(error.sentence) from error
        self._run(job, dry_run=options["dry_run"], problems=options["problems"] or _beside(options["file"]))

    def _draft(self, options: argparse.Namespace) -> Job:
        self._actor = _actor_of(options.person)
        organization = _organization(self._actor, options.organization)
        country = options.default_country.upper()
        if country and not is_country(country):
            raise CommandError(f"{options.default_country!r} is not a country code like DE.")
        if not options.file.is_file():
            raise CommandError(f"There is no file {options.file}.")
        role_id = _role_id(self._actor, organization, options.role)
        with options.file.open("rb") as file:
            name = keep_upload(iter(lambda: file.read(_PIECE), b""))
        try:
            source = ImportSource.of_file(
                file=name,
                file_name=options.file.name,
                within=organization,
                role_id=role_id,
                country=country,
                invite=options.invite,
                client=Client.SHELL.value,
            )
            source = replace(source, mapping=_mapping(source, options.columns))
            data = CreateImportInput(source=source)
            made = perform(CreateImport, actor=self._actor, target_id=organization.pk, data=data).target
        except BaseException:
            remove_upload(name)
            raise
        for field, index in source.mapping.columns.items():
            self.stdout.write(f"  {field.label:<14} {source.csv().columns[index].name}")
        return Job.objects.get(pk=made.pk)

    def _run(self, draft: Job, *, dry_run: bool, problems: Path) -> None:
        try:
            data = StartImportInput(only_check=dry_run, here=True)
            started = perform(StartImport, actor=self._actor, target_id=draft.pk, data=data).target
        except ActionError as error:
            raise CommandError(sentence_for(error)) from error
        before = signal.signal(signal.SIGINT, lambda *_: self._cancel(started.pk))
        try:
            run_import(started.pk, tell=self._tell)
        finally:
            signal.signal(signal.SIGINT, before)
        self._finish(Job.objects.get(pk=started.pk), problems=problems)

    def _cancel(self, job_id: int) -> None:
        """Ctrl-C: noted, and done after the chunk. The Action waits until the chunk's own transaction is over."""
        self._cancelled = job_id

    _cancelled: int | None = None

    def _tell(self, job: Job) -> None:
        shown = " · ".join(
            f"{label} {job.counts.get(name, 0):,}"
            for name, label in KINDS[job.kind].counts.items()
            if job.counts.get(name)
        )
        self.stdout.write(f"\r{job.done:,} of {job.total:,} rows · {shown}\033[K", ending="")
        self.stdout.flush()
        if self._cancelled:
            perform(CancelJob, actor=self._actor, target_id=job.pk, data=CancelJobInput())

    def _finish(self, job: Job, *, problems: Path) -> None:
        kind = KINDS[job.kind]
        self.stdout.write("")
        left_out = job.counts.get("problem", 0)
        if left_out:
            with problems.open("wb") as file:
                for piece in kind.report(job, job.problems.order_by("line").iterator(chunk_size=500)):
                    file.write(piece)
            self.stdout.write(f"{left_out:,} rows were left out. They are in {problems}, each with its reason.")
        if job.state == JobState.FAILED:
            raise CommandError(kind.failure_of(job))
        if job.state == JobState.CANCELLED:
            raise CommandError(f"Cancelled after {job.done:,} of {job.total:,} rows. What was done until then stays.")
        if left_out:
            raise SystemExit(1)


def _actor_of(email: str) -> Actor:
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody with the address {email} can sign in.")
    # Whoever has a shell on the server needs to prove nothing to it.
    return person.as_actor(Client.SHELL, proof=Proof.GIVEN)


def _organization(actor: Actor, text: str | None) -> Organization:
    if text is None:
        return User.objects.select_related("organization").get(pk=int(actor.id)).organization
    try:
        found = organization_named(actor, text)
    except Ambiguous as error:
        keys = ", ".join(map(str, error.keys))
        raise CommandError(f"There is more than one organization {text!r}. Give the number of one: {keys}.") from error
    if found is None:
        raise CommandError(f"There is no organization {text!r} that this person can import people into.")
    return found


def _role_id(actor: Actor, organization: Organization, name: str | None) -> int:
    roles = GATE.giveable_roles(actor, INVITE_USERS, organization)
    role = (roles.filter(name__iexact=name) if name else roles.filter(builtin=BuiltinRole.USER)).first()
    if role is None:
        raise CommandError(f"There is no role {name or 'User'!r} that this person may give there.")
    return role.pk


def _mapping(source: ImportSource, given: list[str]) -> ColumnMapping:
    """The guessed columns, with those that were named in their place."""
    mapping = source.mapping
    columns = {column.name.casefold(): column.index for column in source.csv().columns}
    for text in given:
        field, separator, column = text.partition("=")
        if not separator or field not in list(Field):
            raise CommandError(f'{text!r} is not like email="E-Mail-Adresse". Fields: {", ".join(Field)}.')
        if column and column.casefold() not in columns:
            raise CommandError(f"The file has no column {column!r}.")
        mapping = mapping.with_column(Field(field), columns[column.casefold()] if column else None)
    return mapping


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.problems.csv")
