"""Finding people in the list: search as one types, filters, sorting, pages, addresses that can be shared."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browsers import Browsers
from e2e.crowd import Crowd
from e2e.pages import answered, at_rest, dialog, names, open_menu, row, search
from fleetfolk.users.web.directory_state import SORTS

SEARCH = "Search users"


def total(page: Page) -> str:
    """What the list says about how many there are, once they are counted."""
    expect(page.locator("#total")).to_have_text(re.compile(r"\d"))
    return page.locator("#total").inner_text()


@pytest.mark.feature("U1")
@pytest.mark.parametrize(
    ("typed", "found", "marked"),
    [
        ("y", "結衣", "y"),
        ("yu", "結衣", "yu"),
        ("yui", "結衣", "yui"),
        ("AngSTRom hanako", "Hanako Ångström", "Ångström"),
        ("wisniewska zoe", "Zoë Wiśniewska", "Zoë"),
        ("佐藤", "佐藤", "佐"),
        ("oettingen suedhafen", "", ""),
        ("oettingen südhafen", "Maximiliane", "Oettingen"),
        ("4930901820", "", ""),
        ("030 901820", "Anna", ""),
        ("crowd.example pfaffen", "", ""),
        ("spielberg pfaffen", "Maximiliane", "Pfaffen"),
    ],
)
def test_people_are_found_while_one_types_and_hits_are_marked(
    crowd: Crowd, browse: Browsers, typed: str, found: str, marked: str
) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    search(page, typed)
    if not found:
        return
    expect(page.locator("#people tr[data-row]", has_text=found).first).to_be_visible()
    if marked:
        expect(page.locator("#people mark", has_text=marked).first).to_be_visible()
    expect(page.get_by_label(SEARCH)).to_be_focused()


def test_when_nobody_is_found_the_words_are_named_and_dropping_them_shows_everybody(
    crowd: Crowd, browse: Browsers
) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    everybody = total(page)
    search(page, "xylophon")
    expect(page.get_by_role("heading", name="Nobody found for “xylophon”")).to_be_visible()
    page.get_by_role("link", name="Drop the search").click()
    expect(page.locator("#people tr[data-row]").first).to_be_visible()
    expect(page.get_by_label(SEARCH)).to_have_value("")
    expect(page.locator("#total")).to_have_text(everybody)


def test_the_cross_in_the_search_empties_it(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    search(page, "hanako")
    page.get_by_role("button", name="Clear search").click()
    answered(page, "")
    expect(page.get_by_label(SEARCH)).to_be_focused()
    expect(page.locator("#people tr[data-row]")).to_have_count(25)


@pytest.mark.feature("U4")
def test_a_filter_takes_several_choices_says_them_and_is_reset(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.locator("#chip-status").click()
    menu = page.locator("#f-status")
    menu.get_by_role("checkbox", name="Pending", exact=True).check()
    menu.get_by_role("checkbox", name="Disabled").check()
    menu.get_by_role("button", name="OK").click()
    expect(page.locator("#chip-status")).to_contain_text("+1")
    expect(page).to_have_url(re.compile(r"status=\w+&status=\w+"))
    statuses = set(page.locator("#people tr[data-row] .ff-st:visible").all_inner_texts())
    assert statuses == {"Pending", "Disabled"}
    page.locator("#chip-status").click()
    page.locator("#f-status").get_by_role("button", name="Reset").click()
    expect(page).to_have_url(re.compile(r"/users/$"))
    expect(page.locator("#chip-status")).to_have_text("Status")


def test_leaving_a_filter_without_ok_changes_nothing(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.locator("#chip-status").click()
    page.locator("#f-status").get_by_role("checkbox", name="Pending", exact=True).check()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/users/$"))
    page.locator("#chip-status").click()
    expect(page.locator("#f-status").get_by_role("checkbox", name="Pending", exact=True)).not_to_be_checked()


@pytest.mark.feature("U2")
def test_role_location_and_organization_filter_together_with_a_search(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    for name, choice in (("role", "User"), ("location", "Köln Lager"), ("organization", "North")):
        page.locator(f"#chip-{name}").click()
        with page.expect_response(re.compile(rf"/choices/{name}/.*find=")):
            page.locator(f"#f-{name}").get_by_role("searchbox").fill(choice[:3])
        page.locator(f"#f-{name}").get_by_role("checkbox", name=choice).check()
        page.locator(f"#f-{name}").get_by_role("button", name="OK").click()
        expect(page.locator(f"#chip-{name}")).to_contain_text(choice)
    rows = page.locator("#people tr[data-row]")
    expect(rows.first).to_contain_text("Köln Lager")
    before = rows.count()
    search(page, "zo")
    expect(page).to_have_url(re.compile(r"organization=\d+"))
    assert rows.count() <= before


@pytest.mark.feature("U3")
@pytest.mark.parametrize("column", list(SORTS))
def test_every_column_sorts_both_ways(crowd: Crowd, browse: Browsers, column: str) -> None:
    page = browse(crowd.house.ada)
    page.context.add_cookies(
        [{"name": "fleetfolk-columns", "value": ".".join(name for name in SORTS), "url": browse.origin}]
    )
    page.goto("/users/?sort=" + ("created" if column != "created" else "name"))
    heading = page.locator(f"#sort-{column}")
    orders: dict[str | None, list[str]] = {}
    for _time in range(2):
        before = page.locator("th[aria-sort]").get_attribute("aria-sort") if orders else None
        heading.click()
        sorted_by = page.locator(f"th[aria-sort]:has(#sort-{column})")
        expect(sorted_by).to_have_count(1)
        if before:
            expect(sorted_by).not_to_have_attribute("aria-sort", before)
        expect(heading).to_be_focused()
        orders[sorted_by.get_attribute("aria-sort")] = names(page)
    assert set(orders) == {"ascending", "descending"}
    if column != "devices":  # Nobody here has any: only the order among equals turns round.
        assert orders["ascending"] != orders["descending"]


def test_searching_filtering_and_narrowing_keep_each_other_and_the_sorting(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.locator("#sort-name").click()
    expect(page).to_have_url(re.compile("sort=name"))
    search(page, "crowd")
    expect(page).to_have_url(re.compile("sort=name"))
    expect(page.locator("th[aria-sort]")).to_contain_text("Name")
    page.get_by_role("link", name=f"{crowd.house.root.name} only").click()
    expect(page).to_have_url(re.compile("scope=here"))
    expect(page.get_by_label(SEARCH)).to_have_value("crowd")
    expect(page.locator("th[aria-sort]")).to_contain_text("Name")


def test_what_is_ticked_in_a_filter_stays_ticked_while_one_looks_for_more(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.locator("#chip-role").click()
    menu = page.locator("#f-role")
    for choice in ("Staff", "Admin"):
        with page.expect_response(re.compile("/choices/role/.*find=")):
            menu.get_by_role("searchbox").fill(choice)
        menu.get_by_role("checkbox", name=choice, exact=True).check()
    menu.get_by_role("button", name="OK").click()
    expect(page.locator("#chip-role")).to_contain_text("+1")


@pytest.mark.feature("B6")
def test_pages_lead_on_and_back_and_the_back_button_does_too(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/?sort=name")
    first = names(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("after="))
    second = names(page)
    assert not set(first) & set(second)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#people .name").first).not_to_have_text(second[0])
    page.go_back()
    expect(page.locator("#people .name").first).to_have_text(second[0])
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("#people .name").first).to_have_text(first[0])
    assert names(page) == first


@pytest.mark.feature("B6")
def test_people_are_shown_before_they_are_counted_and_the_number_stays_on_the_next_page(
    crowd: Crowd, browse: Browsers
) -> None:
    page = browse(crowd.house.ada)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/users/count/**", hold)
    with page.expect_request("**/users/count/**"):
        page.goto("/users/?q=crowd&sort=name")
    expect(page.locator("#people tr[data-row]")).to_have_count(25)
    expect(page.locator("#pager-total")).to_have_text("…")
    page.wait_for_timeout(400)
    asked[0].continue_()
    page.unroute("**/users/count/**")
    expect(page.locator("#total")).to_have_text(re.compile(r"\d+ match"))
    number = total(page).split()[0]
    expect(page.locator("#pager-total")).to_have_text(number)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("after="))
    assert page.locator("#pager-total").inner_text() == number
    assert page.locator("#total").inner_text().split()[0] == number


def test_an_address_shows_somebody_else_the_same_list(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    search(page, "crowd")
    page.locator("#sort-name").click()
    expect(page).to_have_url(re.compile("sort=name"))
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("after="))
    other = browse(crowd.house.ada)
    other.goto(page.url)
    assert names(other) == names(page)
    expect(other.get_by_label(SEARCH)).to_have_value("crowd")


def unanswered(_route: Route) -> None:
    """The server takes its time."""


@pytest.mark.parametrize("asked", [True, False], ids=["while it is under way", "before it has begun"])
def test_a_click_on_a_heading_takes_the_search_along(crowd: Crowd, browse: Browsers, *, asked: bool) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    everybody = total(page)
    page.route(re.compile(r"\?q=yui$"), unanswered)
    if asked:
        with page.expect_request(re.compile("q=yui")):
            page.get_by_label(SEARCH).fill("yui")
        page.locator("#sort-name").click()
    else:
        # In one breath: a click of Playwright's takes longer than the search waits for more letters.
        page.evaluate(
            """() => {
              const field = document.getElementById("search");
              field.value = "yui";
              field.dispatchEvent(new Event("input", { bubbles: true }));
              document.getElementById("sort-name").click();
            }"""
        )
    expect(page.locator("th[aria-sort]")).to_contain_text("Name")
    at_rest(page)
    expect(page).to_have_url(re.compile(r"^(?=.*\bq=yui\b)(?=.*\bsort=name\b)"))
    expect(row(page, crowd.japanese).locator("mark").first).to_be_visible()
    expect(page.get_by_label(SEARCH)).to_have_value("yui")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/users/$"))
    expect(page.get_by_label(SEARCH)).to_have_value("")
    expect(page.locator("#total")).to_have_text(everybody)


def test_a_search_keeps_the_order_that_a_click_on_a_heading_has_just_asked_for(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.route(re.compile(r"\?sort=name$"), unanswered)
    with page.expect_request(re.compile("sort=name")):
        page.locator("#sort-name").click()
    page.get_by_label(SEARCH).fill("crowd")
    expect(page).to_have_url(re.compile(r"^(?=.*\bq=crowd\b)(?=.*\bsort=name\b)"))
    expect(page.locator("th[aria-sort]")).to_contain_text("Name")
    at_rest(page)


def test_columns_are_chosen_and_remembered(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    page.get_by_role("button", name="Columns").click()
    page.locator("#columns").get_by_role("checkbox", name="Phone").check()
    page.locator("#columns").get_by_role("checkbox", name="Tags").uncheck()
    page.locator("#columns").get_by_role("button", name="OK").click()
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()
    page.goto("/users/?q=yui")
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Tags")).to_have_count(0)
    expect(row(page, crowd.japanese)).to_contain_text("+81")


@pytest.mark.feature("U2")
def test_this_organization_only_or_with_all_below(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    both = int(total(page).split()[0])
    page.get_by_role("link", name=f"{crowd.house.root.name} only").click()
    expect(page).to_have_url(re.compile("scope=here"))
    expect(page.get_by_role("link", name=f"{crowd.house.root.name} only")).to_have_attribute("aria-current", "true")
    assert int(total(page).split()[0]) < both


@pytest.mark.feature("U5")
def test_a_click_on_the_email_copies_it(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/?q=yui")
    row(page, crowd.japanese).get_by_title("Copy e-mail").click()
    expect(page.locator("[data-toast]")).to_contain_text(f"{crowd.japanese.email} copied.")
    assert page.evaluate("navigator.clipboard.readText()") == crowd.japanese.email


def test_everything_works_without_a_mouse(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/?sort=name")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label(SEARCH)).to_be_focused()
    page.keyboard.type("maximiliane")
    answered(page, "maximiliane")
    page.keyboard.press("ArrowDown")
    expect(row(page, crowd.long)).to_be_focused()
    page.keyboard.press("e")
    expect(dialog(page).get_by_label("First name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, crowd.long)).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator(f"#menu-{crowd.long.pk}").get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#menu-{crowd.long.pk}").get_by_role("menuitem").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    row(page, crowd.long).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/users/{crowd.long.pk}/$"))


def test_ctrl_k_finds_people_organizations_and_pages_from_everywhere(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/action-log/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find anything")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("north")
    expect(palette.get_by_role("option", name=re.compile("North")).first).to_be_visible()
    palette.get_by_role("combobox").fill("")
    page.keyboard.type("yui sato")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/users/{crowd.japanese.pk}/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("佐藤")


@pytest.mark.feature("U3")
def test_the_last_sign_in_shows_the_exact_time_on_hover(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/")
    time = page.locator("#people tr[data-row] td.num time").first
    expect(time).to_have_attribute("title", re.compile(r"\d\d:\d\d"))


@pytest.mark.feature("U5")
def test_a_role_opens_a_drawer_with_its_permissions_searchable(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/?q=yui")
    row(page, crowd.japanese).locator("a.ff-role").click()
    drawer = dialog(page)
    expect(drawer.get_by_role("heading", name="User", exact=True)).to_be_visible()
    drawer.get_by_label("Search permissions").fill("share")
    expect(drawer.locator("li[data-item]:visible").first).to_contain_text(re.compile("share", re.IGNORECASE))
    page.keyboard.press("Escape")  # Empties the search, as the browser does everywhere.
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(row(page, crowd.japanese).locator("a.ff-role")).to_be_focused()


def test_a_menu_near_the_lower_edge_is_whole(crowd: Crowd, browse: Browsers) -> None:
    page = browse(crowd.house.ada)
    page.goto("/users/?q=yui")
    page.set_viewport_size({"width": 1440, "height": 420})
    menu = open_menu(page, crowd.japanese)
    box = menu.bounding_box()
    assert box is not None
    assert box["y"] >= 0
