"""The matrix of one organization: what differs there, switching it, and following what is above again."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import override_settings

from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import RoleSwitches, held_at
from fleetfolk.access.switches import placed
from fleetfolk.access.web.views import at_once
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.permissions import role_permissions
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users.models import User


def said(answer: HttpResponseBase) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def hidden(answer: HttpResponseBase) -> dict[str, str]:
    """What the dialog sends when it is confirmed."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    return dict(re.findall(r'<input type="hidden" name="([vw]\d+|for|version)" value="([^"]*)">', html))


def switches(role: Role, place: Organization, *codes: str) -> dict[str, Any]:
    """What the matrix of a place sends of one role."""
    return {"for": str(place.pk), f"v{role.pk}": placed(role, place).version, f"r{role.pk}": list(codes)}


def differ(role: Role, place: Organization, *codes: str) -> Role:
    with staging():
        RoleSwitches.objects.create(tenant=place.tenant, organization=place, role=role, permissions=sorted(codes))
    return Role.objects.get(pk=role.pk)


def test_a_place_is_switched_looked_over_and_saved(cast: Cast, signed_in: SignedIn) -> None:
    role, browser = installers(cast), signed_in(cast.ada)
    with staging():
        User.objects.filter(pk__in=[cast.cleo.pk, cast.sue.pk, cast.bob.pk]).update(role=role)
    assert f"/roles/?for={cast.north.pk}" in browser.get("/roles/places/").content.decode()
    found = browser.get("/roles/places/?find=nor", headers={"HX-Request": "true"}).content.decode()
    assert f"/roles/?for={cast.north.pk}" in found
    assert f"/roles/?for={cast.south.pk}" not in found
    page = browser.get(f"/roles/?for={cast.north.pk}&edit=1")
    assert "These are the switches for North" in said(page)
    assert "as above" in said(page)
    assert f'name="for" value="{cast.north.pk}"' in page.content.decode()
    sent = switches(role, cast.north, "users.view", "users.edit")
    assert "2 changes to Installer, not saved." in said(browser.post("/roles/changes/", sent))
    review = browser.post("/roles/review/", sent)
    assert "1 added, 1 removed. 2 people are affected." in said(review)
    answer = browser.post("/roles/save/", hidden(review))
    assert answer.headers["Location"] == f"/roles/?for={cast.north.pk}"
    role.refresh_from_db()
    assert held_at(role, cast.north.path) == {"users.edit", "users.view"}
    assert held_at(role, cast.south.path) == {"devices.view", "users.view"}
    page = browser.get(f"/roles/?for={cast.north.pk}")
    assert "differs here" in said(page)
    assert page.content.decode().count("other than above:") == 2
    assert "differs in 1" in said(browser.get("/roles/"))
    assert "In North" in said(browser.get(f"/roles/{role.pk}/?for={cast.north.pk}"))
    assert Entry.objects.get(code="role.switches.edit", result="done").target_id == cast.north.pk


def test_as_above_and_below_say_what_changes_and_for_whom(cast: Cast, signed_in: SignedIn) -> None:
    role, browser = installers(cast), signed_in(cast.ada)
    with staging():
        User.objects.filter(pk__in=[cast.cleo.pk, cast.bob.pk]).update(role=role)
    differ(role, cast.north, "users.view", "users.edit")
    differ(role, cast.berg, "users.view")
    page = browser.get(f"/roles/?for={cast.north.pk}").content.decode()
    above, below = (f"/roles/{role.pk}/{what}/{cast.north.pk}/" for what in ("above", "below"))
    assert above in page
    assert below in page
    asked = browser.get(below)
    assert "2 people are affected." in said(asked)
    assert "1 organization below has switches of its own" in said(asked)
    assert "Familie Berg" in said(asked)
    assert browser.post(below, {"version": "old"}).status_code == 422
    assert browser.post(below, hidden(asked)).status_code == 302
    assert list(RoleSwitches.objects.values_list("organization", flat=True)) == [cast.north.pk]
    asked = browser.get(above)
    assert "Edit users" in said(asked)
    assert browser.post(above, hidden(asked)).status_code == 302
    assert not RoleSwitches.objects.exists()


def test_saving_for_those_below_too_is_asked_where_some_differ(cast: Cast, signed_in: SignedIn) -> None:
    role, browser = installers(cast), signed_in(cast.ada)
    role = differ(role, cast.berg, "users.view")
    review = browser.post("/roles/review/", switches(role, cast.north, "users.view", "users.edit"))
    assert 'name="below"' in review.content.decode()
    browser.post("/roles/save/", {**hidden(review), "below": "1"})
    role.refresh_from_db()
    assert held_at(role, cast.berg.path) == {"users.edit", "users.view"}


def test_an_admin_of_a_branch_switches_theirs_and_no_other(cast: Cast, signed_in: SignedIn) -> None:
    role, browser = installers(cast), signed_in(cast.finn)
    assert browser.get(f"/roles/?for={cast.north.pk}&edit=1").status_code == 200
    assert browser.get("/roles/?edit=1").status_code == 403
    sent = switches(role, cast.north, "users.view")
    assert browser.post("/roles/save/", sent).status_code == 302
    for place in (cast.south, cast.evil):
        assert browser.get(f"/roles/?for={place.pk}").status_code == 404
        assert browser.get(f"/roles/{role.pk}/?for={place.pk}").status_code == 404
        assert browser.post("/roles/save/", {**sent, "for": str(place.pk)}).status_code == 404
        assert browser.post(f"/roles/{role.pk}/above/{place.pk}/").status_code == 404
    assert Entry.objects.filter(code="role.switches.edit", actor_id=str(cast.finn.pk)).exclude(result="done").exists()
    assert not RoleSwitches.objects.exclude(organization=cast.north).exists()
    for bad in ("x", "-1", "9" * 30, "²"):
        assert browser.get(f"/roles/?for={bad}").status_code == 404


@pytest.mark.parametrize("who", ["dana", "cleo", "sam", "bob", "eve"])
def test_who_may_not_leaves_a_trace(cast: Cast, signed_in: SignedIn, who: str) -> None:
    person, role = getattr(cast, who), installers(cast)
    role = differ(role, cast.north, "users.view")
    browser = signed_in(person)
    before = list(RoleSwitches.objects.values())
    paths = {
        "/roles/save/": switches(role, cast.north, "users.view", "users.edit"),
        f"/roles/{role.pk}/above/{cast.north.pk}/": {},
        f"/roles/{role.pk}/below/{cast.north.pk}/": {},
    }
    for number, (path, data) in enumerate(paths.items(), 1):
        assert browser.post(path, data).status_code in (403, 404), path
        refused = Entry.objects.filter(code="role.switches.edit", actor_id=str(person.pk)).exclude(result="done")
        assert refused.count() == number, path
        assert browser.get(path).status_code in (403, 404, 405), path
    assert list(RoleSwitches.objects.values()) == before


def test_one_sees_ones_own_role_as_one_holds_it(cast: Cast, signed_in: SignedIn) -> None:
    user = differ(cast.role("user"), cast.berg, "devices.own.view")
    assert " 1 of " in said(signed_in(cast.bob).get(f"/roles/{user.pk}/"))
    assert " 1 of " not in said(signed_in(cast.sue).get(f"/roles/{user.pk}/"))


def test_many_roles_are_switched_some_at_a_time(cast: Cast, signed_in: SignedIn) -> None:
    """A form with a box for each would have more fields than a request may."""
    with staging():
        for number in range(3):
            Role.objects.create(tenant=cast.lumen, name=f"Extra {number}", permissions=["users.view"], position=20)
    roles = list(Role.objects.filter(tenant=cast.lumen).order_by("position", "name"))
    browser = signed_in(cast.ada)
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3 * (len(role_permissions()) + 1) + 20):
        assert at_once() == 3
        first, last = (browser.get(f"/roles/?edit=1{more}").content.decode() for more in ("", "&from=6"))
        assert "from=3" in first
        # The first role is the Admins', which stays as it is.
        assert [f'name="v{role.pk}"' in first for role in roles] == [False, True, True] + [False] * (len(roles) - 3)
        assert [f'name="v{role.pk}"' in last for role in roles] == [False] * 6 + [True] * (len(roles) - 6)
        every = {f"v{role.pk}": "x" for role in roles[1:3]} | {f"r{role.pk}": role.permissions for role in roles[1:3]}
        assert browser.post("/roles/changes/", every).status_code == 200


def test_what_somebody_may_is_said_with_whose_switches_count(cast: Cast, signed_in: SignedIn) -> None:
    staff = cast.role("staff")
    differ(staff, cast.north, *({*staff.permissions} - {"users.edit"}))
    tab = said(signed_in(cast.ada).get(f"/users/{fresh(cast.cleo).pk}/permissions/"))
    assert "Its switches for North say so." in tab
