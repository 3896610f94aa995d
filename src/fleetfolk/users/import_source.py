"""The uploaded file of an import and what was chosen for it, as a job keeps them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol, Self

from fleetfolk.jobs.models import Job
from fleetfolk.organizations.models import Organization
from fleetfolk.users.import_names import Names
from fleetfolk.users.importing.cells import plain_cell
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping, guess_mapping
from fleetfolk.users.importing.problems import RowProblem
from fleetfolk.users.importing.reading import CsvFile, Layout, Record
from fleetfolk.users.importing.rows import ImportRow, check_rows
from fleetfolk.users.uploads import path_of

IMPORT = "user.import"
CHECK = "user.import.check"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the file: as it was read, and checked or with what is wrong with it."""

    record: Record
    checked: ImportRow | RowProblem


class Choices(Protocol):
    """What can be chosen for a file."""

    @property
    def mapping(self) -> ColumnMapping:
        """Which column is what."""

    @property
    def country(self) -> str:
        """ISO 3166, for phone numbers in national form; or blank."""

    @property
    def role_id(self) -> int:
        """For rows that name none."""

    @property
    def invite(self) -> bool:
        """Whether mails go out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportSource:
    """Which file, how to read it, which column is what, and what becomes of the people.

    ``role_id`` is for rows that name none; ``check_id`` the job that looked at every row with just these choices.
    """

    file: str
    file_name: str
    size: int
    layout: Layout
    columns: int
    mapping: ColumnMapping
    role_id: int
    country: str = ""
    invite: bool = False
    client: str = "web"
    check_id: int | None = None

    @classmethod
    def of_file(
        cls,
        *,
        file: str,
        file_name: str,
        within: Organization,
        role_id: int,
        country: str,
        invite: bool,
        client: str,
    ) -> Self:
        """The choices for a file that was just kept, its columns guessed. Raises `UnreadableFile`."""
        path = path_of(file)
        csv = CsvFile.open(path)
        sample = csv.sample()
        return cls(
            file=file,
            file_name=file_name[-120:],
            size=path.stat().st_size,
            layout=csv.layout,
            columns=len(csv.columns),
            mapping=_without_strangers(guess_mapping(csv.columns, sample), sample, within),
            role_id=role_id,
            country=country,
            invite=invite,
            client=client,
        )

    @classmethod
    def of_job(cls, job: Job) -> Self:
        """What the job keeps."""
        values: dict[str, Any] = dict(job.input)
        values["layout"] = Layout(**values["layout"])
        values["mapping"] = ColumnMapping.from_json(values["mapping"], columns=values["columns"])
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Plain values for the job."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "layout": asdict(self.layout), "mapping": self.mapping.as_json()}

    def chosen(self, choices: "Choices") -> Self:
        """The same file with these choices, which nobody has checked yet where one is another."""
        after = replace(
            self, mapping=choices.mapping, country=choices.country, role_id=choices.role_id, invite=choices.invite
        )
        return after if after == self else replace(after, check_id=None)

    def csv(self) -> CsvFile:
        """The file. Raises `UnreadableFile`, or FileNotFoundError when it was removed."""
        return CsvFile.open(path_of(self.file), layout=self.layout)

    def rows(self) -> Iterator[ReadRow]:
        """Every row of the file, in order. Raises `UnreadableFile` where it cannot be read on."""
        last: list[Record] = []

        def remembered(records: Iterator[Record]) -> Iterator[Record]:
            for record in records:
                last[:] = [record]
                yield record

        csv = self.csv()
        checked = check_rows(
            remembered(csv.records()), self.mapping, columns=self.columns, default_country=self.country or None
        )
        for result in checked:
            yield ReadRow(last[0], result)


def _without_strangers(mapping: ColumnMapping, sample: Sequence[Record], within: Organization) -> ColumnMapping:
    """The mapping without columns of names of which we know none.

    Other systems' exports have a company, a city or a profile for each person, which are no organization, location or
    role of ours: guessed as such they would keep every row out.
    """
    found = {field: _names(mapping, sample, field) for field in _NAMING}
    names = Names(
        within, names=set().union(*(found[field] for field in _NAMING)), organizations=found[Field.ORGANIZATION]
    )
    places = [within, *(place for name in found[Field.ORGANIZATION] for place in names.organizations(name))]
    names.find_below(places, locations=found[Field.LOCATION], tags=found[Field.TAGS])
    known = {
        Field.ROLE: any(names.role(name) for name in found[Field.ROLE]),
        Field.ORGANIZATION: len(places) > 1,
        Field.LOCATION: any(names.location(place, name) for place in places for name in found[Field.LOCATION]),
        Field.TAGS: any(names.tag(place, name) for place in places for name in found[Field.TAGS]),
    }
    for field in _NAMING:
        if found[field] and not known[field]:
            mapping = mapping.with_column(field, None)
    return mapping


_TAG_SEPARATORS = re.compile(r"[,;|\n]|:::")
_NAMING = (Field.ROLE, Field.ORGANIZATION, Field.LOCATION, Field.TAGS)


def _names(mapping: ColumnMapping, sample: Sequence[Record], field: Field) -> set[str]:
    index = mapping.columns.get(field)
    cells = [plain_cell(record.cells[index]) for record in sample] if index is not None else []
    if field is Field.TAGS:
        cells = [part.strip() for cell in cells for part in _TAG_SEPARATORS.split(cell)]
    return {cell for cell in cells if cell}
