"""Samples of directories: what people do with them, and what they do."""

from typing import Any

from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.scim.actions.assign_address import AddressInput
from fleetfolk.scim.actions.assign_group import AssignGroupInput
from fleetfolk.scim.actions.assign_identity import IdentityInput
from fleetfolk.scim.actions.create_group import CreateGroup, GroupInput
from fleetfolk.scim.actions.create_scim_client import CreateScimClient, CreateScimClientInput, ScimClientInput
from fleetfolk.scim.actions.edit_group import EditGroupInput
from fleetfolk.scim.actions.rotate_scim_client import RotateScimClientInput
from fleetfolk.scim.models import Group, ScimClient
from fleetfolk.scim.tokens import key_hash, new_token
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north, pending
from fleetfolk.users.actions.invite_user import InviteUserInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User


def client_input(cast: Cast, **said: Any) -> dict[str, Any]:
    """What the directory of a sample may do: give Staff and User."""
    roles = [cast.role("staff").pk, cast.role("user").pk]
    return {"name": "Okta", "role_id": cast.role("user").pk, "role_ids": roles, **said}


def directory_of(cast: Cast, home: Organization, *, by: User | None = None, **said: Any) -> tuple[ScimClient, str]:
    """A directory of the organization, and its token."""
    token = new_token()
    data = CreateScimClientInput(**client_input(cast, **said), secret_hash=key_hash(token), secret_end=token[-4:])
    perform(CreateScimClient, actor=actor(by or cast.ada), target_id=home.pk, data=data)
    return ScimClient.objects.select_related("organization").get(secret_hash=key_hash(token)), token


def as_directory(client: ScimClient) -> Actor:
    """The directory, acting."""
    return Actor(
        kind=ActorKind.SCIM_CLIENT,
        id=str(client.pk),
        label=f"SCIM client {client.name}",
        tenant_id=client.tenant_id,
        client=Client.SCIM,
        request_id="test-request",
        address="192.0.2.1",
        proof=Proof.GIVEN,
    )


def group_of(client: ScimClient, name: str = "Engineering") -> Group:
    """A group of the directory."""
    perform(CreateGroup, actor=as_directory(client), target_id=client.pk, data=GroupInput(name=name))
    return Group.objects.get(client=client, name=name)


def _client(cast: Cast, data: object) -> Sample:
    client, _token = directory_of(cast, cast.north)
    return Sample(target_id=client.pk, data=data, permitted=actor(cast.ada))


def _by_directory(cast: Cast, target: Any, data: Any, **said: Any) -> Sample:
    client, _token = directory_of(cast, cast.north, **said)
    return Sample(target_id=target(client), data=data(client), permitted=as_directory(client))


def _group(cast: Cast, data: object) -> Sample:
    return _by_directory(cast, lambda client: group_of(client).pk, lambda _client: data)


def _assigned_group(cast: Cast) -> Sample:
    client, _token = directory_of(cast, cast.north)
    return Sample(
        target_id=group_of(client).pk,
        data=AssignGroupInput(role_id=cast.role("staff").pk),
        permitted=actor(cast.ada),
    )


def _address(cast: Cast) -> Sample:
    with staging():
        pia = pending(cast)
    return _by_directory(
        cast,
        lambda _client: pia.pk,
        lambda client: AddressInput(client_id=client.pk, email="pia.new@lumenhome.example"),
        changes_addresses=True,
    )


SAMPLES: Samples = {
    "scim.client.create": lambda cast: north(
        cast, CreateScimClientInput(**client_input(cast), secret_hash=key_hash("a token"), secret_end="oken")
    ),
    "scim.client.edit": lambda cast: _client(cast, ScimClientInput(**client_input(cast, name="Entra", invites=False))),
    "scim.client.rotate": lambda cast: _client(
        cast, RotateScimClientInput(secret_hash=key_hash("another"), secret_end="ther")
    ),
    "scim.client.delete": lambda cast: _client(cast, NoInput()),
    "scim.user.create": lambda cast: _by_directory(
        cast,
        lambda client: client.organization_id,
        lambda _client: InviteUserInput(
            first_name="Nina", last_name="New", email="nina@lumenhome.example", role_id=cast.role("user").pk
        ),
    ),
    "scim.identity.assign": lambda cast: _by_directory(
        cast,
        lambda _client: cast.cleo.pk,
        lambda client: IdentityInput(client_id=client.pk, user_name="cleo", external_id="00u1", email=cast.cleo.email),
    ),
    "scim.address.assign": _address,
    "scim.group.create": lambda cast: _by_directory(
        cast, lambda client: client.pk, lambda _client: GroupInput(name="Engineering")
    ),
    "scim.group.edit": lambda cast: _group(cast, EditGroupInput(name="Research", come=(cast.cleo.pk,))),
    "scim.group.delete": lambda cast: _group(cast, NoInput()),
    "scim.group.assign": _assigned_group,
}
