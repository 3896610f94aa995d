"""What stands between a directory and what it must not do, each asked for alone."""

from dataclasses import replace
from typing import Any

import pytest

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.scim.actions.assign_address import AddressInput, AssignAddress
from fleetfolk.scim.actions.assign_group import AssignGroup, AssignGroupInput
from fleetfolk.scim.actions.delete_group import DeleteGroup
from fleetfolk.scim.actions.edit_group import EditGroup, EditGroupInput
from fleetfolk.scim.actions.rotate_scim_client import RotateScimClient, RotateScimClientInput
from fleetfolk.scim.models import Group, Member
from fleetfolk.scim.tests.asking import Asking
from fleetfolk.scim.tokens import key_hash, new_token
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.samples_scim import as_directory, directory_of, group_of
from fleetfolk.users.actions.no_input import NoInput

KEY = frozenset(one.code for one in scopes_there_are())


def test_a_key_lets_no_directory_in_and_gives_its_groups_no_role(cast: Cast) -> None:
    client, _token = directory_of(cast, cast.north)
    token = new_token()
    acts: list[tuple[type[Any], int, Any]] = [
        (RotateScimClient, client.pk, RotateScimClientInput(secret_hash=key_hash(token), secret_end=token[-4:])),
        (AssignGroup, group_of(client).pk, AssignGroupInput(role_id=cast.role("staff").pk)),
    ]
    for action, target, data in acts:
        with pytest.raises(Denied, match="not_for_tokens"):
            perform(action, actor=replace(actor(cast.ada), scopes=KEY), target_id=target, data=data)


def test_a_role_that_a_directory_may_not_give_is_not_given_to_its_groups(cast: Cast) -> None:
    client, _token = directory_of(cast, cast.north)
    group = group_of(client)
    data = AssignGroupInput(role_id=cast.role("admin").pk)
    with pytest.raises(Refused, match="scim_role"):
        perform(AssignGroup, actor=actor(cast.ada), target_id=group.pk, data=data)
    assert Group.objects.get(pk=group.pk).role is None


OWN = [(EditGroup, EditGroupInput(name="Engineering")), (DeleteGroup, NoInput())]


@pytest.mark.parametrize(("action", "data"), OWN)
def test_the_groups_of_a_directory_are_no_other_directorys(cast: Cast, action: type[Any], data: Any) -> None:
    client, _token = directory_of(cast, cast.north)
    group = group_of(client)
    other, _token = directory_of(cast, cast.north, name="Entra")
    with pytest.raises(Denied, match="scim_only"):
        perform(action, actor=as_directory(other), target_id=group.pk, data=data)
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize(("action", "data"), OWN)
def test_the_groups_of_a_directory_are_no_persons(cast: Cast, action: type[Any], data: Any) -> None:
    client, _token = directory_of(cast, cast.north)
    group = group_of(client)
    with pytest.raises(Denied, match="scim_only"):
        perform(action, actor=actor(cast.ada), target_id=group.pk, data=data)
    assert Group.objects.filter(pk=group.pk).exists()


def test_nobody_of_another_organization_comes_into_a_group(cast: Cast) -> None:
    client, _token = directory_of(cast, cast.north)
    group = group_of(client)
    for stranger in (cast.sue, cast.eve, cast.bob):
        data = EditGroupInput(name=group.name, come=[stranger.pk])
        with pytest.raises(Refused, match="scim_members"):
            perform(EditGroup, actor=as_directory(client), target_id=group.pk, data=data)
    assert not Member.objects.filter(group=group).exists()


def test_a_filter_does_not_tell_who_is_in_the_group_of_another_directory(cast: Cast) -> None:
    okta, entra = (Asking(directory_of(cast, cast.north, name=name)[1]) for name in ("Okta", "Entra"))
    group = okta.group("Engineering", cast.cleo.pk).json()
    wanted = f'groups eq "{group["id"]}"'
    assert okta.found("Users", wanted) == [cast.cleo.email]
    assert entra.found("Users", wanted) == []
    assert entra.found("Groups", f'members eq "{cast.cleo.pk}"') == []


def test_the_address_of_an_account_is_not_taken_over_by_a_directory_that_may_rewrite(cast: Cast) -> None:
    client, _token = directory_of(cast, cast.north, changes_addresses=True)
    data = AddressInput(client_id=client.pk, email="mallory@evil.example")
    with pytest.raises(Refused, match="scim_address_stays"):
        perform(AssignAddress, actor=as_directory(client), target_id=cast.cleo.pk, data=data)
    assert fresh(cast.cleo).email == cast.cleo.email


def test_a_group_is_called_as_no_other(cast: Cast) -> None:
    client, _token = directory_of(cast, cast.north)
    group = group_of(client)
    other = group_of(client, name="Sales")
    for data, reason in (
        (EditGroupInput(name="ENGINEERING"), "scim_group_taken"),
        (EditGroupInput(name=""), "scim_text"),
    ):
        with pytest.raises(Refused, match=reason):
            perform(EditGroup, actor=as_directory(client), target_id=other.pk, data=data)
    assert {group.name, other.name} == set(Group.objects.filter(client=client).values_list("name", flat=True))
