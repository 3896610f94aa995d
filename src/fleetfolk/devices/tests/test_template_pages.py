"""The pages of templates: list, tabs, dialogs and import, as a browser without a script sees them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fleetfolk.devices.models import Datastream, EventKind, MetadataField, Template
from fleetfolk.devices.template_files import file_of, read
from fleetfolk.testing import samples_templates
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.plugin import SignedIn

Queries = Any


@pytest.fixture
def adas(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def body(browser: Client, name: str, /, *args: Any, **query: str) -> str:
    answer = browser.get(reverse(f"templates:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(browser: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return browser.post(reverse(f"templates:{name}", args=args), data)


def test_the_empty_list_has_one_next_step(cast: Cast, adas: Client, signed_in: SignedIn) -> None:
    assert "Add the first template" in body(adas, "list")
    finns = body(signed_in(cast.finn), "list")
    assert "No templates yet" in finns
    assert "Add the first template" not in finns


def test_the_list_searches_and_has_an_archive(cast: Cast, adas: Client) -> None:
    template_of(cast.lumen, "Heat pump")
    samples_templates.archived(cast)
    device_of(cast.berg)
    page = body(adas, "list")
    assert "Heat pump" in page
    assert "Old pump" not in page
    assert "Old pump" in body(adas, "list", archived="1")
    assert "<mark>Heat</mark>" in body(adas, "list", q="heat")
    assert "Nothing is called" in body(adas, "list", q="sensor")


def test_fifty_a_page_by_name_both_ways(cast: Cast, adas: Client, django_assert_max_num_queries: Queries) -> None:
    for number in range(53):
        template_of(cast.lumen, f"{number:02d} pump")
    with django_assert_max_num_queries(12):
        first = body(adas, "list")
    assert "49 pump" in first
    assert "50 pump" not in first
    second = body(adas, "list", after="49 pump")
    assert "50 pump" in second
    assert "49 pump" not in second
    assert "00 pump" in body(adas, "list", before="50 pump")
    body(adas, "list", after="\0" * 100)


def test_every_tab_shows_its_parts(cast: Cast, adas: Client, django_assert_max_num_queries: Queries) -> None:
    template = samples_templates.enabled_in_north(cast)
    samples_templates.metadata_field(cast)
    for tab, word in (
        ("detail", "BLYNK_TEMPLATE_ID"),
        ("datastreams", "Eco"),
        ("metadata", "Installer"),
        ("events", "filter_dirty"),
        ("organizations", "North"),
    ):
        with django_assert_max_num_queries(14):
            assert word in body(adas, tab, template.pk)


def test_who_may_only_look_has_no_buttons(cast: Cast, signed_in: SignedIn) -> None:
    template = samples_templates.enabled_in_north(cast)
    page = body(signed_in(cast.finn), "datastreams", template.pk)
    assert "Eco" in page
    assert "Add datastream" not in page
    assert "Delete " not in page
    assert "Edit Mode" not in page


def test_a_template_is_added_and_its_datastreams_come_next(cast: Cast, adas: Client) -> None:
    answer = post(
        adas, "create", name="  Air   sensor ", categories="Air, Home,, Air", icon="wind", offline_after="120"
    )
    template = Template.objects.get(name="Air sensor")
    assert answer["Location"] == reverse("templates:datastreams", args=[template.pk])
    assert template.categories == ["Air", "Home"]
    assert not template.uses.exists()


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"name": ""}, "name", "Give it a name."),
        ({"pin": "256"}, "pin", "255"),
        ({"pin": "1"}, "pin", "V1 is taken by “Target”. V7 is free."),
        ({"name": "target"}, "name", "“target”"),
        ({"name": "a,b"}, "name", "addresses"),
        ({"minimum": "9", "maximum": "3"}, "maximum", "greater"),
        ({"kind": "enumerable", "choices": "Off"}, "choices", "“Off” is not a number and a word."),
        ({"kind": "enumerable", "choices": "0 Off"}, "choices", "at least two"),
        ({"default_value": "warm"}, "default_value", "fit the type"),
        ({"kind": "boolean", "default_value": "maybe"}, "default_value", "fit the type"),
        ({"kind": "integer", "default_value": "1.5"}, "default_value", "fit the type"),
        ({"kind": "location", "default_value": "200, 10"}, "default_value", "fit the type"),
    ],
)
def test_a_wrong_datastream_comes_back_with_what_is_wrong(
    cast: Cast, adas: Client, data: dict[str, str], field: str, sentence: str
) -> None:
    answer = post(
        adas,
        "create-datastreams",
        template_of(cast.lumen).pk,
        **{"name": "Humidity", "pin": "9", "kind": "double", **data},
    )
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])


def test_what_another_type_has_is_ignored(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    said = {"minimum": "5", "units": "°C", "choices": "nonsense", "default_value": "on", "writable": "on"}
    assert (
        post(adas, "create-datastreams", template.pk, name="Lamp", pin="9", kind="boolean", **said).status_code == 302
    )
    lamp = Datastream.objects.get(template=template, pin=9)
    assert (lamp.minimum, lamp.units, lamp.choices, lamp.default_value, lamp.writable) == (None, "", [], True, True)


def test_entries_are_lines_of_number_word_and_colour(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    choices = "0 Off #6\r\n\r\n-1: Alarm now\r\n2 = Eco #2"
    post(
        adas,
        "create-datastreams",
        template.pk,
        name="State",
        pin="9",
        kind="enumerable",
        choices=choices,
        default_value="2",
    )
    state = Datastream.objects.get(template=template, pin=9)
    assert state.choices == [
        {"value": 0, "label": "Off", "colour": 6},
        {"value": -1, "label": "Alarm now", "colour": 1},
        {"value": 2, "label": "Eco", "colour": 2},
    ]
    page = body(adas, "edit-datastreams", state.pk)
    assert "0 Off #6\n-1 Alarm now\n2 Eco #2" in page


def test_saving_a_dialog_as_it_opens_changes_nothing(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    before = file_of(template)
    for name, rows in (
        ("datastreams", template.datastreams.all()),
        ("metadata", [samples_templates.metadata_field(cast)]),
        ("events", template.event_kinds.all()),
    ):
        for row in rows:
            url = reverse(f"templates:edit-{name}", args=[row.pk])
            form = adas.get(url).context["form"]
            sent = {
                key: value for key in form.fields if (value := form[key].value()) is not None and value is not False
            }
            assert adas.post(url, sent).status_code == 302, adas.post(url, sent).context["form"].errors
    after = file_of(Template.objects.get(pk=template.pk))
    assert (after.facts, after.datastreams, after.events) == (before.facts, before.datastreams, before.events)
    assert Template.objects.get(pk=template.pk).version == template.version


def test_deleting_takes_the_word_and_says_how_many_report_it(cast: Cast, adas: Client) -> None:
    stream = template_of(cast.lumen).datastreams.get(pin=2)
    device, _token = device_of(cast.berg)
    type(device.reported).objects.filter(device=device).update(times={"2": 1}, values={"2": 1})
    assert "1 device reports it" in body(adas, "delete-datastreams", stream.pk)
    assert post(adas, "delete-datastreams", stream.pk, word="delete").status_code == 422
    assert Datastream.objects.filter(pk=stream.pk).exists()
    assert post(adas, "delete-datastreams", stream.pk, word="DELETE").status_code == 302
    assert not Datastream.objects.filter(pk=stream.pk).exists()


def test_whoever_has_not_shown_lately_who_they_are_is_asked_before_data_is_lost(
    cast: Cast, signed_in: SignedIn
) -> None:
    stream = template_of(cast.lumen).datastreams.get(pin=2)
    answer = post(signed_in(cast.ada, minutes_ago=60), "delete-datastreams", stream.pk, word="DELETE")
    assert "Confirm that it is you" in answer.content.decode()
    assert Datastream.objects.filter(pk=stream.pk).exists()


def test_a_template_with_devices_offers_no_deleting(cast: Cast, adas: Client) -> None:
    device, _token = device_of(cast.berg)
    page = body(adas, "delete", device.template_id)
    assert "1 device is made from this template" in page
    assert 'name="word"' not in page


def test_enabling_by_name(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    assert post(adas, "enable", template.pk, organization="Nowhere").status_code == 422
    assert post(adas, "enable", template.pk, organization="north").status_code == 302
    assert post(adas, "enable", template.pk, organization="North").status_code == 422
    assert post(adas, "disable", template.pk, cast.north.pk).status_code == 302
    assert post(adas, "enable-again", template.pk, cast.north.pk).status_code == 302
    assert post(adas, "enable", template.pk, everywhere="1").status_code == 302
    assert [use.organization for use in template.uses.select_related("organization")] == [cast.lumen]
    assert "Every organization" in body(adas, "organizations", template.pk)


def test_an_export_can_be_imported_and_is_the_same(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    samples_templates.metadata_field(cast)
    answer = adas.get(reverse("templates:export", args=[template.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="heat-pump.json"'
    upload = SimpleUploadedFile("heat-pump.json", answer.content)
    preview = post(adas, "import", file=upload, text="")
    assert preview.status_code == 200
    assert "is used here already" in preview.content.decode()
    source = preview.context["source"]
    again = post(adas, "import", **{"source": source, "import": "1", "name": "heat pump", "everywhere": "on"})
    assert "already" in str(again.context["form"].errors["name"])
    done = post(adas, "import", **{"source": source, "import": "1", "name": "Second pump", "everywhere": "on"})
    second = Template.objects.get(name="Second pump")
    assert done["Location"] == reverse("templates:detail", args=[second.pk])
    first, other = file_of(template), file_of(second)
    assert (other.datastreams, other.metadata, other.events) == (first.datastreams, first.metadata, first.events)
    assert second.public_id != template.public_id
    assert second.uses.filter(organization=cast.lumen).exists()


def test_a_wrong_file_is_answered_with_every_error_by_its_path(cast: Cast, adas: Client) -> None:
    wrong = {"format": "fleetfolk-template", "version": 1, "template": {"name": "X"}, "datastreams": [{"pin": "V999"}]}
    answer = post(adas, "import", text=json.dumps(wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "3 things in the file are not right" in page
    for path in ("datastreams[0].pin", "datastreams[0].name", "datastreams[0].kind"):
        assert f"<code>{path}</code>" in page
    assert not Template.objects.filter(tenant=cast.lumen).exists()
    assert post(adas, "import", **{"import": "1", "source": "{"}).status_code == 422
    assert post(adas, "import").status_code == 422


def test_a_copy_begins_with_the_template_that_is_there(cast: Cast, adas: Client, signed_in: SignedIn) -> None:
    template = template_of(cast.lumen)
    page = adas.get(reverse("templates:import"), {"like": str(template.pk)})
    assert page.context["form"].initial["name"] == "Heat pump (copy)"
    assert read(page.context["source"]).public_id == ""
    assert signed_in(cast.eve).get(reverse("templates:import"), {"like": str(template.pk)}).status_code == 404


def test_parts_are_added_in_dialogs(cast: Cast, adas: Client) -> None:
    template = template_of(cast.lumen)
    post(
        adas, "create-metadata", template.pk, name="Floor", kind="list", choices="Cellar\nAttic", default_value="Attic"
    )
    assert MetadataField.objects.get(template=template).choices == ["Cellar", "Attic"]
    post(
        adas,
        "create-events",
        template.pk,
        code="door_open",
        name="Door open",
        level="warning",
        notify=["owner", "staff"],
    )
    assert EventKind.objects.get(template=template, code="door_open").notify == ["owner", "staff"]
    again = post(adas, "create-events", template.pk, code="door_open", name="Door", level="info")
    assert "door_open" in str(again.context["form"].errors["code"])
