"""What a plan allows holds at every door to people and places, and each refusal says which limit and whom to ask."""

from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Problem
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import (
    CreateField,
    CreateFieldInput,
    CreateLocation,
    CreateLocationInput,
    CreateOrganization,
    CreateOrganizationInput,
    CreateTag,
    CreateTagInput,
)
from fleetfolk.organizations.models import FieldKind, Organization, OrganizationKind
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plans import allowing
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.import_reasons import left_out
from fleetfolk.users.models import User
from fleetfolk.users.runs import run_import
from fleetfolk.users.tests.test_import_users import draft, start

pytestmark = pytest.mark.usefixtures("data_folder")


def shop(name: str) -> CreateOrganizationInput:
    return CreateOrganizationInput(name=name, kind=OrganizationKind.BRANCH)


def newcomer(cast: Cast, name: str) -> InviteUserInput:
    return InviteUserInput(
        first_name=name, last_name="New", email=f"{name}@lumenhome.example", role_id=cast.role("user").pk
    )


def try_at(cast: Cast, place: Organization, action: Any, data: Any) -> Any:
    return perform(action, actor=actor(cast.ada), target_id=place.pk, data=data)


def field(name: str) -> CreateFieldInput:
    return CreateFieldInput(name=name, kind=FieldKind.TEXT)


DOORS: dict[str, tuple[Any, list[Any]]] = {
    "organizations": (CreateOrganization, [shop("One"), shop("Two")]),
    "locations": (CreateLocation, [CreateLocationInput(name="One"), CreateLocationInput(name="Two")]),
    "tags": (CreateTag, [CreateTagInput(name="One"), CreateTagInput(name="Two")]),
    "fields": (CreateField, [field("One"), field("Two")]),
}


@pytest.mark.parametrize("code", DOORS)
def test_one_more_than_the_plan_allows_is_refused_and_logged(cast: Cast, code: str) -> None:
    action, (first, second) = DOORS[code]
    there = {"organizations": Organization.objects.filter(tenant=cast.lumen).exclude(parent=None).count()}
    allowing(cast.lumen, **{code: there.get(code, 0) + 1})
    try_at(cast, cast.north, action, first)
    with pytest.raises(Refused) as refused:
        try_at(cast, cast.north, action, second)
    said = sentence_for(refused.value)
    assert refused.value.reason == "limit_reached"
    assert "The plan “Small” allows" in said
    assert "ask sales@fleetfolk.example." in said
    entry = Entry.objects.filter(code=action.code, result="refused").latest("pk")
    assert (entry.reason, entry.facts["plan"]) == ("limit_reached", "Small")


def test_tags_are_counted_in_each_organization_alone(cast: Cast) -> None:
    allowing(cast.lumen, tags=1)
    try_at(cast, cast.north, CreateTag, CreateTagInput(name="One"))
    try_at(cast, cast.south, CreateTag, CreateTagInput(name="One"))
    with pytest.raises(Refused, match="limit_reached"):
        try_at(cast, cast.south, CreateTag, CreateTagInput(name="Two"))


def test_another_tenants_rows_and_plan_do_not_count(cast: Cast) -> None:
    allowing(cast.evil, users=1, organizations=0)
    try_at(cast, cast.north, InviteUser, newcomer(cast, "una"))
    with pytest.raises(Refused) as refused:
        perform(CreateOrganization, actor=actor(cast.eve), target_id=cast.evil.pk, data=shop("One"))
    assert sentence_for(refused.value).startswith("The plan “Small” includes no sub-organizations.")


def test_a_plan_says_how_deep_the_tree_may_be(cast: Cast) -> None:
    allowing(cast.lumen, levels=2)
    with pytest.raises(Refused, match="limit_reached"):
        try_at(cast, cast.north, CreateOrganization, shop("Third level"))
    allowing(cast.lumen, levels=5)
    place = try_at(cast, cast.berg, CreateOrganization, shop("Fourth level")).target
    place = try_at(cast, place, CreateOrganization, shop("Fifth level")).target
    with pytest.raises(Refused, match="limit_reached"):
        try_at(cast, place, CreateOrganization, shop("Sixth level"))


def test_seats_are_those_of_everybody_who_is_not_deleted(cast: Cast) -> None:
    there = User.objects.filter(tenant=cast.lumen).count()
    allowing(cast.lumen, users=there)
    with pytest.raises(Refused, match="limit_reached"):
        try_at(cast, cast.north, InviteUser, newcomer(cast, "una"))
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.sue.pk, data=DeleteUserInput())
    try_at(cast, cast.north, InviteUser, newcomer(cast, "una"))
    with pytest.raises(Refused, match="limit_reached"):
        perform(RestoreUser, actor=actor(cast.ada), target_id=cast.sue.pk, data=NoInput())
    assert fresh(cast.sue).deletion_requested_at is not None


def test_invitations_are_counted_within_a_day(cast: Cast) -> None:
    allowing(cast.lumen, invitations=User.objects.filter(tenant=cast.lumen).count() + 1)
    try_at(cast, cast.north, InviteUser, newcomer(cast, "una"))
    with pytest.raises(Refused) as refused:
        try_at(cast, cast.south, InviteUser, newcomer(cast, "udo"))
    assert "invitations within a day" in sentence_for(refused.value)


FILE = "Name,E-mail\nUna New,una@new.example\nUdo New,udo@new.example\nSue South,sue@lumenhome.example\n"


@pytest.mark.parametrize("only_check", [False, True])
def test_rows_of_a_file_beyond_the_plan_are_left_out_with_the_reason(cast: Cast, only_check: bool) -> None:
    allowing(cast.lumen, users=User.objects.filter(tenant=cast.lumen).count() + 1)
    job = start(draft(FILE, cast.ada, cast.south), cast.ada, only_check=only_check)
    run_import(job.pk)
    job.refresh_from_db()
    assert (job.counts["new"], job.counts["problem"]) == (1, 1)
    (problem,) = Problem.objects.filter(job=job)
    assert (problem.line, problem.reason) == (3, "limit_reached")
    assert "ask sales@fleetfolk.example" in left_out(problem).sentence
    assert User.objects.filter(email="una@new.example").exists() is not only_check
    assert not User.objects.filter(email="udo@new.example").exists()
