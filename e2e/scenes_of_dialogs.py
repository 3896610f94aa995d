"""The dialogs about a person, for the check of access and for pictures."""

from playwright.sync_api import expect

from e2e.pages import choose, dialog, find
from e2e.scenes import Stage, scene


def _dialog(name: str, entry: str) -> None:
    def way(stage: Stage) -> None:
        find(stage.page, "Cleo")
        choose(stage.page, stage.crowd.cleo, entry)
        expect(dialog(stage.page)).to_be_visible()

    scene(name)(way)


_dialog("dialog-edit", "Edit…")
_dialog("dialog-reset-link", "Send reset link…")
_dialog("dialog-password", "Set a password…")
_dialog("dialog-transfer", "Transfer…")
_dialog("dialog-disable", "Disable…")
_dialog("dialog-delete", "Delete…")


@scene("dialog-long-name")
def _(stage: Stage) -> None:
    find(stage.page, "maximiliane")
    choose(stage.page, stage.crowd.long, "Set a password…")
    expect(dialog(stage.page)).to_be_visible()


@scene("dialog-transfer-wrong")
def _(stage: Stage) -> None:
    find(stage.page, "Cleo")
    choose(stage.page, stage.crowd.cleo, "Transfer…")
    dialog(stage.page).get_by_label("E-mail of an Admin there").fill("nobody@nowhere.example")
    dialog(stage.page).get_by_role("button", name="Transfer").click()
    expect(dialog(stage.page)).to_contain_text("Three things to look at")


@scene("dialog-invite")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.locator("#invite").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("dialog-invite-wrong")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.locator("#invite").click()
    dialog(stage.page).get_by_label("E-mail").fill("grace at example")
    dialog(stage.page).get_by_role("button", name="Invite", exact=True).click()
    expect(dialog(stage.page).locator("[aria-invalid=true]").first).to_be_visible()
