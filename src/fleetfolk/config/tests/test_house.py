"""The house is as it is drawn: ARCHITECTURE.md, the contracts of imports, and what each package says of itself."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import fleetfolk

PACKAGE = Path(fleetfolk.__file__).parent
ROOT = PACKAGE.parents[1]
LONGEST, LONGEST_TEST = 400, 450
LONGER = {
    "src/fleetfolk/demo/story.py": "one teller of one story, whose parts share what was told before",
    "src/fleetfolk/segments/tests/story.py": "the slow, obvious twin of all rules, to compare with",
}
"""Longer than a file may be, and why."""


def sources(*suffixes: str) -> list[Path]:
    """What people write here, and nothing that is built or installed."""
    folders = [ROOT / name for name in ("src", "bench", "e2e", "tools", "frontend", "docs")]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes]
    found += [path for path in ROOT.glob("*") if path.suffix in suffixes]
    return sorted(path for path in found if not {"static", "migrations", "__pycache__"} & set(path.parts))


def layers() -> list[str]:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(said["tool"]["importlinter"]["contracts"][0]["layers"])


def drawn() -> list[str]:
    picture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = picture.partition("| package | holds |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_the_picture_of_the_house_is_the_contract_of_its_imports() -> None:
    assert drawn() == layers()


def test_the_picture_names_every_package() -> None:
    assert set(drawn()) == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_every_package_says_what_it_owns() -> None:
    silent = [
        str(path.parent.relative_to(PACKAGE))
        for path in PACKAGE.rglob("__init__.py")
        if not {"tests", "migrations", "management", "templatetags"} & set(path.parts)
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_file_is_long_without_a_reason() -> None:
    long = set()
    for path in sources(".py", ".js", ".mjs", ".css"):
        name = path.relative_to(ROOT).as_posix()
        most = LONGEST_TEST if "/tests/" in name or name.startswith("e2e/") else LONGEST
        if len(path.read_text("utf-8").splitlines()) > most:
            long.add(name)
    assert not long - LONGER.keys(), "split these by what they are about"
    assert not LONGER.keys() - long, "these are short by now"


@pytest.mark.parametrize("path", sources(".md"), ids=lambda path: path.name)
def test_links_in_documents_lead_somewhere(path: Path) -> None:
    """To a file that is there and, where they name one, to a heading in it. So do paths of code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
        if re.match(r"[a-z][a-z+.-]*:", link):
            continue
        name, _, heading = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (heading and heading not in headings(target)):
            dead.append(link)
    code = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|js|css|json|toml))`", text)
    dead += [name for name in code if not any((base / name).exists() for base in (ROOT, PACKAGE, path.parent))]
    assert not dead


def headings(path: Path) -> set[str]:
    """The anchors of the document's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
