"""Templates and devices for tests that are about something else."""

from fleetfolk.devices.models import (
    Datastream,
    Device,
    EventKind,
    Level,
    Reported,
    Share,
    ShareLevel,
    StreamKind,
    Template,
)
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User
from fleetfolk.users.secret import new_secret, secret_hash

TARGET = {"minimum": 5.0, "maximum": 30.0}
TEMPERATURE = {"minimum": -40.0, "maximum": 120.0}
MODES = [
    {"value": 0, "label": "Off", "colour": 6},
    {"value": 1, "label": "Eco", "colour": 2},
    {"value": 2, "label": "Boost", "colour": 4},
]


def template_of(tenant: Organization, name: str = "Heat pump") -> Template:
    """The tenant's template of this name, with a stream of each kind and two kinds of events."""
    found = Template.objects.filter(tenant=tenant, name=name).first()
    if found is not None:
        return found
    with staging():
        template = Template.objects.create(tenant=tenant, name=name, public_id=f"TMPL{tenant.pk:05d}{name[:4]}")
        streams = (
            Datastream(name="Power", pin=0, kind=StreamKind.BOOLEAN, writable=True, sync=True),
            Datastream(name="Target", pin=1, kind=StreamKind.DOUBLE, units="°C", decimals=1, writable=True, **TARGET),
            Datastream(name="Temperature", pin=2, kind=StreamKind.DOUBLE, units="°C", decimals=1, **TEMPERATURE),
            Datastream(name="Starts", pin=3, kind=StreamKind.INTEGER, minimum=0, maximum=2_147_483_647, keep_raw=True),
            Datastream(name="Note", pin=4, kind=StreamKind.STRING, keep_raw=True),
            Datastream(name="Mode", pin=5, kind=StreamKind.ENUMERABLE, writable=True, choices=MODES),
            Datastream(name="Place", pin=6, kind=StreamKind.LOCATION),
        )
        for position, stream in enumerate(streams):
            stream.tenant, stream.template, stream.position = tenant, template, position
        Datastream.objects.bulk_create(streams)
        about = {"tenant": tenant, "template": template}
        EventKind.objects.create(
            code="filter_dirty", name="Filter dirty", level=Level.WARNING, notify=["owner"], **about
        )
        EventKind.objects.create(code="leak", name="Leak", level=Level.CRITICAL, notify=["owner", "shared"], **about)
    return template


def device_of(
    organization: Organization, name: str = "Cellar", *, owner: User | None = None, template: Template | None = None
) -> tuple[Device, str]:
    """A new active device with the token that signs it in."""
    token = new_secret()[:32]
    with staging():
        device = Device.objects.create(
            tenant_id=organization.tenant_id,
            organization=organization,
            template=template or template_of(organization.tenant),
            owner=owner,
            name=name,
            token_hash=secret_hash(token),
            token_end=token[-4:],
            activated_at=clock.now(),
        )
        Reported.objects.create(device=device, tenant_id=organization.tenant_id)
    return Device.objects.select_related("organization", "template", "owner", "tenant").get(pk=device.pk), token


def shared_with(device: Device, user: User, level: ShareLevel = ShareLevel.VIEW) -> Share:
    """The device is shared with the person."""
    with staging():
        return Share.objects.create(
            tenant_id=device.tenant_id, device=device, user=user, level=level, created_by_id=0, created_by_label="Test"
        )
