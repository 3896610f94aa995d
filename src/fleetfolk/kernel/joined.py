"""Objects of several models out of the rows of a statement that is written by hand, for what every page asks."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

type _Reader = Callable[..., Any]


class Joined:
    """The models whose columns a statement asks for, each under the name that it has there, in this order."""

    def __init__(self, **models: type[Model]) -> None:
        self._models = models

    @cached_property
    def columns(self) -> str:
        """All columns of all of them, as they stand behind ``SELECT``."""
        return ", ".join(f'{alias}."{name}"' for alias, _model, names, _readers in self._parts for name in names)

    @cached_property
    def width(self) -> int:
        """How many columns that are: what a statement asks for beyond them comes after."""
        return sum(len(names) for _alias, _model, names, _readers in self._parts)

    def made(self, row: Sequence[Any], **how: Any) -> list[Any]:
        """One object of each model; None where an outer join found no row. ``how`` is for their ``from_db``."""
        return list(self._made(row, how))

    def _made(self, row: Sequence[Any], how: dict[str, Any]) -> Iterator[Model | None]:
        at = 0
        for _alias, model, names, readers in self._parts:
            values = list(row[at : at + len(names)])
            at += len(names)
            if values[0] is None:
                yield None
                continue
            for index, read in readers:
                values[index] = read(values[index], None, connection)
            yield model.from_db(connection.alias, names, values, **how)

    @cached_property
    def _parts(self) -> list[tuple[str, type[Model], tuple[str, ...], list[tuple[int, _Reader]]]]:
        """Of each model its name, its columns, and what reads those that the driver hands over as they are written."""
        found = []
        for alias, model in self._models.items():
            fields: Sequence[Any] = model._meta.concrete_fields
            if not fields[0].primary_key:
                raise TypeError(f"{model.__name__} does not begin with its key")
            readers = [
                (index, field.from_db_value) for index, field in enumerate(fields) if hasattr(field, "from_db_value")
            ]
            found.append((alias, model, tuple(field.attname for field in fields), readers))
        return found
