import io
import time
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping, guess_mapping
from fleetfolk.users.importing.problems import FileReason, RowProblem, RowReason, UnreadableFile
from fleetfolk.users.importing.reading import CsvFile, Record
from fleetfolk.users.importing.rows import ImportRow, check_rows
from fleetfolk.users.importing.seen import SeenEmails

FIELDS = (
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.EMAIL,
    Field.PHONE,
    Field.ROLE,
    Field.LOCATION,
    Field.TAGS,
    Field.NAME,
)
MAPPING = ColumnMapping({field: index for index, field in enumerate(FIELDS)})


def record(line: int = 2, **values: str) -> Record:
    given = {"first_name": "Ada", "email": "ada@example.org", **values}
    return Record(line, tuple(given.get(field.value, "") for field in FIELDS))


def checked(records: Iterable[Record], country: str | None = None) -> list[ImportRow | RowProblem]:
    return list(check_rows(records, MAPPING, columns=len(FIELDS), default_country=country))


def row(**values: str) -> ImportRow:
    (result,) = checked([record(2, **values)], "DE")
    assert isinstance(result, ImportRow), result
    return result


def problem(**values: str) -> RowProblem:
    (result,) = checked([record(2, **values)], "DE")
    assert isinstance(result, RowProblem), result
    assert "%" not in result.sentence
    return result


def test_a_row_is_cleaned_and_normal() -> None:
    result = row(
        first_name=" Ada ",
        last_name="King\nNoel",
        email=" ADA@Example.org ",
        phone="0171 1234567",
        role="Admin ",
        location="Köln  Süd",
        tags="VIP; Wartung ,VIP",
    )
    assert result == ImportRow(
        line=2,
        first_name="Ada",
        last_name="King Noel",
        email="ada@example.org",
        phone="+491711234567",
        role="Admin",
        location="Köln Süd",
        organization="",
        tags=("VIP", "Wartung"),
    )


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"email": ""}, Field.EMAIL, RowReason.EMAIL_MISSING),
        ({"email": "a@x.org, b@x.org"}, Field.EMAIL, RowReason.EMAIL_SEVERAL),
        ({"email": "ıda@x.org"}, Field.EMAIL, RowReason.EMAIL_LOOKALIKE),
        ({"first_name": ""}, Field.NAME, RowReason.NAME_MISSING),
        ({"first_name": "-", "last_name": "."}, Field.NAME, RowReason.NAME_MISSING),
        ({"first_name": "", "name": "ada@example.org"}, Field.NAME, RowReason.NAME_MISSING),
        ({"first_name": "x" * 61}, Field.FIRST_NAME, RowReason.TOO_LONG),
        ({"first_name": "", "name": "Ada " + "x" * 61}, Field.NAME, RowReason.TOO_LONG),
        ({"last_name": "eve\u202eada"}, Field.LAST_NAME, RowReason.CONTROL_CHARACTER),
        ({"last_name": "M\ufffdller"}, Field.LAST_NAME, RowReason.DAMAGED_TEXT),
        ({"phone": "4.91761E+11"}, Field.PHONE, RowReason.PHONE_DAMAGED),
        ({"location": "x" * 49}, Field.LOCATION, RowReason.TOO_LONG),
        ({"role": "Ad\x07min"}, Field.ROLE, RowReason.CONTROL_CHARACTER),
        ({"tags": "VIP," + "x" * 25}, Field.TAGS, RowReason.TOO_LONG),
    ],
)
def test_a_wrong_value_is_told_with_its_field(values: dict[str, str], field: Field, reason: RowReason) -> None:
    result = problem(**values)
    assert (result.line, result.field, result.reason) == (2, field, reason)


def test_a_whole_name_is_split_only_where_there_are_no_parts() -> None:
    assert (row(first_name="", name="Lovelace, Ada").last_name) == "Lovelace"
    parts = row(first_name="Ada", last_name="King", name="Lovelace, Ada")
    assert (parts.first_name, parts.last_name) == ("Ada", "King")


def test_one_name_is_enough() -> None:
    assert row(first_name="", last_name="Suharto").first_name == ""


