"""Developer mode: who builds templates and integrations, as many of an organization as the plan allows."""

from typing import Any

import pytest

from fleetfolk.access.explain import explain
from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS, for_developers
from fleetfolk.organizations.actions import AssignPlan, AssignPlanInput
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_guests import guest
from fleetfolk.users.actions.disable_developer import DisableDeveloper
from fleetfolk.users.actions.enable_developer import EnableDeveloper
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.developers import UserType, developers_of, develops, type_of, types_of
from fleetfolk.users.directory import Listing
from fleetfolk.users.models import User
from fleetfolk.users.people_csv import people_csv

EDIT = "templates.edit"


def switch(action: Any, by: User, who: User) -> Any:
    return perform(action, actor=actor(by), target_id=who.pk, data=NoInput())


def may_build(person: User, at: Organization) -> bool:
    """The gate's answer, the same in all three of its ways."""
    permission, by = PERMISSIONS[EDIT], actor(fresh(person))
    decided = GATE.decide(by, permission, at).allowed
    assert decided == GATE.within_reach(Organization.objects.filter(pk=at.pk), actor=by, permission=permission).exists()
    assert decided == any(at.path.startswith(path) for path in GATE.paths_within_reach(by, permission))
    return decided


def test_what_takes_developer_mode_is_building_templates_and_integrations() -> None:
    assert for_developers() == {
        *("templates.create", "templates.edit", "templates.delete"),
        *("developer.tokens.create", "developer.tokens.edit", "developer.webhooks.edit"),
    }


def test_without_a_plan_the_role_says_who_builds_until_somebody_switches(cast: Cast) -> None:
    assert may_build(cast.abe, cast.lumen)
    assert not may_build(cast.dana, cast.lumen)
    switch(DisableDeveloper, cast.ada, cast.abe)
    assert not may_build(cast.abe, cast.lumen)
    assert GATE.decide(actor(cast.abe), PERMISSIONS[EDIT], cast.lumen).reason == "not_a_developer"
    assert GATE.decide(actor(cast.abe), PERMISSIONS["users.view"], cast.lumen).allowed
    switch(EnableDeveloper, cast.ada, cast.abe)
    assert may_build(cast.abe, cast.lumen)


def test_switching_it_off_makes_nobody_weaker(cast: Cast) -> None:
    switch(DisableDeveloper, cast.ada, cast.ada)
    switch(DisableDeveloper, cast.ada, cast.abe)
    switch(EnableDeveloper, cast.ada, cast.abe)
    assert may_build(cast.abe, cast.lumen)
    assert not may_build(cast.ada, cast.lumen)


def test_a_plan_counts_developers_in_each_organization(cast: Cast) -> None:
    allowing(cast.lumen, developers=1)
    assert not may_build(cast.ada, cast.lumen)
    switch(EnableDeveloper, cast.ada, cast.ada)
    assert may_build(cast.ada, cast.lumen)
    with pytest.raises(Refused, match="limit_reached"):
        switch(EnableDeveloper, cast.ada, cast.abe)
    switch(EnableDeveloper, cast.ada, cast.finn)
    switch(DisableDeveloper, cast.ada, cast.ada)
    switch(EnableDeveloper, cast.ada, cast.abe)


def test_who_was_a_developer_when_the_plan_came_goes_on_being_one(cast: Cast) -> None:
    switch(DisableDeveloper, cast.ada, cast.abe)
    installation = Organization.objects.get(pk=1)
    role = Role.objects.get(builtin=BuiltinRole.SUPER_ADMIN)
    olga = accept(invite(installation, "Olga Operator", role))
    data = AssignPlanInput(tenant_id=cast.lumen.pk, plan_id=Plan.objects.get(name="Free").pk)
    perform(AssignPlan, actor=actor(olga), target_id=1, data=data)
    assert may_build(cast.ada, cast.lumen)
    assert not may_build(cast.abe, cast.lumen)
    assert develops(fresh(cast.eve))
    assert fresh(cast.bob).developer is None


@pytest.mark.parametrize(("who", "reason"), [("cleo", "developer_role"), ("abe", "developer_on")])
def test_what_is_nothing_to_switch_is_refused(cast: Cast, who: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        switch(EnableDeveloper, cast.ada, getattr(cast, who))


def test_who_may_not_switch_is_refused_or_does_not_even_find_them(cast: Cast) -> None:
    with pytest.raises(Denied):
        switch(DisableDeveloper, cast.dana, cast.finn)
    for outsider in (cast.eve, cast.sam, cast.bea):
        with pytest.raises(TargetNotFound):
            switch(DisableDeveloper, outsider, cast.finn)


def test_the_reason_is_explained(cast: Cast) -> None:
    switch(DisableDeveloper, cast.ada, cast.abe)
    told = explain(actor(cast.abe), PERMISSIONS[EDIT], cast.lumen)
    assert "developer mode" in str(told)


def test_the_types_of_people(cast: Cast) -> None:
    with staging():
        Organization.objects.filter(pk=cast.berg.pk).update(kind=OrganizationKind.INSTALLER)
    assert type_of(fresh(cast.ada)) is UserType.DEVELOPER
    assert type_of(fresh(cast.bob)) is UserType.PARTNER
    assert type_of(fresh(cast.sue)) is UserType.CLIENT
    guest(cast, cast.sue, cast.north)
    everybody = [fresh(getattr(cast, who)) for who in ("ada", "bob", "sue", "cleo", "dana")]
    assert types_of(cast.lumen.pk, [person.pk for person in everybody]) == {
        person.pk: type_of(person) for person in everybody
    }
    assert type_of(fresh(cast.sue)) is UserType.GUEST
    found = User.objects.filter(developers_of(cast.lumen.pk), tenant=cast.lumen)
    assert {str(person) for person in found} == {
        str(fresh(getattr(cast, who))) for who in ("ada", "abe", "finn", "sam", "bea")
    }


def test_it_is_switched_on_the_profile_and_in_ones_account(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert "Developer" in browser.get(f"/users/{cast.abe.pk}/").content.decode()
    assert "Switch developer mode off" in browser.get(f"/users/{cast.abe.pk}/menu/").content.decode()
    assert browser.post(f"/users/{cast.abe.pk}/developer/off/").status_code == 302
    assert "Switch developer mode on" in browser.get(f"/users/{cast.abe.pk}/menu/").content.decode()
    assert "developer mode" not in browser.get(f"/users/{cast.cleo.pk}/menu/").content.decode()
    assert "Switch developer mode off" in browser.get("/account/").content.decode()
    assert browser.post("/account/developer/off/").status_code == 302
    assert "Switch developer mode on" in browser.get("/account/").content.decode()
    assert "developer mode" not in signed_in(cast.bob).get("/account/").content.decode()


def test_types_are_a_column_and_a_filter(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.get("/users/?type=developer").content.decode()
    assert "finn@" in page
    assert "cleo@" not in page
    assert browser.post("/users/columns/", {"column": ["role", "type"]}).status_code == 302
    row = browser.get("/users/?type=client").content.decode()
    assert "Client</td>" in row
    assert "Developer" in browser.get("/users/choices/type/").content.decode()
    assert browser.get("/users/?type=nothing").status_code == 200
    listing = Listing(tenant_id=cast.lumen.pk, types=(UserType.DEVELOPER,))
    lines = b"".join(people_csv(listing, ["email", "type"])).decode()
    assert f"{cast.finn.email},Developer" in lines
    assert "cleo@" not in lines
