"""Erasures, remembered outside the database: a restored backup knows nothing of those made since.

One line of JSON each, in the data folder. It names nobody: whom it is about is a keyed hash.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fleetfolk.users.models_privacy import Erasure


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """An erasure: the tenant, the hash of the person's key, and the hash of their address if that is suppressed."""

    tenant: int
    subject: str
    suppressed: str


def file() -> Path:
    """Where they are kept. Back it up apart from the database, or not at all: it must be as new as can be."""
    return Path(settings.FLEETFOLK_DATA) / "erasures.jsonl"


def keep_erasure(erasure: Erasure) -> None:
    """The erasure is in the file, and on the disk."""
    line = {
        "at": erasure.at.isoformat(),
        "tenant": erasure.tenant_id,
        "subject": erasure.subject_key,
        "suppressed": erasure.suppressed,
    }
    file().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())


def remembered() -> Iterator[Remembered]:
    """Every erasure in the file. A line that was cut off while it was written is passed over."""
    if not file().exists():
        return
    with file().open(encoding="utf-8") as lines:
        for line in lines:
            try:
                known = json.loads(line)
                yield Remembered(tenant=known["tenant"], subject=known["subject"], suppressed=known["suppressed"])
            except (ValueError, KeyError, TypeError):
                continue
