"""Endpoints that devices ask rarely: each is done in a thread, with Django's connection."""

from collections.abc import Callable
from dataclasses import dataclass

from fleetfolk.devices.actions.start_connection import StartConnection, StartConnectionInput
from fleetfolk.gateway.errands import INVALID_TOKEN
from fleetfolk.gateway.https import data_files, uploads
from fleetfolk.gateway.https.answers import Answer
from fleetfolk.gateway.https.asked import Asked
from fleetfolk.gateway.meeting import act, device_of

NO_TEMPLATE = "Template is not found."


@dataclass(frozen=True, kw_only=True, slots=True)
class Rare:
    """An endpoint that is done in a thread; the token's hash comes along."""

    step: Callable[[Asked, str], Answer]
    no_token: str = INVALID_TOKEN
    largest_body: int = 0


def provision(asked: Asked, token_hash: str) -> Answer:
    """The device, set up over its own Wi-Fi or by a static token, is in use."""
    device = device_of(token_hash)
    said = StartConnectionInput(template=asked.one("templateId") or "-", firmware=_firmware(asked))
    act(StartConnection, device, said, address=asked.address, refused=NO_TEMPLATE)
    return Answer(body="OK")


def _firmware(asked: Asked) -> str:
    return (asked.one("ver") or "").replace("\0", "")[:40]


RARE: dict[tuple[str, str], Rare] = {
    ("GET", "/provision"): Rare(step=provision),
    ("GET", "/data/get"): Rare(step=data_files.make, no_token=data_files.NO_TOKEN),
    ("POST", "/upload"): Rare(step=uploads.keep, largest_body=uploads.LARGEST_REQUEST),
}
