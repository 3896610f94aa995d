"""Samples of roles."""

from fleetfolk.access.actions import (
    CreateRoleInput,
    EditRoleInput,
    EditSwitchesInput,
    MoveRoleInput,
    RenameRoleInput,
)
from fleetfolk.access.models import Role
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.delete_role import DeleteRoleInput


def installers(cast: Cast) -> Role:
    """A role of Lumen Home's own."""
    with staging():
        found, _created = Role.objects.get_or_create(
            tenant=cast.lumen,
            name="Installer",
            defaults={"permissions": ["devices.view", "users.view"], "position": 9},
        )
    return found


def _role(cast: Cast, data: object) -> Sample:
    return Sample(target_id=installers(cast).pk, data=data, permitted=actor(cast.ada))


def _tenant(cast: Cast, data: object) -> Sample:
    return Sample(target_id=cast.lumen.pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "role.create": lambda cast: _tenant(cast, CreateRoleInput(name="Fitter", permissions=("users.view",))),
    "role.edit": lambda cast: _role(cast, EditRoleInput(permissions=("users.view", "users.edit"))),
    "role.switches.edit": lambda cast: Sample(
        target_id=cast.north.pk,
        data=EditSwitchesInput(role_id=installers(cast).pk, permissions=("users.view",)),
        permitted=actor(cast.ada),
    ),
    "role.rename": lambda cast: _role(cast, RenameRoleInput(name="Fitter")),
    "role.move": lambda cast: _tenant(cast, MoveRoleInput(role_id=installers(cast).pk, place=1)),
    "role.delete": lambda cast: _role(cast, DeleteRoleInput(replacement_id=cast.role("user").pk)),
}
