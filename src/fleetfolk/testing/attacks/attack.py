"""What is known of an attack: what we do against it, where, and which tests would notice if we did not."""

import hashlib
from dataclasses import dataclass
from typing import Final

TABLE_OF_ACTIONS: Final = "config/tests/test_attack_table_of_actions.py::test_an_action_and_everybody"
TABLE_OF_URLS: Final = "config/tests/test_attack_table_of_urls.py::test_a_url_and_everybody"
"""Tests of many guards: add ``[user.edit]``, or ``[users:list]``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """One line of defence, how it is taken away, and the tests that then fail.

    ``where`` is ``file:function``, the file below `src/fleetfolk/`. ``old`` stands there exactly once; with ``new`` in
    its place the guard is gone. ``tests`` are node ids below `src/fleetfolk/`: each of them fails then.
    """

    where: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file in which it stands, below `src/fleetfolk/`."""
        return self.where.partition(":")[0]

    @property
    def digest(self) -> str:
        """Changes with the guard's lines, what takes them away, and the tests: what was proved of others is void."""
        return hashlib.sha256(repr((self.where, self.old, self.new, self.tests)).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """An attack that worked somewhere. Without guards it is ``missing``: the sentence says why it has none yet."""

    number: int
    title: str
    against: str
    guards: tuple[Guard, ...] = ()
    missing: str = ""
