"""Writes docs/reference/ anew: `python tools/reference.py`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
os.environ.setdefault("FLEETFOLK_MODE", "test")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
django.setup()

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT))

from e2e.features import page  # noqa: E402 - the rows stand beside their journeys, outside the package

from fleetfolk.config.reference import pages  # noqa: E402 - the catalogue is there only after the set-up

for name, text in {**pages(), "features.md": page()}.items():
    (FOLDER / name).write_text(text)
    print(f"wrote docs/reference/{name}")
