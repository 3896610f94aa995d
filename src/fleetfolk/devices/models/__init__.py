"""What the database knows of templates, devices and what devices report."""

from fleetfolk.devices.models.devices import (
    HOLD_OF,
    RESTORABLE_FOR,
    Claim,
    Device,
    DeviceState,
    DeviceTag,
    Hold,
    Provisioning,
    Share,
    ShareLevel,
)
from fleetfolk.devices.models.reports import Event, EventComment, Minute, Point, Reported
from fleetfolk.devices.models.templates import (
    Datastream,
    EventKind,
    Level,
    MetadataField,
    MetadataKind,
    StreamKind,
    Template,
    TemplateUse,
)

__all__ = [
    "HOLD_OF",
    "RESTORABLE_FOR",
    "Claim",
    "Datastream",
    "Device",
    "DeviceState",
    "DeviceTag",
    "Event",
    "EventComment",
    "EventKind",
    "Hold",
    "Level",
    "MetadataField",
    "MetadataKind",
    "Minute",
    "Point",
    "Provisioning",
    "Reported",
    "Share",
    "ShareLevel",
    "StreamKind",
    "Template",
    "TemplateUse",
]
