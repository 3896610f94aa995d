"""Fixtures of the whole suite, and what a run tells while it goes on."""

import faulthandler
import os
from collections.abc import Iterator

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

pytest_plugins = ["fleetfolk.testing.plugin"]
LONGEST_LINE = 400


class Telling:
    """Says at once what failed: a run that is broken off tells nothing at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A line for whatever did not go well, also where a second try follows."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.outcome not in {"failed", "rerun"} or terminal is None:
            return
        said = report.longreprtext.strip().splitlines() or [""]
        why = next((line for line in said if line.startswith("E ")), said[-1])
        terminal.write_line("")
        terminal.write_line(f"{report.nodeid} ({report.when}): {why}"[:LONGEST_LINE])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """What has failed can hang at its end, too (a browser that answers no more), and there pytest looks away."""
    seconds = float(item.config.getini("faulthandler_timeout"))
    faulthandler.dump_traceback_later(seconds, exit=True, file=item.config.stash[fault_handler_stderr_fd_key])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_configure(config: pytest.Config) -> None:
    """Where nobody waits beside the run, it tells as it goes."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Telling(config), "telling")
