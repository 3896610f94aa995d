"""The people of one organization, brought by the import that the page has: pending, and nobody is written to."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.management import CommandError, call_command

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.api.platform.numbers import role_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.models import User

HEAD: Final = ("Full name", "E-mail", "Phone", "Role")

type Told = tuple[dict[str, Any], str, str]
"""The row, how it went in the words of `moving.Result`, and why."""


@dataclass(kw_only=True)
class Newcomers:
    """Those of one organization."""

    actor: Actor
    place: Organization
    people: Sequence[dict[str, Any]]

    def looked_at(self) -> Iterator[Told]:
        """Who would come."""
        there = self._there() if self.place.pk else set()
        for row in self.people:
            yield row, "there already" if _address(row) in there else "would be made", ""

    def brought(self) -> Iterator[Told]:
        """They are there. Who was there already stays as they are."""
        before = self._there()
        new = [row for row in self.people if _address(row) not in before]
        why = self._imported(new) if new else ""
        after = self._there()
        for row in self.people:
            address = _address(row)
            if address in before:
                yield row, "there already", ""
            elif address in after:
                yield row, "made", ""
            else:
                yield row, "left out", why or "The import left the row out."

    def _there(self) -> set[str]:
        addresses = [_address(row) for row in self.people]
        known = User.objects.filter(organization=self.place, email__in=addresses)
        return set(known.values_list("email", flat=True))

    def _imported(self, rows: Sequence[dict[str, Any]]) -> str:
        """What went wrong with those who are left out; empty where nothing did."""
        roles = Role.objects.filter(tenant_id=self.place.tenant_id)
        plain = roles.get(builtin=BuiltinRole.USER)
        by = User.objects.get(pk=self.actor.user_id or 0)
        with tempfile.TemporaryDirectory() as folder:
            file, problems = Path(folder) / "people.csv", Path(folder) / "problems.csv"
            with file.open("w", newline="") as text:
                writer = csv.writer(text)
                writer.writerow(HEAD)
                for row in rows:
                    role = role_of(self.place.tenant_id, int(row.get("roleId") or 0)) or plain
                    writer.writerow([row["name"], _address(row), row.get("phoneNumber") or "", role.name])
            try:
                call_command(
                    *("import_users", str(file), "--as", by.email, "--organization", str(self.place.pk)),
                    *("--problems", str(problems)),
                    stdout=io.StringIO(),
                )
            except CommandError as error:
                return str(error)
            except SystemExit:
                with problems.open(newline="") as text:
                    return " ".join(sorted({line[-1] for line in list(csv.reader(text))[1:] if line}))[:500]
        return ""


def _address(row: dict[str, Any]) -> str:
    try:
        return normal_email(str(row["email"]))
    except UnfitValue:
        return str(row["email"])
