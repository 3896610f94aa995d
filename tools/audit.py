"""Asks whether a vulnerability is known of a dependency: `make audit`.

Every package of the lock files is asked about by its exact version, those of Python and those of Node. It needs the
network and `pip-audit`, which is no dependency of ours: install it wherever its program is found. Not being able to ask
about a package counts as a finding: 0 says that all were asked about and nothing is known.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def main() -> int:
    """0 where nothing is known of anything, 1 where something is or was not found out, 2 where nobody can be asked."""
    program = shutil.which("pip-audit")
    if program is None:
        print("There is no pip-audit on this machine. Install it (pipx install pip-audit) and try again.")
        return 2
    bad = sum(_python(program, lock) for lock in LOCKS) + _node()
    print("Nothing is known of any of them." if not bad else f"{bad} things are to be looked at.")
    return 1 if bad else 0


def _python(program: str, lock: Path) -> int:
    command = [program, "-r", str(lock), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        return _told(lock.name, [asked.stderr.strip() or "pip-audit did not answer"])
    known = [f"{one['name']} {one['version']}: {hole['id']}" for one in packages for hole in one.get("vulns", ())]
    not_asked = [f"{one['name']}: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    return _told(f"{lock.name} ({len(packages)} packages)", known + not_asked)


def _node() -> int:
    npm = shutil.which("npm")
    if npm is None:
        return _told("package-lock.json", ["there is no npm on this machine"])
    command = [npm, "audit", "--package-lock-only", "--json"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        known = json.loads(asked.stdout)["vulnerabilities"]
    except (ValueError, KeyError):
        return _told("package-lock.json", ["the registry does not answer questions about vulnerabilities"])
    return _told("package-lock.json", [f"{name}: {one['severity']}" for name, one in known.items()])


def _told(what: str, found: list[str]) -> int:
    print(f"{what}: {'nothing is known' if not found else ''}")
    for line in found:
        print(f"  {line}")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
