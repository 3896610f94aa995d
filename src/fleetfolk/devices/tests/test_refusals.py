"""What no door lets happen to devices and templates, whatever a page would have asked: one line a refusal."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from fleetfolk.devices.actions import create_comment, create_event_kind, create_metadata_field, share_device
from fleetfolk.devices.actions.create_provisioning import MOST_OPEN, CreateProvisioning, CreateProvisioningInput
from fleetfolk.devices.actions.edit_metadata import EditMetadataInput
from fleetfolk.devices.actions.erase_device import EraseDevice
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.actions.start_connection import StartConnection, StartConnectionInput
from fleetfolk.devices.models import Device, MetadataField, MetadataKind, Provisioning, ShareLevel
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_activation import enabled_in
from fleetfolk.testing.samples_devices import cellar
from fleetfolk.users.actions.no_input import NoInput

TWICE = {
    "device.activate": "device_active_already",
    "device.deactivate": "device_deactivated_already",
    "device.restore": "device_not_deleted",
    "device.claim.revoke": "claim_none",
    "device.owner.revoke": "owner_none",
    "device.owner.assign": "owner_already",
    "device.transfer": "transfer_nowhere",
    "device.share": "share_already",
    "template.archive": "template_archived",
    "template.restore": "template_not_archived",
    "template.datastream.create": "stream_name_taken",
    "template.event.create": "event_code_taken",
    "template.metadata.create": "metadata_name_taken",
    "location.create": "location_name_taken",
}


@pytest.mark.parametrize("code", sorted(TWICE))
def test_what_was_done_is_not_done_again(cast: Cast, code: str) -> None:
    sample = SAMPLES[code](cast)
    action: Any = CATALOGUE[code]
    perform(action, actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    with pytest.raises(Refused, match=f"^{TWICE[code]}$"):
        perform(action, actor=sample.permitted, target_id=sample.target_id, data=sample.data)


FULL: dict[str, tuple[Any, str, str]] = {
    "event.comment.create": (create_comment, "MOST_COMMENTS", "comments_full"),
    "template.event.create": (create_event_kind, "MOST_EVENTS", "events_full"),
    "template.metadata.create": (create_metadata_field, "MOST_FIELDS", "metadata_full"),
    "device.share": (share_device, "MOST_SHARES", "share_many"),
}


@pytest.mark.parametrize("code", sorted(FULL))
def test_nothing_grows_without_end(cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    module, most, reason = FULL[code]
    monkeypatch.setattr(module, most, 0)
    sample = SAMPLES[code](cast)
    action: Any = CATALOGUE[code]
    with pytest.raises(Refused, match=f"^{reason}$"):
        perform(action, actor=sample.permitted, target_id=sample.target_id, data=sample.data)


def test_one_person_sets_so_many_devices_up_at_a_time(cast: Cast) -> None:
    template = enabled_in(cast.north)

    def begin(number: int) -> None:
        data = CreateProvisioningInput(template_id=template, name=f"D{number}", token=Kept.of(str(number)))
        perform(CreateProvisioning, actor=actor(cast.cleo), target_id=cast.north.pk, data=data)

    for number in range(MOST_OPEN):
        begin(number)
    with pytest.raises(Refused, match="provisioning_many"):
        begin(MOST_OPEN)


def test_a_device_in_use_takes_no_command_when_it_is_cut_off(cast: Cast) -> None:
    sample = SAMPLES["device.command.send"](cast)
    with staging():
        Device.objects.filter(pk=sample.target_id).update(deactivated_at=clock.now())
    with pytest.raises(Refused, match="command_device_off"):
        perform(CATALOGUE["device.command.send"], actor=sample.permitted, target_id=sample.target_id, data=sample.data)


def test_the_facts_of_a_device_have_a_size(cast: Cast) -> None:
    device = cellar(cast)
    with staging():
        fields = [
            MetadataField.objects.create(
                tenant=cast.lumen, template=device.template, name=f"Field {number}", kind=MetadataKind.TEXT
            )
            for number in range(70)
        ]
    data = EditMetadataInput(values={field.pk: "x" * 190 for field in fields})
    with pytest.raises(Refused, match="metadata_too_much"):
        perform(CATALOGUE["device.metadata.edit"], actor=actor(cast.ada), target_id=device.pk, data=data)


def test_nobody_but_the_caretaker_erases_a_device(cast: Cast) -> None:
    device = cellar(cast)
    with staging():
        Device.objects.filter(pk=device.pk).update(deleted_at=clock.now() - dt.timedelta(days=30))
    with pytest.raises(Denied, match="devices_erased_by_the_system"):
        perform(EraseDevice, actor=actor(cast.ada), target_id=device.pk, data=NoInput())


def test_nothing_is_shared_with_its_owner_or_until_yesterday(cast: Cast) -> None:
    device = cellar(cast)
    yesterday = clock.now() - dt.timedelta(days=1)
    for data, reason in (
        (ShareDeviceInput(email=cast.cleo.email, level=ShareLevel.VIEW), "share_owner"),
        (ShareDeviceInput(email="nina@new.example", level=ShareLevel.VIEW, ends_at=yesterday), "share_ended"),
    ):
        with pytest.raises(Refused, match=reason):
            perform(ShareDevice, actor=actor(cast.ada), target_id=device.pk, data=data)


def _cut_off(device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(deactivated_at=clock.now())


def _late(device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(activated_at=None)
    over = clock.now() - dt.timedelta(minutes=1)
    Provisioning.objects.create(
        tenant_id=device.tenant_id, device=device, user_id=device.owner_id or 0, expires_at=over
    )


@pytest.mark.parametrize(
    ("before", "template", "reason"),
    [
        (_cut_off, "", "command_device_off"),
        (_late, "", "connection_late"),
        (str, "TMPLother", "connection_template"),
    ],
)
def test_a_device_does_not_sign_in_for_the_first_time(
    cast: Cast, before: Callable[[Device], Any], template: str, reason: str
) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    with staging():
        before(device)
    itself = Actor(
        kind=ActorKind.DEVICE, id=str(device.pk), label="Cellar", tenant_id=device.tenant_id, client=Client.HTTPS_API
    )
    with pytest.raises(Refused, match=reason):
        perform(StartConnection, actor=itself, target_id=device.pk, data=StartConnectionInput(template=template))
