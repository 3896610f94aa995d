"""Acts on many people, from the list to the report and back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.browsers import Browsers
from e2e.pages import at_rest, find, search
from e2e.people import House
from fleetfolk.actionlog.models import Entry
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import State, User, UserTag


def bar(page: Page) -> Locator:
    """The bar below the list."""
    return page.get_by_role("toolbar", name="What is chosen")


def pick(page: Page, person: User) -> None:
    page.get_by_role("checkbox", name=f"Select {person.name}").check()


def tagged(name: str) -> set[str]:
    return {link.user.name for link in UserTag.objects.filter(tag__name=name).select_related("user")}


def over(page: Page) -> None:
    """The job has ended, and its report is there."""
    expect(page.locator("#job-panel")).to_contain_text("Took", timeout=40_000)


@pytest.mark.feature("U14", "B4")
def test_ada_tags_three_people_looks_at_the_report_and_undoes_it(house: House, browse: Browsers) -> None:
    tag = house.tag("Winter check")
    people = [house.person(name) for name in ("Bob Berg", "Sue South", "Kim Kern")]
    page = browse(house.ada)
    page.goto("/users/")
    expect(bar(page)).to_be_hidden()
    pick(page, people[0])
    search(page, "Sue")
    pick(page, people[1])
    search(page, "")
    expect(page.get_by_role("checkbox", name="Select Bob Berg")).to_be_checked()
    pick(page, people[2])
    expect(bar(page)).to_contain_text("3 selected")
    bar(page).get_by_role("button", name="Add tag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a tag to 3 users")
    expect(page.locator("#plan")).to_contain_text("Choose above")
    page.get_by_label("Tag").select_option(tag.name)
    page.get_by_role("button", name="Add a tag to 3 users").click()
    over(page)
    assert tagged("Winter check") == {"Bob Berg", "Sue South", "Kim Kern"}
    assert Entry.objects.filter(code="user.tag.assign", batch_id__isnull=False, target_id=people[0].pk).count() == 1
    expect(page.get_by_role("link", name="Bob Berg")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download report").click()
    assert "Sue South" in downloading.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Undo all 3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo: Add a tag to 3 users")
    over(page)
    assert tagged("Winter check") == set()


def test_all_that_match_are_disabled_but_for_oneself(house: House, browse: Browsers) -> None:
    for number in range(30):
        house.person(f"Nina Numbered{number}")
    page = browse(house.ada)
    page.goto("/users/")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(bar(page)).to_contain_text("25 selected")
    bar(page).get_by_role("button", name="Select all 31").click()
    expect(bar(page)).to_contain_text("31 selected")
    page.get_by_role("link", name="Next").click()
    at_rest(page)
    expect(page.locator("[data-pick]:not(:checked)")).to_have_count(0)
    bar(page).get_by_role("button", name="Disable").click()
    expect(page.locator("#plan")).to_contain_text("That is you")
    page.get_by_label("Reason").fill("Winter clean-up")
    page.get_by_role("button", name="Disable 30 users").click()
    over(page)
    assert User.objects.filter(tenant=house.root, state=State.DISABLED).count() == 30
    expect(page.locator("#job-panel")).to_contain_text("You cannot do this to your own account")
    page.get_by_role("button", name="Undo all 30").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Undo: Disable"))
    over(page)
    assert not User.objects.filter(tenant=house.root, state=State.DISABLED).exists()


@pytest.mark.feature("U14")
def test_many_are_deleted_only_with_the_word(house: House, browse: Browsers) -> None:
    people = [house.person(name) for name in ("Bob Berg", "Sue South")]
    page = browse(house.ada)
    page.goto("/users/")
    for person in people:
        pick(page, person)
    bar(page).get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    delete = page.get_by_role("button", name="Delete 2 users")
    expect(delete).to_be_disabled()
    page.get_by_label("Type DELETE to confirm").fill("DELETE")
    delete.click()
    over(page)
    assert {fresh(person).state for person in people} == {State.DELETION_PENDING}
    page.goto("/jobs/")
    page.get_by_role("link", name="Delete 2 users").click()
    expect(page).to_have_url(re.compile("/bulk/"))


def test_what_is_chosen_is_dropped_by_the_cross(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob")
    pick(page, bob)
    bar(page).get_by_role("button", name="Clear the selection").click()
    expect(bar(page)).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Select Bob Berg")).not_to_be_checked()
