"""What will happen to each row of an import: the preview, the check of all rows and the run itself ask here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models.expressions import RawSQL

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.keeping import keep_roles_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_at
from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.organizations.queries import is_allowed_address, rules_of
from fleetfolk.users.import_names import Names
from fleetfolk.users.import_reasons import LeftOut
from fleetfolk.users.import_source import ImportSource, ReadRow
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.problems import RowProblem
from fleetfolk.users.importing.rows import ImportRow
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import EDIT_USERS, IMPORT_USERS, INVITE_USERS
from fleetfolk.users.reasons import LAST_STAYS
from fleetfolk.users.suppression import suppressed_among


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"


@dataclass(kw_only=True, slots=True)
class PlannedRow:
    """A row and what becomes of it: ``person`` is who is there, or will be; with ``invite`` a mail goes to them."""

    line: int
    verdict: Verdict
    person: User | None = None
    name: str = ""
    email: str = ""
    changes: list[Change] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    invite: bool = False
    problem: LeftOut | None = None


class _Unfit(Exception):
    """The row asks for something that cannot be done."""

    def __init__(self, reason: str, field_: Field | None, **values: str) -> None:
        super().__init__(reason)
        self.reason, self.field, self.values = reason, field_, values


def plan_rows(actor: Actor, job: Job, rows: Sequence[ReadRow], *, locked: bool = False) -> list[PlannedRow]:
    """For each row, in order, what becomes of it if it is imported now, with the actor's present rights.

    ``locked`` keeps the people that are there from being changed by anybody else until the transaction ends. Without it
    nothing is held, so a demotion in one call does not count when another asks for the last Admin.
    """
    return _Plan(actor, job, rows, locked=locked).rows()


class _Plan:
    """The plan of one chunk."""

    def __init__(self, actor: Actor, job: Job, rows: Sequence[ReadRow], *, locked: bool) -> None:
        self._source = ImportSource.of_job(job)
        self._actor = actor
        self._home = job.organization
        self._grants = [grant for grant in grants_of(actor) if IMPORT_USERS.code in grant.permissions]
        self._rows = rows
        self._job = job
        self._locked = locked
        if locked:
            keep_roles_of(self._home.tenant_id)
        good = [row.checked for row in rows if isinstance(row.checked, ImportRow)]
        self._names = Names(
            self._home,
            names={name for row in good for name in (row.role, row.location, *row.tags) if name},
            organizations={row.organization for row in good if row.organization},
        )
        places = {found.pk: found for row in good if (found := self._place_or_none(row)) is not None}
        self._names.find_below(
            places.values(),
            locations={row.location for row in good if row.location},
            tags={tag for row in good for tag in row.tags},
        )
        self._present = self._people(good)
        self._suppressed = suppressed_among(self._home.tenant_id, {row.email for row in good})
        self._holders_left: dict[tuple[int, str], int] = {}
        self._held: dict[tuple[int, str], frozenset[str]] = {}
        self._domains: dict[int, tuple[str, ...]] = {}

    def rows(self) -> list[PlannedRow]:
        """What becomes of each row."""
        planned = [self._planned(row) for row in self._rows]
        self._leave_out("users", [row for row in planned if row.verdict is Verdict.NEW])
        self._leave_out("invitations", [row for row in planned if row.invite])
        return planned

    def _leave_out(self, limit: str, adding: list[PlannedRow]) -> None:
        """The rows for which the tenant's plan has no room become problems, the last ones first.

        Asked when all else is known, so that nobody who waits for a lock holds this one. A check that changes nothing
        counts what its earlier chunks would have added.
        """
        room = limits.room(self._home.tenant_id, limit, locked=self._locked) if adding else None
        if room is None:
            return
        before = 0 if self._locked else self._job.counts.get("new" if limit == "users" else "invited", 0)
        refusal = room.refusal()
        cells = {read.record.line: read.record.cells for read in self._rows}
        values = {name: str(value) for name, value in refusal.about.items()}
        for row in adding[max(0, room.left - before) :]:
            row.problem = LeftOut(row.line, Field.EMAIL, refusal.reason, values, cells[row.line])
            row.verdict, row.person, row.invite = Verdict.PROBLEM, None, False

    def _planned(self, row: ReadRow) -> PlannedRow:
        checked = row.checked
        if isinstance(checked, RowProblem):
            problem = LeftOut(checked.line, checked.field, checked.reason.value, checked.values, checked.cells)
            return PlannedRow(line=checked.line, verdict=Verdict.PROBLEM, problem=problem)
        try:
            return self._placed(checked)
        except _Unfit as unfit:
            problem = LeftOut(checked.line, unfit.field, unfit.reason, unfit.values, row.record.cells)
            return PlannedRow(
                line=checked.line, verdict=Verdict.PROBLEM, name=_name(checked), email=checked.email, problem=problem
            )

    def _placed(self, row: ImportRow) -> PlannedRow:
        organization = self._place(row)
        role = self._role(row)
        location = self._location(row, organization)
        tags = [self._tag(organization, name) for name in row.tags]
        present = self._present.get((organization.pk, row.email))
        if present is None:
            return self._new(row, organization, role, location, tags)
        present.organization = organization
        return self._update(row, present, role, location, tags)

    def _new(
        self, row: ImportRow, organization: Organization, role: Role | None, location: Location | None, tags: list[Tag]
    ) -> PlannedRow:
        given = role or self._names.roles.get(self._source.role_id)
        if given is None:
            raise _Unfit("role_unknown", Field.ROLE, value="")
        if not self._able(INVITE_USERS, organization.path):
            raise _Unfit("invite_missing", Field.EMAIL, name=_name(row))
        if not self._may_give(INVITE_USERS, organization.path, given):
            raise _Unfit("role_is_stronger", Field.ROLE)
        if row.email in self._suppressed:
            raise _Unfit("address_suppressed", Field.EMAIL)
        domains = self._domains_of(organization)
        if not is_allowed_address(row.email, domains):
            raise _Unfit("address_domain", Field.EMAIL, domains=", ".join(domains))
        person = User(
            tenant_id=organization.tenant_id,
            organization=organization,
            role=given,
            location=location,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            phone=row.phone,
        )
        return PlannedRow(
            line=row.line,
            verdict=Verdict.NEW,
            person=person,
            name=_name(row),
            email=row.email,
            tags=tags,
            invite=self._source.invite,
        )

    def _domains_of(self, organization: Organization) -> tuple[str, ...]:
        if organization.pk not in self._domains:
            self._domains[organization.pk] = rules_of(organization).email_domains
        return self._domains[organization.pk]

    def _update(
        self, row: ImportRow, present: User, role: Role | None, location: Location | None, tags: list[Tag]
    ) -> PlannedRow:
        planned = PlannedRow(
            line=row.line, verdict=Verdict.UNCHANGED, person=present, name=present.name, email=row.email
        )
        changes, values = self._changes(row, present, role, location)
        had = {link.tag_id for link in present.user_tags.all()} if tags else set()
        planned.tags = [tag for tag in tags if tag.pk not in had]
        planned.invite = self._source.invite and self._needs_invitation(present, role)
        if not (changes or planned.tags or planned.invite):
            return planned
        self._require_change(present, planned, role, changed=bool(changes or planned.tags))
        planned.verdict = Verdict.UPDATED
        planned.changes = [*changes, *(Change("tag", None, tag.name) for tag in planned.tags)]
        for name, value in values.items():
            setattr(present, name, value)
        return planned

    def _changes(
        self, row: ImportRow, present: User, role: Role | None, location: Location | None
    ) -> tuple[list[Change], dict[str, Any]]:
        """What differs. A blank value in the file leaves what is there, and nothing changes an address."""
        changes: list[Change] = []
        values: dict[str, Any] = {}
        for name in ("first_name", "last_name", "phone"):
            value = getattr(row, name)
            if value and value != getattr(present, name):
                changes.append(Change(name, getattr(present, name), value))
                values[name] = value
        if location is not None and location.pk != present.location_id:
            changes.append(Change("location", present.location.name if present.location else None, location.name))
            values["location"] = location
        if role is not None and role.pk != present.role_id:
            changes.append(Change("role", present.role.name, role.name))
            values["role"] = role
        return changes, values

    def _require_change(self, present: User, planned: PlannedRow, role: Role | None, *, changed: bool) -> None:
        """The actor may change the person like this, or the row is left out: the rules of editing and of roles."""
        if present.state in (State.DELETION_PENDING, State.DEACTIVATED):
            status = str(State(present.state).label)
            raise _Unfit("account_leaving", Field.EMAIL, name=present.name, status=status)
        needed = [EDIT_USERS] if changed else []
        for permission in [*needed, *([INVITE_USERS] if planned.invite else [])]:
            decision = GATE.decide(self._actor, permission, present, grants=self._grants)
            if not decision.allowed:
                raise _Unfit(decision.reason, Field.EMAIL)
        if planned.invite and not self._may_give(INVITE_USERS, present.path, role or present.role):
            raise _Unfit("role_is_stronger", Field.ROLE)
        if role is None or role.pk == present.role_id:
            return
        if not self._may_give(EDIT_USERS, present.path, role):
            raise _Unfit("role_is_stronger", Field.ROLE)
        if present.state == State.PENDING and not planned.invite and _has_open_invitation(present):
            raise _Unfit("invitation_open", Field.ROLE, name=present.name)
        self._keep_an_admin(present, role)

    def _keep_an_admin(self, present: User, role: Role) -> None:
        """Counts the Admins that an organization keeps while rows change roles in it; the last one stays."""
        gone, come = present.role.builtin, role.builtin
        if not present.is_active or gone == come:
            return
        if gone in LAST_STAYS:
            if self._holders(present, gone) <= 1:
                raise _Unfit(LAST_STAYS[gone], Field.ROLE, organization=present.organization.name)
            self._holders_left[present.organization_id, gone] -= 1
        if come in LAST_STAYS:
            self._holders_left[present.organization_id, come] = self._holders(present, come) + 1

    def _holders(self, present: User, builtin: str) -> int:
        """How many in the person's organization hold the role and can sign in, as the rows so far leave it."""
        place = present.organization_id
        if (place, builtin) not in self._holders_left:
            if self._locked:
                Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=place)
            self._holders_left[place, builtin] = User.objects.filter(
                tenant_id=present.tenant_id, organization_id=place, role__builtin=builtin, is_active=True
            ).count()
        return self._holders_left[place, builtin]

    def _needs_invitation(self, present: User, role: Role | None) -> bool:
        if present.state != State.PENDING:
            return False
        moved = role is not None and role.pk != present.role_id
        return moved or not _has_open_invitation(present)

    def _place(self, row: ImportRow) -> Organization:
        if not row.organization:
            if self._home.archived_at is not None:
                raise _Unfit("organization_archived", Field.ORGANIZATION, name=self._home.name)
            return self._home
        found = self._names.organizations(row.organization)
        if len(found) > 1:
            raise _Unfit("organization_ambiguous", Field.ORGANIZATION, value=row.organization)
        # One that the actor does not reach is answered as one that does not exist.
        if not found or not any(grant.reaches(found[0].path) for grant in self._grants):
            raise _Unfit(
                "organization_unknown", Field.ORGANIZATION, value=row.organization, organization=self._home.name
            )
        return found[0]

    def _place_or_none(self, row: ImportRow) -> Organization | None:
        try:
            return self._place(row)
        except _Unfit:
            return None

    def _role(self, row: ImportRow) -> Role | None:
        if not row.role:
            return None
        role = self._names.role(row.role)
        if role is None:
            raise _Unfit("role_unknown", Field.ROLE, value=row.role)
        return role

    def _location(self, row: ImportRow, organization: Organization) -> Location | None:
        if not row.location:
            return None
        location = self._names.location(organization, row.location)
        if location is None:
            raise _Unfit("location_unknown", Field.LOCATION, value=row.location, organization=organization.name)
        return location

    def _tag(self, organization: Organization, name: str) -> Tag:
        tag = self._names.tag(organization, name)
        if tag is None:
            raise _Unfit("tag_unknown", Field.TAGS, value=name, organization=organization.name)
        return tag

    def _able(self, permission: Permission, path: str) -> list[Grant]:
        return [grant for grant in self._grants if permission.code in grant.permissions and grant.reaches(path)]

    def _may_give(self, permission: Permission, path: str, role: Role) -> bool:
        key = (role.pk, path if role.differs else "")
        if key not in self._held:
            self._held[key] = held_at(role, path)
        return any(self._held[key] <= grant.permissions for grant in self._able(permission, path))

    def _people(self, good: Iterable[ImportRow]) -> dict[tuple[int, str], User]:
        """Who is there already, by organization and address: one query, and before it one that locks them.

        Where PostgreSQL waited for a lock, it joins the new row with what was there before: so the lock joins nothing,
        and what is read afterwards is what the others have left behind.
        """
        keys = [(place.pk, row.email) for row in good if (place := self._place_or_none(row)) is not None]
        if not keys:
            return {}
        there = RawSQL(
            "SELECT u.id FROM unnest(%s::bigint[], %s::text[]) AS wanted (organization_id, email) "
            "JOIN users_user u ON u.organization_id = wanted.organization_id AND u.email = wanted.email "
            "WHERE u.tenant_id = %s",
            ([place for place, _ in keys], [email for _, email in keys], self._home.tenant_id),
        )
        found = User.objects.filter(pk__in=there, tenant_id=self._home.tenant_id)
        if self._locked:
            keys_locked = found.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
            found = User.objects.filter(pk__in=list(keys_locked))
        people = (
            found.select_related("role", "location", "invitation")
            .defer("search_text", "password")
            .prefetch_related(*(["user_tags"] if Field.TAGS in self._source.mapping.columns else []))
            .order_by("pk")
        )
        return {(person.organization_id, person.email): person for person in people}


def _name(row: ImportRow) -> str:
    return f"{row.first_name} {row.last_name}".strip()


def _has_open_invitation(person: User) -> bool:
    invitation = getattr(person, "invitation", None)
    if invitation is None or invitation.revoked_at or invitation.accepted_at:
        return False
    return bool(clock.now() < invitation.expires_at and invitation.is_bound_to(person))
