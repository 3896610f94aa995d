"""A full disk is known wherever its error comes from."""

import errno

import pytest

from fleetfolk.kernel.room import NoRoom, no_room


class Full(Exception):
    """As the database says it."""

    sqlstate = "53100"


def after(before: BaseException, *, quiet: bool = False) -> BaseException:
    """An error that happened while another was dealt with, as `raise` makes it; quietly, as `raise … from None`."""
    error = RuntimeError("while it was told")
    error.__context__, error.__suppress_context__ = before, quiet
    return error


def because(cause: BaseException) -> BaseException:
    """An error that another one has caused."""
    error = RuntimeError("not saved")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EDQUOT, "over quota"),
        Full(),
        NoRoom(),
    ],
)
def test_a_full_disk_is_known_by_itself_and_behind_another_error(error: BaseException) -> None:
    assert no_room(error)
    assert no_room(because(error))
    assert no_room(after(because(error)))
    assert not no_room(after(error, quiet=True))


@pytest.mark.parametrize("error", [None, ValueError(), OSError(errno.EACCES, "not yours"), because(ValueError())])
def test_everything_else_is_not_one(error: BaseException | None) -> None:
    assert not no_room(error)
