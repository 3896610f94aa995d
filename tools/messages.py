"""What the pages say in other languages: `python tools/messages.py` compiles it, `--gather` looks for new sentences.

Sources are src/fleetfolk/locale/<language>/LC_MESSAGES/django.po; what is compiled beside them is made on this machine.
`--gather` needs GNU gettext (Debian: gettext). A sentence that has no translation is shown in English.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "fleetfolk"
SOURCES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/django.po"))


def main() -> int:
    """0 when all is compiled; 1 when gathering failed."""
    if "--gather" in sys.argv and gather():
        return 1
    for source in SOURCES:
        translated = polib.pofile(str(source))
        translated.save_as_mofile(str(source.with_suffix(".mo")))
        print(f"{source.relative_to(ROOT)}: {translated.percent_translated()} % of {len(translated)} sentences")
    return 0


def gather() -> int:
    """New sentences are written into the sources, those that no page says any more leave them; 0 when it went well."""
    languages = [f"--locale={source.parent.parent.name}" for source in SOURCES]
    environment = {
        **os.environ,
        "FLEETFOLK_MODE": "test",
        "DATABASE_URL": "postgresql://nobody@localhost/none",
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
    }
    options = ["--no-obsolete", "--no-location", "--no-wrap", "--ignore=tests/*", "--ignore=testing/*"]
    command = [sys.executable, "-m", "django", "makemessages", *languages, *options]
    if failed := subprocess.run(command, cwd=PACKAGE, env=environment, check=False).returncode:
        return failed
    for source in SOURCES:
        found = polib.pofile(str(source), wrapwidth=0)
        for entry in found.fuzzy_entries():
            # What a sentence that is only alike says would be mistaken for its own.
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
            entry.flags.remove("fuzzy")
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
        found.save()
    return 0


if __name__ == "__main__":
    sys.exit(main())
