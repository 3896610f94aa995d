"""Tags and segments: words that one puts on people, and parts of them by rules and by hand."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import at_rest, dialog, toast
from e2e.people import House
from fleetfolk.organizations.models import Tag
from fleetfolk.segments.models import Segment
from fleetfolk.testing.door import staging
from fleetfolk.users.models import UserTag


def test_a_tag_is_kept_in_the_settings(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/")
    page.get_by_role("link", name="Tags", exact=True).click()
    page.get_by_role("link", name="New tag").first.click()
    dialog(page).get_by_label("Name").fill("Heat pump")
    dialog(page).get_by_text("Green").click()
    page.keyboard.press("Enter")
    toast(page, "The tag “Heat pump” is there.")
    expect(page.locator("#tags")).to_contain_text("by Ada")
    tag = Tag.objects.get(tenant=house.root)
    assert tag.colour == 3
    page.get_by_role("button", name="Edit Heat pump").click()
    dialog(page).get_by_label("Name").fill("Boiler")
    page.keyboard.press("Enter")
    expect(page.locator("#tags")).to_contain_text("Boiler")
    delete = page.get_by_role("button", name="Delete Boiler")
    delete.click()
    expect(delete).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(delete).to_be_visible()
    assert Tag.objects.get(tenant=house.root).name == "Boiler"


def test_people_are_filtered_by_a_tag(house: House, browse: Browsers) -> None:
    bob, cleo = house.person("Bob Berg"), house.person("Cleo Tal")
    with staging():
        tag = Tag.objects.create(tenant=house.root, organization=house.root, name="Vip")
        UserTag.objects.create(tenant=house.root, user=bob, tag=tag)
    page = browse(house.ada)
    page.goto("/users/")
    page.locator("#chip-tag").click()
    page.locator("#f-tag-list").get_by_text("Vip").click()
    page.locator("#f-tag").get_by_role("button", name="OK").click()
    expect(page.locator("#people")).to_contain_text("Bob Berg")
    expect(page.locator("#people")).not_to_contain_text(cleo.email)


def counted(page: Page, number: str) -> None:
    expect(page.locator("#live .ff-huge")).to_have_text(number)


@pytest.mark.feature("B7")
def test_rules_are_written_with_the_number_in_sight(house: House, browse: Browsers) -> None:
    for name in ("Bob Berg", "Cleo Tal", "Cleo Berg"):
        house.person(name)
    page = browse(house.ada)
    page.goto("/segments/")
    page.get_by_role("link", name="New segment").first.click()
    page.get_by_label("Name", exact=True).fill("Bergs")
    page.locator("#field-r-0").focus()
    page.locator("#field-r-0").select_option(label="Name")
    expect(page.locator("#field-r-0")).to_be_focused()
    page.locator("#op-r-0").select_option(label="contains")
    page.locator("#v-r-0").press_sequentially("berg", delay=20)
    counted(page, "2")
    expect(page.locator("#k-r-0")).to_have_text("2")
    expect(page.locator("#v-r-0")).to_have_value("berg")
    page.locator("#line-r").click()
    page.locator("#field-r-1").select_option(label="Status")
    page.locator("#op-r-1").select_option(label="is one of")
    page.locator("#t-r-1").click()
    page.locator("#l-r-1").get_by_text("Disabled").click()
    page.locator("#p-r-1").get_by_role("button", name="OK").click()
    expect(page.locator("#t-r-1")).to_have_text("Disabled")
    counted(page, "0")
    page.locator("#op-r-1").select_option(label="is none of")
    counted(page, "2")
    page.locator("#group-r").click()
    page.locator("#field-r-2-0").select_option(label="Name")
    page.locator("#op-r-2-0").select_option(label="begins with")
    page.locator("#v-r-2-0").press_sequentially("cleo", delay=20)
    counted(page, "1")
    expect(page.locator("#live")).to_contain_text("Cleo Berg")
    page.locator("#live").get_by_role("button", name="Why Cleo Berg?").click()
    expect(dialog(page)).to_contain_text("Name contains “berg”")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save segment").click()
    expect(page.get_by_role("heading", name="Bergs")).to_be_visible()
    rules: Any = Segment.objects.get(tenant=house.root).rules
    assert rules["all"][0]["value"] == "berg"
    page.goto("/users/")
    bubble = page.locator("#bubbles").get_by_role("link", name=re.compile("^Bergs"))
    bubble.click()
    expect(bubble).to_have_attribute("aria-current", "true")
    at_rest(page)


@pytest.mark.feature("N3")
def test_a_segment_by_hand_is_filled_from_its_page_and_from_a_profile(house: House, browse: Browsers) -> None:
    bob, cleo = house.person("Bob Berg"), house.person("Cleo Tal")
    page = browse(house.ada)
    page.goto("/segments/new/?kind=static")
    page.get_by_label("Name", exact=True).fill("Testers")
    page.get_by_role("button", name="Save segment").click()
    page.get_by_role("link", name="Add people").click()
    dialog(page).get_by_label("Search").fill("bob")
    expect(dialog(page).get_by_role("checkbox")).to_have_count(1)
    dialog(page).get_by_role("checkbox").check()
    dialog(page).get_by_role("button", name="Add").click()
    toast(page, "1 added to “Testers”.")
    expect(page.locator("#members")).to_contain_text("Bob Berg")
    page.get_by_role("button", name="Remove Bob Berg…").click()
    dialog(page).get_by_role("button", name="Remove").click()
    expect(page.locator("#members")).to_contain_text("Nobody is in it")
    page.goto(f"/users/{cleo.pk}/")
    page.locator("#add-segment").click()
    page.locator("#segment-list").get_by_role("button", name="Testers").click()
    expect(page.locator("#person-segments")).to_contain_text("since")
    page.locator("#add-segment").click()
    page.get_by_label("Search or name a segment").fill("Newsletter")
    page.get_by_role("button", name="Create “Newsletter”").click()
    expect(page.locator("#person-segments")).to_contain_text("Newsletter")
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Remove from Newsletter").click()
    expect(page.locator("#person-segments")).not_to_contain_text("Newsletter")
    assert not Segment.objects.get(name="Testers", tenant=house.root).members.filter(target_id=bob.pk).exists()


def test_the_order_is_changed_by_keys_and_by_dragging(house: House, browse: Browsers) -> None:
    with staging():
        for number, name in enumerate(("First", "Second", "Third")):
            Segment.objects.create(
                tenant=house.root, organization=house.root, name=name, of="users", kind="static", position=number * 10
            )
    page = browse(house.ada)
    page.goto("/segments/")
    names = page.locator("#segments tr .name")
    page.get_by_role("button", name="Move Third up").press("Enter")
    expect(names).to_have_text(["First", "Third", "Second"])
    page.locator("tr", has_text="Second").drag_to(page.locator("tr", has_text="First"))
    expect(names).to_have_text(["Second", "First", "Third"])
