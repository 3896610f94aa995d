"""A request of the device HTTPS API, taken apart."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fleetfolk.devices.values import PINS, Stream
from fleetfolk.gateway.errands import Known, Refusal

WRONG_PIN = "Wrong pin format."
WRONG_TYPE = "Value doesn't match the Datastream data type."
NO_DATASTREAM = "No datastream setup for that pin."
WRONG_REQUEST = "Request with incorrect parameters"
UNKNOWN_CONTENT = "Unknown content type."

PIN = re.compile(r"([vVdDaA])([0-9]{1,3})", re.ASCII)
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request: the query's parameters in their order, without the token, and the body if it has one."""

    path: str
    parameters: Sequence[tuple[str, str]]
    address: str | None = None
    content_type: str = ""
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of the parameter."""
        return [value for key, value in self.parameters if key == name]

    def one(self, name: str) -> str | None:
        """The last value of the parameter."""
        found = self.all(name)
        return found[-1] if found else None

    def named(self) -> frozenset[str]:
        """The names of all parameters."""
        return frozenset(key for key, _ in self.parameters)

    def json(self) -> Any:
        """The body, which must be JSON and say so. Raises `Refusal`."""
        if self.content_type.partition(";")[0].strip().lower() != "application/json":
            raise Refusal(UNKNOWN_CONTENT)
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refusal(WRONG_REQUEST) from None


def pin_of(text: str, *, strict: bool = True) -> int | None:
    """The number of a virtual pin like ``v7``; None for a pin of another sort, of which no device here has any.

    ``strict``: in lower case, as parameters are named. Raises `Refusal` for what is no pin.
    """
    found = PIN.fullmatch(text)
    if found is None or int(found[2]) >= PINS or (strict and found[1].isupper()):
        raise Refusal(WRONG_PIN)
    return int(found[2]) if found[1] in "vV" else None


def stream_at(known: Known, pin: int | None) -> Stream:
    """The device's datastream at the pin. Raises `Refusal`."""
    stream = None if pin is None else known.blueprint.by_pin.get(pin)
    if stream is None:
        raise Refusal(NO_DATASTREAM)
    return stream


def stream_by_id(known: Known, text: str, *, wrong: str) -> Stream:
    """The device's datastream of this key; ``wrong`` is the answer to what is no key. Raises `Refusal`."""
    if not KEY.fullmatch(text):
        raise Refusal(wrong)
    stream = known.blueprint.by_id.get(int(text))
    if stream is None:
        raise Refusal(f"Requested dataStream doesn't exist in the product {known.blueprint.name}")
    return stream
