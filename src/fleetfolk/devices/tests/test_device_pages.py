"""The console's pages of devices: what is listed and found, and what one page shows and changes."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import (
    Datastream,
    Device,
    Event,
    EventComment,
    Level,
    MetadataField,
    MetadataKind,
    Reported,
)
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_devices import event_of, metadata_field, tag_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pump(cast: Cast) -> Device:
    """A device of North, owned by Cleo, online since a minute."""
    device, _token = device_of(cast.north, "Cellar pump", owner=cast.cleo)
    with staging():
        Device.objects.filter(pk=device.pk).update(serial="SN-4711", firmware="1.2.0", latitude=50.1, longitude=8.6)
        Reported.objects.filter(pk=device.pk).update(
            online=True,
            reported_at=clock.now(),
            protocol="https",
            address="192.0.2.7",
            values={"1": 21.5},
            times={"1": 1},
        )
    return Device.objects.get(pk=device.pk)


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def text(browser: Client, path: str, **query: str) -> str:
    answer = browser.get(path, query)
    assert answer.status_code == 200, answer.content[:500]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_the_list_finds_a_device_by_everything_that_is_known_of_it(cast: Cast, ada: Client, pump: Device) -> None:
    field = metadata_field(cast)
    with staging():
        Device.objects.filter(pk=pump.pk).update(metadata={str(field.pk): "boiler room"})
        device_of(cast.south, "Attic fan")
    for typed in ("cellar", "sn-4711", "1.2.0", pump.token_end, "boiler room", "heat pump", "cleo", "north"):
        page = text(ada, reverse("devices:list"), q=typed)
        assert "Cellar pump" in page, typed
    assert "Attic fan" not in text(ada, reverse("devices:list"), q="cellar")
    assert "No device found" in text(ada, reverse("devices:list"), q="zebra")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "online"}, ["Cellar pump"]),
        ({"status": "offline"}, ["Attic fan"]),
        ({"status": ["deactivated", "waiting"]}, []),
    ],
)
def test_the_list_filters_by_status(
    cast: Cast, ada: Client, pump: Device, query: dict[str, str], found: list[str]
) -> None:
    device_of(cast.south, "Attic fan")
    page = ada.get(reverse("devices:list"), query).content.decode()
    assert [name for name in ("Attic fan", "Cellar pump") if name in page] == found


def test_who_reaches_one_branch_sees_its_devices_alone(cast: Cast, signed_in: SignedIn, pump: Device) -> None:
    device_of(cast.south, "Attic fan")
    finn = signed_in(cast.finn)
    assert "Cellar pump" in text(finn, reverse("devices:list"))
    assert "Attic fan" not in text(finn, reverse("devices:list"))
    assert signed_in(cast.sam).get(reverse("devices:detail", args=[pump.pk])).status_code == 404


def test_every_page_of_the_list_answers_a_strange_address(ada: Client, pump: Device) -> None:
    for name in ("list", "map", "count"):
        for query in (
            "after=zz",
            "before=W10",
            "sort=password",
            "template=9" * 9,
            "status=x&tag=-1&dir=up",
            "q=%00%ff",
        ):
            assert ada.get(f"{reverse(f'devices:{name}')}?{query}").status_code == 200, query


def test_the_map_has_the_devices_whose_place_is_known(cast: Cast, ada: Client, pump: Device) -> None:
    device_of(cast.north, "Without a place")
    page = ada.get(reverse("devices:map")).content.decode()
    assert 'data-at="50.1,8.6"' in page
    assert "Without a place" not in page


def test_a_deleted_device_is_in_no_list_and_there_for_who_can_restore_it(
    cast: Cast, ada: Client, signed_in: SignedIn, pump: Device
) -> None:
    with staging():
        Device.objects.filter(pk=pump.pk).update(deleted_at=clock.now())
    assert "Cellar pump" not in text(ada, reverse("devices:list"))
    assert "Cellar pump" in text(ada, reverse("devices:list"), status="deleted")
    assert "is deleted" in text(ada, reverse("devices:detail", args=[pump.pk]))
    assert signed_in(cast.dana).get(reverse("devices:detail", args=[pump.pk])).status_code == 404
    assert "Cellar pump" not in text(signed_in(cast.dana), reverse("devices:list"), status="deleted")


def test_the_header_says_whose_it_is_and_that_it_is_there(ada: Client, pump: Device) -> None:
    page = text(ada, reverse("devices:detail", args=[pump.pk]))
    assert all(word in page for word in ("Cellar pump", "Online", "Cleo Staff", "North", "Last reported"))


def test_the_connection_says_how_it_is_connected(ada: Client, pump: Device) -> None:
    with staging():
        Reported.objects.filter(pk=pump.pk).update(refusals=3, refusals_on=dt.datetime.now(dt.UTC).date())
    page = text(ada, reverse("devices:connection", args=[pump.pk]))
    assert all(word in page for word in ("HTTPS", "192.0.2.7", "1.2.0", f"…{pump.token_end}", "3 messages"))


def test_the_list_leads_to_owners_whom_one_may_see(cast: Cast, pump: Device, signed_in: SignedIn) -> None:
    above, _token = device_of(cast.north, "Attic pump", owner=cast.ada)
    page = signed_in(cast.finn).get("/devices/").content.decode()
    assert f'href="/users/{cast.cleo.pk}/" id="owner-{pump.pk}"' in page
    assert str(above.pk) in page
    assert f'href="/users/{cast.ada.pk}/"' not in page, "Finn of North sees nobody above it"


def test_an_owner_who_has_no_role_over_the_place_sees_their_own_page(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.south, "Sauna", owner=cast.bob)
    bob = signed_in(cast.bob)
    assert bob.get(reverse("devices:detail", args=[device.pk])).status_code == 200
    assert bob.get(reverse("devices:log", args=[device.pk])).status_code == 403
    assert signed_in(cast.bea).get(reverse("devices:detail", args=[device.pk])).status_code == 404
    shared_with(device, cast.bea)
    assert signed_in(cast.bea).get(reverse("devices:detail", args=[device.pk])).status_code == 200


def test_a_value_is_typed_by_its_field_and_saved_where_it_stands(cast: Cast, ada: Client, pump: Device) -> None:
    with staging():
        kinds = {
            MetadataKind.NUMBER: ("12,5", 12.5),
            MetadataKind.SWITCH: ("yes", True),
            MetadataKind.COORDINATES: ("50.1, 8.6", [8.6, 50.1]),
            MetadataKind.DATE: ("2026-12-31", "2026-12-31"),
            MetadataKind.LIST: ("b", "b"),
            MetadataKind.TIME_ZONE: ("Europe/Berlin", "Europe/Berlin"),
            MetadataKind.LINK: ("https://a.example/x", "https://a.example/x"),
        }
        fields = {
            kind: MetadataField.objects.create(
                tenant=cast.lumen, template_id=pump.template_id, name=kind.value, kind=kind, choices=["a", "b"]
            )
            for kind in kinds
        }
    for kind, (typed, kept) in kinds.items():
        path = reverse("devices:edit-field", args=[pump.pk, f"field-{fields[kind].pk}"])
        assert ada.get(path, headers=HTMX).status_code == 200
        answer = ada.post(path, {"value": typed}, headers=HTMX)
        assert answer.status_code == 200, (kind, answer.content)
        assert Device.objects.get(pk=pump.pk).metadata[str(fields[kind].pk)] == kept
    path = reverse("devices:edit-field", args=[pump.pk, f"field-{fields[MetadataKind.NUMBER].pk}"])
    wrong = ada.post(path, {"value": "warm"}, headers=HTMX)
    assert (wrong.status_code, "not a number" in wrong.content.decode()) == (422, True)
    entry = Entry.objects.filter(code="device.metadata.edit").latest("at", "id")
    assert (entry.changes[0]["field"], entry.target_id) == ("link", pump.pk)


def test_a_link_that_is_none_of_the_web_is_refused(cast: Cast, ada: Client, pump: Device) -> None:
    with staging():
        field = MetadataField.objects.create(
            tenant=cast.lumen, template_id=pump.template_id, name="Manual", kind=MetadataKind.LINK
        )
    path = reverse("devices:edit-field", args=[pump.pk, f"field-{field.pk}"])
    assert ada.post(path, {"value": "javascript:alert(1)"}, headers=HTMX).status_code == 422
    assert Device.objects.get(pk=pump.pk).metadata == {}


def test_serial_location_and_place_are_edited_where_they_stand(ada: Client, pump: Device) -> None:
    for slug, typed in (("serial", "SN 9"), ("place", "48.1, 11.5")):
        assert ada.post(reverse("devices:edit-field", args=[pump.pk, slug]), {"value": typed}).status_code == 302
    saved = Device.objects.get(pk=pump.pk)
    assert (saved.serial, saved.latitude, saved.longitude) == ("SN 9", 48.1, 11.5)
    assert ada.post(reverse("devices:edit-field", args=[pump.pk, "place"]), {"value": "99, 0"}).status_code == 422
    assert ada.get(reverse("devices:edit-field", args=[pump.pk, "token"])).status_code == 404


def test_an_event_is_commented_resolved_and_archived_and_each_is_taken_back(ada: Client, pump: Device) -> None:
    event = event_of(pump, description="Water below the tank")
    timeline = reverse("devices:timeline", args=[pump.pk])
    assert "Water below the tank" in text(ada, timeline)
    ada.post(reverse("devices:comment-event", args=[event.pk]), {"text": "The seal is old."})
    assert EventComment.objects.get().by_label == "Ada Lindqvist"
    answer = ada.post(reverse("devices:resolve-event", args=[event.pk]), headers=HTMX)
    assert reverse("devices:reset-event", args=[event.pk]) in answer["HX-Trigger"]
    assert "Resolved by Ada Lindqvist" in text(ada, timeline)
    assert "Leak" not in text(ada, timeline, show="open")
    ada.post(reverse("devices:reset-event", args=[event.pk]))
    assert Event.objects.get().resolved_at is None
    ada.post(reverse("devices:archive-event", args=[event.pk]))
    assert "Water below" not in text(ada, timeline)
    assert "Leak" in text(ada, timeline, show="archived")
    ada.post(reverse("devices:restore-event", args=[event.pk]))
    assert "Water below" in text(ada, timeline)


def test_the_timeline_is_told_apart_by_level_and_period_and_paged(ada: Client, pump: Device) -> None:
    now = clock.now()
    for number in range(35):
        event_of(pump, code=f"e{number}", level=Level.INFO, at=now - dt.timedelta(minutes=number))
    event_of(pump, code="old", level=Level.CRITICAL, description="Long ago", at=now - dt.timedelta(days=60))
    timeline = reverse("devices:timeline", args=[pump.pk])
    assert "Long ago" not in text(ada, timeline)
    older = re.search(r'href="(\?before=[^"]+)"', ada.get(timeline).content.decode())
    assert older is not None
    assert "Long ago" in text(ada, timeline + older[1])
    assert "Long ago" in text(ada, timeline, level="critical")
    assert "No such events" in text(ada, timeline, level="critical", period="week")


def test_the_log_tells_who_wrote_which_datastream(cast: Cast, ada: Client, pump: Device) -> None:
    stream = Datastream.objects.get(template_id=pump.template_id, name="Target")
    data = SendCommandInput(stream_id=stream.pk, texts=("22.5",))
    perform(SendCommand, actor=actor(cast.cleo), target_id=pump.pk, data=data)
    page = text(ada, reverse("devices:log", args=[pump.pk]))
    assert "Cleo Staff" in page
    assert "Target: 22.5" in page


def test_a_device_is_renamed_tagged_deactivated_and_activated(cast: Cast, ada: Client, pump: Device) -> None:
    def at(name: str, *more: int) -> str:
        return reverse(f"devices:{name}", args=[pump.pk, *more])

    assert ada.post(at("rename"), {"name": "Boiler"}).status_code == 302
    assert ada.post(at("rename"), {"name": ""}).status_code == 422
    tag = tag_of(cast)
    assert "Roof" in text(ada, at("tag-choices"))
    ada.post(at("add-tag", tag.pk))
    assert "Roof" in text(ada, at("header"))
    ada.post(at("remove-tag", tag.pk))
    assert "Roof" not in text(ada, at("header"))
    assert ada.post(at("deactivate"), {"reason": "Stolen"}).status_code == 302
    assert "is deactivated" in text(ada, at("detail"))
    ada.post(at("activate"))
    saved = Device.objects.get(pk=pump.pk)
    assert (saved.name, saved.deactivated_at) == ("Boiler", None)


def test_the_menu_offers_what_one_may_do(cast: Cast, ada: Client, signed_in: SignedIn, pump: Device) -> None:
    path = reverse("devices:menu", args=[pump.pk])
    assert "Deactivate" in text(ada, path)
    assert "Deactivate" not in text(signed_in(cast.dana), path)


def test_who_may_not_edit_leaves_a_trace(cast: Cast, signed_in: SignedIn, pump: Device) -> None:
    dana = signed_in(cast.dana)
    assert dana.post(reverse("devices:rename", args=[pump.pk]), {"name": "Mine"}).status_code == 403
    assert dana.post(reverse("devices:edit-field", args=[pump.pk, "serial"]), {"value": "1"}).status_code == 403
    codes = Entry.objects.filter(actor_id=str(cast.dana.pk), result="denied").values_list("code", flat=True)
    assert set(codes) == {"device.rename", "device.edit"}
