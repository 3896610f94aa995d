"""Messages in the console: written, looked at, sent, and followed to those who got them."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House
from fleetfolk.messages.models import Item, Message
from fleetfolk.testing.door import staging


def put_in(page: Page, name: str) -> None:
    """Somebody is found by typing, and the message is for them, too."""
    page.locator("#add-person").click()
    page.get_by_label("Find a person or a segment").fill(name.split(maxsplit=1)[0])
    page.locator("#found").get_by_role("button", name=re.compile(name)).click()
    expect(page.locator(".ff-to > .ff-tag", has_text=name)).to_be_visible()


def test_ada_writes_to_two_people_and_sees_who_has_it(house: House, browse: Browsers) -> None:
    for name in ("Bob Berg", "Sue South"):
        house.person(name)
    page = browse(house.ada)
    page.goto("/messages/")
    expect(page.get_by_role("heading", name="Nothing was sent yet")).to_be_visible()
    page.locator("#new-message").click()
    page.get_by_role("textbox", name="Subject").fill("Your winter check")
    put_in(page, "Bob Berg")
    expect(page.locator("#add-person")).to_be_focused()
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("Your winter check")
    put_in(page, "Sue South")
    expect(page.locator("#counted")).to_contain_text("2 people")
    page.get_by_role("textbox", name="Message").fill("Hello , it is Monday.")
    page.get_by_role("textbox", name="Message").evaluate("each => each.setSelectionRange(6, 6)")
    page.get_by_role("button", name="Placeholder").click()
    page.get_by_role("button", name="{first_name}").click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Hello {first_name}, it is Monday.")
    expect(page.locator("#preview")).to_contain_text("Hello Bob, it is Monday.")
    page.get_by_role("button", name="Another person").click()
    expect(page.locator("#preview")).to_contain_text("Hello Sue, it is Monday.")
    page.get_by_role("button", name="Push").click()
    expect(page.get_by_role("button", name="Push")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("textbox", name="Message").press_sequentially("!")
    expect(page.locator("#preview")).to_contain_text("Hello Sue!, it is Monday.")
    expect(page.get_by_role("button", name="Push")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("textbox", name="Subject").fill("Ihre Winterprüfung")
    page.get_by_role("textbox", name="Message").fill("Hallo {first_name}.")
    page.get_by_role("button", name="Review and send…").click()
    expect(dialog(page)).to_contain_text("Send to 2 people?")
    dialog(page).get_by_role("button", name="Send to 2 people").click()
    toast(page, "The message is on its way.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your winter check")
    message = Message.objects.get(tenant=house.root)
    expect(page.locator("#message")).to_contain_text("Sent")
    expect(page.locator("#people")).to_contain_text("Bob Berg")
    assert message.variants["de"]["subject"] == "Ihre Winterprüfung"
    assert Item.objects.filter(message=message).count() == 2
    page.locator("#remind").click()
    expect(page.locator("#compose")).to_contain_text("Who has not read “Your winter check”")
    expect(page.locator("#counted")).to_contain_text("2 people")
    page.get_by_role("textbox", name="Subject").fill("Once more")
    page.get_by_role("textbox", name="Message").fill("Please read.")
    with staging():
        Item.objects.filter(message=message, user__first_name="Bob").update(read_at=message.started_at)
    page.get_by_role("button", name="Review and send…").click()
    dialog(page).get_by_role("button", name="Send to 1 person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Once more")
    expect(page.locator("#people")).to_contain_text("Sue South")
    expect(page.locator("#people")).not_to_contain_text("Bob Berg")


def test_a_draft_waits_and_a_scheduled_message_can_be_called_back(house: House, browse: Browsers) -> None:
    house.person("Bob Berg")
    page = browse(house.ada)
    page.goto("/messages/new/")
    page.get_by_role("textbox", name="Subject").fill("Later")
    page.get_by_role("button", name="Save draft").click()
    toast(page, "The draft is saved.")
    page.get_by_role("button", name="Review and send…").click()
    expect(dialog(page)).to_contain_text("Say whom the message is for.")
    dialog(page).get_by_role("button", name="Close").last.click()
    put_in(page, "Bob Berg")
    page.get_by_role("textbox", name="Message").fill("It is time.")
    page.get_by_role("button", name="Review and send…").click()
    dialog(page).get_by_text("Later", exact=True).last.click()
    dialog(page).get_by_label("Day and time").fill("2031-03-05T09:00")
    dialog(page).get_by_label("At this time in each person’s own time zone").check()
    dialog(page).get_by_role("button", name="Send to 1 person").click()
    toast(page, "The message is scheduled.")
    page.goto("/messages/?state=scheduled")
    page.get_by_role("link", name="Later").click()
    page.get_by_role("button", name="Cancel").click()
    toast(page, "The message is a draft again.")
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("Later")
    page.get_by_role("link", name="Delete").click()
    expect(dialog(page)).to_contain_text("Delete “Later”")
    dialog(page).get_by_role("button", name="Delete the draft").click()
    toast(page, "“Later” is deleted.")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()
    assert not Message.objects.filter(tenant=house.root).exists()


@pytest.mark.feature("N6")
def test_from_the_profile_one_writes_and_sees_what_was_got(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    page.get_by_role("button", name="Actions for Bob Berg").click()
    page.get_by_role("menuitem", name="New private message").click()
    expect(page.locator(".ff-to")).to_contain_text("Bob Berg")
    page.get_by_role("textbox", name="Subject").fill("Welcome")
    page.get_by_role("textbox", name="Message").fill("Hello **{name}**")
    page.get_by_role("button", name="Review and send…").click()
    dialog(page).get_by_role("button", name="Send to 1 person").click()
    toast(page, "The message is on its way.")
    page.goto(f"/users/{bob.pk}/messages/")
    expect(page.locator("#tab-body")).to_contain_text("Welcome")
    page.get_by_role("button", name="What “Welcome” says").click()
    expect(page.locator("#tab-body strong")).to_have_text("Bob Berg")


def test_a_template_begins_a_message(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/messages/templates/")
    page.get_by_role("link", name="New template").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name").fill("Winter check")
    page.get_by_role("textbox", name="Subject").fill("Choose a day")
    page.get_by_role("button", name="Save").click()
    toast(page, "“Winter check” is saved.")
    page.goto("/messages/new/")
    page.get_by_role("button", name="From a template").click()
    page.get_by_role("button", name="Winter check").click()
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("Choose a day")
