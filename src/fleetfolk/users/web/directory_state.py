"""The state of the Users page: what its address says of sort, filters and whose users there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.bubbles import PARAMETER
from fleetfolk.console.list_state import ListState, Order, Reader, among, keys
from fleetfolk.users.developers import UserType
from fleetfolk.users.models import Status

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


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryState(ListState):
    """What the page shows."""

    order: ClassVar[Order] = Order(
        words=SORTS, first="last_sign_in", falling=frozenset({"devices", "last_sign_in", "created"})
    )
    filters: ClassVar[Mapping[str, Reader]] = {
        "role": keys,
        "status": among(Status),
        "location": keys,
        "organization": keys,
        "tag": keys,
        "type": among(UserType),
        PARAMETER: keys,
    }
    unseen: ClassVar[Collection[str]] = (PARAMETER,)
    modes: ClassVar[Mapping[str, tuple[str, ...]]] = {"scope": ("here",)}

    scope: str = ""
    role: tuple[int, ...] = ()
    status: tuple[Status, ...] = ()
    location: tuple[int, ...] = ()
    organization: tuple[int, ...] = ()
    tag: tuple[int, ...] = ()
    type: tuple[UserType, ...] = ()
    segment: tuple[int, ...] = ()

    @property
    def here_only(self) -> bool:
        """Whether those of the viewer's own organization are listed alone."""
        return self.scope == "here"
