"""Roles as those meet them who may not see people, hold less than others, or are not people at all."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.access.queries import role_seen
from fleetfolk.access.roles import version_of
from fleetfolk.access.switches import placed
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users.models import User

OFFICE = ("roles.view", "roles.edit", "roles.create", "devices.view", "users.locations.view")


@pytest.fixture
def office(cast: Cast, signed_in: SignedIn) -> Client:
    """Somebody's browser who is at the top, keeps roles and may see nobody."""
    with staging():
        role = Role.objects.create(tenant=cast.lumen, name="Office", permissions=sorted(OFFICE), position=8)
        User.objects.filter(pk=cast.abe.pk).update(role=role)
    return signed_in(User.objects.get(pk=cast.abe.pk))


def test_whoever_may_not_see_people_is_told_of_no_numbers_of_them(cast: Cast, office: Client) -> None:
    with staging():
        role = Role.objects.create(tenant=cast.lumen, name="Little", permissions=["devices.view"], position=9)
        User.objects.filter(pk=cast.bob.pk).update(role=role)
    page = office.get("/roles/").content.decode()
    assert "Little" in page
    assert "1 user" not in page
    sent = {f"v{role.pk}": version_of(role), f"r{role.pk}": ["devices.view", "roles.view"]}
    answers = [office.post("/roles/review/", sent), office.post("/roles/changes/", sent)]
    there = {"for": str(cast.north.pk), f"v{role.pk}": placed(role, cast.north).version, f"r{role.pk}": ["roles.view"]}
    answers += [office.post("/roles/review/", there), office.get(f"/roles/{role.pk}/above/{cast.north.pk}/")]
    for answer in answers:
        assert answer.status_code == 200
        assert "Little" in answer.content.decode()
        assert not re.search(r"affected|\d (person|people|user)", answer.content.decode())


def test_a_role_that_holds_more_than_ones_own_is_locked_and_says_so(cast: Cast, office: Client) -> None:
    staff = cast.role("staff")
    for matrix in ("/roles/?edit=1", f"/roles/?for={cast.north.pk}&edit=1"):
        page = office.get(matrix).content.decode()
        assert "Holds more than your role." in page
        assert f'name="r{staff.pk}"' not in page
    assert office.get(f"/roles/{staff.pk}/above/{cast.north.pk}/").status_code == 403
    assert not Entry.objects.filter(code="role.switches.edit").exists(), "looking alone leaves no trace"


def test_what_another_permission_needs_stays_and_is_said(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    sent = {f"v{role.pk}": version_of(role), f"r{role.pk}": ["devices.view", "users.edit"]}
    review = signed_in(cast.ada).post("/roles/review/", sent).content.decode()
    assert "“View users” stays, for “Edit users” needs it." in review


def test_a_role_of_nowhere_follows_nothing(cast: Cast, signed_in: SignedIn) -> None:
    browser, theirs = signed_in(cast.ada), cast.role("staff", cast.evil)
    for what in ("above", "below"):
        assert browser.get(f"/roles/{theirs.pk}/{what}/{cast.north.pk}/").status_code == 404
        assert browser.get(f"/roles/{cast.role('staff').pk}/{what}/{cast.evil.pk}/").status_code == 404


def test_a_name_that_is_missing_or_taken_stays_in_the_form_and_says_why(cast: Cast, signed_in: SignedIn) -> None:
    role, browser = installers(cast), signed_in(cast.ada)
    for typed, said in (("", "Give the role a name."), ("Staff", "Staff")):
        answer = browser.post(f"/roles/{role.pk}/rename/", {"name": typed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert Role.objects.get(pk=role.pk).name == "Installer"
    assert Entry.objects.filter(code="role.rename", result="refused", reason__startswith="role_name").count() == 1


def test_whoever_switches_nothing_leaves_a_trace_and_the_role_as_it_is(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    sent = {f"v{role.pk}": version_of(role), f"r{role.pk}": []}
    for path in ("/roles/review/", "/roles/save/"):
        assert signed_in(cast.finn).post(path, sent).status_code == 403
    assert Role.objects.get(pk=role.pk).permissions == ["devices.view", "users.view"]
    assert Entry.objects.filter(code="role.edit", actor_id=str(cast.finn.pk), result="denied").exists()


def test_who_is_no_person_has_no_role_of_their_own(cast: Cast) -> None:
    caretaker = system_actor("caretaker", tenant_id=cast.lumen.pk)
    for builtin in ("admin", "staff", "user"):
        with pytest.raises(TargetNotFound):
            role_seen(caretaker, cast.role(builtin).pk)


def test_a_key_changes_nothing_of_the_account_of_whoever_holds_it(cast: Cast) -> None:
    inherent = [permission for permission in PERMISSIONS.values() if permission.inherent]
    key = replace(actor(cast.bob), scopes=frozenset(PERMISSIONS))
    bob = User.objects.get(pk=cast.bob.pk)
    assert inherent
    for permission in inherent:
        assert GATE.decide(actor(cast.bob), permission, bob).reason == "own_account"
        assert GATE.decide(key, permission, bob).reason == "not_for_tokens"
