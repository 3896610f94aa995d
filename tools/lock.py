"""The lock files say exactly which packages are installed, with their hashes, and name no place to get them from.

`make lock` takes the newest versions that pyproject.toml and package.json allow.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "runtime.txt": ["pyproject.toml", "--extra", "embedded"],
    "dev.txt": ["pyproject.toml", "--extra", "embedded", "--group", "build", "--group", "dev"],
    "build.txt": ["--group", "build"],
    "node.txt": ["--group", "node"],
}
OPTIONS = [
    "--universal", "--python-version=3.12", "--generate-hashes", "--upgrade", "--quiet",
    "--no-header", "--no-annotate", "--no-strip-extras", "--no-emit-index-url", "--no-emit-find-links",
]  # fmt: skip


def main() -> int:
    """0 when the lock files are written, or with --check only looked at, and can be read and name no host."""
    if "--check" in sys.argv:
        return named_hosts()
    uv = find_uv()
    for name, sources in LOCKS.items():
        subprocess.run(
            [*uv, "pip", "compile", *sources, *OPTIONS, "--output-file", f"requirements/{name}"], cwd=ROOT, check=True
        )
        print(f"requirements/{name}")
    npm = shutil.which("npm") or ROOT / ".venv/bin/npm"
    subprocess.run([npm, "update", "--package-lock-only", "--loglevel=error"], cwd=ROOT, check=True)
    print("package-lock.json")
    return named_hosts()


def named_hosts() -> int:
    """0 if no lock file says where to download from, and none is left over from a merge."""
    wrong = 0
    for path in [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(r'"resolved":|--(extra-)?index-url|--find-links|\s@ \S+://', line):
                print(f"{path.relative_to(ROOT)}:{number} names a download host: {line.strip()}", file=sys.stderr)
                wrong = 1
            if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
                print(f"{path.relative_to(ROOT)}:{number} was merged by halves: {line.strip()}", file=sys.stderr)
                wrong = 1
    return wrong


def find_uv() -> list[str | Path]:
    """A uv that starts: the machine's, else one put into .venv."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        return [uv]
    python = ROOT / ".venv/bin/python"
    if subprocess.run([python, "-m", "uv", "--version"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return [python, "-m", "uv"]


if __name__ == "__main__":
    sys.exit(main())