@pytest.mark.parametrize("phone", ["'+49 171 1234567", '="+49 171 1234567"', "'0049 171 1234567".lstrip("'")])
def test_what_an_exporter_did_against_formulas_is_undone(phone: str) -> None:
    assert row(phone=phone).phone == "+491711234567"
    assert row(email="'+tag@example.org").email == "+tag@example.org"


def test_an_apostrophe_of_a_name_stays() -> None:
    assert row(last_name="'t Hooft").last_name == "'t Hooft"


def test_values_without_a_column_are_told_and_blank_ones_ignored() -> None:
    extra = Record(2, (*record().cells, "Berlin"))
    (result,) = checked([extra])
    assert isinstance(result, RowProblem)
    assert (result.reason, result.field) == (RowReason.SURPLUS_CELLS, None)
    assert isinstance(checked([Record(2, (*record().cells, "", " "))])[0], ImportRow)


def test_the_second_row_with_an_address_names_the_first() -> None:
    results = checked([record(2), record(3, email="b@x.org"), record(4, email="ADA@example.org")])
    assert isinstance(results[2], RowProblem)
    assert (results[2].reason, dict(results[2].values)) == (RowReason.REPEATED, {"first_line": 2})
    assert "2" in results[2].sentence


def test_a_refused_row_does_not_stand_in_the_way_of_a_right_one() -> None:
    results = checked([record(2, phone="call me"), record(3)])
    assert [type(result) for result in results] == [RowProblem, ImportRow]


def test_rows_are_drawn_one_at_a_time() -> None:
    drawn: list[int] = []

    def source() -> Iterable[Record]:
        for line in range(2, 10):
            drawn.append(line)
            yield record(line, email=f"p{line}@x.org")

    results = check_rows(source(), MAPPING, columns=len(FIELDS))
    next(results)
    assert drawn == [2]


def test_an_unknown_country_or_a_mapping_without_a_name_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="country"):
        check_rows([], MAPPING, columns=8, default_country="XX")
    with pytest.raises(ValueError, match="name"):
        check_rows([], ColumnMapping({Field.EMAIL: 0}), columns=8)


def test_a_hundred_thousand_addresses_are_remembered() -> None:
    with SeenEmails() as seen:
        assert all(seen.first_line(f"p{line}@example.org", line) is None for line in range(100_000))
        assert seen.first_line("p4711@example.org", 200_000) == 4711


@settings(max_examples=200)
@given(st.lists(st.text(max_size=12), min_size=8, max_size=9))
def test_no_row_whatsoever_does_more_than_be_refused(cells: list[str]) -> None:
    for result in checked([Record(2, tuple(cells))], "DE"):
        if isinstance(result, RowProblem):
            assert result.sentence
        else:
            assert result.email.isascii()


@settings(max_examples=200)
@given(st.binary(max_size=200))
@example(b"\0\1")
def test_no_bytes_whatsoever_do_more_than_be_refused(data: bytes) -> None:
    try:
        file = CsvFile.open(io.BytesIO(b"Name,Email\n" + data))
        if len(file.columns) < 2:
            list(file.records())  # Read as UTF-16, the first line has one column: nothing that could be imported.
            return
        mapping = ColumnMapping({Field.NAME: 0, Field.EMAIL: 1})
        list(check_rows(file.records(), mapping, columns=len(file.columns), default_country="DE"))
    except UnreadableFile as error:
        assert error.reason in FileReason  # noqa: PT017


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "value", ["@" * 100_000, "a@" + "." * 100_000 + " ", " +" * 50_000, "(" * 100_000, "tel " * 30_000]
)
def test_an_endless_value_is_refused_at_once(field: Field, value: str) -> None:
    began = time.process_time()
    checked([record(2, **{field.value: value})], "DE")
    assert time.process_time() - began < 1


def test_endless_headers_and_values_are_guessed_at_once() -> None:
    began = time.process_time()
    text = f"{'(' * 100_000},Email\na@{'.' * 100_000} x,a@x.org\n"
    file = CsvFile.open(io.BytesIO(text.encode()))
    assert guess_mapping(file.columns, file.sample()).as_json() == {"email": 1}
    assert time.process_time() - began < 1
