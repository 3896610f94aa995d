"""The list of organizations as the lines of a file."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from fleetfolk.console.csv_export import Cell
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.tree import directory
from fleetfolk.tree.directory import Listing
from fleetfolk.tree.listing import organizations_with

_SIZE: Final = 500


def header() -> list[str]:
    """What the columns are called."""
    return [_("Name"), _("Type"), _("Above"), _("Users"), _("Devices"), _("Below"), _("Created"), _("Key")]


def lines_of(listing: Listing, *, sees_devices: bool) -> Iterator[list[Cell]]:
    """One line for each organization of the listing, read while they are written. Numbers go up to a thousand."""
    after = None
    while True:
        with connection.cursor() as cursor:
            page = directory.page(cursor, replace(listing, after=after, backward=False, size=_SIZE))
        for row in organizations_with(page.ids):
            yield [
                row.name,
                str(OrganizationKind(row.kind).label),
                " › ".join(row.seen_above(listing.tops)),
                row.users.said,
                row.devices.said if sees_devices else None,
                row.below.said,
                row.created_at,
                row.id,
            ]
        if not page.has_next:
            return
        after = page.keys[-1]
