"""A role's switches differ by place: there and below they count, nearest first, and for everything that asks."""

import re
from pathlib import Path

import pytest

import fleetfolk
from fleetfolk.access.actions import EditSwitches, EditSwitchesInput
from fleetfolk.access.explain import explain
from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import RoleSwitches, held_anywhere, held_at
from fleetfolk.access.reach import strength_of
from fleetfolk.access.switches import placed
from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.rules import objection
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.limits import RoleEditing
from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.organizations.queries import rules_of
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.tree.actions.transfer_organization import TransferOrganization, TransferOrganizationInput
from fleetfolk.tree.preview import preview_of
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.developers import could_develop, developers_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import DELETE_USERS, EDIT_USERS, VIEW_USERS
from fleetfolk.users.signed_in import signed_in_person


def differ(place: Organization, role: Role, *less: str, more: tuple[str, ...] = ()) -> Role:
    """The role holds something else in the place from now on."""
    codes = sorted({*held_at(role, place.path)} - {*less} | {*more})
    with staging():
        RoleSwitches.objects.update_or_create(
            organization=place, role=role, defaults={"tenant": place.tenant, "permissions": codes}
        )
    return Role.objects.get(pk=role.pk)


def said(role: Role, place: Organization, *less: str) -> EditSwitchesInput:
    """The switches of the role in the place without some."""
    return EditSwitchesInput(role_id=role.pk, permissions=tuple(sorted(held_at(role, place.path) - {*less})))


def edit(cast: Cast, who: User, place: Organization, data: EditSwitchesInput) -> None:
    perform(EditSwitches, actor=actor(who), target_id=place.pk, data=data)


def holds(person: User) -> frozenset[str]:
    """What somebody holds at home, as every request asks it."""
    return next(grant.permissions for grant in grants_of(actor(person)) if not grant.away)


def test_switches_count_in_their_place_and_below_it_and_nowhere_else(cast: Cast) -> None:
    staff = cast.role("staff")
    above, below, beside = (
        accept(invite(place, f"{place.name[0]}eter Staff", staff, by=cast.ada))
        for place in (cast.lumen, cast.berg, cast.south)
    )
    edit(cast, cast.ada, cast.north, said(staff, cast.north, "users.edit"))
    assert "users.edit" not in holds(cast.cleo) | holds(below)
    assert "users.edit" in holds(above) & holds(beside)
    assert GATE.decide(actor(above), EDIT_USERS, fresh(cast.bob)).allowed
    assert not GATE.decide(actor(cast.cleo), EDIT_USERS, fresh(cast.bob)).allowed
    assert held_at(Role.objects.get(pk=staff.pk), cast.berg.path) == holds(below)


def test_the_nearest_place_decides_until_what_is_below_is_ended(cast: Cast) -> None:
    staff = cast.role("staff")
    edit(cast, cast.ada, cast.berg, said(staff, cast.berg, "users.edit"))
    edit(cast, cast.ada, cast.north, said(staff, cast.north, "users.export", "users.import"))
    berg = accept(invite(cast.berg, "Berta Staff", staff, by=cast.ada))
    assert "users.import" in holds(berg)
    assert "users.edit" not in holds(berg)
    staff = Role.objects.get(pk=staff.pk)
    assert staff.differs == 2
    data = EditSwitchesInput(role_id=staff.pk, permissions=tuple(held_at(staff, cast.north.path)), below=True)
    edit(cast, cast.ada, cast.north, data)
    assert holds(berg) == holds(cast.cleo)
    assert "users.import" not in holds(berg)
    staff.refresh_from_db()
    assert staff.differs == 1
    entry = Entry.objects.filter(code="role.switches.edit").latest("at")
    assert entry.facts["ended_below"] == 1
    assert entry.organization_id == cast.north.pk


def test_as_above_is_no_difference_and_follows(cast: Cast) -> None:
    staff = cast.role("staff")
    edit(cast, cast.ada, cast.north, said(staff, cast.north, "users.edit"))
    edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=staff.pk))
    assert not RoleSwitches.objects.exists()
    assert "users.edit" in holds(cast.cleo)
    edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=staff.pk, permissions=tuple(staff.permissions)))
    assert not RoleSwitches.objects.exists()
    staff.refresh_from_db()
    assert staff.differs == 0


