"""Everybody has initials and keeps their colour."""

import pytest

from fleetfolk.console.initials import colour_of, initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Annegret Oberhuber-Weißenberg", "AO"),
        ("Ólafur Þorbergsson", "ÓÞ"),
        ("E\u0301lodie", "É"),
        ("佐藤 美咲", "佐"),
        ("ليلى حداد", "ل"),
        ("ada@lumen.example", "A"),
        ("(Bob) “Builder”", "BB"),
        ("ßeta Alpha", "SSA"),
        ("", "?"),
        ("— !", "?"),
    ],
)
def test_initials_stand_for_a_name_in_any_script(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_colour_depends_on_the_id_alone() -> None:
    assert [colour_of(identity) for identity in (6, 7, 12, 13)] == ["c1", "c2", "c1", "c2"]
