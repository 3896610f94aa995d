"""Whoever waits for the demo world sees how far it is."""

from io import StringIO

import pytest

from fleetfolk.config.runtime.progress import Progress
from fleetfolk.demo.management.commands.build_demo import Command


class Screen(StringIO):
    """Output to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def log() -> StringIO:
    """What the build says, between other lines."""
    log = StringIO("Migrating the database\n")
    log.seek(0, 2)
    return log


def test_in_a_terminal_one_line_changes_in_place(log: StringIO) -> None:
    screen = Screen()
    progress = Progress(screen)
    progress.show(log.getvalue())
    for percent in (1, 2, 37):
        Command(stdout=log).tell(percent)
        progress.show(log.getvalue())
        progress.show(log.getvalue())
    progress.end()
    assert screen.getvalue() == "\r  1 %\r  2 %\r  37 %\n"


def test_in_a_file_there_is_a_line_for_every_ten_percent(log: StringIO) -> None:
    file = StringIO()
    progress = Progress(file)
    for percent in (4, 9, 12, 19, 37, 99):
        Command(stdout=log).tell(percent)
        progress.show(log.getvalue())
    progress.end()
    assert file.getvalue() == "  10 %\n  30 %\n  90 %\n"


def test_where_nothing_is_built_nothing_is_shown(log: StringIO) -> None:
    screen = Screen()
    progress = Progress(screen)
    progress.show(log.getvalue())
    progress.end()
    assert screen.getvalue() == ""
