"""No link is built from what a request says the host is: there is one origin, and nothing asks for another."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2]
ASKS = re.compile(r"build_absolute_uri|\.get_host\(|get_current_site|HTTP_HOST|X_FORWARDED_HOST|get_raw_uri|get_port\(")
WRITES_MAIL = re.compile(r"hand_over\(|EmailMultiAlternatives|send_mail\(")
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_asks_a_request_for_its_host(path: Path) -> None:
    assert not ASKS.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [path for path in SOURCES if WRITES_MAIL.search(path.read_text(encoding="utf-8"))])
def test_what_writes_mails_takes_reversed_paths_below_the_origin_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"^.*\breverse\(.*$", text, re.MULTILINE)
    assert not [line for line in links if "FLEETFOLK_ORIGIN" not in line and "origin" not in line.lower()], links
