"""The register of attacks is whole: each has its guards, each guard its lines and its tests, and each was tried."""

import ast
from functools import cache
from pathlib import Path

import pytest

from fleetfolk.testing.attacks import ATTACKS, Attack, Guard, proved

PACKAGE = Path(__file__).resolve().parents[2]
NUMBERS = range(1, 47)
GUARDS = [(attack, guard) for attack in ATTACKS for guard in attack.guards]
_IDS = [f"{attack.number}-{guard.where}" for attack, guard in GUARDS]


@cache
def named_in(file: Path) -> frozenset[str]:
    """Every test of the file, as pytest names it."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return frozenset(found)


def test_every_attack_is_there_once_and_in_order() -> None:
    assert [attack.number for attack in ATTACKS] == list(NUMBERS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.number))
def test_an_attack_has_guards_or_says_why_it_has_none(attack: Attack) -> None:
    assert bool(attack.guards) is not bool(attack.missing)
    assert all(guard.tests for guard in attack.guards)


@pytest.mark.parametrize(("attack", "guard"), GUARDS, ids=_IDS)
def test_the_lines_of_a_guard_stand_in_its_file_once(attack: Attack, guard: Guard) -> None:
    source = (PACKAGE / guard.file).read_text(encoding="utf-8")
    assert source.count(guard.old) == 1
    assert guard.old != guard.new
    name = guard.where.partition(":")[2].rpartition(".")[2]
    assert name in source, "the function that is named is another one now"


@pytest.mark.parametrize(("attack", "guard"), GUARDS, ids=_IDS)
def test_the_tests_of_a_guard_are_there(attack: Attack, guard: Guard) -> None:
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert name.partition("[")[0] in named_in(PACKAGE / file), test


@pytest.mark.parametrize(("attack", "guard"), GUARDS, ids=_IDS)
def test_a_guard_was_taken_away_once_and_its_tests_failed(attack: Attack, guard: Guard) -> None:
    """`python tools/mutate.py NUMBER --record` does that; it must be done anew when lines or tests are others."""
    assert guard.digest in proved()
    assert proved()[guard.digest].failed >= len(guard.tests)
