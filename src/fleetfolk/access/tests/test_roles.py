"""Roles are made, changed, renamed, moved and deleted, and nobody gets more by it than they had."""

from typing import Any

import pytest

from fleetfolk.access.actions import (
    CreateRole,
    CreateRoleInput,
    EditRole,
    EditRoleInput,
    MoveRole,
    MoveRoleInput,
    RenameRole,
    RenameRoleInput,
)
from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.roles import complete, version_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS, role_permissions, with_required
from fleetfolk.organizations.limits import LIMITS
from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.models import User


def edit(cast: Cast, role: Role, *codes: str, by: User | None = None, version: str = "") -> Role:
    data = EditRoleInput(permissions=codes, version=version)
    return perform(EditRole, actor=actor(by or cast.ada), target_id=role.pk, data=data).target


def create(cast: Cast, name: str, *codes: str, by: User | None = None, place: Any = None) -> Role:
    data = CreateRoleInput(name=name, permissions=codes)
    target_id = (place or cast.lumen).pk
    return perform(CreateRole, actor=actor(by or cast.ada), target_id=target_id, data=data).target  # type: ignore[return-value]


def with_role(cast: Cast, person: User, *codes: str) -> User:
    """The person has a role with these permissions and what they need."""
    with staging():
        role = Role.objects.create(tenant=cast.lumen, name=f"Of {person}", permissions=sorted(with_required(codes)))
        person.role = role
        person.save(update_fields=["role"])
    return fresh(person)


def test_a_switch_counts_from_the_next_question_on_and_is_a_line_of_the_log(cast: Cast) -> None:
    staff = cast.role("staff")
    assert "users.delete" not in grants_of(actor(cast.cleo))[0].permissions
    edit(cast, staff, *staff.permissions, "users.delete")
    assert "users.delete" in grants_of(actor(cast.cleo))[0].permissions
    entry = Entry.objects.filter(code="role.edit", result="done").latest("at", "id")
    assert entry.changes == [{"field": "users.delete", "before": False, "after": True}]
    assert entry.target_label == "Staff"


def test_nobody_switches_on_what_they_do_not_hold(cast: Cast) -> None:
    abe = with_role(cast, cast.abe, "roles.edit", "users.view")
    with pytest.raises(Denied, match="role_beyond_yours"):
        edit(cast, installers(cast), "users.view", by=abe)  # It holds devices.view, and Abe does not.
    own = edit(cast, abe.role, "roles.view", "users.view", "roles.edit", by=abe)
    with pytest.raises(Denied, match="role_beyond_yours"):
        edit(cast, own, *own.permissions, "users.edit", by=abe)


def test_an_admin_below_the_top_changes_no_role_of_the_whole_tenant(cast: Cast) -> None:
    for attempt in (
        lambda: edit(cast, installers(cast), "users.view", by=cast.finn),
        lambda: perform(
            RenameRole, actor=actor(cast.finn), target_id=installers(cast).pk, data=RenameRoleInput(name="Mine")
        ),
        lambda: create(cast, "Mine", "users.view", by=cast.finn, place=cast.north),
    ):
        with pytest.raises(Denied, match="roles_are_the_tenants"):
            attempt()
    with pytest.raises(Denied, match="roles_are_the_tenants"):
        create(cast, "Mine", "users.view", place=cast.north)


@pytest.mark.parametrize("builtin", ["admin"])
def test_admin_keeps_everything(cast: Cast, builtin: str) -> None:
    with pytest.raises(Refused, match="role_always_all"):
        edit(cast, cast.role(builtin), "users.view")
    assert set(cast.role(builtin).permissions) == set(default_permissions(BuiltinRole.ADMIN))


def test_who_looked_at_an_older_role_is_refused(cast: Cast) -> None:
    role = installers(cast)
    seen = version_of(role)
    edit(cast, role, "users.view", version=seen)
    with pytest.raises(Refused, match="role_changed_meanwhile"):
        edit(cast, role, "users.view", "users.edit", version=seen)


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (("users.edit",), "permission_needs"),
        (("users.view", "made.up"), "role_beyond_yours"),
        (("users.view", "own.account"), "role_beyond_yours"),
        (("installation.tenants.create",), "role_beyond_yours"),
    ],
)
def test_what_no_role_can_hold_is_refused(cast: Cast, codes: tuple[str, ...], reason: str) -> None:
    with pytest.raises((Denied, Refused), match=reason):
        edit(cast, installers(cast), *codes)


