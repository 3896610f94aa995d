"""What a person sees when the server goes away or a form comes back, and that everything goes on then."""

from playwright.sync_api import expect

from e2e.browsers import Browsers, Watch
from e2e.crowd import Crowd
from e2e.pages import dialog
from e2e.world import Installation
from fleetfolk.testing.receiver import Receiver


def test_when_the_server_is_gone_the_list_stays_and_try_again_recovers(
    crowd: Crowd, browse: Browsers, watch: Watch, installation: Installation
) -> None:
    watch.tolerated += ["ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "htmx:sendError"]
    page = browse(crowd.house.ada)
    page.goto("/users/")
    expect(page.locator("#people tr[data-row]")).to_have_count(25)
    installation.stop()
    try:
        page.get_by_label("Search users").press_sequentially("yui")
        note = page.get_by_role("alert")
        expect(note).to_contain_text("The server cannot be reached.")
        expect(note).to_contain_text("Nothing was lost.")
        expect(page.locator("#people tr[data-row]")).to_have_count(25)
    finally:
        installation.start()
    note.get_by_role("button", name="Try again").click()
    expect(page.locator("#people tr[data-row]")).to_have_count(1)
    expect(page.locator("[data-failure]")).to_have_count(0)
    expect(page.locator("#people")).to_be_focused()


def test_a_page_that_is_not_there_says_so_and_leads_back(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    answer = page.goto("/users/999999999/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_what_is_wrong_has_the_focus(crowd: Crowd, browse: Browsers, receiver_of_hooks: Receiver) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/import/")  # A page of its own.
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#id_file")).to_be_focused()
    page.goto("/segments/new/")  # A part of a page, whose button stands elsewhere.
    page.get_by_role("button", name="Save segment").click()
    expect(page.get_by_role("main")).to_contain_text("Choose what this line asks about.")
    expect(page.get_by_label("Name")).to_be_focused()
    page.goto("/settings/webhooks/")  # A dialog where a group is wrong, and no field of it.
    page.get_by_role("link", name="Add webhook").first.click()
    dialog(page).get_by_role("textbox", name="Name").fill("Shop")
    dialog(page).get_by_role("textbox", name="Address").fill(receiver_of_hooks.url)
    dialog(page).get_by_role("button", name="Add webhook").click()
    expect(dialog(page)).to_contain_text("Choose what it is told of.")
    expect(dialog(page).get_by_label("Somebody is invited or added")).to_be_focused()


def test_a_preview_that_lacks_something_says_what(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.locator("[data-pick]").first.check()
    page.get_by_role("toolbar").get_by_role("button", name="Add tag").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="Users", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("main")).to_contain_text("Choose one.")
    expect(page.get_by_label("Tag")).to_be_focused()


def test_a_dialog_that_is_older_than_the_last_sign_in_says_so(crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += ["403"]
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.get_by_role("link", name="Invite user").click()
    dialog(page).get_by_label("First name").fill("Nina")
    page.context.clear_cookies(name="fleetfolk-csrf")
    dialog(page).get_by_role("button", name="Invite", exact=True).click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("This page is older than the last sign-in.")
    expect(dialog(page).get_by_label("First name")).to_have_value("Nina")
