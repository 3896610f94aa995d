import codecs
import csv
import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.users.importing.problems import FileReason, UnreadableFile
from fleetfolk.users.importing.reading import LONGEST_RECORD, MOST_COLUMNS, CsvFile, Layout


def opened(data: bytes) -> CsvFile:
    return CsvFile.open(io.BytesIO(data))


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [record.cells for record in opened(data).records()]


def refusal(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(opened(data).records())
    assert "%" not in caught.value.sentence
    return caught.value


def workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


HEAD = "Name,Email\r\n"

REFUSALS: dict[str, tuple[bytes, FileReason, int | None]] = {
    "an empty file": (b"", FileReason.EMPTY, None),
    "a file of blank lines": (b"\r\n\r\n , \r\n", FileReason.EMPTY, None),
    "nothing but a byte order mark": (codecs.BOM_UTF8, FileReason.EMPTY, None),
    "a header without people": (HEAD.encode(), FileReason.NO_ROWS, None),
    "a person where the header should be": (b"Ada,ada@example.org\nBob,bob@example.org\n", FileReason.NO_HEADER, 1),
    "a person below blank lines": (b"\n\nAda,ada@example.org\nBob,bob@example.org\n", FileReason.NO_HEADER, 3),
    "an Excel workbook": (workbook(), FileReason.WORKBOOK, None),
    "an old Excel workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), FileReason.WORKBOOK, None),
    "a web page": (b"\xef\xbb\xbf<!DOCTYPE html><table><tr><td>Name", FileReason.MARKUP, None),
    "a JSON file": (b'[{"name": "Ada", "email": "ada@example.org"}]', FileReason.MARKUP, None),
    "JSON in lines": (b'{"email": "ada@example.org"}\n', FileReason.MARKUP, None),
    "a vCard": (b"BEGIN:VCARD\r\nFN:Ada\r\n", FileReason.MARKUP, None),
    "a compressed file": (gzip.compress(b"Name,Email"), FileReason.BINARY, None),
    "a program": (bytes(range(256)) * 8, FileReason.BINARY, None),
    "a NUL in a name": (
        HEAD.encode() + b"Ada,ada@example.org\r\nB\0b,b@example.org\r\n" + b"x" * 200,
        FileReason.NUL,
        3,
    ),
    "too many columns": (b",".join([b"x"] * (MOST_COLUMNS + 1)) + b"\n1\n", FileReason.TOO_WIDE, None),
    "a quotation mark that is not closed": (
        b'Name,Email\nAda,a@x.org\n"Bob,b@x.org\nEve,',
        FileReason.UNTERMINATED_QUOTE,
        3,
    ),
    "a quotation mark that is not closed in a long file": (
        b'Name,Email\nAda,a@x.org\n"Bob,b@x.org\n' + b"Eve,e@x.org\n" * 200_000,
        FileReason.UNTERMINATED_QUOTE,
        3,
    ),
    "a line without an end": (b"Name,Email\n" + b"x" * (LONGEST_RECORD + 10), FileReason.LINE_TOO_LONG, 2),
    "a file of one endless line": (b"x" * (3 * LONGEST_RECORD), FileReason.LINE_TOO_LONG, 1),
}


@pytest.mark.parametrize(("data", "reason", "line"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_no_list_of_people_is_refused_with_a_sentence(
    data: bytes, reason: FileReason, line: int | None
) -> None:
    error = refusal(data)
    assert (error.reason, error.line) == (reason, line)


def test_a_workbook_is_told_to_be_saved_as_csv() -> None:
    assert "CSV" in refusal(workbook()).sentence


ENCODINGS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with a mark": ("utf-8", codecs.BOM_UTF8),
    "UTF-16 little-endian with a mark": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 big-endian with a mark": ("utf-16-be", codecs.BOM_UTF16_BE),
    "UTF-16 little-endian": ("utf-16-le", b""),
    "UTF-16 big-endian": ("utf-16-be", b""),
    "Windows-1252": ("cp1252", b""),
}


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS.values(), ids=ENCODINGS)
def test_an_encoding_is_found(encoding: str, mark: bytes) -> None:
    file = opened(mark + "Name;Email;Größe\r\nZoë “Z” Müller;zoe@example.org;€ 5\r\n".encode(encoding))
    assert [column.name for column in file.columns] == ["Name", "Email", "Größe"]
    assert [record.cells for record in file.records()] == [("Zoë “Z” Müller", "zoe@example.org", "€ 5")]


def test_an_umlaut_far_down_decides_the_encoding() -> None:
    plain = b"Name,Email\n" + b"Ada,ada@example.org\n" * 50_000
    assert opened(plain).layout.encoding == "utf-8"
    assert opened(plain + "Zoë,z@x.org\n".encode("cp1252")).layout.encoding == "cp1252"


def test_the_five_undefined_bytes_of_windows_1252_become_control_characters() -> None:
    assert cells(b"Name,Email\nM\xfcller \x81\x8d\x8f\x90\x9d,m@x.org\n") == [
        ("Müller \x81\x8d\x8f\x90\x9d", "m@x.org")
    ]


def test_a_broken_byte_spoils_its_own_row_and_not_the_file() -> None:
    data = b"Name,Email\n" + "Zoë Müller,z@x.org\n".encode() * 10 + b"M\xfcller,m@x.org\n"
    read = cells(data)
    assert read[0][0] == "Zoë Müller"
    assert read[-1][0] == "M\ufffdller"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Name,Email\nAda,a@x.org\n", ","),
        ("Name;Email\nAda;a@x.org\n", ";"),
        ("Name\tEmail\nAda\ta@x.org\n", "\t"),
        ("Name|Email\nAda|a@x.org\n", "|"),
        ("Name;Email\n“Lovelace, Ada”;a@x.org\n“Hopper, Grace”;g@x.org\n", ";"),
        ('Name;Email\n"a, b, c";a@x.org\n"d, e, f";g@x.org\n', ";"),
        ("Name (last, first);Email;Site\nAda;a@x.org;\nBob;b@x.org\n", ";"),
        ("Name,Email,Tags\nAda,a@x.org,x;y;z\nBob,b@x.org,x;y;z\n", ","),
        ("Email\na@x.org\nb@x.org\n", ","),
        ('"Email"\n"a;b@x.org"\n', ","),
        ("sep=;\nName,First;Email\nAda;a@x.org\n", ";"),
        ("sep=\t\r\nName\tEmail\r\nAda\ta@x.org\r\n", "\t"),
        ('"sep=|"\nName|Email\nAda|a@x.org\n', "|"),
    ],
)
def test_a_separator_is_found(text: str, delimiter: str) -> None:
    assert opened(text.encode()).layout.delimiter == delimiter


