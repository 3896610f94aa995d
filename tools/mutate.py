"""Takes guards away and sees tests fail: `python tools/mutate.py [NUMBER…] [--record]`.

The numbers are those of `docs/reference/attacks.md`; without any, all are tried. A guard's tests run with it, and have
to pass. Then it is taken away alone, and every one of them has to fail. With --record, what was found is written into
the register, from which the page is made.

A guard inside a function is taken away in the running process: its code is exchanged, and put back. One that is a
setting, a statement or a migration is taken away in a copy of the sources, for a process of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gc
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from _pytest.subtests import failed_subtests_key

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from fleetfolk.testing.attacks import ATTACKS, PROVED, Attack, Guard  # noqa: E402 - of this checkout

PACKAGE = Path("src/fleetfolk")
QUIETLY = ("-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist")
IS_FUNCTION = 1
"""The flag of a code object that is a function's, and not a class' or a module's body."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) src/fleetfolk/(\S+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What happened without the guard: how many cases failed, and which tests passed all the same."""

    failed: int = 0
    passed: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def good(self) -> bool:
        return bool(self.failed) and not self.passed and not self.trouble


def main() -> int:
    """0 when every test of every guard has failed without it."""
    options = _options()
    if not os.environ.get("DATABASE_URL"):
        throwaway = [sys.executable, "-m", "fleetfolk.config.runtime.throwaway", sys.executable]
        os.execv(sys.executable, [*throwaway, *sys.argv])  # noqa: S606
    os.environ["FLEETFOLK_MODE"] = "test"
    os.chdir(ROOT)
    wanted = [(attack, guard) for attack in ATTACKS for guard in attack.guards if _is_wanted(attack, guard, options)]
    trial = Trial(wanted, record=options.record)
    tests = sorted({str(PACKAGE / test) for _attack, guard in wanted for test in guard.tests})
    pytest.main([*QUIETLY, "--reuse-db" if options.reuse_db else "--create-db", *tests], plugins=[trial])
    if not trial.begun:
        print("The tests cannot be read: look at them first.")
        return 1
    with tempfile.TemporaryDirectory(prefix="fleetfolk-mutate-") as folder:
        copy = _copied(Path(folder)) if trial.left else Path(folder)
        for attack, guard in trial.left:
            trial.say(attack, guard, _in_a_copy(copy, guard))
    return 1 if trial.bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, help="numbers of attacks")
    parser.add_argument("--record", action="store_true", help="write down what was found")
    parser.add_argument("--new", action="store_true", help="only guards of which nothing is written down yet")
    parser.add_argument("--reuse-db", action="store_true", help="on the database of the last run")
    return parser.parse_args()


def _is_wanted(attack: Attack, guard: Guard, options: argparse.Namespace) -> bool:
    known = options.new and guard.digest in json.loads(PROVED.read_text())
    return not known and (not options.numbers or attack.number in options.numbers)


class Trial:
    """A run of pytest in which each guard's tests run once more, without it. ``left`` are those for a copy."""

    def __init__(self, wanted: Sequence[tuple[Attack, Guard]], *, record: bool) -> None:
        self._wanted, self._record = wanted, record
        self._passed: set[pytest.Item] = set()
        self.left: list[tuple[Attack, Guard]] = []
        self.begun = False
        self.bad = 0

    def pytest_sessionstart(self) -> None:
        """That a property fails is enough: looking for the smallest example that does takes minutes."""
        hypothesis = importlib.import_module("hypothesis")
        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile("mutate", phases=phases, database=None)
        hypothesis.settings.load_profile("mutate")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All that is asked for has been tried."""
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} of the tests cannot be read")
        capture = session.config.pluginmanager.getplugin("capturemanager")
        for attack, guard in self._wanted:
            verdict = self._tried(guard, session.items)
            with capture.global_and_fixture_disabled():
                if verdict is None:
                    self.left.append((attack, guard))
                else:
                    self.say(attack, guard, verdict)
        self.begun = True
        return True

    def _tried(self, guard: Guard, items: Sequence[pytest.Item]) -> Verdict | None:
        """With the guard its tests pass, and without it they fail. None where that is to be seen in a copy."""
        its = [item for item in items if any(_is_of(_name(item), test) for test in guard.tests)]
        failed = self._run([item for item in its if item not in self._passed], items)
        if failed:
            return Verdict(trouble=f"these fail with the guard: {', '.join(failed)}")
        self._passed.update(its)
        verdict = self._without(guard, its, items)
        return None if verdict is None or verdict.passed else verdict

    def _without(self, guard: Guard, its: Sequence[pytest.Item], items: Sequence[pytest.Item]) -> Verdict | None:
        """None where the guard cannot be taken away here."""
        with _exchanged(guard) as is_exchanged:
            return _judged(guard, self._run(its, items)) if is_exchanged else None

    def _run(self, items: Sequence[pytest.Item], everything: Sequence[pytest.Item]) -> list[str]:
        """The cases that failed."""
        failed = []
        for number, item in enumerate(items):
            after = items[number + 1] if number + 1 < len(items) else _far_from(item, everything)
            reports = runtestprotocol(item, log=False, nextitem=after)
            # Only what prints reports learns from pytest that a case failed because a row of it did.
            rows_failed = item.config.stash[failed_subtests_key].pop(item.nodeid, 0)
            if rows_failed or any(report.failed for report in reports):
                failed.append(_name(item))
        return failed

    def say(self, attack: Attack, guard: Guard, verdict: Verdict) -> None:
        """The verdict is told and, where it is good, written down if that is wished."""
        self.bad += not verdict.good
        word = "red" if verdict.good else "NOT RED"
        print(f"{attack.number:>3}  {word:<7}  {verdict.failed:>4} failed  {guard.where}", flush=True)
        for test in verdict.passed:
            print(f"         passed without it: {test}", flush=True)
        if verdict.trouble:
            print(f"         {verdict.trouble}", flush=True)
        if verdict.good and self._record:
            _write_down(guard, verdict)


def _far_from(item: pytest.Item, everything: Sequence[pytest.Item]) -> pytest.Item | None:
    """A case of another file: what is set up for the whole run stays, and nothing of the item's own does."""
    return next((one for one in everything if one.path != item.path), None)


