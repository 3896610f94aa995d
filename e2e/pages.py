"""How a person finds things on Fleetfolk's pages: rows, menus, dialogs, toasts."""

import re
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from playwright.sync_api import Error, Locator, Page, expect

from fleetfolk.users.models import User


def find(page: Page, text: str) -> None:
    """The Users page, searched for this."""
    page.goto(f"/users/?q={quote(text)}")


def search(page: Page, text: str) -> None:
    """This is typed into the search, letter by letter as a person does, or all of it deleted; its answer is there."""
    field = page.locator("[data-search]")
    field.click()
    field.press("ControlOrMeta+a")
    if text:
        field.press_sequentially(text, delay=20)
    else:
        field.press("Delete")
    answered(page, text)


def answered(page: Page, text: str) -> None:
    """The page shows what it found for all of this, not for its first letters: address and region change together."""
    asked = re.escape(quote(text, safe="!*'()")).replace("%20", r"(?:%20|\+)")
    expect(page).to_have_url(re.compile(rf"[?&]q={asked}(?:&|$)" if text else r"^(?!.*[?&]q=)"))
    at_rest(page)


def at_rest(page: Page) -> None:
    """No region waits for its answer."""
    expect(page.locator("[data-region][aria-busy]")).to_have_count(0)


def complete(page: Page) -> None:
    """Nothing is still to come: what the page asks for by itself, counts and draws is there, in its own letters."""
    page.wait_for_load_state()
    expect(page.locator("#pager-total", has_text="…")).to_have_count(0)
    expect(page.locator(".htmx-request, [data-chart]:empty, [data-map]:empty")).to_have_count(0)
    page.evaluate("document.fonts.ready")


def row(page: Page, person: User) -> Locator:
    """The person's row in the list."""
    return page.locator(f'tr[data-row="{person.pk}"]')


def names(page: Page) -> list[str]:
    """The names in the list, from the top."""
    at_rest(page)
    return page.locator("#people tr[data-row] .name").all_inner_texts()


def open_menu(page: Page, person: User) -> Locator:
    """The row's menu, open and loaded."""
    row(page, person).get_by_role("button", name=re.compile("^Actions for")).click()
    menu = page.locator(f"#menu-{person.pk}")
    expect(menu.get_by_role("menuitem").first).to_be_visible()
    return menu


def choose(page: Page, person: User, entry: str) -> None:
    """An entry of the person's menu is clicked; the person is in the list."""
    open_menu(page, person).get_by_role("menuitem", name=entry).click()


def entries(page: Page, person: User) -> Sequence[str]:
    """What the row's menu offers, without the hints of keys."""
    texts = open_menu(page, person).get_by_role("menuitem").all_inner_texts()
    page.keyboard.press("Escape")
    return [text.splitlines()[0].strip() for text in texts]


def dialog(page: Page) -> Locator:
    """The open dialog or drawer."""
    return page.locator("dialog[open]")


def toast(page: Page, text: str) -> Locator:
    """The toast that says this."""
    found = page.locator("[data-toast]", has_text=text)
    expect(found).to_be_visible()
    return found


def hold(page: Page, text: str) -> None:
    """The toast that says this is under the pointer, where it stays: a while later there is something to be undone."""
    toast(page, text).hover()


def undo(page: Page, text: str) -> None:
    """Undo is clicked in the toast that says this."""
    toast(page, text).get_by_role("button", name=re.compile("^(Undo|Send again)$")).click()


def is_signed_out(page: Page) -> None:
    """The next click leads to the sign-in page."""
    page.get_by_role("navigation").get_by_role("link", name="Users").click()
    expect(page).to_have_url(re.compile(r"/sign-in/"))


def is_led_out(page: Page) -> None:
    """An open page leads to the sign-in: by itself where it hears of it, else with its next request."""
    with suppress(Error):  # It may be on its way already: then there is nothing to load again.
        page.reload()
    expect(page).to_have_url(re.compile(r"/sign-in/"))
