"""Change what is known of a person."""

import json
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome, changes_between
from fleetfolk.organizations.field_values import Value, fits
from fleetfolk.organizations.models import CustomField
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.actions.invite_user import require_location
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS

LARGEST_RECORD: Final = 12_000
"""Bytes of one person's values of the organization's own fields; the database refuses what is a third larger."""


class Keep(Enum):
    """What is not given stays: two people who edit different fields do not undo each other's work."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP
_NOTHING: Final[Mapping[int, Value]] = MappingProxyType({})


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
    custom: Mapping[int, Value] = field(default_factory=lambda: _NOTHING)

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
            _require_fitting(target, data.custom)

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
        if data.custom and (told := _put_custom(target, data.custom)):
            changes += told
            saved.append("custom")
        if saved:
            target.save(update_fields=saved)
        return Outcome(target=target, changes=changes)


def _fields_by_key(target: User) -> dict[int, CustomField]:
    return {one.pk: one for one in fields_for(target.organization)}


def _require_fitting(target: User, given: Mapping[int, Value]) -> None:
    known = _fields_by_key(target)
    for key, value in given.items():
        if key not in known:
            raise Refused("field_unknown")
        if not fits(known[key], value):
            raise Refused("field_unfit", name=known[key].name)
    if len(json.dumps(_merged(target, given)).encode()) > LARGEST_RECORD:
        raise Refused("record_full")


def _merged(target: User, given: Mapping[int, Value]) -> dict[str, Value]:
    merged = {**target.custom, **{str(key): value for key, value in given.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _put_custom(target: User, given: Mapping[int, Value]) -> list[Change]:
    """The values are the person's; what differs is told by the fields' names."""
    before, known = target.custom, _fields_by_key(target)
    target.custom = _merged(target, given)
    return [
        Change(known[key].name, before.get(str(key)), value)
        for key, value in given.items()
        if before.get(str(key)) != value
    ]
