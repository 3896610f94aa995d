"""What the database knows of templates, devices and what devices report."""

from fleetfolk.devices.models.devices import (
    HOLD_OF,
    RESTORABLE_FOR,
    Claim,
    Device,
    DeviceState,
    DeviceTag,
    Gift,
    Hold,
    Provisioning,
    Share,
    ShareLevel,
)
from fleetfolk.devices.models.notices import EventMail, EventMailDay, EventNotice, Quiet
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
    "EventMail",
    "EventMailDay",
    "EventNotice",
    "Gift",
    "Hold",
    "Level",
    "MetadataField",
    "MetadataKind",
    "Minute",
    "Point",
    "Provisioning",
    "Quiet",
    "Reported",
    "Share",
    "ShareLevel",
    "StreamKind",
    "Template",
    "TemplateUse",
]
