"""Everybody can use every page of devices: group by group in one browser, in both themes and widths."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from e2e.browsers import Browsers, Watch
from e2e.crowd import Crowd
from e2e.fleet import Fleet, fleet
from e2e.scenes_of_devices import ASSISTED, GROUPS, NOBODY_YET, PORTAL
from e2e.test_access import NARROW, PICTURES, THEMES, WIDE, faults, sized
from e2e.world import Installation
from fleetfolk.users.models import User

BROUGHT_ABOUT = ["htmx:sendError", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
FINGER = 44
"""Pixels that a finger needs (WCAG 2.2, 2.5.5)."""
TOO_SMALL = """least => [...document.querySelectorAll("main :is(button, select, summary, input, .btn, nav a)")]
  .filter(one => one.type !== "hidden" && one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr, label"))
  .filter(one => {
    const around = getComputedStyle(one, "::after");
    const room = around.position === "absolute" ? parseFloat(around.height) || 0 : 0;
    return Math.max(one.getBoundingClientRect().height, room) < least - 0.5;
  })
  .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def stage(installation: Installation) -> Fleet:
    """The tenant with devices in every state."""
    return fleet()


def player(group: str, stage: Fleet, crowd: Crowd) -> User:
    """Whose browser the group plays in."""
    if group == NOBODY_YET:
        return crowd.house.ada
    return stage.bob if group in PORTAL else stage.house.ada


def played(group: str, page: Page, stage: Fleet) -> Iterator[str]:
    """The scenes of the group one after the other, each with its name."""
    for name, way in GROUPS[group].items():
        way(page, stage)
        yield name


@pytest.mark.parametrize("group", list(GROUPS))
def test_everybody_can_use_what_is_about_devices(
    group: str, stage: Fleet, crowd: Crowd, browse: Browsers, watch: Watch
) -> None:
    watch.tolerated += BROUGHT_ABOUT
    page, found = browse(player(group, stage, crowd)), list[str]()
    for number, name in enumerate(played(group, page, stage)):
        found += faults(page, name, THEMES[number % 2])
        if group in PORTAL:
            found += [f"{name} 390: too small for a finger: {one}" for one in page.evaluate(TOO_SMALL, FINGER)]
        sized(page, WIDE, "light")
    assert not found, "\n".join(found)


@pytest.mark.pictures
@pytest.mark.parametrize("group", list(GROUPS))
def test_pictures_of_devices(group: str, stage: Fleet, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += BROUGHT_ABOUT
    PICTURES.mkdir(exist_ok=True)
    for width in (WIDE, NARROW):
        page = browse(player(group, stage, crowd), width=width)
        for name in played(group, page, stage):
            for theme in THEMES[0]:
                sized(page, width, theme)
                page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png")
            sized(page, width, "light")
        if group == ASSISTED:
            page.get_by_role("button", name="Stop").click()
