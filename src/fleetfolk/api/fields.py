"""The input of an Action as programs send it: a typed model of its dataclass, and back.

Forms check what people type before an Action gets it. What they check of names, addresses, telephone numbers, zones and
languages is checked here by the field's name, in the same way.
"""

import dataclasses
import types
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from django.conf import settings
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, create_model

from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.perform import LARGEST_KEY
from fleetfolk.users.actions.edit_user import Keep
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue

TARGET: Final = "target"
SECRETS: Final = frozenset({"password", "secret", "secret_hash", "browser_hash", "code_hash", "secret_end", "link"})
"""Fields that no program sends: what they stand for is typed, or scanned, by people."""

_LONGEST: Final = 100_000
_NAME: Final = 200


class Given(Schema):
    """What a program sends to an Action."""

    model_config = ConfigDict(extra="forbid")


def _email(text: str) -> str:
    try:
        return normal_email(text)
    except UnfitValue as unfit:
        raise ValueError(str(unfit.sentence)) from None


def _name(text: str) -> str:
    try:
        return clean_name(text, limit=_NAME)
    except UnfitValue as unfit:
        raise ValueError(str(unfit.sentence)) from None


def _zone(text: str) -> str:
    if text and text not in zoneinfo.available_timezones():
        raise ValueError("no time zone like Europe/Berlin")
    return text


def _language(text: str) -> str:
    if text and text not in dict(settings.LANGUAGES):
        raise ValueError("no language that is spoken here")
    return text


_Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
_Number = Annotated[int, Field(ge=-LARGEST_KEY, le=LARGEST_KEY)]
_Text = Annotated[str, Field(max_length=_LONGEST)]
Email = Annotated[str, Field(max_length=254, examples=["nina@example.com"]), AfterValidator(_email)]
Name = Annotated[str, Field(max_length=_NAME), AfterValidator(_name)]
Phone = Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{4,14})?$", examples=["+4915112345678"])]
Zone = Annotated[str, Field(max_length=64, examples=["Europe/Berlin"]), AfterValidator(_zone)]
_Language = Annotated[str, Field(max_length=10, examples=["de"]), AfterValidator(_language)]
_Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$", examples=["DE"])]

_BY_NAME: Final[Mapping[str, Any]] = {
    "email": Email,
    "owner_email": Email,
    "admin_email": Email,
    "first_name": Name,
    "last_name": Name,
    "nickname": Name,
    "phone": Phone,
    "time_zone": Zone,
    "language": _Language,
    "country": _Country,
}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """The input of one Action: the model of what programs send, and how the Action's own is made of it.

    ``made`` are fields that the door makes by itself, such as a device's token: what is made is told once.
    """

    model: type[Given]
    make: Callable[[Any], tuple[Any, str]]


def input_of(action: type[Action[Any, Any]]) -> Input:
    """The input of the Action."""
    hints = get_type_hints(action.input_type)
    fields = {one.name: one for one in dataclasses.fields(action.input_type)}
    made = [name for name in fields if hints[name] is Kept]
    sent: dict[str, Any] = {TARGET: (_Key, Field(description=f"The key of the {_noun(action)}.", examples=[7]))}
    for name, field in fields.items():
        if name not in made:
            sent[name] = (_or_empty(field, _typed(name, hints[name])), _default(field))
    model = create_model(f"{action.__name__}In", __base__=Given, **sent)

    def make(given: Given) -> tuple[Any, str]:
        values = {name: _plain(getattr(given, name)) for name in given.model_fields_set if name != TARGET}
        secret = ""
        for name in made:
            secret = new_token()
            values[name] = Kept.of(secret)
        return action.input_type(**values), secret

    return Input(model=model, make=make)


def asks_for_secrets(action: type[Action[Any, Any]]) -> bool:
    """Whether a field of its input is typed or scanned by people alone."""
    return not SECRETS.isdisjoint(field.name for field in dataclasses.fields(action.input_type))


def _noun(action: type[Action[Any, Any]]) -> str:
    return action.target_model.rpartition(".")[2]


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default is not dataclasses.MISSING:
        value = field.default
        return None if isinstance(value, Keep) else value.value if isinstance(value, Enum) else value
    if field.default_factory is not dataclasses.MISSING:
        return Field(default=None, json_schema_extra=_without_default)
    return ...


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _or_empty(field: "dataclasses.Field[Any]", kind: Any) -> Any:
    """The type, or nothing at all where that is what goes without saying."""
    if kind in (Email, Name) and field.default == "":
        return Union[Literal[""], kind]  # noqa: UP007 - put together
    return kind


def _typed(name: str, hint: Any) -> Any:
    """The type that a program's value has: as the dataclass says it, bounded as the database is."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        kinds = [_typed(name, one) for one in get_args(hint) if one is not Keep]
        return Union[tuple(kinds)]  # noqa: UP007 - put together
    if hint is str:
        return _BY_NAME.get(name, _Text)
    if hint is int:
        return _Key if name.endswith("_id") else _Number
    if hint is float:
        return Annotated[float, Field(allow_inf_nan=False)]
    if origin is not None and get_args(hint):
        inner = tuple(one if one is Ellipsis else _typed("", one) for one in get_args(hint))
        container: Any = {Sequence: list, Mapping: dict}.get(origin, origin)
        return container[inner]
    return hint


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
