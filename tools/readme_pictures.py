"""Takes the pictures of the README anew, of a demo that runs: `python tools/readme_pictures.py [ADDRESS]`.

Each is a WebP below 150 kB in docs/pictures/. The browser is that of the journeys (FLEETFOLK_CHROMIUM, or the path's).
"""

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
LARGEST = 150_000
PASSWORD = "fleetfolk demo"  # noqa: S105 - the demo's own, printed at its start
AGENT, CUSTOMER = "ada@lumenhome.example", "a.oberhuber@weissenberg.example"
WIDE, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture: whose, of which page, how; `shows` is there once the page is drawn."""

    name: str
    path: str
    shows: str
    person: str = AGENT
    size: tuple[int, int] = WIDE
    theme: str = "light"
    scale: float = 1


SHOTS = (
    Shot(name="users", path="/users/", shows="#people tr[data-row]"),
    Shot(name="person", path="/find/?q=Oberhuber", shows="#profile-header"),
    Shot(name="action-log", path="/action-log/?period=month", shows="#log-chart svg"),
    Shot(name="lookup", path="/lookup/?q=ober", shows="#pane [data-person]", theme="dark"),
    Shot(name="portal", path="/", shows="#tiles [data-when=live]", person=CUSTOMER, size=PHONE, scale=2),
)


def take(shot: Shot, browser: Browser, address: str) -> bytes:
    """The picture as a PNG."""
    width, height = shot.size
    page = browser.new_page(
        base_url=address,
        viewport={"width": width, "height": height},
        device_scale_factor=shot.scale,
        color_scheme="dark" if shot.theme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(shot.person)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(shot.path)
    if shot.name == "person":
        page.get_by_role("main").get_by_role("link", name="Annegret Oberhuber-Weißenberg").first.click()
    _drawn(page, shot.shows)
    taken = page.screenshot()
    page.close()
    return taken


def _drawn(page: Page, shows: str) -> None:
    """Everything that comes by itself is there, in its own letters."""
    page.locator(shows).first.wait_for()
    page.locator(".htmx-request, [data-chart]:empty, [data-map]:empty").first.wait_for(state="detached")
    page.evaluate("document.fonts.ready")
    if "live" not in shows:  # A live page keeps its connection.
        page.wait_for_load_state("networkidle")


def smallest(png: bytes) -> bytes:
    """The picture as a WebP that is small enough, as good as it can be."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (90, 80, 70, 60):
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= LARGEST:
            return file.getvalue()
    raise SystemExit(f"The picture is larger than {LARGEST:,} bytes.")


def main() -> None:
    """Every picture is in docs/pictures/."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
    program = os.environ.get("FLEETFOLK_CHROMIUM") or shutil.which("chromium")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--hide-scrollbars"])
        for shot in SHOTS:
            file = FOLDER / f"{shot.name}.webp"
            file.write_bytes(smallest(take(shot, browser, address)))
            print(f"wrote docs/pictures/{file.name} ({file.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
