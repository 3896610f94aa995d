"""Rows of a table begin with the same world, which is built once for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has never happened in the database: the next row finds what this one did."""
    block: Any = transaction.atomic()
    block._from_testcase = True  # Actions begin their own transactions inside, as they do in every test.
    with block:
        yield
        transaction.set_rollback(True)
