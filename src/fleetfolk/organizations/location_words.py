"""What an organization calls its locations, as each sentence needs it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.organizations.models import LocationWord


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Words:
    """One of them, many of them, `plain` inside a sentence; and the whole sentences around them."""

    one: StrPromise
    many: StrPromise
    plain: StrPromise
    find: StrPromise
    new: StrPromise
    none: StrPromise
    create: StrPromise


WORDS: Final[dict[LocationWord, Words]] = {
    LocationWord.LOCATION: Words(
        one=_("Location"),
        many=_("Locations"),
        plain=_("location"),
        find=_("Find a location"),
        new=_("New location"),
        none=_("No locations yet"),
        create=_("Add the first location"),
    ),
    LocationWord.SITE: Words(
        one=_("Job site"),
        many=_("Job sites"),
        plain=_("job site"),
        find=_("Find a job site"),
        new=_("New job site"),
        none=_("No job sites yet"),
        create=_("Add the first job site"),
    ),
    LocationWord.FACILITY: Words(
        one=_("Facility"),
        many=_("Facilities"),
        plain=_("facility"),
        find=_("Find a facility"),
        new=_("New facility"),
        none=_("No facilities yet"),
        create=_("Add the first facility"),
    ),
}
