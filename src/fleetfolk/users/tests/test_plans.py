"""Plans on the pages: the installation's operator edits and gives them, a tenant sees what it has used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions import (
    AssignPlan,
    AssignPlanInput,
    CreatePlan,
    DeletePlan,
    DeletePlanInput,
    EditPlan,
    PlanInput,
)
from fleetfolk.organizations.limits import RoleEditing
from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.testing.cast import Cast, accept, actor, create_tenant, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

WHOLE = {
    "name": "Huge",
    "contact": "sales@fleetfolk.example",
    "most-users": "5000",
    "roles": "editable",
    "sign_up": "on",
}


@pytest.fixture
def olga(cast: Cast) -> User:
    """The operator of the installation."""
    installation = Organization.objects.get(pk=1)
    return accept(invite(installation, "Olga Operator", Role.objects.get(builtin=BuiltinRole.SUPER_ADMIN)))


def plan(name: str) -> Plan:
    return Plan.objects.get(name=name)


def test_five_plans_are_shipped_and_nobody_has_one(cast: Cast) -> None:
    assert list(Plan.objects.order_by("position").values_list("name", flat=True)) == [
        *("Free", "Plus", "PRO", "Business", "Enterprise")
    ]
    assert {code for each in Plan.objects.all() for code in each.limits} <= set(limits.LIMITS)
    assert not Organization.objects.exclude(plan=None).exists()
    assert (plan("Free").limits["users"], plan("PRO").limits["organizations"]) == (1, 200)
    assert {limit.code for limit in limits.counted()} >= {"users", "devices", "templates", "segments", "levels"}


def test_the_operator_offers_edits_and_deletes_a_plan(olga: User, signed_in: SignedIn) -> None:
    browser = signed_in(olga)
    assert browser.post("/plans/new/", WHOLE).status_code == 302
    huge = plan("Huge")
    assert (huge.limits, huge.features) == ({"users": 5000}, {"roles": "editable", "sign_up": True})
    page = browser.get("/plans/").content.decode()
    assert "Huge" in page
    assert "5,000" in page
    assert browser.get(f"/plans/{huge.pk}/").status_code == 200
    edited = {**WHOLE, "most-users": "", "most-devices": "7", "for_new": "on"}
    assert browser.post(f"/plans/{huge.pk}/", edited).status_code == 302
    entry = Entry.objects.filter(code="plan.edit", result="done").latest("pk")
    assert {(change["field"], change["before"], change["after"]) for change in entry.changes} == {
        ("users", 5000, None),
        ("devices", None, 7),
        ("for_new", False, True),
    }
    assert browser.post(f"/plans/{huge.pk}/delete/", {}).status_code == 302
    assert not Plan.objects.filter(name="Huge").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "free"}, {"name": ""}, {"most-users": "-1"}, {"most-users": "many"}, {"most-users": "9999999999"}],
)
def test_a_plan_that_does_not_fit_is_said_in_the_form(olga: User, signed_in: SignedIn, wrong: dict[str, str]) -> None:
    answer = signed_in(olga).post("/plans/new/", {**WHOLE, **wrong})
    assert answer.status_code == 422
    assert Plan.objects.count() == 5


def test_a_plan_is_given_to_a_tenant_and_taken_away(cast: Cast, olga: User, signed_in: SignedIn) -> None:
    browser = signed_in(olga)
    assert "Lumen Home" in browser.get("/plans/?find=lumen").content.decode()
    assert "Users" in browser.get(f"/plans/tenants/{cast.lumen.pk}/").content.decode()
    assert browser.post(f"/plans/tenants/{cast.lumen.pk}/", {"plan": plan("PRO").pk}).status_code == 302
    assert limits.is_limited(cast.lumen.pk, "devices")
    assert not limits.is_limited(cast.evil.pk, "devices")
    entry = Entry.objects.filter(code="tenant.plan.assign", result="done").latest("pk")
    assert (entry.facts["tenant"], entry.changes[0]["after"]) == ("Lumen Home", "PRO")
    assert browser.post(f"/plans/{plan('PRO').pk}/delete/", {}).status_code == 422
    assert browser.post(f"/plans/tenants/{cast.lumen.pk}/", {"plan": ""}).status_code == 302
    assert not limits.is_limited(cast.lumen.pk, "devices")
    for other in (cast.north.pk, 1, 9_999_999):
        assert browser.get(f"/plans/tenants/{other}/").status_code == 404


def test_new_tenants_begin_with_the_plan_that_says_so(olga: User) -> None:
    data = PlanInput(name="Trial", limits={"users": 3}, for_new=True)
    perform(CreatePlan, actor=actor(olga), target_id=1, data=data)
    perform(EditPlan, actor=actor(olga), target_id=plan("Plus").pk, data=PlanInput(name="Plus", for_new=True))
    assert list(Plan.objects.filter(for_new=True)) == [plan("Plus")]
    assert create_tenant("Newcomers").plan == plan("Plus")


DOORS: dict[str, Callable[[Cast], tuple[Any, int, Any]]] = {
    "create": lambda _cast: (CreatePlan, 1, PlanInput(name="Mine")),
    "edit": lambda _cast: (EditPlan, plan("Free").pk, PlanInput(name="Mine")),
    "delete": lambda _cast: (DeletePlan, plan("Free").pk, DeletePlanInput()),
    "assign": lambda cast: (AssignPlan, 1, AssignPlanInput(tenant_id=cast.lumen.pk, plan_id=None)),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["ada", "eve", "bob"])
def test_nobody_of_a_tenant_touches_plans_and_trying_leaves_a_trace(cast: Cast, who: str, door: str) -> None:
    action, target, data = DOORS[door](cast)
    before = list(Plan.objects.values())
    with pytest.raises(TargetNotFound):
        perform(action, actor=actor(getattr(cast, who)), target_id=target, data=data)
    assert list(Plan.objects.values()) == before
    entry = Entry.objects.filter(code=action.code).latest("pk")
    assert (entry.result, entry.tenant_id) == ("not_found", getattr(cast, who).tenant_id)


def test_a_system_and_a_role_of_the_installation_without_the_right_touch_nothing(cast: Cast) -> None:
    for door in DOORS.values():
        action, target, data = door(cast)
        with pytest.raises(ActionError):
            perform(action, actor=system_actor("setup", tenant_id=1), target_id=target, data=data)


@pytest.mark.parametrize("path", ["/plans/", "/plans/new/", "/plans/{plan}/", "/plans/{plan}/delete/"])
def test_the_pages_of_plans_do_not_exist_for_tenants(cast: Cast, signed_in: SignedIn, path: str) -> None:
    address = path.format(plan=plan("Free").pk)
    assert signed_in(cast.ada).get(address).status_code == 404
    assert signed_in(cast.ada).get(f"/plans/tenants/{cast.lumen.pk}/").status_code == 404
    assert signed_in(cast.ada).post(f"/plans/tenants/{cast.lumen.pk}/", {"plan": ""}).status_code == 404
    assert "/plans/" not in signed_in(cast.ada).get("/users/").content.decode()


@pytest.mark.parametrize("target", ["north", "installation"])
def test_a_plan_is_for_a_whole_tenant(cast: Cast, olga: User, target: str) -> None:
    key = cast.north.pk if target == "north" else 1
    with pytest.raises(Refused, match="plan_for_root"):
        perform(
            AssignPlan,
            actor=actor(olga),
            target_id=1,
            data=AssignPlanInput(tenant_id=key, plan_id=plan("Free").pk),
        )


def test_an_admin_at_the_top_sees_what_is_used_and_nobody_below_does(cast: Cast, signed_in: SignedIn) -> None:
    there = User.objects.filter(tenant=cast.lumen).count()
    allowing(cast.lumen, users=there + 1, devices=0)
    page = signed_in(cast.ada).get("/settings/usage/").content.decode()
    assert "Plan Small" in page
    assert "To have more, ask sales@fleetfolk.example." in page
    assert f"of {there + 1}" in page
    assert "/settings/usage/" in signed_in(cast.ada).get("/settings/").content.decode()
    assert "/settings/usage/" not in signed_in(cast.finn).get("/settings/").content.decode()
    assert signed_in(cast.finn).get("/settings/usage/").status_code == 404
    assert "Nothing limits how much you have." in signed_in(cast.eve).get("/settings/usage/").content.decode()


def test_a_plan_says_what_may_be_done_with_roles(cast: Cast) -> None:
    limits.require_role_editing(cast.lumen.pk, RoleEditing.CUSTOM)
    for name, allowed in (("Free", []), ("PRO", [RoleEditing.EDITABLE]), ("Enterprise", list(RoleEditing)[1:])):
        with staging():
            Organization.objects.filter(pk=cast.lumen.pk).update(plan=plan(name))
        for needed in (RoleEditing.EDITABLE, RoleEditing.CUSTOM):
            if needed in allowed:
                limits.require_role_editing(cast.lumen.pk, needed)
            else:
                with pytest.raises(Refused, match="plan_roles_"):
                    limits.require_role_editing(cast.lumen.pk, needed)


def test_the_operator_is_invited_from_the_shell(cast: Cast, capsys: Any) -> None:
    call_command("create_operator", "--email", "Olga@Fleetfolk.example", "--name", "Olga Operator")
    person = User.objects.get(email="olga@fleetfolk.example")
    assert (person.tenant_id, person.role.builtin) == (1, BuiltinRole.SUPER_ADMIN)
    assert "olga@fleetfolk.example" in capsys.readouterr().out
