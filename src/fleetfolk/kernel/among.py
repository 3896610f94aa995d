"""Thousands of keys given to the database as one parameter.

`pk__in` makes a parameter of each key: putting together and taking apart such a statement costs more than answering it,
and of a list of numbers psycopg looks at each. An array in PostgreSQL's own words is neither.
"""

from collections.abc import Iterable

from django.db.models import BooleanField, F, Func, TextField, Value


def array_of(keys: Iterable[int]) -> str:
    """The keys as the text of an array, for a parameter that is cast to ``bigint[]``."""
    return "{" + ",".join(map(str, map(int, keys))) + "}"


def among(field: str, keys: Iterable[int]) -> Func:
    """A condition: the whole number in the field is one of these."""
    values = Value(array_of(keys), output_field=TextField())
    return Func(
        F(field),
        values,
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        arity=2,
        output_field=BooleanField(),
    )
