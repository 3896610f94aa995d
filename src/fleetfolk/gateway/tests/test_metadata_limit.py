"""A device cannot fill the action log with changes of its own metadata."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Device, MetadataField, MetadataKind
from fleetfolk.gateway.errands import Refusal
from fleetfolk.gateway.https import rare
from fleetfolk.gateway.https.asked import Asked
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.users.secret import secret_hash


def write(token: str, room: str) -> str:
    """What the device is told when it says in which room it stands."""
    asked = Asked(path="/device/meta/update", parameters=[("metaFieldName", "Room"), ("value", room)])
    return str(rare.edit_metadata(asked, secret_hash(token)).body)


def entries() -> int:
    return Entry.objects.filter(code="device.metadata.edit").count()


def test_what_changes_nothing_is_no_action_and_what_changes_too_often_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three stand for the hundred of a day: only the number is another.
    monkeypatch.setattr(rare, "METADATA_A_DAY", 3)
    device, token = device_of(cast.berg)
    with staging():
        about = {"tenant": device.tenant, "template": device.template}
        MetadataField.objects.create(name="Room", kind=MetadataKind.TEXT, **about)
    before = entries()
    assert [write(token, room) for room in ("Attic", "Attic", "Cellar", "Cellar", "Hall")] == ["OK"] * 5
    assert entries() == before + 3
    with pytest.raises(Refusal, match="limit has been reached"):
        write(token, "Roof")
    assert "Hall" in Device.objects.get(pk=device.pk).metadata.values()
    assert entries() == before + 3
