"""Which organization's switches a page about roles is asked for, and the trace of who may not."""

from contextlib import suppress
from typing import Final

from django.http import QueryDict

from fleetfolk.access.actions import EditSwitches, EditSwitchesInput
from fleetfolk.access.queries import place_of_roles
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization

_LONGEST_KEY: Final = 18


def leave_trace(actor: Actor, organization_id: int, role_id: int = 0) -> None:
    """The Action refuses what a page would not even ask: its refusal is in the log. The version is nobody's."""
    data = EditSwitchesInput(role_id=role_id, version="-")
    with suppress(ActionError):
        perform(EditSwitches, actor=actor, target_id=organization_id, data=data)


def asked_place(actor: Actor, asked: QueryDict) -> Organization | None:
    """The organization that ``for`` names, None for the tenant's own switches. Raises where there is none for them."""
    key = asked_key(asked)
    return None if key is None else place_of_roles(actor, key)


def asked_key(asked: QueryDict) -> int | None:
    """The key that ``for`` says; 0, which is nobody's, where it says something else."""
    said = asked.get("for", "")
    if not said:
        return None
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= _LONGEST_KEY else 0
