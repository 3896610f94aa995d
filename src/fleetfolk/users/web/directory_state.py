"""The state of the Users page: everything that is in its address, checked, and back into an address."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.users.models import Status

COLUMNS: dict[str, StrPromise] = {
    "role": _("Role"),
    "organization": _("Organization"),
    "location": _("Location"),
    "status": _("Status"),
    "tags": _("Tags"),
    "devices": _("Devices"),
    "last_sign_in": _("Last sign-in"),
    "email": _("E-mail as its own column"),
    "phone": _("Phone"),
    "created": _("Created"),
}
"""The columns beside the name, in the order of the table."""

SHOWN_AT_FIRST = ("role", "organization", "location", "status", "tags", "devices", "last_sign_in")

SORTS: dict[str, StrPromise] = {
    "name": _("name"),
    "email": _("e-mail"),
    "role": _("role"),
    "organization": _("organization"),
    "location": _("location"),
    "status": _("status"),
    "tags": _("tags"),
    "devices": _("devices"),
    "last_sign_in": _("last sign-in"),
    "created": _("created"),
}
DESCENDING_FIRST = frozenset({"devices", "last_sign_in", "created"})
MOST_CHOICES = 200
LONGEST_QUERY = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryState:
    """What the page shows. Unknown or malformed parts of an address are left out, never an error."""

    query: str = ""
    here_only: bool = False
    roles: tuple[int, ...] = ()
    locations: tuple[int, ...] = ()
    organizations: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    sort: str = "last_sign_in"
    descending: bool = True
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, parameters: QueryDict) -> Self:
        """The state that an address says."""
        sort = parameters.get("sort", "")
        sort = sort if sort in SORTS else "last_sign_in"
        default = "desc" if sort in DESCENDING_FIRST else "asc"
        known = {status.value for status in Status}
        return cls(
            query=" ".join(parameters.get("q", "")[:LONGEST_QUERY].replace("\0", "").split()),
            here_only=parameters.get("scope") == "here",
            roles=_keys(parameters, "role"),
            locations=_keys(parameters, "location"),
            organizations=_keys(parameters, "organization"),
            statuses=tuple(Status(value) for value in dict.fromkeys(parameters.getlist("status")) if value in known),
            sort=sort,
            descending=parameters.get("dir", default) == "desc",
            after=parameters.get("after", ""),
            before=parameters.get("before", ""),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or self.roles or self.locations or self.organizations or self.statuses)

    @property
    def direction(self) -> str:
        """How it is sorted, where that does not go without saying: 'asc', 'desc' or ''."""
        if self.descending == (self.sort in DESCENDING_FIRST):
            return ""
        return "desc" if self.descending else "asc"

    def address(self) -> str:
        """The query string of the state, without what goes without saying."""
        pairs: list[tuple[str, object]] = []
        if self.query:
            pairs.append(("q", self.query))
        if self.here_only:
            pairs.append(("scope", "here"))
        pairs += [("role", key) for key in self.roles]
        pairs += [("status", status.value) for status in self.statuses]
        pairs += [("location", key) for key in self.locations]
        pairs += [("organization", key) for key in self.organizations]
        if self.sort != "last_sign_in":
            pairs.append(("sort", self.sort))
        if self.direction:
            pairs.append(("dir", self.direction))
        if self.after:
            pairs.append(("after", self.after))
        elif self.before:
            pairs.append(("before", self.before))
        return "?" + urlencode(pairs)

    def sorted_by(self, sort: str) -> Self:
        """The first page sorted by this column; the other way round where it is sorted by it already."""
        descending = not self.descending if sort == self.sort else sort in DESCENDING_FIRST
        return replace(self, sort=sort, descending=descending, after="", before="")

    def at(self, *, after: str = "", before: str = "") -> Self:
        """The page after, or before, the row that the cursor names."""
        return replace(self, after=after, before=before)

    def first_page(self, **changes: object) -> Self:
        """The first page of a changed state."""
        return replace(self, after="", before="", **changes)  # type: ignore[arg-type]


def _keys(parameters: QueryDict, name: str) -> tuple[int, ...]:
    given = dict.fromkeys(value for value in parameters.getlist(name) if value.isdecimal() and len(value) < 19)
    return tuple(int(value) for value in given)[:MOST_CHOICES]
