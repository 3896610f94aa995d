"""A customer on a telephone: the portal's first page, its bars, and what is not there."""

import re

from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.people import House
from e2e.test_sign_in import sign_in

PHONE = 390


def bar(page: Page) -> str:
    """The word that the bar at the bottom marks as the present place."""
    return page.locator(".ff-tabbar [aria-current=page]").inner_text().strip()


def test_a_customer_signs_in_on_a_telephone_and_is_at_home(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    page = browse(width=PHONE)
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/$"))
    sign_in(page, bob.email)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Bob$"))
    expect(page.get_by_role("heading", name="Your devices will be here")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(house.root.name)
    expect(page.locator(".ff-feed")).to_contain_text("Signed in")
    assert bar(page) == "Home"


def test_the_bar_at_the_bottom_leads_everywhere_and_nothing_scrolls_sideways(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), width=PHONE)
    page.goto("/")
    for place in ("Activity", "Messages", "Account", "Home"):
        page.locator(".ff-tabbar").get_by_role("link", name=place).click()
        expect(page.locator(".ff-tabbar [aria-current=page]")).to_have_text(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        reached = page.locator(".ff-tabbar a").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(reached) >= 44, "a finger finds it"


def test_the_menu_signs_a_customer_out(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), width=PHONE)
    page.goto("/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.goto("/account/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/account/"))


def test_a_customer_who_types_the_address_of_the_console_learns_nothing(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"))
    for address in ("/users/", f"/users/{house.ada.pk}/", "/lookup/", "/roles/", "/action-log/", "/settings/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in {403, 404}, address
        expect(page.locator("body")).not_to_contain_text("Ada")


def test_the_greeting_is_by_the_name_that_one_likes(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"))
    page.goto("/account/")
    page.get_by_label("Nickname").fill("Bobby")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-toast]")).to_contain_text("Your profile is saved.")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Bobby$"))
