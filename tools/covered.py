"""Measures which lines and branches of the kernel, the rights, the log and the Actions no unit test runs.

`python tools/covered.py [--report] [OPTIONS OF PYTEST]`, run by the Makefile from .venv. A package or module below what
`FLOORS` says fails; with --report the figures of the last measurement are only said again. Measuring doubles the time
that tests take, so it is no part of `make test`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".coverage_data"
PACKAGE = "src/fleetfolk/"
WORKERS: Final = str(min(os.cpu_count() or 1, 4))
FLOORS: Final = {"kernel": 100.0, "access": 100.0, "actionlog": 100.0, "actions": 100.0}
"""Per cent of lines and branches together, of three packages and of every package's Actions. They only rise, to 100."""

SETTINGS = f"""
[run]
branch = true
parallel = true
patch = subprocess
source_pkgs = fleetfolk
omit =
    */tests/*
    */migrations/*
    */testing/*
data_file = {FOLDER}/data

[report]
exclude_also =
    \\.\\.\\.$
    if TYPE_CHECKING:
    assert_never
"""


def main() -> int:
    """0 when every group reaches its floor and the tests passed."""
    if "--report" not in sys.argv and not os.environ.get("DATABASE_URL"):
        throwaway = [sys.executable, "-m", "fleetfolk.config.runtime.throwaway", sys.executable]
        os.execv(sys.executable, [*throwaway, *sys.argv])  # noqa: S606
    FOLDER.mkdir(exist_ok=True)
    settings = FOLDER / "settings"
    settings.write_text(SETTINGS, encoding="utf-8")
    measure: list[str | Path] = [sys.executable, "-m", "coverage"]
    failed = 0
    if "--report" not in sys.argv:
        for old in FOLDER.glob("data*"):
            old.unlink()
        options = sys.argv[1:] or ["src"]
        failed = _run([*measure, "run", f"--rcfile={settings}", "-m", "pytest", "-n", WORKERS, "-q", *options])
        _run([*measure, "combine", "--quiet", f"--rcfile={settings}"])
    told = FOLDER / "report.json"
    _run([*measure, "json", "--quiet", f"--rcfile={settings}", "-o", told])
    return 1 if _below(json.loads(told.read_text(encoding="utf-8"))["files"]) or failed else 0


def _run(command: list[str | Path]) -> int:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "FLEETFOLK_MODE": "test"}, check=False).returncode


def _below(files: Mapping[str, Any]) -> list[str]:
    """The groups that miss their floor, each said with its files and the lines that nothing ran."""
    below = []
    for group, floor in FLOORS.items():
        its = {name: one for name, one in files.items() if _group(name, group)}
        ran = sum(one["summary"]["covered_lines"] + one["summary"]["covered_branches"] for one in its.values())
        all_of = sum(one["summary"]["num_statements"] + one["summary"]["num_branches"] for one in its.values())
        share = 100 * ran / all_of if all_of else 0.0
        print(f"{group:<10} {share:6.2f} %  of {all_of} lines and branches; at least {floor} %")
        for name, one in its.items():
            if one["missing_lines"] or one["missing_branches"]:
                arcs = [f"{a}->{'exit' if b < 0 else b}" for a, b in one["missing_branches"]]
                print(f"    {name.removeprefix(PACKAGE)}: {', '.join([*map(str, one['missing_lines']), *arcs])}")
        if share < floor:
            below.append(group)
    return below


def _group(name: str, group: str) -> bool:
    parts = name.removeprefix(PACKAGE).split("/")
    return "actions" in parts[1:-1] if group == "actions" else parts[0] == group


if __name__ == "__main__":
    sys.exit(main())
