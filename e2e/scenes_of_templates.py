"""Scenes of templates: the list, every tab, the dialogs, and a file on its way in."""

from playwright.sync_api import expect

from e2e.pages import dialog
from e2e.scenes import Stage, at, scene
from e2e.templates import made

WRONG = '{"format": "fleetfolk-template", "version": 1, "template": {"name": "X"}, "datastreams": [{"pin": "V999"}]}'
TABS = {
    "info": "",
    "datastreams": "datastreams/",
    "metadata": "metadata/",
    "events": "events/",
    "places": "organizations/",
}

at("templates-none", "/templates/")
at("template-new", "/templates/new/")


@scene("templates", on_its_own=True)
def _(stage: Stage) -> None:
    made(stage.house)
    stage.page.goto("/templates/")


for _tab, _address in TABS.items():

    @scene(f"template-{_tab}", on_its_own=True)
    def _(stage: Stage, address: str = _address) -> None:
        stage.page.goto(f"/templates/{made(stage.house).pk}/{address}")


@scene("dialog-datastream", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/templates/{made(stage.house).pk}/datastreams/")
    stage.page.get_by_role("button", name="Edit Mode").click()
    expect(dialog(stage.page).get_by_label("Entries")).to_be_visible()


@scene("dialog-datastream-delete", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/templates/{made(stage.house).pk}/datastreams/")
    stage.page.get_by_role("button", name="Delete Mode").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("dialog-event", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/templates/{made(stage.house).pk}/events/")
    stage.page.get_by_role("button", name="Edit Leak").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("template-copy", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/templates/import/?like={made(stage.house).pk}")


@scene("template-wrong")
def _(stage: Stage) -> None:
    stage.page.goto("/templates/import/")
    stage.page.get_by_label("Or its text").fill(WRONG)
    stage.page.get_by_role("button", name="Continue").click()
    expect(stage.page.get_by_role("alert")).to_be_visible()