def _name(item: pytest.Item) -> str:
    return item.nodeid.removeprefix(f"{PACKAGE}/")


def _is_of(case: str, test: str) -> bool:
    return case == test or case.startswith((f"{test}[", f"{test}::"))


def _judged(guard: Guard, failed: Sequence[str]) -> Verdict:
    passed = tuple(test for test in guard.tests if not any(_is_of(case, test) for case in failed))
    return Verdict(failed=len(failed), passed=passed)


@contextlib.contextmanager
def _exchanged(guard: Guard) -> Iterator[bool]:
    """Whether the functions around the guard run without it meanwhile."""
    file = ROOT / PACKAGE / guard.file
    source = file.read_text()
    old, new = _functions(source, file), _functions(source.replace(guard.old, guard.new), file)
    changed = {name: code for name, code in new.items() if name in old and old[name] != code}
    there = {} if source.count(guard.old) != 1 else _running(f"fleetfolk/{guard.file}", changed)
    try:
        for function in there:
            function.__code__ = changed[function.__qualname__]
        yield bool(there)
    finally:
        for function, code in there.items():
            function.__code__ = code


def _functions(source: str, file: Path) -> dict[str, CodeType]:
    """The code of every function, by its qualified name."""
    found, waiting = {}, [compile(source, str(file), "exec")]
    while waiting:
        code = waiting.pop()
        if code.co_flags & IS_FUNCTION:
            found[code.co_qualname] = code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    return found


def _running(file: str, changed: dict[str, CodeType]) -> dict[FunctionType, CodeType]:
    """The functions of the file that are in memory, and their code."""
    there = (one for one in gc.get_objects() if type(one) is FunctionType)
    return {
        one: one.__code__
        for one in there
        if one.__code__.co_filename.endswith(file)
        and one.__qualname__ in changed
        and one.__code__.co_freevars == changed[one.__qualname__].co_freevars
    }


def _copied(folder: Path) -> Path:
    """A checkout in the folder: the package is a copy, everything else is this one's."""
    for path in ROOT.iterdir():
        if path.name not in {"src", ".git"}:
            (folder / path.name).symlink_to(path)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _in_a_copy(copy: Path, guard: Guard) -> Verdict:
    """The guard's tests have run without it, and it is there again."""
    file = copy / PACKAGE / guard.file
    source = file.read_text()
    if source.count(guard.old) != 1:
        return Verdict(trouble=f"its lines stand {source.count(guard.old)} times in the file")
    file.write_text(source.replace(guard.old, guard.new))
    in_database = "/migrations/" in guard.file
    try:
        done = _pytest_in(copy, guard.tests, new_database=in_database)
    finally:
        file.write_text(source)
        if in_database:
            _pytest_in(copy, guard.tests, new_database=True)
    if done.returncode not in (0, 1):
        return Verdict(trouble=f"pytest ended with {done.returncode}:\n{done.stdout[-1500:]}")
    return _judged(guard, _FAILED.findall(done.stdout))


def _pytest_in(copy: Path, tests: Sequence[str], *, new_database: bool) -> subprocess.CompletedProcess[str]:
    how = ("-q", "--no-header", "--tb=no", "-rfE", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *how, "--create-db" if new_database else "--reuse-db"]
    # Lines that are cut would hide the names of tests.
    surroundings: dict[str, Any] = {**os.environ, "PYTHONPATH": str(copy / "src"), "COLUMNS": "1000"}
    return subprocess.run(
        [*command, *(str(PACKAGE / test) for test in tests)],
        cwd=copy, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip


def _write_down(guard: Guard, verdict: Verdict) -> None:
    """It is in the register; what was written of guards that are not there any more is gone."""
    there = {one.digest for attack in ATTACKS for one in attack.guards}
    said = {digest: found for digest, found in json.loads(PROVED.read_text()).items() if digest in there}
    said[guard.digest] = {"on": dt.datetime.now(tz=dt.UTC).date().isoformat(), "failed": verdict.failed}
    PROVED.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
