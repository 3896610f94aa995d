"""Templates and devices for the journeys, made through Actions."""

from e2e.people import House
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.actions.import_template import ImportTemplate, ImportTemplateInput
from fleetfolk.devices.models import Level, MetadataKind, StreamKind, Template
from fleetfolk.devices.template_files import TemplateFile
from fleetfolk.devices.template_parts import Choice, EventFacts, FieldFacts, StreamFacts, TemplateFacts

HEAT_PUMP = TemplateFile(
    facts=TemplateFacts(
        name="Heat pump",
        manufacturer="Lumen",
        model="HP-12",
        hardware="ESP32",
        connection="wifi",
        categories=("Heating", "Water"),
        icon="flame",
        description="Brine to water, 12 kW.\nWith a buffer of 300 litres.",
        offline_after=120,
    ),
    datastreams=(
        StreamFacts(name="Power", pin=0, kind=StreamKind.BOOLEAN, writable=True, sync=True, default_value=False),
        StreamFacts(
            name="Target",
            alias="Wanted temperature",
            pin=1,
            kind=StreamKind.DOUBLE,
            units="°C",
            minimum=5,
            maximum=30,
            decimals=1,
            default_value=21,
            writable=True,
            sync=True,
        ),
        StreamFacts(
            name="Temperature", pin=2, kind=StreamKind.DOUBLE, units="°C", minimum=-40, maximum=120, decimals=1
        ),
        StreamFacts(name="Starts", pin=3, kind=StreamKind.INTEGER, minimum=0, keep_raw=True),
        StreamFacts(
            name="Mode",
            pin=5,
            kind=StreamKind.ENUMERABLE,
            writable=True,
            choices=(Choice(0, "Off", 6), Choice(1, "Eco", 2), Choice(2, "Boost", 4)),
        ),
        StreamFacts(name="Note", pin=6, kind=StreamKind.STRING, keep_raw=True),
    ),
    metadata=(
        FieldFacts(name="Installed", kind=MetadataKind.DATE, required=True),
        FieldFacts(name="Floor", kind=MetadataKind.LIST, choices=("Cellar", "Ground floor", "Attic")),
    ),
    events=(
        EventFacts(code="filter_dirty", name="Filter dirty", level=Level.WARNING, notify=("owner",)),
        EventFacts(
            code="leak",
            name="Leak",
            level=Level.CRITICAL,
            description="Water was found in the tray.",
            notify=("owner", "shared", "staff"),
        ),
        EventFacts(code="defrosted", name="Defrosted", on_timeline=False),
    ),
)


def made(house: House, file: TemplateFile = HEAT_PUMP) -> Template:
    """The template, which every organization of the house may use."""
    house.does(ImportTemplate, house.root.pk, ImportTemplateInput(file=file))
    return Template.objects.get(tenant=house.root, name=file.facts.name)


def enabled(house: House, template: Template) -> None:
    """Customers of the house may have devices of this template, too."""
    house.does(EnableTemplate, template.pk, TemplateUseInput(organization_id=house.root.pk))
