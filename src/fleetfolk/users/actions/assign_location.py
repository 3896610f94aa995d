"""Say where somebody belongs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Change, Outcome
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import ASSIGN_LOCATIONS
from fleetfolk.users.actions.alike import moved
from fleetfolk.users.actions.invite_user import require_location
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignLocationInput:
    """The key of a location of the person's organization; None is no location."""

    location_id: int | None


class AssignLocation(Action[User, AssignLocationInput]):
    """The person belongs to the location."""

    code = "user.location.assign"
    label = _("Assign to a location")
    said = _("assigned %(target)s to a location")
    permission = ASSIGN_LOCATIONS
    target_model = "users.User"
    input_type = AssignLocationInput

    def check(self, *, actor: Actor, target: User, data: AssignLocationInput) -> None:
        """Refuses a location of another organization."""
        require_location(target.organization, data.location_id)

    def apply(self, *, actor: Actor, target: User, data: AssignLocationInput) -> Outcome[User]:
        """Saves it where it differs."""
        if target.location_id == data.location_id:
            return Outcome(target=target)
        before = target.location.name if target.location else None
        target.location_id = data.location_id
        target.save(update_fields=["location"])
        after = target.location.name if target.location else None
        return Outcome(target=target, changes=[Change("location", before, after)])

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: AssignLocationInput) -> QuerySet[User]:
        """Those of the location's organization; for no location, everybody."""
        if data.location_id is None:
            return targets
        place = Location.objects.filter(tenant_id=actor.tenant_id, pk=data.location_id).first()
        return targets.filter(organization=place.organization_id) if place else targets.none()

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: AssignLocationInput) -> Sequence[Alike]:
        """Saves it where it differs."""
        people = User.objects.filter(pk__in=ids).order_by("pk")
        before = [(key, (at, name)) for key, at, name in people.values_list("pk", "location_id", "location__name")]
        others = [key for key, (at, _name) in before if at != data.location_id]
        User.objects.filter(pk__in=others).update(location=data.location_id)
        place = Location.objects.filter(pk=data.location_id or 0).first()
        return moved(before, field="location", after=(data.location_id, place.name if place else None))
