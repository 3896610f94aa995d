"""The state of the Devices page: what its address says of sort and filters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, get_args

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.bubbles import PARAMETER
from fleetfolk.console.list_state import ListState, Order, Reader, among, keys
from fleetfolk.devices.directory import Status

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


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceListState(ListState):
    """What the page shows."""

    order: ClassVar[Order] = Order(words=SORTS, first="name", falling=frozenset({"reported", "activated"}))
    filters: ClassVar[Mapping[str, Reader]] = {
        "status": among(get_args(Status)),
        "template": keys,
        "organization": keys,
        "location": keys,
        "tag": keys,
        PARAMETER: keys,
    }
    unseen: ClassVar[Collection[str]] = (PARAMETER,)

    status: tuple[Status, ...] = ()
    template: tuple[int, ...] = ()
    organization: tuple[int, ...] = ()
    location: tuple[int, ...] = ()
    tag: tuple[int, ...] = ()
    segment: tuple[int, ...] = ()
