"""Everybody can use every page: no serious finding of axe in light, dark, wide and narrow; no scrolling sideways."""

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

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
REPEATED = [
    "tbody tr:nth-of-type(n + 9)",
    "[data-list] > li:nth-child(n + 9)",
    ".ff-nav a:not([aria-current]) ~ a:not([aria-current])",
]
"""Rows like the eight before them, links like the one before: the same template made them, and they would take most of
the time."""
ALONE = {"users-failing"}
"""Its browser is no longer connected to anything."""
SHARED = [name for name in SCENES if name not in SIGNED_OUT | CUSTOMERS | ON_ITS_OWN | ALONE]
"""Scenes that Ada of the crowd looks at and that change nothing."""
APART = [name for name in SCENES if name not in SHARED]
PARTS = 8
type Theme = Literal["light", "dark"]
THEMES: tuple[tuple[Theme, Theme], ...] = (("light", "dark"), ("dark", "light"))
"""Wide and narrow: by turns, so that what stands on many pages is seen in all four."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_scene(name: str, browse: Browsers, crowd: Crowd, **how: Any) -> Page:
    """A page in which the scene plays, in a browser of its own."""
    build = cache(partial(build_house, "Lumen Home"))
    page = browse(_player(name, crowd, build), **how)
    play(name, Stage(page=page, crowd=crowd, build=build))
    return page


def play(name: str, stage: Stage) -> None:
    """The scene is to be seen, whole."""
    SCENES[name](stage)
    complete(stage.page)


def _player(name: str, crowd: Crowd, build: Callable[[], House]) -> User | None:
    """Whose browser the scene plays in."""
    if name in SIGNED_OUT:
        return None
    if name in CUSTOMERS:
        return build().customer("Bob Berg")
    return build().ada if name in ON_ITS_OWN else crowd.house.ada


def serious(page: Page, where: str, *, aiming: bool) -> list[str]:
    """What axe finds serious or critical, with the sizes of what one aims at where that is asked for, which take long.

    Its source is evaluated, not added: the page's policy stays as it is.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # A finding is shown by its source, so nobody needs a selector for it. Of what axe can load beforehand, these tags'
    # rules ask for films and sounds alone; style sheets, each parsed anew, are for a rule that is not among them.
    options = {
        "resultTypes": ["violations"],
        "selectors": False,
        "preload": {"assets": ["media"]},
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"target-size": {"enabled": aiming}},
    }
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


def out_of_frame(page: Page, where: str) -> list[str]:
    """Buttons and fields that stick out of their card, or of the window where they are in none and nothing scrolls."""
    culprits = page.evaluate(
        """() => {
          const scrolls = (one) =>
            one && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
          const sticks = (one) => {
            const card = one.closest("[popover]") ? null : one.closest(".ff-card, .ff-tablewrap, .ff-empty, dialog");
            const { left, right } = one.getBoundingClientRect();
            const frame = (card ?? document.documentElement).getBoundingClientRect();
            return right > left + 1 && (right > frame.right + 1 || left < frame.left - 1);
          };
          return [...document.querySelectorAll(".btn, .form-control, .form-select")]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && sticks(one))
            .filter((one) => !scrolls(one.parentElement))
            .slice(0, 3)
            .map((one) => one.outerHTML.slice(0, 150));
        }"""
    )
    return [f"{where}: sticks out of its frame: {one}" for one in culprits]


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


def faults(page: Page, name: str, themes: tuple[Theme, Theme]) -> list[str]:
    """Whatever is wrong with the page, wide in the first theme and, as it stays, narrow in the other.

    Sizes of what one aims at are the same in both themes: they are measured in the light one.
    """
    wide, narrow = themes
    sized(page, WIDE, wide)
    found = serious(page, f"{name} {WIDE} {wide}", aiming=wide == "light") + scrolls_sideways(page, f"{name} {WIDE}")
    found += hollow(page, f"{name} {WIDE}") + wider_than_their_frame(page, f"{name} {WIDE}")
    found += out_of_frame(page, f"{name} {WIDE}")
    for width in (1360, 1120, 900) if page.locator(FRAME).count() else ():
        page.set_viewport_size({"width": width, "height": 900})
        found += wider_than_their_frame(page, f"{name} {width}")
    sized(page, NARROW, narrow)
    found += serious(page, f"{name} {NARROW} {narrow}", aiming=narrow == "light")
    found += scrolls_sideways(page, f"{name} {NARROW}") + hollow(page, f"{name} {NARROW}")
    found += out_of_frame(page, f"{name} {NARROW}")
    return found


def sized(page: Page, width: int, theme: Theme) -> None:
    """The page is so wide, in this theme."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 844})


@pytest.mark.parametrize("name", APART)
def test_everybody_can_use(name: str, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += OFFLINE
    found = faults(open_scene(name, browse, crowd), name, THEMES[APART.index(name) % 2])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_can_use_what_changes_nothing(part: int, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    """One scene after another in one browser, which knows the style sheet and the scripts by then."""
    page, found = browse(crowd.house.ada), list[str]()
    for number, name in enumerate(SHARED[part::PARTS]):
        page.goto("about:blank")
        sized(page, WIDE, "light")
        play(name, Stage(page=page, crowd=crowd, build=partial(build_house, "Lumen Home")))
        found += faults(page, name, THEMES[number % 2])
    assert not found, "\n".join(found)


@pytest.mark.pictures
@pytest.mark.parametrize("name", list(SCENES))
def test_a_picture_of(name: str, crowd: Crowd, browse: Browsers, watch: Watch) -> None:
    watch.tolerated += OFFLINE
    PICTURES.mkdir(exist_ok=True)
    for width in (WIDE, NARROW):
        page = open_scene(name, browse, crowd, width=width)
        for theme in THEMES[0]:
            sized(page, width, theme)
            page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png")
