"""Regions that are drawn again at the worst of times: nothing is lost, and what somebody has opened stays open."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import at_rest, dialog, find, open_menu, row, search
from e2e.people import House
from e2e.templates import made
from e2e.test_action_log import eventful
from fleetfolk.testing.cast import fresh


def something_changes(page: Page, event: str) -> None:
    """The regions that listen for it are asked for, and have been drawn again."""
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate("name => document.body.dispatchEvent(new CustomEvent(name))", event)
    at_rest(page)


def test_a_change_right_after_a_region_was_drawn_draws_it_again(house: House, browse: Browsers) -> None:
    template = made(house)
    page = browse(house.ada)
    page.goto(f"/templates/{template.pk}/")
    listening = page.evaluate(
        """() => new Promise(resolve => {
          document.addEventListener("htmx:afterSwap", event => {
            if (event.detail.target.id !== "template") return;
            setTimeout(() => {
              let heard = false;
              document.addEventListener("htmx:beforeRequest", event => heard ||= event.detail.target.id === "template");
              document.body.dispatchEvent(new CustomEvent("templates:changed"));
              resolve(heard);
            });
          });
          document.body.dispatchEvent(new CustomEvent("templates:changed"));
        })"""
    )
    assert listening


def test_a_row_that_is_open_stays_open_while_one_types_on(house: House, browse: Browsers) -> None:
    eventful(house)
    page = browse(house.ada)
    page.goto("/action-log/")
    line = page.locator("#log tr[data-row]", has_text="Edit user")
    line.get_by_role("button", name=re.compile("^Details of")).click()
    detail = page.locator("tr.ff-detail:visible")
    expect(detail).to_contain_text("Robert")
    search(page, "user.edit")
    expect(page.locator("#log tr[data-row]")).to_have_count(1)
    expect(line.get_by_role("button", name=re.compile("^Details of"))).to_have_attribute("aria-expanded", "true")
    expect(detail).to_contain_text("Robert")
    search(page, "user.disable")
    expect(detail).to_have_count(0)


@pytest.mark.parametrize("slow", [False, True])
def test_a_row_keeps_the_focus_when_its_list_is_drawn_again(house: House, browse: Browsers, slow: bool) -> None:
    bob = house.person("Bob Berg")
    page = replace(browse, slow=slow)(house.ada)
    find(page, "Bob Berg")
    page.locator("#people tr[data-row] .name").first.focus()
    page.keyboard.press("End")
    expect(row(page, bob)).to_be_focused()
    something_changes(page, "users:changed")
    expect(row(page, bob)).to_be_focused()


@pytest.mark.parametrize("slow", [False, True])
def test_a_menu_that_is_open_stays_open_when_its_list_is_drawn_again(
    house: House, browse: Browsers, slow: bool
) -> None:
    bob = house.person("Bob Berg")
    page = replace(browse, slow=slow)(house.ada)
    find(page, "Bob Berg")
    menu = open_menu(page, bob)
    something_changes(page, "users:changed")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, bob).get_by_role("button", name=re.compile("^Actions for"))).to_be_focused()
    open_menu(page, bob).get_by_role("menuitem", name="Disable…").click()
    expect(dialog(page)).to_be_visible()
    something_changes(page, "users:changed")
    expect(dialog(page)).to_be_visible()
    expect(menu).to_be_hidden()


def test_each_of_three_undos_in_a_row_is_done(house: House, browse: Browsers) -> None:
    people = [house.disabled(house.person(f"Bob Nr{number}")) for number in range(3)]
    page = browse(house.ada)
    find(page, "Bob")
    page.evaluate(
        """addresses => {
          for (const url of addresses) {
            document.dispatchEvent(new CustomEvent("toast", {detail: {text: "Disabled", undo: {url}}}));
          }
          for (const button of document.querySelectorAll("[data-toast-undo]")) button.click();
        }""",
        [f"/users/{person.pk}/enable/" for person in people],
    )
    for person in people:
        expect(row(page, person)).to_contain_text("Active")
    assert all(fresh(person).is_active for person in people)
