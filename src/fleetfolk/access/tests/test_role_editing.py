"""The matrix is switched, looked over and saved; roles are made, renamed, moved and deleted from it."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from fleetfolk.access.models import Role
from fleetfolk.access.roles import version_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.rows import differences_of
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users.models import User


def switches(role: Role, *codes: str) -> dict[str, Any]:
    """What the matrix sends of one role."""
    return {f"v{role.pk}": version_of(role), f"r{role.pk}": list(codes)}


def said(answer: HttpResponseBase) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def hidden(answer: HttpResponseBase) -> dict[str, str]:
    """What the dialog sends when it is confirmed."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    return dict(re.findall(r'<input type="hidden" name="([vw]\d+)" value="([^"]*)">', html))


def test_switches_are_there_for_whom_they_obey(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/roles/?edit=1").content.decode()
    staff, admin = cast.role("staff"), cast.role("admin")
    assert f'name="r{staff.pk}" value="users.view"' in page
    assert f'name="v{admin.pk}"' not in page
    assert "Keeps all of its permissions" in page
    assert "installation.tenants.create" in page
    assert f'name="r{staff.pk}" value="installation.tenants.create"' not in page
    plain = signed_in(cast.ada).get("/roles/").content.decode()
    assert f'name="r{staff.pk}"' not in plain
    assert "/roles/?edit=1" in plain


@pytest.mark.parametrize("who", ["dana", "finn"])
def test_who_looks_only_finds_no_switches(cast: Cast, signed_in: SignedIn, who: str) -> None:
    browser = signed_in(getattr(cast, who))
    assert browser.get("/roles/?edit=1").status_code == 403
    page = browser.get("/roles/").content.decode()
    assert "edit=1" not in page
    assert "/roles/new/" not in page
    assert "/rename/" not in page


def test_what_would_change_is_said_before_it_is_saved(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    with staging():
        User.objects.filter(pk__in=[cast.cleo.pk, cast.bob.pk]).update(role=role)
    browser = signed_in(cast.ada)
    sent = switches(role, "users.view", "users.edit", "users.delete")
    note = said(browser.post("/roles/changes/", sent, headers={"HX-Request": "true"}))
    assert "3 changes to Installer, not saved." in note
    assert re.search("2 people: gain “[^”]+” and “[^”]+”, lose “[^”]+”[.]", note)
    review = browser.post("/roles/review/", sent, headers={"HX-Request": "true"})
    assert "2 added, 1 removed. 2 people are affected." in said(review)
    assert "2 people of 2 organizations" in said(review)
    assert Role.objects.get(pk=role.pk).permissions == role.permissions
    assert browser.post("/roles/save/", hidden(review)).status_code == 302
    assert Role.objects.get(pk=role.pk).permissions == ["users.delete", "users.edit", "users.view"]
    entry = Entry.objects.get(code="role.edit", result="done")
    assert [one.name for one in differences_of(entry)] == ["View devices", "Delete users", "Edit users"]


def test_switches_bring_along_what_they_need_and_say_so(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    browser = signed_in(cast.ada)
    review = browser.post("/roles/review/", switches(role, "devices.view", "users.view", "segments.edit"))
    need = PERMISSIONS["segments.edit"].requires[0]
    assert f"“{PERMISSIONS['segments.edit'].label}” needs “{need.label}”." in said(review)
    browser.post("/roles/save/", hidden(review))
    assert need.code in Role.objects.get(pk=role.pk).permissions
    review = browser.post("/roles/review/", switches(Role.objects.get(pk=role.pk), "segments.edit", "devices.view"))
    assert f"Without “{need.label}” there is no “{PERMISSIONS['segments.edit'].label}”." in said(review)


def test_several_roles_are_saved_together_or_not_at_all(cast: Cast, signed_in: SignedIn) -> None:
    browser, role, user = signed_in(cast.ada), installers(cast), cast.role("user")
    review = browser.post(
        "/roles/review/", {**switches(role, "users.view"), **switches(user, *user.permissions, "devices.view")}
    )
    with staging():
        Role.objects.filter(pk=user.pk).update(permissions=["devices.own.view"])
    refused = browser.post("/roles/save/", hidden(review))
    assert refused.status_code == 422
    assert "Somebody else changed the role User meanwhile" in said(refused)
    assert Role.objects.get(pk=role.pk).permissions == ["devices.view", "users.view"]


def test_nothing_switched_saves_nothing(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    browser = signed_in(cast.ada)
    review = browser.post("/roles/review/", switches(role, *role.permissions))
    assert "Every switch stands as it is saved." in said(review)
    assert browser.post("/roles/save/", {}).status_code == 422


def test_a_forged_switch_reaches_nothing(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    admin, foreign = cast.role("admin"), cast.role("staff", cast.evil)
    for role in (admin, foreign):
        browser.post("/roles/save/", {f"v{role.pk}": version_of(role), f"w{role.pk}": "users.view"})
        assert Role.objects.get(pk=role.pk).permissions == role.permissions
    staff = cast.role("staff")
    sent = {f"v{staff.pk}": version_of(staff), f"w{staff.pk}": "installation.tenants.create users.view"}
    assert browser.post("/roles/save/", sent).status_code == 403
    for bad in ("\0", "x" * 99):
        assert browser.post("/roles/changes/", {f"v{staff.pk}": bad, f"r{staff.pk}": bad}).status_code == 200


@pytest.mark.parametrize("who", ["dana", "finn", "sam", "bea", "bob"])
def test_who_may_not_leaves_a_trace(cast: Cast, signed_in: SignedIn, who: str) -> None:
    person, role = getattr(cast, who), installers(cast)
    browser = signed_in(person)
    asked = {
        "role.edit": ("/roles/save/", {f"v{role.pk}": version_of(role), f"w{role.pk}": "users.view"}),
        "role.create": ("/roles/new/", {"name": "Mine"}),
        "role.rename": (f"/roles/{role.pk}/rename/", {"name": "Mine"}),
        "role.move": (f"/roles/{role.pk}/move/1/", {}),
        "role.delete": (f"/roles/{role.pk}/delete/", {"replacement": str(cast.role("user").pk)}),
    }
    before = list(Role.objects.order_by("pk").values())
    for code, (path, data) in asked.items():
        assert browser.post(path, data).status_code in (403, 404), path
        assert Entry.objects.filter(code=code, actor_id=str(person.pk)).exclude(result="done").exists(), code
        assert browser.get(path).status_code in (403, 404, 405), path
    assert list(Role.objects.order_by("pk").values()) == before


def test_another_tenants_role_does_not_exist(cast: Cast, signed_in: SignedIn) -> None:
    role = installers(cast)
    browser = signed_in(cast.eve)
    for path in (f"/roles/{role.pk}/rename/", f"/roles/{role.pk}/delete/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"name": "Mine", "replacement": "1"}).status_code == 404
    assert browser.post(f"/roles/{role.pk}/move/1/").status_code == 404


def made(browser: Client, cast: Cast, **data: str) -> HttpResponseBase:
    return browser.post("/roles/new/", data, headers={"HX-Request": "true"})


def test_a_role_is_made_from_another_and_offered_wherever_roles_are(cast: Cast, signed_in: SignedIn) -> None:
    browser, staff = signed_in(cast.ada), cast.role("staff")
    assert f'value="{staff.pk}" selected' in browser.get(f"/roles/new/?from={staff.pk}").content.decode()
    answer = made(browser, cast, name="Fitter", begin=str(staff.pk))
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/roles/")
    role = Role.objects.get(tenant=cast.lumen, name="Fitter")
    assert role.permissions == staff.permissions
    for path in ("/roles/", "/users/invite/", f"/users/{cast.cleo.pk}/edit/", "/users/choices/role/"):
        assert "Fitter" in browser.get(path).content.decode(), path


def test_a_name_that_is_taken_is_said_at_the_name(cast: Cast, signed_in: SignedIn) -> None:
    answer = made(signed_in(cast.ada), cast, name="staff", begin="")
    assert answer.status_code == 422
    assert "There is a role called “staff” already." in said(answer)


def test_a_role_stronger_than_ones_own_is_not_offered_to_begin_with(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        codes = ["roles.create", "roles.view", "users.view"]
        own = Role.objects.create(tenant=cast.lumen, name="Maker", permissions=codes)
        User.objects.filter(pk=cast.abe.pk).update(role=own)
    browser = signed_in(fresh(cast.abe))
    page = browser.get("/roles/new/").content.decode()
    assert ">Maker</option>" in page
    assert ">Staff</option>" not in page
    assert made(browser, cast, name="Mine", begin=str(cast.role("staff").pk)).status_code == 422


def test_a_role_is_renamed_and_moved(cast: Cast, signed_in: SignedIn) -> None:
    browser, role = signed_in(cast.ada), installers(cast)
    assert browser.post(f"/roles/{role.pk}/rename/", {"name": "Fitter"}).status_code == 302
    assert browser.post(f"/roles/{role.pk}/move/1/").status_code == 302
    page = browser.get("/roles/").content.decode()
    assert page.index(">Fitter</a>") < page.index(">Admin</a>")


def test_a_role_is_deleted_from_the_matrix(cast: Cast, signed_in: SignedIn) -> None:
    browser, role = signed_in(cast.ada), installers(cast)
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(role=role)
    asked = browser.get(f"/roles/{role.pk}/delete/")
    assert "1 person has it." in said(asked)
    assert browser.get(f"/roles/{cast.role('staff').pk}/delete/").status_code == 409
    answer = browser.post(f"/roles/{role.pk}/delete/", {"replacement": str(cast.role("staff").pk)})
    assert answer.status_code == 302
    assert fresh(cast.cleo).role == cast.role("staff")