def test_nobody_switches_what_they_do_not_hold_there_or_where_they_are_not(cast: Cast) -> None:
    staff, user = cast.role("staff"), cast.role("user")
    leading = differ(cast.north, staff, more=("roles.edit",))
    more = EditSwitchesInput(role_id=user.pk, permissions=(*user.permissions, "users.view", "users.delete"))
    with pytest.raises(Denied, match="role_beyond_yours"):
        edit(cast, cast.cleo, cast.berg, more)
    less = EditSwitchesInput(role_id=user.pk, permissions=(*user.permissions, "users.view"))
    edit(cast, cast.cleo, cast.berg, less)
    assert "users.view" in holds(cast.bob)
    # What is taken away is beyond one, too, where one does not hold it.
    differ(cast.berg, user, more=("users.delete",))
    for data in (said(user, cast.berg), EditSwitchesInput(role_id=user.pk)):
        with pytest.raises(Denied, match="role_beyond_yours"):
            edit(cast, cast.cleo, cast.berg, data)
    with pytest.raises(Denied, match="role_beyond_yours"):
        edit(cast, cast.cleo, cast.north, EditSwitchesInput(role_id=user.pk, below=True))
    with pytest.raises(TargetNotFound):
        edit(cast, cast.cleo, cast.south, said(leading, cast.south))
    with pytest.raises(TargetNotFound):
        edit(cast, cast.eve, cast.north, said(leading, cast.north))
    with pytest.raises(TargetNotFound):
        edit(cast, cast.ada, cast.north, said(cast.role("staff", cast.evil), cast.north))
    with pytest.raises(Denied, match="permission_missing"):
        edit(cast, cast.dana, cast.north, said(leading, cast.north))


def test_what_is_above_comes_back_only_to_who_holds_it(cast: Cast) -> None:
    """As above would give the people of the place more than the editor holds there."""
    user = cast.role("user")
    differ(cast.north, cast.role("staff"), more=("roles.edit",))
    with staging():
        user.permissions = sorted({*user.permissions, "users.view", "users.delete"})
        user.save()
    differ(cast.north, user, "users.view", "users.delete")
    with pytest.raises(Denied, match="role_beyond_yours"):
        edit(cast, cast.cleo, cast.north, EditSwitchesInput(role_id=user.pk))
    edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=user.pk))


def test_refusals(cast: Cast) -> None:
    staff, admin = cast.role("staff"), cast.role("admin")
    for place, data, reason in (
        (cast.lumen, said(staff, cast.lumen, "users.edit"), "switches_of_the_top"),
        (cast.north, said(admin, cast.north, "users.edit"), "role_always_all"),
        (cast.north, EditSwitchesInput(role_id=staff.pk, permissions=("users.edit",)), "permission_needs"),
        (cast.north, EditSwitchesInput(role_id=staff.pk, version="old"), "role_changed_meanwhile"),
    ):
        with pytest.raises(Refused, match=reason):
            edit(cast, cast.ada, place, data)
    with pytest.raises((Refused, Denied)):
        edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=staff.pk, permissions=("none.such",)))
    version = placed(staff, cast.north).version
    edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=staff.pk, permissions=(), version=version))
    with staging():
        plan = Plan.objects.create(tenant_id=1, name="Small", features={"roles": RoleEditing.LOCKED.value})
        Organization.objects.filter(pk=cast.lumen.pk).update(plan=plan)
    with pytest.raises(Refused, match="plan_roles_locked"):
        edit(cast, cast.ada, cast.north, EditSwitchesInput(role_id=staff.pk))


def test_somebody_is_as_strong_as_their_place_makes_them(cast: Cast) -> None:
    staff, user = cast.role("staff"), cast.role("user")
    with staging():
        staff.permissions = sorted({*staff.permissions, "users.delete"})
        staff.save()
    strong = differ(cast.berg, user, more=("users.view", "roles.view", "roles.edit", "users.data.export"))
    assert strength_of(fresh(cast.bob)) == held_at(strong, cast.berg.path) > strength_of(fresh(cast.sue))
    decision = GATE.decide(actor(cast.cleo), DELETE_USERS, fresh(cast.bob))
    assert (decision.allowed, decision.reason) == (False, "target_is_stronger")
    everybody = GATE.within_reach(User.objects.all(), actor=actor(cast.cleo), permission=DELETE_USERS)
    assert cast.bob not in everybody
    chain = explain(actor(cast.cleo), DELETE_USERS, fresh(cast.bob))
    assert not chain.allowed
    assert "Edit" in chain.why_not or "roles" in chain.why_not


def test_a_role_is_given_where_it_holds_no_more_than_the_giver(cast: Cast) -> None:
    user = cast.role("user")
    sam = accept(invite(cast.berg, "Sigrid Berg", cast.role("user"), by=cast.ada))
    differ(cast.berg, user, more=("users.view", "users.delete"))
    with pytest.raises(Denied, match="target_is_stronger"):
        perform(DisableUser, actor=actor(cast.cleo), target_id=sam.pk, data=ReasonInput())
    giveable = GATE.giveable_roles(actor(cast.cleo), EDIT_USERS, cast.berg)
    assert user not in giveable
    assert user in GATE.giveable_roles(actor(cast.cleo), EDIT_USERS, cast.north)
    role = Role.objects.get(pk=user.pk)
    where = GATE.where_giveable(actor(cast.cleo), EDIT_USERS, role)
    assert where is not None
    assert set(User.objects.filter(where)) == {cast.cleo, cast.finn}


