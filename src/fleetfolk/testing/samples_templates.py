"""Samples of templates."""

from typing import Any

from fleetfolk.devices.actions.create_datastream import DatastreamInput
from fleetfolk.devices.actions.create_event_kind import EventKindInput
from fleetfolk.devices.actions.create_metadata_field import MetadataFieldInput
from fleetfolk.devices.actions.create_template import CreateTemplateInput
from fleetfolk.devices.actions.edit_template import EditTemplateInput
from fleetfolk.devices.actions.enable_template import TemplateUseInput
from fleetfolk.devices.actions.import_template import ImportTemplateInput
from fleetfolk.devices.models import MetadataField, MetadataKind, StreamKind, Template, TemplateUse
from fleetfolk.devices.template_files import TemplateFile
from fleetfolk.devices.template_parts import EventFacts, FieldFacts, StreamFacts, TemplateFacts
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput

HUMIDITY = StreamFacts(name="Humidity", pin=9, kind=StreamKind.DOUBLE, units="%", minimum=0, maximum=100)
INSTALLED = FieldFacts(name="Installed", kind=MetadataKind.DATE)
DOOR_OPEN = EventFacts(code="door_open", name="Door open")


def metadata_field(cast: Cast) -> MetadataField:
    """A metadata field of the heat pump."""
    with staging():
        field, _created = MetadataField.objects.get_or_create(
            tenant=cast.lumen, template=template_of(cast.lumen), name="Installer", kind=MetadataKind.TEXT
        )
    return field


def archived(cast: Cast) -> Template:
    """A template that is archived."""
    template = template_of(cast.lumen, "Old pump")
    with staging():
        Template.objects.filter(pk=template.pk).update(archived_at=clock.now())
    return template


def enabled_in_north(cast: Cast) -> Template:
    """The heat pump, which North and everybody below may use."""
    template = template_of(cast.lumen)
    with staging():
        TemplateUse.objects.get_or_create(tenant=cast.lumen, template=template, organization=cast.north)
    return template


def _root(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=cast.lumen.pk, data=data, permitted=actor(cast.ada))


def _pump(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=template_of(cast.lumen).pk, data=data, permitted=actor(cast.ada))


def _part(part: Any, cast: Cast, data: Any) -> Sample:
    return Sample(target_id=part.pk, data=data, permitted=actor(cast.ada))


def _stream(cast: Cast, data: Any) -> Sample:
    return _part(template_of(cast.lumen).datastreams.get(pin=4), cast, data)


def _event(cast: Cast, data: Any) -> Sample:
    return _part(template_of(cast.lumen).event_kinds.get(code="leak"), cast, data)


SAMPLES: Samples = {
    "template.create": lambda cast: _root(cast, CreateTemplateInput(facts=TemplateFacts(name="Air sensor"))),
    "template.import": lambda cast: _root(
        cast,
        ImportTemplateInput(
            file=TemplateFile(
                facts=TemplateFacts(name="Air sensor"),
                datastreams=(HUMIDITY,),
                metadata=(INSTALLED,),
                events=(DOOR_OPEN,),
            )
        ),
    ),
    "template.edit": lambda cast: _pump(cast, EditTemplateInput(facts=TemplateFacts(name="Warm pump"))),
    "template.archive": lambda cast: _pump(cast, NoInput()),
    "template.restore": lambda cast: _part(archived(cast), cast, NoInput()),
    "template.delete": lambda cast: _pump(cast, NoInput()),
    "template.enable": lambda cast: _pump(cast, TemplateUseInput(organization_id=cast.south.pk)),
    "template.disable": lambda cast: _part(
        enabled_in_north(cast), cast, TemplateUseInput(organization_id=cast.north.pk)
    ),
    "template.datastream.create": lambda cast: _pump(cast, DatastreamInput(facts=HUMIDITY)),
    "template.datastream.edit": lambda cast: _stream(cast, DatastreamInput(facts=HUMIDITY)),
    "template.datastream.delete": lambda cast: _stream(cast, NoInput()),
    "template.metadata.create": lambda cast: _pump(cast, MetadataFieldInput(facts=INSTALLED)),
    "template.metadata.edit": lambda cast: _part(metadata_field(cast), cast, MetadataFieldInput(facts=INSTALLED)),
    "template.metadata.delete": lambda cast: _part(metadata_field(cast), cast, NoInput()),
    "template.event.create": lambda cast: _pump(cast, EventKindInput(facts=DOOR_OPEN)),
    "template.event.edit": lambda cast: _event(cast, EventKindInput(facts=DOOR_OPEN)),
    "template.event.delete": lambda cast: _event(cast, NoInput()),
}