def test_a_space_after_the_separator_is_no_part_of_a_quoted_value() -> None:
    assert cells(b'Name, Email\n"Lovelace, Ada", "a@x.org"\n"Hopper, Grace", "g@x.org"\n')[0] == (
        "Lovelace, Ada",
        "a@x.org",
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(newline: str) -> None:
    text = newline.join(["sep=,", "Name,Email,Note", "", 'Ada,a@x.org,"two', 'lines"', ",,", "Bob,b@x.org,", ""])
    records = list(opened(text.encode()).records())
    assert [(record.line, record.cells[0]) for record in records] == [(4, "Ada"), (7, "Bob")]
    assert records[0].cells[2] == f"two{newline}lines"


def test_doubled_quotation_marks_are_one() -> None:
    assert cells(b'Name,Email\n"Ada ""Countess"" Lovelace",a@x.org\n')[0][0] == 'Ada "Countess" Lovelace'


def test_a_short_row_is_filled_and_a_long_one_is_left() -> None:
    assert cells(b"A,B,C\n1\n1,2,3,4\n") == [("1", "", ""), ("1", "2", "3", "4")]


def test_columns_with_the_same_name_or_none_can_be_told_apart() -> None:
    columns = opened(b'Email,email,,"",Email (2)\n1,2,3,4,5\n').columns
    names = [column.name for column in columns]
    assert names == ["Email", "email (2)", "Column 3", "Column 4", "Email (2) (2)"]
    assert [column.header for column in columns] == ["Email", "email", "", "", "Email (2)"]


def test_an_end_of_file_mark_of_old_programs_is_no_row() -> None:
    assert cells(b"Name,Email\r\nAda,a@x.org\r\n\x1a") == [("Ada", "a@x.org")]


def test_a_file_can_be_read_again_by_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("Name;Email\nZoë;z@x.org\n".encode("cp1252"))
    first = CsvFile.open(path)
    again = CsvFile.open(path, layout=first.layout)
    assert again == first
    assert list(again.records()) == list(first.records()) == first.sample()


def test_a_stream_is_left_open_for_whoever_opened_it() -> None:
    stream = io.BytesIO(b"Name,Email\nAda,a@x.org\n")
    list(CsvFile.open(stream).records())
    assert not stream.closed


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as out:
            out.write("Name,Email,Note\n")
            out.writelines(f'Zoë {number},z{number}@x.org,"two\nlines"\n' for number in range(rows))
        tracemalloc.start()
        assert sum(1 for _ in CsvFile.open(path).records()) == rows
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(20_000), peak(60_000)
    assert many < few * 1.1
    assert many < 4 << 20


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([b"", b"Name,Email\n", codecs.BOM_UTF8, b"\xff\xfe", b"sep=;\n", b'"']))
def test_no_file_whatsoever_does_more_than_be_refused(data: bytes, beginning: bytes) -> None:
    try:
        for record in opened(beginning + data).records():
            assert record.line >= 1
    except UnreadableFile as error:
        assert error.sentence  # noqa: PT017


@settings(max_examples=200)
@given(st.text(alphabet="ab@.,;|\t\n\r\"'=x\u2028\x85é\x1c ", max_size=120), st.sampled_from([",", ";", "\t", "|"]))
def test_no_text_whatsoever_does_more_than_be_refused(text: str, delimiter: str) -> None:
    layout = Layout("utf-8", "replace", delimiter, skip_spaces=False, separator_line=False)
    try:
        list(CsvFile.open(io.BytesIO(text.encode()), layout=layout).records())
    except UnreadableFile as error:
        assert error.sentence  # noqa: PT017


# Letters that Windows-1252 has, so that every text can be written in every encoding.
WRITTEN = st.text(alphabet="abcXYZ 0123456789äößéÑ€“”.,;|\t\"'@-+\n\r", max_size=20).map(
    lambda text: text.replace("\r", "\r\n") if "\n" not in text else text.replace("\r", "")
)


@settings(max_examples=250)
@given(
    rows=st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN), min_size=1, max_size=8),
    encoding=st.sampled_from(list(ENCODINGS.values())),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_is_read(
    rows: list[tuple[str, str, str]],
    encoding: tuple[str, bytes],
    delimiter: str,
    newline: str,
    quoting: int,
) -> None:
    text = io.StringIO(newline="")
    text.write(f"sep={delimiter}{newline}")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    # The first column is never blank, so that no row is.
    written = [("Größe", "Email", "Name"), *((f"ü{first}", second, third) for first, second, third in rows)]
    writer.writerows(written)
    codec, mark = encoding
    file = opened(mark + text.getvalue().encode(codec))
    assert tuple(column.header for column in file.columns) == written[0]
    assert [record.cells for record in file.records()] == written[1:]
