"""The database and the static files are as this version needs them. A process of its own, run by the supervisor.

One process for all steps: starting Django costs more than any of them on a second start.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def main() -> None:
    """Each step says so before it begins; the first that fails ends the process with its error."""
    django.setup()
    print("Migrating the database", flush=True)
    call_command("migrate", interactive=False, verbosity=1)
    call_command("reapply_erasures", verbosity=0)
    gather_static_files()
    if "--demo" in sys.argv:
        print("Building the demo world", flush=True)
        call_command("build_demo")
    print("Done", flush=True)


def gather_static_files() -> None:
    """STATIC_ROOT holds every static file, compressed and named by its content. Skipped if no file has changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / "stamp"
    present = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == present:
        return
    print("Gathering the static files", flush=True)
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(present, encoding="utf-8")


def fingerprint() -> str:
    """Changes when a static file is added, removed or changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
