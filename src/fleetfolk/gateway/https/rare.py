"""Endpoints that devices ask rarely: each is done in a thread, with Django's connection."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.edit_metadata import EditMetadata, EditMetadataInput
from fleetfolk.devices.actions.start_connection import StartConnection, StartConnectionInput
from fleetfolk.devices.fitting import typed_metadata
from fleetfolk.devices.models import Device, MetadataField
from fleetfolk.gateway.errands import INVALID_TOKEN, Refusal
from fleetfolk.gateway.https import data_files, uploads
from fleetfolk.gateway.https.answers import Answer
from fleetfolk.gateway.https.asked import KEY, Asked
from fleetfolk.gateway.meeting import act, device_of
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import ActorKind

NO_TEMPLATE = "Template is not found."
# Blynk's own words here have no full stop, unlike those for reading a field.
WRONG_FIELD = "Wrong metaField format"
NO_FIELD = "MetaField doesn't exist"
WRONG_VALUE = "Wrong value"
METADATA_A_DAY = 100
"""Each change is an entry of the action log, which nobody can take away again."""
TOO_MUCH_METADATA = f"Metadata limit has been reached. A device may change {METADATA_A_DAY} fields a day."


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


def edit_metadata(asked: Asked, token_hash: str) -> Answer:
    """One metadata field of the device, named by key or exact name, has the value."""
    device = device_of(token_hash)
    wanted, text = asked.one("metaFieldId") or asked.one("metaFieldName"), asked.one("value")
    if not wanted:
        raise Refusal(WRONG_FIELD)
    field = _field(device, wanted)
    if text is None or "\0" in text:
        raise Refusal(WRONG_VALUE)
    value = typed_metadata(field.kind, text)
    if device.metadata.get(str(field.pk)) == value:
        return Answer(body="OK")
    if _changed_lately(device) >= METADATA_A_DAY:
        raise Refusal(TOO_MUCH_METADATA, limit=True)
    data = EditMetadataInput(values={field.pk: value})
    act(EditMetadata, device, data, address=asked.address, refused=WRONG_VALUE)
    return Answer(body="OK")


def _changed_lately(device: Device) -> int:
    """How often the device has changed its metadata within a day, or tried to."""
    entries = Entry.objects.filter(
        tenant_id=device.tenant_id,
        actor_kind=ActorKind.DEVICE,
        actor_id=str(device.pk),
        code=EditMetadata.code,
        at__gte=clock.now() - dt.timedelta(days=1),
    )
    return entries[:METADATA_A_DAY].count()


def _field(device: Device, wanted: str) -> MetadataField:
    fields = MetadataField.objects.filter(template_id=device.template_id)
    by_key = fields.filter(pk=int(wanted)).first() if KEY.fullmatch(wanted) else None
    field = by_key or (None if "\0" in wanted else fields.filter(name=wanted).first())
    if field is None:
        raise Refusal(NO_FIELD)
    return field


def _firmware(asked: Asked) -> str:
    """What is written of it can be read: it stands in pages and in the log."""
    return "".join(letter for letter in (asked.one("ver") or "")[:40] if letter.isprintable())


RARE: dict[tuple[str, str], Rare] = {
    ("GET", "/provision"): Rare(step=provision),
    ("GET", "/device/meta/update"): Rare(step=edit_metadata),
    ("GET", "/data/get"): Rare(step=data_files.make, no_token=data_files.NO_TOKEN),
    ("POST", "/upload"): Rare(step=uploads.keep, largest_body=uploads.LARGEST_REQUEST),
}
