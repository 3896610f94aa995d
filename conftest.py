"""Fixtures of the whole suite, and what a run tells while it goes on."""

import os

import pytest

pytest_plugins = ["fleetfolk.testing.plugin"]
LONGEST_LINE = 400


class Telling:
    """Says at once what failed: a run that is broken off tells nothing at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A line for whatever did not go well."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if not report.failed or terminal is None:
            return
        said = report.longreprtext.strip().splitlines() or [""]
        why = next((line for line in said if line.startswith("E ")), said[-1])
        terminal.write_line("")
        terminal.write_line(f"{report.nodeid} ({report.when}): {why}"[:LONGEST_LINE])


def pytest_configure(config: pytest.Config) -> None:
    """Where nobody waits beside the run, it tells as it goes."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Telling(config), "telling")
