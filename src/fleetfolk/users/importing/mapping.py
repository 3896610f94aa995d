"""Which column of a file feeds which field of a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fleetfolk.users.importing.cells import looks_like_email, plain_cell
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.header_words import EMAIL_WORDS, NOT_A_VALUE, PHONE_WORDS, PREFIXES, WORDS, tokens_of
from fleetfolk.users.importing.reading import Column, Record

_NAMES = (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME)
_PHONE_SHAPE = re.compile(r"(?=(?:\D*\d){7})\+?[\d\s().\-/]{7,24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """For each field that is filled the index of its column; a column feeds one field at most."""

    columns: Mapping[Field, int]

    def __post_init__(self) -> None:
        indexes = list(self.columns.values())
        if len(set(indexes)) != len(indexes) or any(index < 0 for index in indexes):
            raise ValueError("A column feeds one field, and columns count from 0.")
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def with_column(self, field: Field, index: int | None) -> "ColumnMapping":
        """This mapping with the field fed by another column, taken from the field that had it, or by none."""
        kept = {other: at for other, at in self.columns.items() if other is not field and at != index}
        return ColumnMapping(kept if index is None else {**kept, field: index})

    def field_of(self, index: int) -> Field | None:
        """The field that a column feeds, or None."""
        return next((field for field, at in self.columns.items() if at == index), None)

    def missing(self) -> tuple[Field, ...]:
        """The fields without which no row can be imported: the e-mail, and a name in one column or two."""
        absent = [] if Field.EMAIL in self.columns else [Field.EMAIL]
        if not any(field in self.columns for field in _NAMES):
            absent.append(Field.NAME)
        return tuple(absent)

    def as_json(self) -> dict[str, int]:
        """Plain values for a form or a job."""
        return {field.value: index for field, index in self.columns.items()}

    @classmethod
    def from_json(cls, values: Mapping[str, int], *, columns: int) -> "ColumnMapping":
        """The mapping that `as_json` gave; raises ValueError for an unknown field or a column that the file lacks."""
        mapping = cls({Field(field): index for field, index in values.items()})
        if any(index >= columns for index in mapping.columns.values()):
            raise ValueError("The file has no such column.")
        return mapping


def guess_mapping(columns: Sequence[Column], sample: Sequence[Record]) -> ColumnMapping:
    """The likeliest column for each field, by its header and by what its first values look like.

    A field for which nothing speaks stays without a column.
    """
    values = {column.index: [plain_cell(record.cells[column.index]) for record in sample] for column in columns}
    scores = {column.index: _scores(column.header, values[column.index]) for column in columns}
    chosen = _choose_names(scores, values)
    ranked = sorted(
        (-score, index, field)
        for index, column_scores in scores.items()
        for field, score in column_scores.items()
        if field not in _NAMES and score > 0
    )
    for _, index, field in ranked:
        if field not in chosen and index not in chosen.values():
            chosen[field] = index
    return ColumnMapping(chosen)


def _scores(header: str, values: Sequence[str]) -> dict[Field, float]:
    """How likely, up to 100, a column with this header and these values feeds each field."""
    scores: dict[Field, float] = dict(_header_scores(header))
    filled = [value for value in values if value]
    if not filled:
        # A blank column may be filled further down, but a filled one with a lesser name is the better guess.
        return {field: score * (0.3 if values else 1.0) for field, score in scores.items()}
    addresses = sum(map(looks_like_email, filled)) / len(filled)
    numbers = sum(_PHONE_SHAPE.fullmatch(value) is not None for value in filled) / len(filled)
    if addresses > 0.6:
        scores = {field: score * 0.2 for field, score in scores.items() if field in {Field.EMAIL, *_NAMES}} | {
            Field.EMAIL: max(scores.get(Field.EMAIL, 0.0), 20.0 if _is_about(header) else 50.0)
        }
    elif Field.EMAIL in scores:
        scores[Field.EMAIL] *= 0.2 + 0.8 * addresses
    if Field.PHONE in scores:
        scores[Field.PHONE] *= 0.5 + 0.5 * numbers
    elif numbers > 0.6 and not scores and not _is_about(header) and any(value.startswith("+") for value in filled):
        scores[Field.PHONE] = 40.0
    return scores


def _header_scores(header: str) -> Mapping[Field, int]:
    tokens = tokens_of(header)
    if found := WORDS.get("".join(tokens)):
        return found
    if len(tokens) > 1 and tokens[0] in PREFIXES and (found := WORDS.get("".join(tokens[1:]))):
        return {field: score - 3 for field, score in found.items()}
    if _is_about(header):
        return {}
    if EMAIL_WORDS.intersection(tokens):
        return {Field.EMAIL: 50}
    return {Field.PHONE: 45} if PHONE_WORDS.intersection(tokens) else {}


def _is_about(header: str) -> bool:
    """Whether a header names a property of an address or number (`E-mail 1 - Type`), or somebody else's."""
    return not NOT_A_VALUE.isdisjoint(tokens_of(header))


def _choose_names(scores: Mapping[int, Mapping[Field, float]], values: Mapping[int, Sequence[str]]) -> dict[Field, int]:
    """The columns of the name: first and last, or the whole, or what there is of them.

    In many languages the word for *name* is also the one for the last name (Vorname, Name; Prénom, Nom) or for the
    first (Nombre, Apellidos; Nome, Cognome), so its column is whole only if it holds the other part, too.
    """
    best: dict[Field, tuple[float, int]] = {}
    for index, column_scores in scores.items():
        for field in _NAMES:
            score = column_scores.get(field, 0.0)
            if score > best.get(field, (0.0, 0))[0]:
                best[field] = (score, index)
    parts = {field: best[field] for field in (Field.FIRST_NAME, Field.LAST_NAME) if field in best}
    whole_score, whole = best.get(Field.NAME, (0.0, -1))
    if len(parts) == 2 and sum(score for score, _ in parts.values()) / 2 >= whole_score * 0.6:
        return {field: index for field, (_, index) in parts.items()}
    if len(parts) == 1 and whole_score > 0:
        ((field, (_, part)),) = parts.items()
        if whole_score < 50:
            return {field: part}
        if whole_score <= 80 and not _holds(values[whole], values[part]):
            other = Field.LAST_NAME if field is Field.FIRST_NAME else Field.FIRST_NAME
            return {field: part, other: whole}
    if whole_score > 0:
        return {Field.NAME: whole}
    return {field: index for field, (_, index) in parts.items()}


def _holds(wholes: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether most values hold the value of another column of their row, and something besides."""
    pairs = [(whole, part) for whole, part in zip(wholes, parts, strict=True) if whole and part]
    return sum(part in whole and part != whole for whole, part in pairs) * 2 > len(pairs)
