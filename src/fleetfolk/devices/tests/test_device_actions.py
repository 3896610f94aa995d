"""What Actions on devices and their events refuse, and what the log keeps of them."""

from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.activate_device import ActivateDevice
from fleetfolk.devices.actions.archive_event import ArchiveEvent
from fleetfolk.devices.actions.assign_device_tag import AssignDeviceTag, DeviceTagInput
from fleetfolk.devices.actions.create_comment import CreateComment, CreateCommentInput
from fleetfolk.devices.actions.deactivate_device import DeactivateDevice
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.actions.edit_metadata import EditMetadata, EditMetadataInput
from fleetfolk.devices.actions.rename_device import RenameDevice, RenameDeviceInput
from fleetfolk.devices.actions.reset_event import ResetEvent
from fleetfolk.devices.actions.resolve_event import ResolveEvent
from fleetfolk.devices.actions.restore_event import RestoreEvent
from fleetfolk.devices.models import Device, DeviceTag, MetadataField, MetadataKind, ShareLevel
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_devices import cellar, event_of, metadata_field
from fleetfolk.users.actions.no_input import NoInput, ReasonInput

EVERYTHING: list[tuple[type[Action[Any, Any]], Any]] = [
    (RenameDevice, RenameDeviceInput(name="Attic")),
    (EditDevice, EditDeviceInput(serial="1")),
    (EditMetadata, EditMetadataInput(values={})),
    (DeactivateDevice, ReasonInput()),
    (ActivateDevice, NoInput()),
]


@pytest.mark.parametrize(("action", "data"), EVERYTHING, ids=lambda value: getattr(value, "code", ""))
def test_a_deleted_device_is_only_restored(cast: Cast, action: type[Action[Any, Any]], data: Any) -> None:
    device = cellar(cast)
    with staging():
        Device.objects.filter(pk=device.pk).update(deleted_at=clock.now())
    with pytest.raises(Refused, match="device_deleted"):
        perform(action, actor=actor(cast.ada), target_id=device.pk, data=data)


@pytest.mark.parametrize("name", ["", "x" * 61, "two\nlines", " before", "hidden\u200b"])
def test_what_is_no_name_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="device_name_unfit"):
        perform(RenameDevice, actor=actor(cast.ada), target_id=cellar(cast).pk, data=RenameDeviceInput(name=name))


def test_a_tag_of_another_place_or_tenant_is_refused(cast: Cast) -> None:
    with staging():
        tags = [
            Tag.objects.create(tenant=tenant, organization=home, name="Elsewhere")
            for tenant, home in ((cast.lumen, cast.south), (cast.lumen, cast.berg), (cast.evil, cast.evil))
        ]
    for tag in tags:
        with pytest.raises(Refused, match="device_tag_elsewhere"):
            perform(
                AssignDeviceTag, actor=actor(cast.ada), target_id=cellar(cast).pk, data=DeviceTagInput(tag_id=tag.pk)
            )
    assert not DeviceTag.objects.exists()


def test_a_location_of_another_place_and_a_place_beyond_the_world_are_refused(cast: Cast) -> None:
    with staging():
        south = Location.objects.create(tenant=cast.lumen, organization=cast.south, name="South")
    for data, reason in (
        (EditDeviceInput(location_id=south.pk), "location_elsewhere"),
        (EditDeviceInput(place=(91.0, 0.0)), "device_place_unfit"),
        (EditDeviceInput(place=(float("nan"), 0.0)), "device_place_unfit"),
        (EditDeviceInput(serial="x" * 65), "device_serial_unfit"),
    ):
        with pytest.raises(Refused, match=reason):
            perform(EditDevice, actor=actor(cast.ada), target_id=cellar(cast).pk, data=data)


def test_metadata_is_checked_by_its_field(cast: Cast) -> None:
    device = cellar(cast)
    foreign, _token = device_of(cast.evil, "Foreign")
    with staging():
        about = {"tenant": cast.lumen, "template_id": device.template_id}
        number = MetadataField.objects.create(name="Power", kind=MetadataKind.NUMBER, required=True, **about)
        theirs = MetadataField.objects.create(
            tenant=cast.evil, template_id=foreign.template_id, name="Power", kind=MetadataKind.NUMBER
        )
    text = metadata_field(cast)
    for values, reason in (
        ({number.pk: "9"}, "metadata_unfit"),
        ({number.pk: float("inf")}, "metadata_unfit"),
        ({number.pk: None}, "metadata_required"),
        ({theirs.pk: 9}, "metadata_unknown"),
        ({text.pk: "two\nlines"}, "metadata_unfit"),
    ):
        with pytest.raises(Refused, match=reason):
            perform(EditMetadata, actor=actor(cast.ada), target_id=device.pk, data=EditMetadataInput(values=values))
    perform(EditMetadata, actor=actor(cast.ada), target_id=device.pk, data=EditMetadataInput(values={number.pk: 9.5}))
    perform(EditMetadata, actor=actor(cast.ada), target_id=device.pk, data=EditMetadataInput(values={text.pk: "Roof"}))
    assert Device.objects.get(pk=device.pk).metadata == {str(number.pk): 9.5, str(text.pk): "Roof"}
    entry = Entry.objects.filter(code="device.metadata.edit", result="done").latest("at", "id")
    assert entry.changes == [{"field": "Room", "before": None, "after": "Roof"}]


def test_who_shares_a_device_changes_it_from_manage_upwards(cast: Cast) -> None:
    device, _token = device_of(cast.south, "Sauna", owner=cast.sue)
    event = event_of(device)
    share = shared_with(device, cast.bob, ShareLevel.CONTROL)
    acts: tuple[tuple[type[Action[Any, Any]], int, Any], ...] = (
        (RenameDevice, device.pk, RenameDeviceInput(name="Mine")),
        (ResolveEvent, event.pk, NoInput()),
    )
    for action, target_id, data in acts:
        with pytest.raises(Denied, match="share_too_low"):
            perform(action, actor=actor(cast.bob), target_id=target_id, data=data)
    with staging():
        share.level = ShareLevel.MANAGE
        share.save()
    for action, target_id, data in acts:
        perform(action, actor=actor(cast.bob), target_id=target_id, data=data)
    with staging():
        share.delete()
    with pytest.raises(TargetNotFound):
        perform(RenameDevice, actor=actor(cast.bob), target_id=device.pk, data=RenameDeviceInput(name="Again"))


def test_each_step_on_an_event_is_refused_where_it_is_done_already(cast: Cast) -> None:
    event = event_of(cellar(cast))
    ada = actor(cast.ada)
    action: type[Action[Any, Any]]
    for action, reason in ((ResetEvent, "event_open_already"), (RestoreEvent, "event_not_archived")):
        with pytest.raises(Refused, match=reason):
            perform(action, actor=ada, target_id=event.pk, data=NoInput())
    for action, reason in ((ResolveEvent, "event_resolved_already"), (ArchiveEvent, "event_archived_already")):
        perform(action, actor=ada, target_id=event.pk, data=NoInput())
        with pytest.raises(Refused, match=reason):
            perform(action, actor=ada, target_id=event.pk, data=NoInput())


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "a\0b"])
def test_what_is_no_comment_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(Refused, match="comment_unfit"):
        perform(
            CreateComment,
            actor=actor(cast.ada),
            target_id=event_of(cellar(cast)).pk,
            data=CreateCommentInput(text=text),
        )
