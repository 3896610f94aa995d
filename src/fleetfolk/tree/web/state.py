"""The state of the Organizations page: what its address says of sort, filters, parts and open branches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.list_state import ListState, Order, Reader, among, keys
from fleetfolk.organizations.models import OrganizationKind

SORTS: Final[dict[str, StrPromise]] = {
    "tree": _("place in the tree"),
    "name": _("name"),
    "kind": _("type"),
    "users": _("users"),
    "devices": _("devices"),
    "below": _("organizations below"),
    "created": _("created"),
}
PARTS: Final[dict[str, StrPromise]] = {
    "mine": _("Mine"),
    "partners": _("Partners"),
    "no_devices": _("No devices"),
    "no_users": _("No users"),
    "archived": _("Archived"),
}
KINDS: Final = tuple(kind.value for kind in OrganizationKind if kind is not OrganizationKind.INSTALLATION)


def _few(given: Sequence[str]) -> tuple[int, ...]:
    return keys(given)[:MOST_OPEN]


MOST_OPEN: Final = 60
"""So many branches are open at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TreeState(ListState):
    """What the page shows. ``open`` are the branches whose organizations stand below them."""

    order: ClassVar[Order] = Order(
        words=SORTS, first="tree", falling=frozenset({"users", "devices", "below", "created"})
    )
    filters: ClassVar[Mapping[str, Reader]] = {"kind": among(KINDS), "open": _few}
    modes: ClassVar[Mapping[str, Collection[str]]] = {"part": frozenset(PARTS)}
    unseen: ClassVar[Collection[str]] = ("open",)

    kind: tuple[str, ...] = ()
    open: tuple[int, ...] = ()
    part: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list; what is open does not."""
        return bool(self.query or self.kind)

    @property
    def is_tree(self) -> bool:
        """Whether branches open and close: in their order, and where nothing is left out between them."""
        return self.sort == "tree" and not self.descending and not self.part and not self.is_filtered
