import io

from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.users.importing.mapping import guess_mapping
from fleetfolk.users.importing.problems import RowProblem, RowReason
from fleetfolk.users.importing.reading import CsvFile
from fleetfolk.users.importing.report import report_lines
from fleetfolk.users.importing.rows import ImportRow, check_rows

SOURCE = (
    "Name;Email;Phone;Note\r\n"
    "Ada;ada@x.org;+49 171 1234567;\r\n"
    "Zoë;zoe@@x.org;+49 171 1234568;\"=cmd|'/C calc'!A0\"\r\n"
    '@SUM;s@x.org, t@x.org;-;"two\nlines"\r\n'
    "Bob;bob@x.org;0171;;surplus\r\n"
)


def headers(file: CsvFile) -> list[str]:
    return [column.header for column in file.columns]


def problems(file: CsvFile) -> list[RowProblem]:
    mapping = guess_mapping(file.columns, file.sample())
    results = check_rows(file.records(), mapping, columns=len(file.columns))
    return [result for result in results if not isinstance(result, ImportRow)]


def test_a_report_has_the_line_the_reason_and_the_row() -> None:
    file = CsvFile.open(io.BytesIO(SOURCE.encode()))
    lines = b"".join(report_lines(headers(file), problems(file))).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Line,Problem,Name,Email,Phone,Note"
    assert lines[1] == (
        "3,E-mail: “zoe@@x.org” is not an e-mail address.,Zoë,zoe@@x.org,'+49 171 1234568,'=cmd|'/C calc'!A0"
    )
    assert lines[2].startswith("4,E-mail: There is more than one e-mail address. Keep one.,'@SUM,")
    assert lines[2].endswith(',\'-,"two\nlines"')
    assert lines[3].startswith("6,The row has 5 values for 4 columns.")
    assert lines[3].endswith(",Bob,bob@x.org,0171,,surplus")


def test_a_repaired_report_goes_in_again() -> None:
    file = CsvFile.open(io.BytesIO(SOURCE.encode()))
    report = b"".join(report_lines(headers(file), problems(file)))
    again = CsvFile.open(io.BytesIO(report.replace(b"zoe@@x.org", b"zoe@x.org")))
    mapping = guess_mapping(again.columns, again.sample())
    row = next(check_rows(again.records(), mapping, columns=len(again.columns)))
    assert isinstance(row, ImportRow)
    assert (row.first_name, row.email, row.phone) == ("Zoë", "zoe@x.org", "+491711234568")


@settings(max_examples=150)
@given(st.lists(st.text(alphabet="=+-@\t\r\n ,;\"'aé＝\u200b", max_size=8), min_size=3, max_size=3))
def test_no_value_of_a_report_begins_like_a_formula(cells: list[str]) -> None:
    file = CsvFile.open(io.BytesIO(b"A,B,C\n1,2,3\n"))
    problem = RowProblem(2, None, RowReason.EMAIL_MISSING, {}, tuple(cells))
    report = b"".join(report_lines(headers(file), [problem]))
    (record,) = CsvFile.open(io.BytesIO(report)).records()
    for cell in record.cells[2:]:
        assert not cell.startswith(("\t", "\r", "\n"))
        assert not cell.lstrip(" \t\r\n\u200b").startswith(("=", "+", "-", "@", "＝"))
