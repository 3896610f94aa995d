"""Customer lookup: an agent with somebody on the telephone, who never leaves the page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, hold, is_led_out, search, undo
from e2e.people import House
from fleetfolk.testing.cast import PASSWORD
from fleetfolk.users.models import User


def hit(page: Page, person: User) -> Locator:
    """The person among the hits."""
    return page.locator(f'#hits > [data-row="{person.pk}"]')


def pane(page: Page) -> Locator:
    """The person beside the hits."""
    return page.locator("#pane")


def look_up(page: Page, heard: str) -> None:
    """The words are typed as one hears them."""
    page.goto("/lookup/")
    search(page, heard)


@pytest.mark.feature("I1", "I3")
def test_an_agent_finds_disables_and_enables_without_leaving_the_page(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", phone="+4991133407200")
    house.person("Bobby Tables")
    cleo = house.person("Cleo Staff", role="Staff")
    theirs = browse(bob)
    theirs.goto("/account/")
    page = browse(cleo)
    look_up(page, "9113340")
    expect(hit(page, bob).locator("mark").first).to_be_visible()
    expect(pane(page).get_by_role("heading", name="Bob Berg")).to_be_visible()
    expect(page.locator("#found")).to_have_text("1 person")
    pane(page).get_by_role("button", name="Disable").click()
    dialog(page).get_by_role("button", name="Disable 1 user").click()
    hold(page, "Bob Berg is disabled.")
    expect(hit(page, bob)).to_contain_text("Disabled")
    expect(pane(page).get_by_role("button", name="Enable")).to_be_visible()
    expect(pane(page)).to_contain_text("Cleo Staff disabled Bob Berg")
    assert page.url.partition("?")[0].endswith("/lookup/")
    is_led_out(theirs)
    theirs.get_by_label("E-mail").fill(bob.email)
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    theirs.get_by_role("button", name="Sign in", exact=True).click()
    expect(theirs.get_by_role("main")).to_contain_text("Your account is disabled")
    page.locator("[data-person]").wait_for()
    undo(page, "Bob Berg is disabled.")
    expect(hit(page, bob)).to_contain_text("Active")
    expect(pane(page).get_by_role("button", name="Disable")).to_be_visible()


def test_letters_typed_as_soon_as_the_page_is_there_are_not_lost(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.add_init_script("addEventListener('DOMContentLoaded', () => (window.early = document.activeElement.id))")
    page.goto("/lookup/")
    assert page.evaluate("early") == "search"


def test_everything_goes_by_keyboard(house: House, browse: Browsers) -> None:
    people = [house.person(f"Bob Nr{number}") for number in range(3)]
    page = browse(house.ada)
    look_up(page, "bob")
    first, second = people[2], people[1]  # Who was there last stands first.
    expect(pane(page)).to_contain_text("Bob Nr2 is shown")
    expect(hit(page, first)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowDown")
    expect(hit(page, first)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hit(page, second)).to_be_focused()
    expect(pane(page)).to_contain_text("Bob Nr1 is shown")
    expect(hit(page, second)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(f"person={second.pk}"))
    page.keyboard.press("Enter")
    expect(pane(page).get_by_role("button", name="Reset password")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Bob Nr1")
    page.keyboard.press("Escape")
    expect(pane(page).get_by_role("button", name="Reset password")).to_be_focused()
    page.keyboard.press("Escape")
    expect(hit(page, second)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Find a customer")).to_be_focused()
    page.reload()
    expect(pane(page)).to_contain_text("Bob Nr1 is shown")
    expect(hit(page, second)).to_have_attribute("aria-current", "true")


def test_who_goes_on_while_a_dialog_closes_is_not_brought_back(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    look_up(page, "bob")
    button = pane(page).get_by_role("button", name="Reset password")
    button.click()
    expect(dialog(page)).to_contain_text("Bob Berg")
    # Both in one go, as on a busy machine: the browser says later that the dialog is closed.
    page.evaluate("""() => {
      document.querySelector("dialog[open]").close();
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }""")
    expect(dialog(page)).to_have_count(0)
    expect(hit(page, bob)).to_be_focused()


def test_enter_never_leads_to_the_person_of_the_words_before(house: House, browse: Browsers) -> None:
    house.person("Bob Berg")
    zoe = house.person("Zoe Zander")
    page = browse(house.ada)
    look_up(page, "bob")
    expect(pane(page)).to_contain_text("Bob Berg is shown")
    field = page.get_by_label("Find a customer")
    field.fill("zoe")
    field.press("Enter")
    expect(field).to_be_focused()
    expect(pane(page)).to_contain_text("Zoe Zander is shown")
    expect(hit(page, zoe)).to_have_attribute("aria-current", "true")
    field.press("Enter")
    expect(pane(page).get_by_role("button", name="Reset password")).to_be_focused()
    field.fill("xylophon")
    expect(page.get_by_role("heading", name="Nobody found for “xylophon”")).to_be_visible()
    expect(pane(page)).to_be_empty()


def test_on_a_telephone_each_hit_has_its_buttons_and_leads_to_the_person(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.set_viewport_size({"width": 390, "height": 844})
    look_up(page, "bob berg")
    expect(pane(page)).not_to_be_visible()
    hit(page, bob).get_by_role("button", name="Disable").click()
    dialog(page).get_by_role("button", name="Disable 1 user").click()
    expect(hit(page, bob).get_by_role("button", name="Enable")).to_be_visible()
    hit(page, bob).get_by_role("button", name="Enable").click()
    expect(hit(page, bob).get_by_role("button", name="Disable")).to_be_visible()
    hit(page, bob).get_by_role("link", name="Bob Berg").click()
    expect(page).to_have_url(re.compile(f"/users/{bob.pk}/"))


def test_an_agent_who_is_signed_out_meanwhile_is_sent_to_the_sign_in(house: House, browse: Browsers) -> None:
    house.person("Bob Berg")
    cleo = house.person("Cleo Staff", role="Staff")
    page = browse(cleo)
    page.goto("/lookup/")
    house.disabled(cleo)
    page.get_by_label("Find a customer").press_sequentially("bob", delay=20)
    expect(page).to_have_url(re.compile("/sign-in/"))
