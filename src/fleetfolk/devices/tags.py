"""Devices carry tags: those that are not deleted are counted."""

from django.db.models import Q

from fleetfolk.devices.models import DeviceTag
from fleetfolk.organizations.tag_uses import Use, register_use

register_use("devices", Use(links=DeviceTag, carrier="device", counted=Q(device__deleted_at=None)))
