"""Which column of a file of devices is what, told by its header."""

import re
from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


class Column(StrEnum):
    """What a column can hold besides the template's own metadata."""

    NAME = "name"
    TEMPLATE = "template"
    SERIAL = "serial"
    TOKEN = "token"  # noqa: S105 - a column
    OWNER = "owner"
    ORGANIZATION = "organization"
    LOCATION = "location"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"


LABELS: dict[str, StrPromise] = {
    Column.NAME: _("Name"),
    Column.TEMPLATE: _("Template"),
    Column.SERIAL: _("Serial number"),
    Column.TOKEN: _("Auth token"),
    Column.OWNER: _("Owner’s e-mail"),
    Column.ORGANIZATION: _("Organization"),
    Column.LOCATION: _("Location"),
    Column.LATITUDE: _("Latitude"),
    Column.LONGITUDE: _("Longitude"),
}

_WORDS = {
    Column.NAME: ("name", "devicename", "device"),
    Column.TEMPLATE: ("template", "templatename", "templateid", "product", "model"),
    Column.SERIAL: ("serial", "serialnumber", "serialno", "sn"),
    Column.TOKEN: ("token", "authtoken", "blynkauthtoken", "devicetoken"),
    Column.OWNER: ("owner", "owneremail", "email", "deviceowner"),
    Column.ORGANIZATION: ("organization", "organisation", "organizationname", "org", "customer"),
    Column.LOCATION: ("location", "site", "jobsite", "facility"),
    Column.LATITUDE: ("latitude", "lat"),
    Column.LONGITUDE: ("longitude", "lon", "lng", "long"),
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words}
_NOT_A_LETTER = re.compile(r"[\W_]+")


def columns_of(headers: Sequence[str]) -> dict[Column, int]:
    """For each column that is there its place. Of two with the same header, the first counts."""
    found: dict[Column, int] = {}
    for index, header in enumerate(headers):
        column = _COLUMN_OF.get(_NOT_A_LETTER.sub("", header).lower())
        if column is not None and column not in found:
            found[column] = index
    return found


def facts_of(headers: Sequence[str]) -> dict[str, int]:
    """The other columns by their header, folded: a template's metadata, where it has a field of that name."""
    taken = set(columns_of(headers).values())
    return {header.strip().casefold(): index for index, header in enumerate(headers) if index not in taken}
