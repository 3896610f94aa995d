"""Change what an organization says of itself."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import parts
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.models import Organization, OrganizationKind, UnitSystem
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS

_PHONE: Final = re.compile(r"\+[1-9][0-9]{4,14}")
_LENGTHS: Final = {"name": 80, "description": 500, "address": 200}


@dataclass(frozen=True, kw_only=True, slots=True)
class EditOrganizationInput:
    """Everything that the organization says from now on; what is None stays as it is.

    Whether organizations may be below it is said by who may edit the one above it.
    """

    name: str
    kind: OrganizationKind | None = None
    description: str = ""
    phone: str = ""
    address: str = ""
    country: str = ""
    time_zone: str = "UTC"
    unit_system: UnitSystem = UnitSystem.METRIC
    allows_below: bool | None = None


class EditOrganization(Action[Organization, EditOrganizationInput]):
    """The organization is called and described as given."""

    code = "organization.edit"
    label = _("Edit organization")
    said = _("edited the organization %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = EditOrganizationInput

    def check(self, *, actor: Actor, target: Organization, data: EditOrganizationInput) -> None:
        """Refuses a name taken beside it, what is too long or no number, and another type of a root or for one."""
        if data.kind is not None and data.kind != target.kind:
            require_kind(data.kind)
            if target.is_tenant:
                raise Refused("organization_kind")
        if data.allows_below is not None and data.allows_below != target.allows_below:
            _require_above(actor, target)
        require_said(data)
        require_name(data.name, below=target.parent_id, besides=target.pk)

    def apply(self, *, actor: Actor, target: Organization, data: EditOrganizationInput) -> Outcome[Organization]:
        """Saves what differs."""
        values = {
            "name": data.name,
            "kind": (data.kind or OrganizationKind(target.kind)).value,
            "description": data.description,
            "phone": data.phone,
            "address": data.address,
            "country": data.country,
            "time_zone": data.time_zone,
            "unit_system": data.unit_system.value,
            "allows_below": target.allows_below if data.allows_below is None else data.allows_below,
        }
        changes = changes_between(target, values)
        for change in changes:
            setattr(target, change.field, values[change.field])
        if changes:
            target.save(update_fields=[change.field for change in changes])
        return Outcome(target=target, changes=changes)


def _require_above(actor: Actor, target: Organization) -> None:
    """Denies whoever may not edit the organization above: what is allowed there is not for oneself to say."""
    if target.parent is None:
        raise Refused("organization_kind")
    try:
        parts.gate().require(EditOrganization, actor=actor, target=target.parent)
    except (Denied, TargetNotFound) as error:
        raise Denied("organization_below_from_above") from error


def require_kind(kind: OrganizationKind) -> None:
    """Refuses the types that only a root has."""
    if kind in (OrganizationKind.ROOT, OrganizationKind.INSTALLATION):
        raise Refused("organization_kind")


def require_name(name: str, *, below: int | None, besides: int | None = None) -> None:
    """Refuses a name that another organization below the same one has."""
    taken = Organization.objects.filter(parent=below, name=name) if below is not None else Organization.objects.none()
    others = taken if besides is None else taken.exclude(pk=besides)
    if others.exists():
        raise Refused("organization_name_taken", name=name)


def require_said(data: EditOrganizationInput) -> None:
    """Refuses what does not fit: no name, text that is too long, a number that is none."""
    if not data.name.strip() or any(len(getattr(data, field)) > longest for field, longest in _LENGTHS.items()):
        raise Refused("organization_unfit")
    if data.phone and not _PHONE.fullmatch(data.phone):
        raise Refused("organization_phone")
