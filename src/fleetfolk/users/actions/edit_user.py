"""Edit a person's details."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome, changes_between
from fleetfolk.users.actions.invite_user import require_location
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditUserInput:
    """``phone`` is E.164 or empty. There is no address and no role here: those are Actions of their own."""

    first_name: str
    last_name: str
    phone: str
    location_id: int | None
    time_zone: str = ""


class EditUser(Action[User, EditUserInput]):
    """The person's name, phone, location and time zone are as given."""

    code = "user.edit"
    label = _("Edit user")
    said = _("edited %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = EditUserInput

    def check(self, *, actor: Actor, target: User, data: EditUserInput) -> None:
        """Refuses a location of another organization."""
        if data.location_id != target.location_id:
            require_location(target.organization, data.location_id)

    def apply(self, *, actor: Actor, target: User, data: EditUserInput) -> Outcome[User]:
        """Saves what differs."""
        values = {
            "first_name": data.first_name,
            "last_name": data.last_name,
            "phone": data.phone,
            "time_zone": data.time_zone,
        }
        changes = changes_between(target, values)
        if data.location_id != target.location_id:
            before = target.location.name if target.location else None
            target.location_id = data.location_id
            changes.append(Change("location", before, target.location.name if target.location else None))
        if changes:
            for name, value in values.items():
                setattr(target, name, value)
            target.save(update_fields=[*values, "location"])
        return Outcome(target=target, changes=changes)
