"""Change what is known of a person."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome, changes_between
from fleetfolk.organizations.field_values import Value
from fleetfolk.users.actions.invite_user import require_location
from fleetfolk.users.custom_values import NOTHING, put_custom, require_fitting
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS


class Keep(Enum):
    """What is not given stays: two people who edit different fields do not undo each other's work."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, kw_only=True, slots=True)
class EditUserInput:
    """``phone`` is E.164 or empty; ``custom`` holds values by the key of the organization's own field.

    There is no address and no role here: those are Actions of their own.
    """

    first_name: str | Keep = KEEP
    last_name: str | Keep = KEEP
    nickname: str | Keep = KEEP
    phone: str | Keep = KEEP
    location_id: int | Keep | None = KEEP
    time_zone: str | Keep = KEEP
    language: str | Keep = KEEP
    custom: Mapping[int, Value] = field(default_factory=lambda: NOTHING)

    def columns(self) -> dict[str, Any]:
        """The plain columns that are given."""
        names = ("first_name", "last_name", "nickname", "phone", "time_zone", "language")
        return {name: value for name in names if (value := getattr(self, name)) is not KEEP}


class EditUser(Action[User, EditUserInput]):
    """What is given of the person's name, phone, location, zone, language and own fields is as given."""

    code = "user.edit"
    label = _("Edit user")
    said = _("edited %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = EditUserInput

    def check(self, *, actor: Actor, target: User, data: EditUserInput) -> None:
        """Refuses a person without any name, a foreign location, and values that their field does not take."""
        values = data.columns()
        if not values.get("first_name", target.first_name) and not values.get("last_name", target.last_name):
            raise Refused("name_missing")
        zone = values.get("time_zone", target.time_zone)
        if zone != target.time_zone and zone and zone not in zoneinfo.available_timezones():
            raise Refused("time_zone_unknown")
        language = values.get("language", target.language)
        if language != target.language and language and language not in dict(settings.LANGUAGES):
            raise Refused("language_unknown")
        if data.location_id is not KEEP and data.location_id != target.location_id:
            require_location(target.organization, data.location_id)
        if data.custom:
            require_fitting(target, data.custom)

    def apply(self, *, actor: Actor, target: User, data: EditUserInput) -> Outcome[User]:
        """Saves what differs."""
        values = data.columns()
        changes = changes_between(target, values)
        saved = [change.field for change in changes]
        for name in saved:
            setattr(target, name, values[name])
        if data.location_id is not KEEP and data.location_id != target.location_id:
            before = target.location.name if target.location else None
            target.location_id = data.location_id
            changes.append(Change("location", before, target.location.name if target.location else None))
            saved.append("location")
        if data.custom and (told := put_custom(target, data.custom)):
            changes += told
            saved.append("custom")
        if saved:
            target.save(update_fields=saved)
        return Outcome(target=target, changes=changes)
