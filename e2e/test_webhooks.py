"""Webhooks in the browser: added with a secret, tried, told what happens, looked into, and told it again."""

from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House
from fleetfolk.testing.https_service import Scripted
from fleetfolk.testing.receiver import Receiver
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput


def test_a_receiver_is_told_what_happens(house: House, browse: Browsers, receiver_of_hooks: Receiver) -> None:
    bob, receiver = house.person("Bob Berg"), receiver_of_hooks
    page = browse(house.ada)
    page.goto("/settings/webhooks/")
    expect(page.locator("#webhooks")).to_contain_text("No webhooks yet")
    page.get_by_role("link", name="Add webhook").first.click()
    made = dialog(page)
    made.get_by_role("textbox", name="Name").fill("CRM")
    made.get_by_role("textbox", name="Address").fill("https://127.0.0.1/hooks")
    made.get_by_label("Somebody’s account changes").check()
    made.get_by_role("button", name="Add webhook").click()
    expect(dialog(page)).to_contain_text("Only an https address of a public host is told anything")
    expect(dialog(page).get_by_label("Somebody’s account changes")).to_be_checked()
    dialog(page).get_by_role("textbox", name="Address").fill(receiver.url)
    dialog(page).get_by_role("button", name="Add webhook").click()
    secret = dialog(page).locator("#secret").inner_text()
    assert secret.startswith("whsec_")
    dialog(page).get_by_role("button", name="Close").last.click()
    expect(page.locator("#webhooks")).to_contain_text("Somebody’s account changes")
    page.locator("#webhooks").get_by_role("link", name="CRM").click()

    page.locator("#test-webhook").click()
    dialog(page).get_by_role("button", name="Send test").click()
    toast(page, "The test is on its way.")
    (test,) = receiver.heard(1)
    assert test.said["type"] == "webhook.test"
    assert test.is_signed_with(secret)

    receiver.script.append(Scripted(status=503))
    house.does(DisableUser, bob.pk, ReasonInput(reason="moved away"))
    heard = receiver.heard(3)
    assert [one.said["type"] for one in heard] == ["webhook.test", "user.disable", "user.disable"]
    assert heard[1].message_id == heard[2].message_id
    assert heard[2].said["data"]["target"]["label"] == "Bob Berg"
    assert heard[2].is_signed_with(secret)

    row = page.locator("tr", has_text="user.disable")
    for _try in range(20):
        page.reload()
        if row.get_by_text("Delivered").count():
            break
        page.wait_for_timeout(300)
    expect(row).to_contain_text("Delivered")
    row.get_by_role("link", name="user.disable").click()
    expect(page.locator("#delivery")).to_contain_text("moved away")
    expect(page.get_by_role("heading", name="503")).to_be_visible()
    expect(page.get_by_role("heading", name="204")).to_be_visible()
    page.locator("#send-delivery").click()
    dialog(page).get_by_role("button", name="Send again").click()
    toast(page, "It goes out again.")
    assert receiver.heard(4)[3].message_id == heard[1].message_id
