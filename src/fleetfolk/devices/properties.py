"""How the widget of a datastream can be made to look: by its device, or by a program."""

from collections.abc import Mapping
from typing import Any, Final

LONGEST_PROPERTY: Final = 1024
MOST_OF_PROPERTIES: Final = 32_000
"""Characters of all properties of one device: they are read and written together."""
PROPERTIES: Final = frozenset(
    {
        *("label", "labels", "color", "onColor", "offColor", "onLabel", "offLabel", "isDisabled", "isHidden"),
        *("min", "max", "step", "url", "urls", "opacity", "scale", "rotation", "page", "suffix", "fraction", "tooltip"),
    }
)

type Properties = Mapping[str, Mapping[str, str]]
"""By the pin's number as text: values by the property's name."""


def fits(name: str, text: str) -> bool:
    """Whether this is a property, and a value of one."""
    return name in PROPERTIES and len(text) <= LONGEST_PROPERTY and "\0" not in text


def with_properties(before: Properties, pin: int, given: Mapping[str, str]) -> dict[str, Any]:
    """All of a device's properties afterwards."""
    return {**before, str(pin): {**before.get(str(pin), {}), **given}}


def too_many(properties: Properties) -> bool:
    """Whether they are more than one device has."""
    return (
        sum(len(name) + len(text) for each in properties.values() for name, text in each.items()) > MOST_OF_PROPERTIES
    )
