"""Templates: what changes them, what cannot be changed any more, and who sees them."""

from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.create_datastream import CreateDatastream, DatastreamInput
from fleetfolk.devices.actions.create_metadata_field import MetadataFieldInput
from fleetfolk.devices.actions.create_template import CreateTemplate, CreateTemplateInput
from fleetfolk.devices.actions.delete_datastream import DeleteDatastream
from fleetfolk.devices.actions.delete_metadata_field import DeleteMetadataField
from fleetfolk.devices.actions.delete_template import DeleteTemplate
from fleetfolk.devices.actions.disable_template import DisableTemplate
from fleetfolk.devices.actions.edit_datastream import EditDatastream
from fleetfolk.devices.actions.edit_metadata_field import EditMetadataField
from fleetfolk.devices.actions.edit_template import EditTemplate, EditTemplateInput
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.models import Device, MetadataKind, Reported, StreamKind, Template, TemplateUse
from fleetfolk.devices.template_parts import FieldFacts, StreamFacts, TemplateFacts
from fleetfolk.devices.template_queries import device_counts, templates_for, templates_seen
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.testing import samples_templates
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.users.actions.no_input import NoInput

CODES = sorted(code for code in samples_templates.SAMPLES if code not in ("template.create", "template.import"))


def do(cast: Cast, action: Any, key: int, data: Any) -> Outcome[Any]:
    return perform(action, actor=actor(cast.ada), target_id=key, data=data)


def refused(cast: Cast, action: Any, key: int, data: Any) -> str:
    with pytest.raises(Refused) as raised:
        do(cast, action, key, data)
    return raised.value.reason


def names(templates: Any) -> list[str]:
    return sorted(template.name for template in templates)


@pytest.mark.parametrize("code", CODES)
def test_every_change_makes_a_new_version(cast: Cast, code: str) -> None:
    from fleetfolk.kernel.action import CATALOGUE  # noqa: PLC0415 - the table of all Actions, for one test

    sample = SAMPLES[code](cast)
    before = {template.pk: template.version for template in Template.objects.all()}
    perform(CATALOGUE[code], actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    after = {template.pk: template.version for template in Template.objects.all()}
    grown = [key for key in after if after[key] == before[key] + 1]
    assert code == "template.delete" or len(grown) == 1


def test_a_change_that_changes_nothing_makes_none(cast: Cast) -> None:
    template = template_of(cast.lumen)
    outcome = do(cast, EditTemplate, template.pk, EditTemplateInput(facts=TemplateFacts.of(template)))
    assert not outcome.changes
    assert Template.objects.get(pk=template.pk).version == template.version


def test_a_new_template_can_be_used_everywhere_or_at_the_top_only(cast: Cast) -> None:
    for name, everywhere in (("Sensor", True), ("Secret", False)):
        do(
            cast,
            CreateTemplate,
            cast.lumen.pk,
            CreateTemplateInput(facts=TemplateFacts(name=name), everywhere=everywhere),
        )
    assert names(templates_for(cast.lumen)) == ["Secret", "Sensor"]
    assert names(templates_for(cast.berg)) == ["Sensor"]


def test_an_id_is_made_or_taken_over_once_in_a_tenant(cast: Cast) -> None:
    data = CreateTemplateInput(facts=TemplateFacts(name="Sensor"), public_id="TMPLold_firm1")
    do(cast, CreateTemplate, cast.lumen.pk, data)
    again = CreateTemplateInput(facts=TemplateFacts(name="Other"), public_id="TMPLold_firm1")
    assert refused(cast, CreateTemplate, cast.lumen.pk, again) == "template_id_taken"
    perform(CreateTemplate, actor=actor(cast.eve), target_id=cast.evil.pk, data=again)
    do(cast, CreateTemplate, cast.lumen.pk, CreateTemplateInput(facts=TemplateFacts(name="Third")))
    assert len(Template.objects.get(name="Third").public_id) == len("TMPL") + 9


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CreateTemplateInput(facts=TemplateFacts(name="")), "part_missing"),
        (CreateTemplateInput(facts=TemplateFacts(name="heat PUMP")), "template_name_taken"),
        (CreateTemplateInput(facts=TemplateFacts(name="New"), public_id="ABC"), "template_id"),
        (CreateTemplateInput(facts=TemplateFacts(name="New", icon="unicorn")), "part_choice"),
    ],
)
def test_what_no_template_can_be_is_refused(cast: Cast, data: CreateTemplateInput, reason: str) -> None:
    template_of(cast.lumen)
    assert refused(cast, CreateTemplate, cast.lumen.pk, data) == reason


def test_templates_are_made_at_the_top_only(cast: Cast) -> None:
    data = CreateTemplateInput(facts=TemplateFacts(name="New"))
    assert refused(cast, CreateTemplate, cast.north.pk, data) == "template_not_root"


def test_a_taken_pin_is_refused_with_a_free_one(cast: Cast) -> None:
    facts = StreamFacts(name="Humidity", pin=1, kind=StreamKind.DOUBLE)
    with pytest.raises(Refused) as raised:
        do(cast, CreateDatastream, template_of(cast.lumen).pk, DatastreamInput(facts=facts))
    assert raised.value.about == {"pin": 1, "name": "Target", "free": 7}


