"""What is refused of directories and of what they ask, case by case."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import DjangoDbBlocker

from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.scim.actions.assign_address import AssignAddress
from fleetfolk.scim.actions.assign_identity import AssignIdentity, IdentityInput, refusal_of
from fleetfolk.scim.actions.create_group import MOST as MOST_GROUPS
from fleetfolk.scim.actions.create_group import TAKEN, CreateGroup, GroupInput
from fleetfolk.scim.actions.create_scim_client import MOST
from fleetfolk.scim.actions.edit_group import EditGroup, EditGroupInput
from fleetfolk.scim.models import Group, Identity, ScimClient
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.races import meeting_at_the_lock, own_copy_of_the_database
from fleetfolk.testing.refusals import Change, after, given, refuses
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_scim import as_directory, directory_of, group_of
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.models import Invitation, User


def _another(cast: Cast, sample: Sample) -> None:
    directory_of(cast, cast.north, name=sample.data.name)


def _directories(cast: Cast, _sample: Sample) -> None:
    client, _token = directory_of(cast, cast.north, name="One")
    for number in range(MOST):
        client.pk, client.name, client.secret_hash = None, f"D {number}", f"{number}"
        client.save(force_insert=True)


def _client_of(sample: Sample) -> ScimClient:
    return ScimClient.objects.get(pk=sample.permitted.id)


def _groups(_cast: Cast, sample: Sample) -> None:
    client = _client_of(sample)
    Group.objects.bulk_create(
        Group(tenant_id=client.tenant_id, client=client, name=f"G {number}") for number in range(MOST_GROUPS)
    )


def _group_of_that_key(_cast: Cast, sample: Sample) -> None:
    client = _client_of(sample)
    Group.objects.create(tenant_id=client.tenant_id, client=client, name="Other", external_id="g1")


def _finn_is_called(name: str) -> Change:
    def prepare(cast: Cast, sample: Sample) -> None:
        client = _client_of(sample)
        Identity.objects.create(tenant_id=client.tenant_id, client=client, user=cast.finn, user_name=name)

    return after(prepare)


def _moved_below(cast: Cast, sample: Sample) -> None:
    User.objects.filter(pk=sample.target_id).update(organization=cast.berg)


_GROUP = "INSERT INTO scim_group (tenant_id, client_id, name, external_id) VALUES (%s, %s, %s, '')"
_IDENTITY = (
    "INSERT INTO scim_identity (tenant_id, client_id, user_id, user_name, external_id) VALUES (%s, %s, %s, %s, '')"
)

CASES: list[tuple[str, Change, str]] = [
    ("scim.client.create", after(_another), "scim_name_taken"),
    ("scim.client.create", after(_directories), "scim_many"),
    ("scim.client.edit", after(_another), "scim_name_taken"),
    ("scim.user.create", given(email=lambda cast: cast.cleo.email), "email_in_organization"),
    ("scim.group.create", after(_groups), "scim_many"),
    ("scim.identity.assign", _finn_is_called("CLEO"), "scim_user_name_taken"),
    ("scim.identity.assign", after(_moved_below), "scim_elsewhere"),
    ("scim.address.assign", after(_moved_below), "scim_elsewhere"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


def test_a_group_keeps_its_key_to_itself(cast: Cast) -> None:
    sample = SAMPLES["scim.group.create"](cast)
    with staging():
        _group_of_that_key(cast, sample)
    data = GroupInput(name="Engineering", external_id="g1")
    with pytest.raises(Refused, match="scim_external_id_taken"):
        perform(CreateGroup, actor=sample.permitted, target_id=sample.target_id, data=data)


def test_who_waits_for_nothing_gets_no_new_invitation_with_the_address(cast: Cast) -> None:
    sample = SAMPLES["scim.address.assign"](cast)
    with staging():
        User.objects.filter(pk=sample.target_id).update(disabled_at=clock.now())
    before = Invitation.objects.get(user=sample.target_id).secret_hash
    perform(AssignAddress, actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    assert User.objects.get(pk=sample.target_id).email == sample.data.email
    assert Invitation.objects.get(user=sample.target_id).secret_hash == before


def test_what_is_wrong_otherwise_is_no_refusal() -> None:
    error = IntegrityError("something else")
    assert refusal_of(error, TAKEN, "Engineering") is error


class TestAtTheSameMoment:
    """Another of the directory's calls has just written the name, and has not ended yet."""

    @pytest.fixture
    def _django_db_helper(self, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
        with django_db_blocker.unblock(), own_copy_of_the_database():
            yield

    def test_a_group_is_made_once(self, cast: Cast) -> None:
        client, _token = directory_of(cast, cast.north)
        making = partial(
            perform, CreateGroup, actor=as_directory(client), target_id=client.pk, data=GroupInput(name="Engineering")
        )
        [late] = meeting_at_the_lock(making, held=_GROUP, values=[client.tenant_id, client.pk, "engineering"])
        self._refused(late, "scim_group_taken")
        assert Group.objects.filter(client=client).count() == 1

    def test_a_group_is_renamed_to_what_another_is_not(self, cast: Cast) -> None:
        client, _token = directory_of(cast, cast.north)
        group = group_of(client)
        renaming = partial(
            perform, EditGroup, actor=as_directory(client), target_id=group.pk, data=EditGroupInput(name="Research")
        )
        [late] = meeting_at_the_lock(renaming, held=_GROUP, values=[client.tenant_id, client.pk, "RESEARCH"])
        self._refused(late, "scim_group_taken")
        assert Group.objects.get(pk=group.pk).name == "Engineering"

    def test_two_people_are_not_called_the_same(self, cast: Cast) -> None:
        client, _token = directory_of(cast, cast.north)
        cleo = fresh(cast.cleo)
        data = IdentityInput(client_id=client.pk, user_name="cleo", external_id="", email=cleo.email)
        naming = partial(perform, AssignIdentity, actor=as_directory(client), target_id=cleo.pk, data=data)
        [late] = meeting_at_the_lock(naming, held=_IDENTITY, values=[client.tenant_id, client.pk, cast.finn.pk, "Cleo"])
        self._refused(late, "scim_user_name_taken")
        assert not Identity.objects.filter(user=cleo).exists()

    @staticmethod
    def _refused(late: Any, reason: str) -> None:
        assert isinstance(late, Refused), late
        assert late.reason == reason
