"""What it means to move an organization: where it will stand, and who gains and loses what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_switches import HeldAt, HoldsAny
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.tree.queries import line_of, roles_switched_by
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

NAMED: Final = 3
_REACHING: Final = ("users.view", "devices.view", "organizations.view")


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """People of organizations above who gain, or lose, what their role gives them there: how many, and the first."""

    organizations: Sequence[str]
    count: int
    names: Sequence[str]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The new line from the highest that the viewer sees down to the organization, and both sides.

    ``roles`` are those whose switches are others there, so that whoever has them in it may do something else.
    """

    line: Sequence[str]
    roles: Sequence[str]
    gain: Side
    lose: Side


def preview_of(actor: Actor, organization: Organization, parent: Organization) -> Preview:
    """What would change if the organization went under the other one."""
    old, new = line_of(organization)[:-1], line_of(parent)
    old_keys, new_keys = {one.pk for one in old}, {one.pk for one in new}
    seen = set(
        GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_USERS)
        .filter(pk__in=old_keys | new_keys)
        .values_list("pk", flat=True)
    )
    return Preview(
        line=[*(one.name for one in new if one.pk in seen), organization.name],
        roles=[role.name for role in roles_switched_by(organization, parent)],
        gain=_side([one for one in new if one.pk not in old_keys and one.pk in seen]),
        lose=_side([one for one in old if one.pk not in new_keys and one.pk in seen]),
    )


def _side(organizations: Sequence[Organization]) -> Side:
    """The people at home there whose role reaches what is below."""
    people = User.objects.filter(
        HoldsAny(HeldAt(F("role_id"), F("path")), _REACHING),
        organization__in=[one.pk for one in organizations],
        is_active=True,
    )
    names = list(people.order_by("name_key", "pk").values_list("name", flat=True)[:NAMED])
    return Side(organizations=[one.name for one in organizations], count=people.count(), names=names)
