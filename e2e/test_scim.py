"""A directory is let in on its page, adds somebody, and shuts them out: seen on the pages, and at the sign-in."""

import re

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, find, row, toast
from e2e.people import House, accepted
from e2e.test_sign_in import sign_in
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import User

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.mark.feature("B10")
def test_a_directory_adds_somebody_and_shuts_them_out(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/provisioning/")
    page.get_by_role("link", name="Let a directory in").first.click()
    made = dialog(page)
    made.get_by_label("Name", exact=True).fill("Okta")
    roles = made.get_by_role("group", name="It may give these roles")
    roles.get_by_text("Staff", exact=True).click()
    expect(roles.get_by_label("User", exact=True)).to_be_checked()
    expect(made.get_by_label("People begin with").locator("option:checked")).to_have_text("User")
    made.get_by_role("button", name="Make the token").click()
    token = dialog(page).locator("#token").inner_text()
    assert token.startswith("ffd_")
    dialog(page).get_by_role("button", name="Close").last.click()

    directory = browse().request
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    address = house.address("Nina")
    person = {"schemas": [USER], "userName": address, "name": {"givenName": "Nina", "familyName": "New"}}
    answer = directory.post("/scim/v2/Users", data=person, headers=headers)
    assert answer.status == 201
    nina = User.objects.get(pk=answer.json()["id"])
    group = {"schemas": [GROUP], "displayName": "Field service", "members": [{"value": str(nina.pk)}]}
    assert directory.post("/scim/v2/Groups", data=group, headers=headers).status == 201

    page.goto("/settings/provisioning/")
    expect(page.locator("#directories")).to_contain_text("1 person")
    page.get_by_role("link", name="Okta", exact=True).click()
    expect(page.locator("#directory")).to_contain_text("gives no role")
    page.get_by_role("link", name="Role of the group “Field service”").click()
    dialog(page).get_by_label("Role", exact=True).select_option(label="Staff")
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, "“Field service” is saved; 1 person has the role now.")
    expect(page.locator("#directory")).to_contain_text("gives the role Staff")
    find(page, "Nina")
    expect(row(page, nina)).to_contain_text("Pending")
    expect(row(page, nina)).to_contain_text("Staff")

    accepted(fresh(nina))
    out = {"schemas": [PATCH], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    assert directory.patch(f"/scim/v2/Users/{nina.pk}", data=out, headers=headers).json()["active"] is False
    find(page, "Nina")
    expect(row(page, nina)).to_contain_text("Disabled")
    hers = browse()
    hers.goto("/sign-in/")
    sign_in(hers, address)
    expect(hers).to_have_url(re.compile("/sign-in/"))
    expect(hers.get_by_role("alert")).to_contain_text("disabled")

    page.goto("/settings/provisioning/")
    page.get_by_role("link", name="Okta", exact=True).click()
    page.get_by_role("link", name="Delete", exact=True).click()
    dialog(page).get_by_role("button", name="Delete directory").click()
    toast(page, "The directory “Okta” is shut out.")
    assert directory.get("/scim/v2/Users", headers=headers).status == 401
