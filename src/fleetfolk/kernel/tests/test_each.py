"""One Action done to many: each alone, all in one transaction, and the log as if they had been done one by one."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.errors import NotProved
from fleetfolk.kernel.outcome import EachOutcome
from fleetfolk.kernel.perform import LARGEST_KEY, perform
from fleetfolk.organizations.actions import CreateTag, CreateTagInput
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.models import User, UserTag

_SAID = (
    *("code", "result", "reason", "target_type", "target_id", "target_label", "organization_id", "organization_label"),
    *("path", "changes", "facts", "actor_label", "address", "request_id", "tenant_id"),
)


def tag(cast: Cast, organization: Organization, name: str = "vip") -> int:
    perform(CreateTag, actor=actor(cast.ada), target_id=organization.pk, data=CreateTagInput(name=name))
    return Tag.objects.get(organization=organization, name=name).pk


def test_each_stands_or_falls_alone_and_has_an_entry(cast: Cast) -> None:
    key = tag(cast, cast.north)
    people = [cast.bob, cast.cleo, cast.sue, cast.ada, cast.eve]
    outcome = perform_each(
        AssignTag, actor=actor(cast.ada), target_ids=[each.pk for each in people], data=AssignTagInput(tag_id=key)
    )
    assert outcome.done == sorted([cast.bob.pk, cast.cleo.pk])
    reasons = {who: error.reason for who, error in outcome.refused.items()}
    assert reasons == {cast.sue.pk: "tag_elsewhere", cast.ada.pk: "tag_elsewhere", cast.eve.pk: "not_found"}
    assert set(UserTag.objects.values_list("user_id", flat=True)) == {cast.bob.pk, cast.cleo.pk}
    entries = Entry.objects.filter(code="user.tag.assign")
    assert entries.filter(result="done").count() == 2
    assert entries.get(target_id=cast.sue.pk).reason == "tag_elsewhere"
    unknown = entries.get(target_id=cast.eve.pk)
    assert (unknown.result, unknown.target_label) == ("not_found", "")


def test_together_they_leave_the_entries_that_one_alone_leaves(cast: Cast) -> None:
    data = AssignTagInput(tag_id=tag(cast, cast.lumen, "vip’s"))
    with staging():
        User.objects.filter(pk=cast.sue.pk).update(first_name="", last_name="李" * 60)
    for who in (cast.bob, cast.sue):
        perform(AssignTag, actor=actor(cast.ada), target_id=who.pk, data=data)
    alone = list(Entry.objects.filter(code="user.tag.assign").order_by("target_id").values(*_SAID))
    with staging():
        UserTag.objects.all().delete()
    before = Entry.objects.latest("id").pk
    perform_each(AssignTag, actor=actor(cast.ada), target_ids=[cast.sue.pk, cast.bob.pk], data=data)
    together = Entry.objects.filter(code="user.tag.assign", id__gt=before).order_by("target_id").values(*_SAID)
    assert list(together) == alone


def test_what_is_marked_with_the_targets_is_there_with_them_or_not_at_all(cast: Cast) -> None:
    data = AssignTagInput(tag_id=tag(cast, cast.lumen))
    seen: list[Any] = []

    def after(outcome: EachOutcome) -> None:
        User.objects.filter(pk__in=outcome.done).update(nickname="done")
        seen.append(outcome.done)
        raise OSError("the plug")

    ids = [cast.bob.pk, cast.sue.pk]
    with pytest.raises(OSError, match="plug"):
        perform_each(AssignTag, actor=actor(cast.ada), target_ids=ids, data=data, after=after)
    assert seen == [sorted(ids)]
    assert not UserTag.objects.exists()
    assert not User.objects.filter(nickname="done").exists()
    assert not Entry.objects.filter(code="user.tag.assign").exists()


def test_what_undo_needs_is_read_before_anything_changes(cast: Cast) -> None:
    data = AssignTagInput(tag_id=tag(cast, cast.lumen))
    perform(AssignTag, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    had: list[set[int]] = []

    def before(ids: Sequence[int]) -> None:
        had.append(set(UserTag.objects.filter(user_id__in=ids).values_list("user_id", flat=True)))

    targets = [cast.bob.pk, cast.sue.pk, cast.eve.pk]
    perform_each(AssignTag, actor=actor(cast.ada), target_ids=targets, data=data, before=before)
    assert had == [{cast.bob.pk}]


def test_whoever_has_not_proved_who_they_are_changes_nobody(cast: Cast) -> None:
    hesitant = cast.ada.as_actor(actor(cast.ada).client, proof=Proof.OLD)
    with pytest.raises(NotProved):
        perform_each(DisableUser, actor=hesitant, target_ids=[cast.bob.pk, cast.sue.pk], data=ReasonInput(reason=""))
    assert fresh(cast.bob).is_active
    assert fresh(cast.sue).is_active


def test_keys_that_cannot_be_are_not_found(cast: Cast) -> None:
    data = AssignTagInput(tag_id=tag(cast, cast.lumen))
    outcome = perform_each(AssignTag, actor=actor(cast.ada), target_ids=[LARGEST_KEY + 1, 0], data=data)
    assert outcome.done == []
    assert {error.reason for error in outcome.refused.values()} == {"not_found"}


def test_the_number_of_statements_does_not_grow_with_the_targets(cast: Cast) -> None:
    data = AssignTagInput(tag_id=tag(cast, cast.lumen))
    asked = []
    for number in (3, 30):
        people = [
            invite(cast.south, f"P{number} {each}", cast.role("user"), email=f"p{number}.{each}@x.example")
            for each in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            perform_each(AssignTag, actor=actor(cast.ada), target_ids=[each.pk for each in people], data=data)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 12


def test_an_action_that_knows_no_way_for_many_is_done_to_one_after_another(cast: Cast) -> None:
    data = TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("staff").pk)
    outcome = perform_each(
        TransferUser, actor=actor(cast.ada), target_ids=[cast.cleo.pk, cast.sue.pk, cast.eve.pk], data=data
    )
    assert outcome.done == [cast.cleo.pk]
    reasons = {key: error.reason for key, error in outcome.refused.items()}
    assert reasons == {cast.sue.pk: "transfer_admin", cast.eve.pk: "not_found"}
    assert fresh(cast.cleo).organization_id == cast.south.pk
    assert Entry.objects.get(code="user.transfer", result="done").target_id == cast.cleo.pk


def test_of_those_taken_one_by_one_nobody_is_changed_either_without_proof(cast: Cast) -> None:
    hesitant = cast.ada.as_actor(actor(cast.ada).client, proof=Proof.OLD)
    data = TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("staff").pk)
    with pytest.raises(NotProved):
        perform_each(TransferUser, actor=hesitant, target_ids=[cast.cleo.pk], data=data)
    assert fresh(cast.cleo).organization_id == cast.north.pk
