"""What datastreams take, crop, refuse and show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetfolk.devices.values import LONGEST_STRING, Stream, WrongValue, parse, shown, take, written

KINDS = ("integer", "double", "string", "enumerable", "location", "boolean")
CHOICES = [{"value": 0, "label": "Off"}, {"value": 2, "label": "Boost"}]


def stream(kind: str, **more: Any) -> Stream:
    return Stream(id=1, pin=1, name="It", kind=kind, choices=CHOICES, **more)


@pytest.mark.parametrize(
    ("kind", "texts", "expected"),
    [
        ("integer", ["100"], 100),
        ("integer", ["25.000"], 25),
        ("integer", ["-7"], -7),
        ("integer", ["99999999999"], 2_147_483_647),
        ("double", ["22.5"], 22.5),
        ("double", [" 1e3 "], 1000.0),
        ("double", ["-.5"], -0.5),
        ("string", ["grün & so"], "grün & so"),
        ("string", [""], ""),
        ("enumerable", ["2"], 2),
        ("boolean", ["1"], True),
        ("boolean", ["False"], False),
        ("location", ["13.4", "52.5"], [13.4, 52.5]),
        ("location", ["13.4,52.5"], [13.4, 52.5]),
    ],
)
def test_texts_become_values(kind: str, texts: list[str], expected: object) -> None:
    value = parse(stream(kind), texts)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("integer", ["1.5"]),
        ("integer", ["1_000"]),
        ("integer", ["٣"]),
        ("integer", [""]),
        ("double", ["nan"]),
        ("double", ["inf"]),
        ("double", ["1e999"]),
        ("double", ["0x10"]),
        ("double", ["1", "2"]),
        ("string", ["a\0b"]),
        ("string", ["ü" * (LONGEST_STRING // 2 + 1)]),
        ("string", ["\ud800"]),
        ("enumerable", ["1"]),
        ("boolean", ["2"]),
        ("location", ["181", "0"]),
        ("location", ["0", "91"]),
        ("location", ["1"]),
        ("location", []),
    ],
)
def test_what_is_of_another_type_is_refused(kind: str, texts: list[str]) -> None:
    with pytest.raises(WrongValue):
        parse(stream(kind), texts)


def test_numbers_are_cropped_to_the_range() -> None:
    target = stream("double", minimum=5.0, maximum=30.0)
    assert [parse(target, [text]) for text in ("4.9", "31", "20")] == [5.0, 30.0, 20.0]
    level = stream("integer", minimum=0.5, maximum=9.5)
    assert [parse(level, [text]) for text in ("0", "12")] == [1, 9]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("integer", 7, 7),
        ("double", 7, 7.0),
        ("boolean", True, True),
        ("boolean", 0, False),
        ("string", "x", "x"),
        ("string", 12, "12"),
        ("location", [13.4, 52], [13.4, 52.0]),
        ("integer", "7", 7),
    ],
)
def test_json_becomes_values(kind: str, given: object, expected: object) -> None:
    value = take(stream(kind), given)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("integer", True),
        ("integer", 1.5),
        ("double", 10**400),
        ("double", None),
        ("location", [True, 1]),
        ("location", [1]),
        ("location", "x"),
        ("string", ["a"]),
        ("boolean", 2),
        ("enumerable", {"value": 2}),
    ],
)
def test_json_of_another_type_is_refused(kind: str, given: object) -> None:
    with pytest.raises(WrongValue):
        take(stream(kind), given)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(kind=st.sampled_from(KINDS), texts=st.lists(st.text(), max_size=3), value=JSON)
def test_anything_is_a_value_or_refused_and_nothing_else(kind: str, texts: list[str], value: Any) -> None:
    for read, given_value in ((parse, texts), (take, value)):
        try:
            found = read(stream(kind), given_value)
        except WrongValue:
            continue
        assert parse(stream(kind), [written(stream(kind), found)]) == found
        assert isinstance(shown(stream(kind), found), str)


def test_people_read_values_in_words() -> None:
    assert shown(stream("double", decimals=1, units="°C"), 21.46) == "21.5 °C"
    assert shown(stream("double"), 0.1) == "0.1"
    assert shown(stream("integer", units="W"), 1204) == "1,204 W"
    assert shown(stream("double", decimals=1), 12345.67) == "12,345.7"
    assert shown(stream("boolean"), True) == "On"
    assert shown(stream("enumerable"), 2) == "Boost"
    assert shown(stream("location"), [13.4, 52.5]) == "52.50000, 13.40000"
    assert shown(stream("integer"), None) == ""
