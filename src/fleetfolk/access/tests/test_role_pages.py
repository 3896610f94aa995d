"""The pages about roles: the matrix and the drawer."""

from typing import Any

import pytest

from fleetfolk.access import queries
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.queries import roles_held
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import role_permissions
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn


def test_the_matrix_has_a_column_a_role_with_its_people(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/roles/").content.decode()
    for said in ("Admin</a>", "Staff</a>", "User</a>", "Auditor</a>", "1 user", "View roles and permissions"):
        assert said in page
    assert "Super Admin" not in page
    assert "installation.tenants.create" in page


def test_super_admin_is_a_role_of_the_installation_alone(cast: Cast) -> None:
    assert list(Role.objects.filter(builtin=BuiltinRole.SUPER_ADMIN).values_list("tenant_id", flat=True)) == [1]
    for who in (cast.ada, cast.eve):
        assert BuiltinRole.SUPER_ADMIN not in {held.role.builtin for held in roles_held(actor(who))}


def test_people_are_counted_in_ones_own_reach(cast: Cast) -> None:
    def numbers(who: Any) -> dict[str, int | None]:
        return {held.role.builtin: held.people for held in roles_held(actor(who)) if held.role.builtin}

    assert numbers(cast.ada) == {"admin": 5, "staff": 1, "support": 0, "user": 2}
    assert numbers(cast.finn) == {"admin": 2, "staff": 1, "support": 0, "user": 1}


def test_counting_stops(cast: Cast, monkeypatch: pytest.MonkeyPatch, signed_in: SignedIn) -> None:
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    assert "3+ users" in signed_in(cast.ada).get("/roles/").content.decode()


def test_without_the_permission_one_sees_ones_own_role_and_no_other(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    assert browser.get("/roles/").status_code == 403
    assert browser.get(f"/roles/{cast.role('admin').pk}/").status_code == 403
    own = browser.get(f"/roles/{cast.role('user').pk}/")
    assert own.status_code == 200
    assert "Share own devices" in own.content.decode()


def test_a_role_of_another_tenant_does_not_exist(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.eve).get(f"/roles/{cast.role('admin').pk}/").status_code == 404
    assert signed_in(cast.ada).get(f"/roles/{cast.role('admin', cast.evil).pk}/").status_code == 404


def test_the_drawer_says_what_is_held_and_what_depends_on_it(cast: Cast, signed_in: SignedIn) -> None:
    drawer = (
        signed_in(cast.ada).get(f"/roles/{cast.role('staff').pk}/", headers={"HX-Request": "true"}).content.decode()
    )
    assert "<html" not in drawer
    assert "<dialog" in drawer
    assert f"of {len(role_permissions())} permissions" in drawer
    assert "Invite people with a role that holds no more than one&#x27;s own" in drawer
    assert "Switches on with it: “View users”." in drawer
    assert "Without it, these are off, too:" in drawer


def test_the_matrix_can_be_searched_and_folded_without_a_script(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    found = browser.get("/roles/?q=passwords").content.decode()
    assert "users.credentials.manage" in found
    assert "users.delete" not in found
    assert "No permission is called that" in browser.get("/roles/?q=zzzz").content.decode()
    assert "data-items hidden" in browser.get("/roles/?open=none").content.decode()


def test_the_number_of_statements_does_not_grow_with_the_roles(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.ada)
    browser.get("/roles/")
    with django_assert_num_queries(5):
        browser.get("/roles/")


def test_a_large_branch_is_counted_as_a_small_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {held.role.pk: held.people for held in roles_held(actor(cast.finn))}
    monkeypatch.setattr(queries, "_BRANCH", 0)
    assert {held.role.pk: held.people for held in roles_held(actor(cast.finn))} == small


def test_the_place_of_switches_is_the_viewers_to_see(cast: Cast) -> None:
    ada = actor(cast.ada)
    assert queries.place_of_roles(ada, cast.lumen.pk) is None
    assert queries.place_of_roles(ada, cast.north.pk) == cast.north
    for place in (cast.evil.pk, 999_999):
        with pytest.raises(TargetNotFound):
            queries.place_of_roles(ada, place)
    with pytest.raises((Denied, TargetNotFound)):
        queries.place_of_roles(actor(cast.bob), cast.berg.pk)


def test_whom_a_change_concerns_is_told_to_who_sees_them_all(cast: Cast) -> None:
    role = cast.role("staff").pk
    affected = queries.affected_by(actor(cast.ada), [role])
    assert affected is not None
    assert affected[role].people == 1
    assert queries.affected_by(actor(cast.finn), [role]) is None
    assert queries.affected_by(actor(cast.finn), [role], cast.north) is not None
