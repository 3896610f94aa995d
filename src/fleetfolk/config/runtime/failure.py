"""Failures that a person can mend, said in sentences."""

from __future__ import annotations

import errno


class CannotStart(Exception):
    """Something outside the program must change first; the message says what happened and what to do."""


class Stopped(Exception):
    """Somebody asked the program to stop: Ctrl-C, or a signal that means the same."""


def sentence_for(error: OSError) -> str | None:
    """What to tell about an error of the file system, or nothing if it is not one that a person can mend."""
    where = f" ({error.filename})" if error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full{where}. Free some space and start again. Nothing that was saved before is lost."
        case errno.EACCES | errno.EPERM:
            return (
                f"This user may not read or write a file that is needed{where}. It may have been made by another user, "
                "for example by root: start as that user, or change the owner of the folder."
            )
        case errno.EROFS:
            return f"The file system is read-only{where}. Set FLEETFOLK_DATA to a folder that can be written to."
        case _:
            return None
