"""Everybody can use every page: no serious finding of axe in light, dark, wide and narrow; no scrolling sideways."""

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import e2e.scenes_of_bulk
import e2e.scenes_of_dialogs
import e2e.scenes_of_messages
import e2e.scenes_of_organizations
import e2e.scenes_of_segments
import e2e.scenes_of_settings
import e2e.scenes_of_templates
import e2e.scenes_of_trust  # noqa: F401 - more scenes
from e2e.browsers import Browsers, Watch
from e2e.crowd import Crowd
from e2e.pages import complete
from e2e.people import House, build_house
from e2e.scenes import CUSTOMERS, ON_ITS_OWN, SCENES, SIGNED_OUT, Stage
from e2e.world import ROOT
from fleetfolk.users.models import User

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).parent / "pictures"
WIDE, NARROW = 1440, 390
FRAME = ".ff-tablewrap"
OFFLINE = ["htmx:sendError", "ERR_INTERNET_DISCONNECTED"]
MODAL = "dialog:modal"
REPEATED = ["tbody tr:nth-of-type(n + 9)", "[data-list] > li:nth-child(n + 9)"]
"""Rows like the eight before them: the same template made them, and they would take most of the time."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_scene(name: str, browse: Browsers, crowd: Crowd, **how: Any) -> Page:
    """A page in which the scene plays."""
    build = cache(partial(build_house, "Lumen Home"))
    page = browse(_player(name, crowd, build), **how)
    SCENES[name](Stage(page=page, crowd=crowd, build=build))
    complete(page)
    return page


def _player(name: str, crowd: Crowd, build: Callable[[], House]) -> User | None:
    """Whose browser the scene plays in."""
    if name in SIGNED_OUT:
        return None
    if name in CUSTOMERS:
        return build().customer("Bob Berg")
    return build().ada if name in ON_ITS_OWN else crowd.house.ada


def serious(page: Page, where: str, *, only_colours: bool = False) -> list[str]:
    """What axe finds serious or critical. Its source is evaluated, not added: the page's policy stays as it is."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # A finding is shown by its source, so nobody needs a selector for it. Of what axe can load beforehand, these tags'
    # rules ask for films and sounds alone; style sheets, each parsed anew, are for a rule that is not among them.
    options: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False, "preload": {"assets": ["media"]}}
    options["runOnly"] = {"type": "tag", "values": TAGS}
    if only_colours:
        options["runOnly"] = {"type": "rule", "values": ["color-contrast"]}
    # What is behind an open dialog is out of reach, and has a scene of its own.
    whole = MODAL if page.locator(MODAL).count() else "html"
    what = {"include": [[whole]], "exclude": [[rows] for rows in REPEATED]}
    run = f"axe.run({json.dumps(what)}, {json.dumps(options)}).then(({{violations}}) => violations)"
    found = page.evaluate(run)
    return [
        f"{where}: {one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]


def scrolls_sideways(page: Page, where: str) -> list[str]:
    """The page scrolls sideways: what sticks out of it."""
    culprits = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const out = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > width);
          return out.slice(-2).map(one => one.outerHTML.slice(0, 150));
        }"""
    )
    return [f"{where}: sticks out: {one}" for one in culprits]


def wider_than_their_frame(page: Page, where: str) -> list[str]:
    """Tables that stick out of the frame around them, where it does not scroll."""
    frames = page.locator(FRAME).evaluate_all(
        """frames => frames
          .filter(frame => getComputedStyle(frame).overflowX === "visible" && frame.scrollWidth > frame.clientWidth + 1)
          .map(frame => frame.scrollWidth - frame.clientWidth)"""
    )
    return [f"{where}: a table is {by} px wider than its frame" for by in frames]


def hollow(page: Page, where: str) -> list[str]:
    """Search fields that stand in a hole: their box is much higher than themselves."""
    boxes = page.locator(".ff-search:visible").evaluate_all(
        "boxes => boxes.map(box => box.offsetHeight - box.querySelector('input[type=search]').offsetHeight)"
    )
    return [f"{where}: {by} px of nothing around a search field" for by in boxes if by > 8]


@pytest.mark.parametrize("name", list(SCENES))
def test_everybody_can_use(name: str, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += OFFLINE
    page = open_scene(name, browse, crowd)
    found = serious(page, "1440 light")
    page.emulate_media(color_scheme="dark")
    found += serious(page, "1440 dark", only_colours=True)
    found += scrolls_sideways(page, "1440") + hollow(page, "1440") + wider_than_their_frame(page, "1440")
    for width in (1120, 900) if page.locator(FRAME).count() else ():
        page.set_viewport_size({"width": width, "height": 900})
        found += wider_than_their_frame(page, str(width))
    page.set_viewport_size({"width": NARROW, "height": 844})
    found += serious(page, "390 dark", only_colours=True)
    page.emulate_media(color_scheme="light")
    found += serious(page, "390 light")
    found += scrolls_sideways(page, "390") + hollow(page, "390")
    assert not found, "\n".join(found)


@pytest.mark.pictures
@pytest.mark.parametrize("name", list(SCENES))
def test_a_picture_of(name: str, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += OFFLINE
    PICTURES.mkdir(exist_ok=True)
    page = open_scene(name, browse, crowd)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        page.screenshot(path=PICTURES / f"{name}-{WIDE}-{theme}.png")
    page = open_scene(name, browse, crowd, width=NARROW)
    page.set_viewport_size({"width": NARROW, "height": 844})
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        page.screenshot(path=PICTURES / f"{name}-{NARROW}-{theme}.png")
