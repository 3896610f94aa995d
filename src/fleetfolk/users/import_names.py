"""What a file calls roles, organizations, locations and tags, found by name; case, accents and punctuation are free."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Func, Model, TextField

from fleetfolk.access.models import Role
from fleetfolk.organizations.models import Location, Organization, Tag


class Fold(Func):
    """The database's own folding, which is the search's, too."""

    function = "fold"
    output_field = TextField()


class Names:
    """The things that the names in some rows may mean, looked up once for all the rows.

    A name that fits exactly is preferred to one that fits when folded. What has no letter or digit fits nothing.
    """

    def __init__(self, within: Organization, *, names: Iterable[str], organizations: Iterable[str]) -> None:
        """``names`` are all names of any kind in the rows; organizations are looked for at and below ``within``."""
        self._tenant_id = within.tenant_id
        wanted = set(organizations)
        self._folded = folded_names({*names, *wanted})
        roles = Role.objects.filter(tenant_id=within.tenant_id).annotate(folded=Fold(F("name")))
        self.roles = {role.pk: role for role in roles}
        self._roles = _grouped(self.roles.values(), lambda role: role.folded)
        self._organizations = self._find_organizations(within, wanted)
        self._locations: dict[Any, list[Location]] = {}
        self._tags: dict[Any, list[Tag]] = {}

    def find_below(self, places: Iterable[Organization], *, locations: Iterable[str], tags: Iterable[str]) -> None:
        """The locations and tags of these names that these organizations know are at hand."""
        places, locations, tags = list(places), set(locations), set(tags)
        if locations:
            rows = (
                Location.objects.filter(tenant_id=self._tenant_id, organization_id__in=[place.pk for place in places])
                .annotate(folded=Fold(F("name")))
                .filter(folded__in=[self._folded[name] for name in locations])
            )
            self._locations = _grouped(rows, lambda row: (row.organization_id, row.folded))
        if tags:
            above = {int(key) for place in places for key in place.path.split(".") if key}
            known = (
                Tag.objects.filter(tenant_id=self._tenant_id, organization_id__in=above)
                .select_related("organization")
                .annotate(folded=Fold(F("name")))
                .filter(folded__in=[self._folded[name] for name in tags])
            )
            self._tags = _grouped(known, lambda row: row.folded)

    def role(self, name: str) -> Role | None:
        """The tenant's role of this name."""
        return self._one(self._roles.get(self._folded[name], []), name)

    def organizations(self, name: str) -> Sequence[Organization]:
        """The organizations of this name: one, or none, or several that cannot be told apart."""
        fitting = self._organizations.get(self._folded[name], []) if self._folded[name] else []
        return [row for row in fitting if row.name == name] or fitting

    def location(self, organization: Organization, name: str) -> Location | None:
        """The organization's location of this name."""
        return self._one(self._locations.get((organization.pk, self._folded[name]), []), name)

    def tag(self, organization: Organization, name: str) -> Tag | None:
        """The tag of this name that the organization knows; the nearest, where several above it have one."""
        fitting = self._tags.get(self._folded[name], []) if self._folded[name] else []
        known = [tag for tag in fitting if organization.path.startswith(tag.organization.path)]
        return max(known, key=lambda tag: (tag.organization.depth, tag.name == name), default=None)

    def _one[M: Model](self, fitting: list[M], name: str) -> M | None:
        exact = [row for row in fitting if row.name == name] or fitting  # type: ignore[attr-defined]
        return exact[0] if len(exact) == 1 and self._folded[name] else None

    def _find_organizations(self, within: Organization, names: set[str]) -> dict[Any, list[Organization]]:
        """By folded name. Folding reads every organization, so it is left for names that an index cannot find."""
        if not names:
            return {}
        here = Organization.objects.filter(tenant_id=within.tenant_id, path__startswith=within.path, archived_at=None)
        exact = list(here.filter(name__in=names))
        missing = {self._folded[name] for name in names - {row.name for row in exact}}
        loose = here.annotate(folded=Fold(F("name"))).filter(folded__in=missing) if missing else []
        rows = {row.pk: row for row in [*exact, *loose]}
        return _grouped(rows.values(), lambda row: self._folded.get(row.name) or row.folded)


def folded_names(names: set[str]) -> dict[str, str]:
    """Each name with its folded form, which is blank where it has neither letter nor digit."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, fold(name) FROM unnest(%s::text[]) AS name", [list(names)])
        return dict(cursor.fetchall())


def _grouped[M: Model](rows: Iterable[M], key: Callable[[Any], Any]) -> dict[Any, list[M]]:
    groups: dict[Any, list[M]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
