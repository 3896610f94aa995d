"""The roles that every tenant of the benchmark's world gets."""

from bench.loading import RoleSeed
from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.models import BuiltinRole

THREE = (BuiltinRole.ADMIN, BuiltinRole.STAFF, BuiltinRole.USER)


def role_seeds() -> list[RoleSeed]:
    """Admin, Staff and User, as a new tenant has them. Needs the settings."""
    return [RoleSeed(name=str(role.label), builtin=role.value, permissions=default_permissions(role)) for role in THREE]