def test_a_new_role_comes_last_and_can_be_given(cast: Cast) -> None:
    role = create(cast, "Fitter", "users.view", "devices.view")
    assert role.position > max(
        Role.objects.exclude(pk=role.pk).filter(tenant=cast.lumen).values_list("position", flat=True)
    )
    perform(AssignRole, actor=actor(cast.ada), target_id=cast.cleo.pk, data=AssignRoleInput(role_id=role.pk))
    assert grants_of(actor(cast.cleo))[0].permissions == {"users.view", "devices.view"}


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\nb", " Fitter"])
def test_a_name_is_one_short_line(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="role_name_unfit"):
        create(cast, name)


def test_a_name_is_taken_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(Refused, match="role_name_taken"):
        create(cast, "staff")
    role = installers(cast)
    with pytest.raises(Refused, match="role_name_taken"):
        perform(RenameRole, actor=actor(cast.ada), target_id=role.pk, data=RenameRoleInput(name="USER"))
    perform(RenameRole, actor=actor(cast.ada), target_id=role.pk, data=RenameRoleInput(name="INSTALLER"))
    assert Role.objects.get(pk=role.pk).name == "INSTALLER"


def test_a_renamed_role_is_found_by_its_new_name(cast: Cast) -> None:
    perform(RenameRole, actor=actor(cast.ada), target_id=cast.role("staff").pk, data=RenameRoleInput(name="Crew"))
    assert fresh(cast.cleo).role_key == "crew"


def test_there_are_only_so_many(cast: Cast) -> None:
    most = LIMITS["roles"].otherwise
    assert most is not None
    for number in range(most - Role.objects.filter(tenant=cast.lumen).count()):
        create(cast, f"Role {number}")
    with pytest.raises(Refused, match="too_many_roles"):
        create(cast, "One more")


@pytest.mark.parametrize("said", ["locked", "editable"])
def test_a_plan_says_what_can_be_done_to_roles(cast: Cast, said: str) -> None:
    with staging():
        plan = Plan.objects.create(tenant_id=1, name="Small", features={"roles": said})
        Organization.objects.filter(pk=cast.lumen.pk).update(plan=plan)
    with pytest.raises(Refused, match="plan_roles"):
        create(cast, "Fitter")
    if said == "editable":
        edit(cast, cast.role("staff"), "users.view")
        return
    with pytest.raises(Refused, match="plan_roles_locked"):
        edit(cast, cast.role("staff"), "users.view")


@pytest.mark.parametrize(("said", "edits", "makes"), [("locked", 0, 0), ("editable", 1, 0), ("custom", 1, 1)])
def test_the_page_offers_what_the_plan_has(cast: Cast, signed_in: SignedIn, said: str, edits: int, makes: int) -> None:
    with staging():
        plan = Plan.objects.create(tenant_id=1, name="Small", features={"roles": said})
        Organization.objects.filter(pk=cast.lumen.pk).update(plan=plan)
    browser = signed_in(cast.ada)
    page = browser.get("/roles/").content.decode()
    assert (page.count('href="/roles/?edit=1"'), page.count('href="/roles/new/"')) == (edits, makes)
    assert ("keeps the roles as they are" in page) is not bool(edits)
    assert browser.get("/roles/?edit=1").status_code == (200 if edits else 409)


def test_roles_stand_where_they_are_moved(cast: Cast) -> None:
    role = installers(cast)

    def names() -> list[str]:
        return list(Role.objects.filter(tenant=cast.lumen).order_by("position").values_list("name", flat=True))

    def move(place: int) -> None:
        data = MoveRoleInput(role_id=role.pk, place=place)
        perform(MoveRole, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)

    move(2)
    assert names()[:2] == ["Admin", "Installer"]
    move(99)
    assert names()[-1] == "Installer"
    move(-1)
    assert names()[0] == "Installer"
    data = MoveRoleInput(role_id=cast.role("user", cast.evil).pk, place=1)
    with pytest.raises(TargetNotFound):
        perform(MoveRole, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)


def test_switches_follow_each_other() -> None:
    assert complete({"users.view"}, {"users.view", "users.delete"}) >= {"users.view", "users.delete"}
    assert complete(set(), {"users.edit"}) == {"users.view", "users.edit"}
    assert complete({"users.view", "users.edit"}, {"users.edit"}) == set()
    # What is switched on brings back what was switched off, and so keeps what needs it.
    assert complete({"users.view", "users.edit"}, {"users.edit", "users.delete"}) == {
        *("users.view", "users.edit", "users.delete")
    }
    every = {permission.code for permission in role_permissions()}
    for code in sorted(every):
        assert complete(every, every - {code}) == with_required(complete(every, every - {code}))
        assert code not in complete(every, every - {code})
    assert all(PERMISSIONS[code] for code in every)
