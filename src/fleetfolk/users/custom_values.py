"""The values of the organization's own fields that are kept with a person: what fits, and what differs."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change
from fleetfolk.organizations.field_values import Value, fits
from fleetfolk.organizations.models import CustomField
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.models import User

LARGEST_RECORD: Final = 12_000
"""Bytes of one person's values of the organization's own fields; the database refuses what is a third larger."""

NOTHING: Final[Mapping[int, Value]] = MappingProxyType({})


def asked_of(person: User) -> list[CustomField]:
    """The fields that are needed and empty: the person may fill them in. What is set is staff's to change."""
    return [one for one in fields_for(person.organization) if one.required and person.custom.get(str(one.pk)) is None]


def _fields_by_key(target: User) -> dict[int, CustomField]:
    return {one.pk: one for one in fields_for(target.organization)}


def require_fitting(target: User, given: Mapping[int, Value]) -> None:
    """Refuses a field that the person does not have, a value that it does not take, and a record that is too long."""
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


def put_custom(target: User, given: Mapping[int, Value]) -> list[Change]:
    """The values are the person's; what differs is told by the fields' names."""
    before, known = target.custom, _fields_by_key(target)
    target.custom = _merged(target, given)
    return [
        Change(known[key].name, before.get(str(key)), value)
        for key, value in given.items()
        if before.get(str(key)) != value
    ]
