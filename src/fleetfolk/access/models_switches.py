"""Where a role's switches differ from the tenant's own, and what is held at a place.

The switches that count are those of the place where the role is held or, where it says nothing, of the nearest
organization above it that does; else the role's own. `access_switches_of` in the database decides it for everybody: the
gate, the lists, and what is asked of one role or person here.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func

from fleetfolk.access.models import Role
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.models import Organization


class RoleSwitches(models.Model):
    """What a role may do in one organization and below it, in place of what it may do above."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="role_switches", db_index=True)
    role = models.ForeignKey(Role, models.CASCADE, related_name="switches", db_index=False)
    permissions = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "organization"], name="role_switches_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.organization}"


class HeldAt(Func):
    """What a role holds at a place, in the database: ``HeldAt(F("role_id"), F("path"))``."""

    function = "access_held_at"
    arity = 2
    output_field: Any = ArrayField(models.CharField(max_length=60))


class HoldsOnly(Func):
    """Whether what is held is among the codes: a condition."""

    template = "(%(expressions)s::varchar[])"
    arg_joiner = " <@ "
    conditional = True
    output_field: Any = models.BooleanField()

    def __init__(self, held: HeldAt, codes: Iterable[str]) -> None:
        super().__init__(held, models.Value(sorted(codes), output_field=HeldAt.output_field))


class HoldsAny(HoldsOnly):
    """Whether one of the codes is held, at least: a condition."""

    arg_joiner = " && "


def held_at(role: Role, path: str) -> frozenset[str]:
    """What the role holds at the place."""
    if not role.differs:
        return frozenset(role.permissions)
    with planned_once() as cursor:
        cursor.execute("SELECT access_held_at(%s, %s)", [role.pk, path])
        return frozenset(cursor.fetchone()[0])


def held_anywhere(role: Role) -> frozenset[str]:
    """All that the role holds in one organization or another."""
    own = frozenset(role.permissions)
    if not role.differs:
        return own
    return own.union(*RoleSwitches.objects.filter(role=role).values_list("permissions", flat=True))


def held_at_home(person: Any) -> frozenset[str]:
    """What the person's role holds where they are at home. The person has come with their role."""
    return held_at(person.role, person.path)
