"""No link is built from what a request says the host is: there is one origin, and nothing asks for another."""

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
ASKS = re.compile(r"build_absolute_uri|\.get_host\(|get_current_site|HTTP_HOST|X_FORWARDED_HOST|get_raw_uri|get_port\(")
WRITES_MAIL = re.compile(r"hand_over\(|EmailMultiAlternatives|send_mail\(")
REVERSED = re.compile(r"^.*\breverse\(.*$", re.MULTILINE)
SOURCES = {
    str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if "tests" not in path.parts
}


def test_nothing_asks_a_request_for_its_host() -> None:
    assert not {name: asked for name, text in SOURCES.items() if (asked := ASKS.findall(text))}


def test_what_writes_mails_takes_reversed_paths_below_the_origin_alone() -> None:
    writers = {name: text for name, text in SOURCES.items() if WRITES_MAIL.search(text)}
    assert writers
    links = [f"{name}: {line}" for name, text in writers.items() for line in REVERSED.findall(text)]
    assert not [line for line in links if "FLEETFOLK_ORIGIN" not in line and "origin" not in line.lower()]
