"""Which organization's switches a page about roles is asked for."""

from typing import Final

from django.http import QueryDict

from fleetfolk.access.queries import place_of_roles
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.organizations.models import Organization

_LONGEST_KEY: Final = 18


def asked_place(actor: Actor, asked: QueryDict) -> Organization | None:
    """The organization that ``for`` names, None for the tenant's own switches. Raises where there is none for them."""
    said = asked.get("for", "")
    if not said:
        return None
    if not (said.isdecimal() and said.isascii() and len(said) <= _LONGEST_KEY):
        raise TargetNotFound
    return place_of_roles(actor, int(said))
