"""An icon that a page names is in the sprite: frontend/icons.txt lists what the build puts there."""

import re
from pathlib import Path

import fleetfolk

PACKAGE = Path(fleetfolk.__file__).parent
LISTED = PACKAGE.parents[1] / "frontend" / "icons.txt"
IN_TEMPLATES = re.compile(r"""(?:\{% icon |\bicon[a-z_]*=|\bicon\|default:)["']([a-z0-9-]+)["']""")
IN_CODE = re.compile(r"""\bicon(?:=|["']: )["']([a-z0-9-]+)["']""")


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    listed = set(LISTED.read_text().split())
    used = {
        (name, str(path.relative_to(PACKAGE)))
        for suffix, pattern in ((".html", IN_TEMPLATES), (".py", IN_CODE))
        for path in PACKAGE.rglob(f"*{suffix}")
        if not {"tests", "platform"} & set(path.parts)  # The platform's icons are words for other programs.
        for name in pattern.findall(path.read_text())
    }
    assert not {(name, path) for name, path in used if name not in listed}
    assert len(used) > 30


def test_every_icon_in_the_sprite_is_named_somewhere() -> None:
    sources = "\n".join(
        path.read_text()
        for folder, suffixes in ((PACKAGE, (".html", ".py", ".js")), (LISTED.parent, (".js", ".css", ".mjs")))
        for path in folder.rglob("*")
        if path.suffix in suffixes and not {"static", "tests", "migrations"} & set(path.parts)
    )
    words = set(re.findall(r"[a-z0-9-]+", sources))
    assert not sorted(set(LISTED.read_text().split()) - words)
