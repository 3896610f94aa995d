"""The state of the Devices page: everything that is in its address, checked, and back into an address."""

from dataclasses import dataclass, replace
from typing import Self, get_args
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.devices.directory import Status

COLUMNS: dict[str, StrPromise] = {
    "status": _("Status"),
    "reported": _("Last reported"),
    "template": _("Template"),
    "owner": _("Owner"),
    "organization": _("Organization"),
    "location": _("Location"),
    "firmware": _("Firmware"),
    "tags": _("Tags"),
    "activated": _("Activated"),
}
"""The columns beside the name, in the order of the table."""

SHOWN_AT_FIRST = ("status", "reported", "template", "owner", "organization", "location", "firmware", "tags")

SORTS: dict[str, StrPromise] = {
    "name": _("name"),
    "reported": _("last reported"),
    "template": _("template"),
    "owner": _("owner"),
    "organization": _("organization"),
    "location": _("location"),
    "firmware": _("firmware"),
    "activated": _("activated"),
}
DESCENDING_FIRST = frozenset({"reported", "activated"})
FILTERS = ("template", "organization", "location", "tag")
STATUS_WORDS: dict[str, str] = {status: status for status in get_args(Status)} | {"waiting": "unconnected"}
"""Each status of the filter, with the word that `console.states` knows for it."""
MOST_CHOICES = 200
LONGEST_QUERY = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceListState:
    """What the page shows. Unknown or malformed parts of an address are left out, never an error."""

    query: str = ""
    template: tuple[int, ...] = ()
    organization: tuple[int, ...] = ()
    location: tuple[int, ...] = ()
    tag: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    sort: str = "name"
    descending: bool = False
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, parameters: QueryDict) -> Self:
        """The state that an address says."""
        sort = parameters.get("sort", "")
        sort = sort if sort in SORTS else "name"
        default = "desc" if sort in DESCENDING_FIRST else "asc"
        statuses = dict.fromkeys(parameters.getlist("status"))
        return cls(
            query=" ".join(parameters.get("q", "")[:LONGEST_QUERY].replace("\0", "").split()),
            **{name: _keys(parameters, name) for name in FILTERS},
            statuses=tuple(status for status in get_args(Status) if status in statuses),
            sort=sort,
            descending=parameters.get("dir", default) == "desc",
            after=parameters.get("after", ""),
            before=parameters.get("before", ""),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or self.statuses or any(self.chosen(name) for name in FILTERS))

    @property
    def direction(self) -> str:
        """How it is sorted, where that does not go without saying: 'asc', 'desc' or ''."""
        if self.descending == (self.sort in DESCENDING_FIRST):
            return ""
        return "desc" if self.descending else "asc"

    def chosen(self, name: str) -> tuple[int, ...]:
        """What a filter is set to."""
        keys: tuple[int, ...] = getattr(self, name)
        return keys

    def address(self) -> str:
        """The query string of the state, without what goes without saying."""
        pairs: list[tuple[str, object]] = [("q", self.query)] if self.query else []
        pairs += [("status", status) for status in self.statuses]
        pairs += [(name, key) for name in FILTERS for key in self.chosen(name)]
        if self.sort != "name":
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