def _reported(cast: Cast, values: dict[str, Any]) -> Device:
    device, _token = device_of(cast.berg)
    Reported.objects.filter(device=device).update(values=values, times=dict.fromkeys(values, 1_700_000_000_000))
    return device


def test_type_and_pin_stay_once_a_device_has_reported(cast: Cast) -> None:
    stream = template_of(cast.lumen).datastreams.get(pin=2)
    _reported(cast, {"2": 21.5})
    facts = StreamFacts.of(stream)
    other_pin = DatastreamInput(facts=StreamFacts(name="Temperature", pin=20, kind=StreamKind.DOUBLE))
    other_kind = DatastreamInput(facts=StreamFacts(name="Temperature", pin=2, kind=StreamKind.STRING))
    assert refused(cast, EditDatastream, stream.pk, other_pin) == "stream_reported"
    assert refused(cast, EditDatastream, stream.pk, other_kind) == "stream_reported"
    renamed = DatastreamInput(facts=StreamFacts(name="Warmth", pin=2, kind=facts.kind, units="°F"))
    outcome = do(cast, EditDatastream, stream.pk, renamed)
    assert {change.field for change in outcome.changes} == {"name", "units", "minimum", "maximum", "decimals"}


def test_a_deleted_datastream_leaves_nothing_for_the_next_on_its_pin(cast: Cast) -> None:
    template = template_of(cast.lumen)
    device = _reported(cast, {"2": 21.5, "3": 7})
    stranger, _token = device_of(cast.lumen, "Other", template=template_of(cast.lumen, "Sensor"))
    Reported.objects.filter(device=stranger).update(values={"2": 1}, times={"2": 1})
    outcome = do(cast, DeleteDatastream, template.datastreams.get(pin=2).pk, NoInput())
    assert outcome.facts["devices"] == 1
    kept = Reported.objects.get(device=device)
    assert (kept.values, list(kept.times)) == ({"3": 7}, ["3"])
    assert Reported.objects.get(device=stranger).values == {"2": 1}


def test_a_metadata_field_with_values_keeps_its_type_and_takes_them_along(cast: Cast) -> None:
    field = samples_templates.metadata_field(cast)
    device, _token = device_of(cast.berg)
    with staging():
        Device.objects.filter(pk=device.pk).update(metadata={str(field.pk): "Ada", "999": "x"})
    number = MetadataFieldInput(facts=FieldFacts(name="Installer", kind=MetadataKind.NUMBER))
    assert refused(cast, EditMetadataField, field.pk, number) == "metadata_kept"
    do(cast, DeleteMetadataField, field.pk, NoInput())
    assert Device.objects.get(pk=device.pk).metadata == {"999": "x"}


def test_a_template_with_devices_is_not_deleted(cast: Cast) -> None:
    device, _token = device_of(cast.berg)
    assert refused(cast, DeleteTemplate, device.template_id, NoInput()) == "template_in_use"
    with staging():
        device.delete()
    do(cast, DeleteTemplate, device.template_id, NoInput())
    assert not Template.objects.filter(pk=device.template_id).exists()
    entry = Entry.objects.get(code="template.delete", result="done")
    assert (entry.target_label, entry.organization_label) == ("Heat pump", "Lumen Home")


def test_enabling_above_contains_what_was_said_below(cast: Cast) -> None:
    template = template_of(cast.lumen)
    do(cast, EnableTemplate, template.pk, TemplateUseInput(organization_id=cast.berg.pk))
    do(cast, EnableTemplate, template.pk, TemplateUseInput(organization_id=cast.north.pk))
    assert [use.organization for use in TemplateUse.objects.filter(template=template)] == [cast.north]
    below = TemplateUseInput(organization_id=cast.berg.pk)
    assert refused(cast, EnableTemplate, template.pk, below) == "template_enabled"
    assert refused(cast, DisableTemplate, template.pk, below) == "template_not_enabled"
    assert names(templates_for(cast.berg)) == ["Heat pump"]
    assert names(templates_for(cast.south)) == []


def test_everybody_sees_the_templates_that_concern_them(cast: Cast) -> None:
    enabled = samples_templates.enabled_in_north(cast)
    template_of(cast.lumen, "Secret")
    template_of(cast.evil, "Evil")
    assert names(templates_seen(actor(cast.ada))) == ["Heat pump", "Secret"]
    assert names(templates_seen(actor(cast.finn))) == [enabled.name]  # enabled where he is
    assert names(templates_seen(actor(cast.bea))) == [enabled.name]  # enabled above her
    assert names(templates_seen(actor(cast.sam))) == []  # enabled beside him
    assert names(templates_seen(actor(cast.bob))) == []  # without the right
    assert names(templates_seen(actor(cast.eve))) == ["Evil"]


def test_devices_are_counted_as_far_as_one_reaches(cast: Cast) -> None:
    template = template_of(cast.lumen)
    device_of(cast.berg, "One")
    device_of(cast.south, "Two")
    gone, _token = device_of(cast.south, "Gone")
    with staging():
        Device.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)
    counts = [device_counts(actor(who), [template.pk]) for who in (cast.ada, cast.finn, cast.bob)]
    assert counts == [{template.pk: 2}, {template.pk: 1}, {}]
