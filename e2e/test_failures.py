"""What a person sees when the server goes away, and that everything goes on when it is back."""

from playwright.sync_api import expect

from e2e.browsers import Browsers, Watch
from e2e.crowd import Crowd
from e2e.world import Installation


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


def test_a_page_that_is_not_there_says_so_and_leads_back(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    answer = page.goto("/users/999999999/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
