"""How a command ends when it did not do what it was asked for."""

from enum import IntEnum


class Ends(IntEnum):
    """Exit codes, for scripts. 2 is what argparse says of a command that it cannot read."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    SIGNED_OUT = 3
    UNREACHABLE = 4
    JOB_FAILED = 5
    INTERRUPTED = 130


class Failed(Exception):
    """One sentence for whoever typed the command, and the exit code."""

    def __init__(self, sentence: str, code: Ends = Ends.REFUSED) -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code
