"""Numbers and words that Blynk's scripts know, and what they are here."""

import datetime as dt
from typing import Final

from django.conf import settings

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.devices.models import Level, MetadataKind, StreamKind
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.users.models import Status

_ROLES: Final = {
    BuiltinRole.SUPER_ADMIN.value: 0,
    BuiltinRole.ADMIN.value: 1,
    BuiltinRole.STAFF.value: 2,
    BuiltinRole.USER.value: 3,
}
_BUILTIN: Final = {number: builtin for builtin, number in _ROLES.items()}
OWN_ROLES: Final = 100
"""Any other role has its own key, so much higher."""

STATUSES: Final = {
    Status.PENDING: "Pending",
    Status.ACTIVE: "Active",
    Status.INACTIVE: "Inactive",
    Status.DISABLED: "Suspended",
}
KINDS: Final = {kind.value.upper(): kind for kind in OrganizationKind if kind != OrganizationKind.INSTALLATION}
STREAMS: Final[dict[str, str]] = {
    StreamKind.INTEGER: "INT",
    StreamKind.DOUBLE: "DOUBLE",
    StreamKind.STRING: "STRING",
    StreamKind.ENUMERABLE: "ENUM",
    StreamKind.LOCATION: "LOCATION",
    StreamKind.BOOLEAN: "INT",
}
METADATA: Final[dict[str, str]] = {
    MetadataKind.TEXT: "Text",
    MetadataKind.NUMBER: "Number",
    MetadataKind.SWITCH: "Switch",
    MetadataKind.LIST: "List",
    MetadataKind.COORDINATES: "Coordinates",
    MetadataKind.TIME_ZONE: "Tz",
    MetadataKind.EMAIL: "Email",
    MetadataKind.DATE: "Date",
    MetadataKind.LINK: "Link",
}
EVENTS: Final[dict[str, str]] = {
    Level.INFO: "INFORMATION",
    Level.WARNING: "WARNING",
    Level.CRITICAL: "CRITICAL",
    Level.CONTENT: "CONTENT",
}


def number_of(role: Role) -> int:
    """The number of a role."""
    return _ROLES.get(role.builtin, OWN_ROLES + role.pk)


def role_of(tenant_id: int, number: int) -> Role | None:
    """The role of a number."""
    roles = Role.objects.filter(tenant_id=tenant_id)
    if number in _BUILTIN:
        return roles.filter(builtin=_BUILTIN[number]).first()
    return roles.filter(pk=number - OWN_ROLES).exclude(builtin__in=_ROLES).first() if number > OWN_ROLES else None


def milliseconds(moment: dt.datetime | None) -> int | None:
    """Since 1970."""
    return None if moment is None else int(moment.timestamp() * 1000)


def locale_of(language: str) -> str:
    """`de` as `de_DE`; `en` as `en_US`."""
    return {"": "", "en": "en_US", "de": "de_DE"}.get(language, language.replace("-", "_"))


def language_of(locale: str) -> str:
    """`de_DE` as `de`, where that is spoken here; else empty."""
    language = locale.replace("-", "_").partition("_")[0].lower()
    return language if language in dict(settings.LANGUAGES) else ""
