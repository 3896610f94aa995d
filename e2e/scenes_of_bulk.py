"""The pages of acts on many, for the check of access and for pictures."""

from playwright.sync_api import expect

from e2e.crowd import LONG_PLACE
from e2e.scenes import Stage, scene


def _preview(stage: Stage, act: str) -> None:
    house = stage.house
    house.tag("Winter check")
    names = ("Bob Berg", "Sue South", "Κωνσταντίνος Νικολαΐδης")
    for name in names:
        house.person(name)
    alone = house.person("Hugo Nord", at=house.branch(LONG_PLACE), role="Admin")
    stage.page.goto("/users/")
    for name in (*names, house.ada.name, alone.name):
        stage.page.get_by_role("checkbox", name=f"Select {name}").check()
    bar = stage.page.get_by_role("toolbar", name="What is chosen")
    bar.get_by_role("button", name="More").click()
    stage.page.get_by_role("menuitem", name=act, exact=True).click()
    expect(stage.page.locator("#plan")).to_be_visible()


@scene("users-selected", on_its_own=True)
def users_selected(stage: Stage) -> None:
    """Rows are chosen, and the bar floats below."""
    for name in ("Bob Berg", "Sue South", "佐藤 美咲"):
        stage.house.person(name)
    stage.page.goto("/users/")
    for name in ("Bob Berg", "Sue South"):
        stage.page.get_by_role("checkbox", name=f"Select {name}").check()


@scene("bulk-preview", on_its_own=True)
def bulk_preview(stage: Stage) -> None:
    """Who would be deleted, and who cannot."""
    _preview(stage, "Delete")
    expect(stage.page.locator("#plan")).to_contain_text("That is you")


@scene("bulk-choose", on_its_own=True)
def bulk_choose(stage: Stage) -> None:
    """Nothing is chosen yet."""
    _preview(stage, "Remove tag")


@scene("bulk-report", on_its_own=True)
def bulk_report(stage: Stage) -> None:
    """How it went."""
    _preview(stage, "Delete")
    stage.page.get_by_label("Type DELETE to confirm").fill("DELETE")
    stage.page.get_by_role("button", name="Delete 3 users").click()
    expect(stage.page.locator("#job-panel")).to_contain_text("Took", timeout=40_000)
    expect(stage.page.locator("#job-panel")).to_contain_text(f"This is the last Admin of {LONG_PLACE}")
