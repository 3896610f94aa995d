"""Writes docs/reference/ anew: `python tools/reference.py`."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
os.environ.setdefault("FLEETFOLK_MODE", "test")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
django.setup()

from fleetfolk.config.reference import pages  # noqa: E402 - the catalogue is there only after the set-up

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"

for name, text in pages().items():
    (FOLDER / name).write_text(text)
    print(f"wrote docs/reference/{name}")