def test_a_branch_does_not_move_to_where_its_roles_hold_more_than_the_mover(cast: Cast) -> None:
    user = cast.role("user")
    moving = ("organizations.view", "organizations.transfer")
    differ(cast.lumen, cast.role("staff"), more=())
    with staging():
        RoleSwitches.objects.all().delete()
        mover = Role.objects.create(
            tenant=cast.lumen, name="Mover", permissions=sorted({*cast.role("staff").permissions, *moving})
        )
        cast.bea.role = user
        cast.bea.save()
    mia = accept(invite(cast.lumen, "Mia Mover", mover, by=cast.ada))
    differ(cast.south, user, more=("users.view", "users.delete"))
    assert preview_of(actor(cast.ada), cast.berg, cast.south).roles == ["User"]
    assert preview_of(actor(cast.ada), cast.berg, cast.lumen).roles == []
    to_south = TransferOrganizationInput(parent_id=cast.south.pk)
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(TransferOrganization, actor=actor(mia), target_id=cast.berg.pk, data=to_south)
    perform(TransferOrganization, actor=actor(cast.ada), target_id=cast.berg.pk, data=to_south)
    assert "users.delete" in holds(fresh(cast.bob))


def test_a_role_that_is_stronger_somewhere_is_beyond_who_is_not(cast: Cast) -> None:
    """To rename or delete it, or to give it in a deleted one's place, takes what it holds anywhere."""
    with staging():
        chief = Role.objects.create(
            tenant=cast.lumen, name="Chief", permissions=sorted({*cast.role("staff").permissions, "roles.delete"})
        )
        spare = Role.objects.create(tenant=cast.lumen, name="Spare", permissions=["users.view"])
    cora = accept(invite(cast.lumen, "Cora Chief", chief, by=cast.ada))
    differ(cast.berg, spare, more=("users.delete",))
    for gone, instead in ((spare, cast.role("user")), (cast.role("user"), spare)):
        with pytest.raises(Denied, match="role_beyond_yours"):
            perform(DeleteRole, actor=actor(cora), target_id=gone.pk, data=DeleteRoleInput(replacement_id=instead.pk))
    perform(
        DeleteRole, actor=actor(cast.ada), target_id=spare.pk, data=DeleteRoleInput(replacement_id=cast.role("user").pk)
    )
    assert not RoleSwitches.objects.exists()


def test_everything_that_asks_what_somebody_holds_asks_it_of_their_place(cast: Cast) -> None:
    user = differ(cast.berg, cast.role("user"), more=(VIEW_USERS.code, EDIT_TEMPLATES.code, "templates.view"))
    assert held_anywhere(user) > held_at(user, cast.south.path)
    with staging():
        Organization.objects.filter(pk=cast.lumen.pk).update(second_factor_staff_rule=True)
    bob, sue = (signed_in_person(person.pk) for person in (cast.bob, cast.sue))
    assert bob is not None
    assert sue is not None
    assert (bob.must_add_factor, sue.must_add_factor) == (True, False)  # type: ignore[attr-defined]
    assert (could_develop(fresh(cast.bob)), could_develop(fresh(cast.sue))) == (True, False)
    with staging():
        User.objects.filter(pk__in=[cast.bob.pk, cast.sue.pk]).update(developer=True)
    people = User.objects.filter(developers_of(cast.lumen.pk), tenant=cast.lumen)
    assert cast.bob in people
    assert cast.sue not in people
    against = objection(actor(cast.ada), fresh(cast.bob), mode="view", rules=rules_of(cast.berg))
    assert against is not None
    assert against.reason == "assist_staff"


def test_the_reasons_name_whose_switches_count(cast: Cast) -> None:
    differ(cast.north, cast.role("staff"), "users.edit")
    chain = explain(actor(cast.cleo), EDIT_USERS, fresh(cast.bob))
    assert not chain.allowed
    assert "Its switches for North say so." in chain.why_not
    assert "Staff" not in chain.why_not.partition("Roles that do")[2]
    chain = explain(actor(cast.cleo), VIEW_USERS, fresh(cast.bob))
    assert "Its switches for North say so." in " ".join(step.sentence for step in chain.steps)


def test_nothing_asks_what_is_on_a_role_without_its_place() -> None:
    """What is on a role is what it holds nowhere in particular: only who edits roles asks that."""
    about_roles = {
        "access/actions/create_role.py",
        "access/actions/edit_role.py",
        "access/gate.py",
        "access/grants.py",
        "access/models_switches.py",
        "access/roles.py",
        "access/web/columns.py",
        "access/web/making.py",
        "access/web/switching.py",
        "access/web/views.py",
        "api/v1/organizations.py",
        "users/developers.py",
        "users/signed_in.py",
    }
    root = Path(fleetfolk.__file__).parent
    asks = re.compile(r"role__permissions|\brole\.permissions|roles?\.filter\([^)]*permissions__")
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if not {"tests", "testing", "migrations", "demo"} & {*path.relative_to(root).parts}
        and asks.search(path.read_text())
    }
    assert found <= about_roles
