"""Everything that streams a file is in the table of addresses, and is attacked there as pages are."""

import re
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from fleetfolk.config.tests.test_attack_table_of_urls import ELSEWHERE, PUBLIC, ROWS

PACKAGE = Path(__file__).resolve().parents[2]
_FILE = re.compile(r"StreamingHttpResponse\(|FileResponse\(|Content-Disposition|download_from|report_file")
_TESTS = re.compile(r"([a-z]+(?:/\w+)*/tests/test_\w+)")


def views(resolver: URLResolver, space: str = "") -> list[tuple[str, str]]:
    """The name of every address, and the module of its view."""
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            view = pattern.callback
            while hasattr(view, "__wrapped__"):
                view = view.__wrapped__
            found.append((f"{space}{pattern.name}", view.__module__))
        else:
            found += views(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
    return found


DOWNLOADS = sorted(
    {
        name
        for name, module in views(get_resolver())
        if module.startswith("fleetfolk.")
        and not module.startswith("fleetfolk.demo")
        and _FILE.search((PACKAGE / f"{module.removeprefix('fleetfolk.').replace('.', '/')}.py").read_text())
    }
)
"""Addresses of the modules that answer with files. Their pages stand in the table, too: more is asked, never less."""


def test_there_are_downloads() -> None:
    assert {"jobs:problems", "users:take-export", "segments:download", "inbox:file"} <= set(DOWNLOADS)


def test_a_download_is_crossed_with_everybody_or_says_which_test_does() -> None:
    crossed = {row.name for row in ROWS} | set(PUBLIC)
    said = {name: ELSEWHERE[name] for name in DOWNLOADS if name not in crossed}
    assert not {name: why for name, why in said.items() if not _TESTS.search(why)}


def test_the_tests_that_are_named_are_there() -> None:
    named = {(name, file) for name, why in {**PUBLIC, **ELSEWHERE}.items() for file in _TESTS.findall(why)}
    assert named
    assert not {(name, file) for name, file in named if not list(PACKAGE.glob(f"{file}*.py"))}
