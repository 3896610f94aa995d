"""Tags: found by their words, and restored with all who carried them."""

from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import answered, dialog, search, undo
from e2e.people import House
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.users.models import UserTag


def test_a_tag_in_use_is_deleted_and_comes_again_with_all_who_carried_it(house: House, browse: Browsers) -> None:
    tag = house.tag("Night shift", 3)
    carla = house.person("Carla Corso")
    house.tagged(carla, tag)
    page = browse(house.ada)
    page.goto("/users/")
    search(page, "night")
    answered(page, "night")
    expect(page.locator("#people tr[data-row]")).to_have_count(1)
    expect(page.locator("#people .ff-tag mark")).to_have_text("Night")
    page.goto("/settings/tags/")
    page.get_by_role("button", name="Delete Night shift…").click()
    expect(dialog(page)).to_contain_text("1 user carries it,")
    dialog(page).get_by_role("button", name="Delete the tag").click()
    expect(page.get_by_role("heading", name="Deleted tags")).to_be_visible()
    assert not UserTag.objects.filter(tag_id=tag.pk).exists()
    undo(page, "The tag “Night shift” is deleted.")
    expect(page.get_by_role("heading", name="Deleted tags")).to_have_count(0)
    expect(page.locator("#tags")).to_contain_text("1 user")
    assert UserTag.objects.get(tag_id=tag.pk).user_id == carla.pk
    page.get_by_role("button", name="Delete Night shift…").click()
    dialog(page).get_by_role("button", name="Delete the tag").click()
    page.get_by_role("button", name="Restore Night shift").click()
    expect(page.get_by_role("heading", name="Deleted tags")).to_have_count(0)
    assert not DeletedTag.objects.filter(pk=tag.pk).exists()


def test_who_saves_a_tag_that_another_changed_meanwhile_is_told(house: House, browse: Browsers) -> None:
    tag = house.tag("Night shift", 3)
    page, other = browse(house.ada), browse(house.ada)
    for one in (page, other):
        one.goto("/settings/tags/")
        one.get_by_role("button", name="Edit Night shift").click()
    dialog(other).get_by_label("Name").fill("Late shift")
    dialog(other).get_by_role("button", name="Save").click()
    expect(other.locator("#tags")).to_contain_text("Late shift")
    dialog(page).get_by_text("Violet").click()
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("changed this while you had it open: Name.")
    tag.refresh_from_db()
    assert (tag.name, tag.colour) == ("Late shift", 3)
    dialog(page).get_by_role("button", name="Save").click()
    done = page.get_by_role("region", name="What was just done")
    expect(done).to_contain_text("The tag “Night shift” is saved.")
    tag.refresh_from_db()
    assert (tag.name, tag.colour) == ("Night shift", 5)
