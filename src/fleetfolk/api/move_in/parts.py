"""What the other server says of a template, as a template of ours. What has no counterpart is left out and named."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fleetfolk.devices.models import Level, MetadataKind, StreamKind
from fleetfolk.devices.template_files import TemplateFile
from fleetfolk.devices.template_parts import (
    RESERVED,
    Connection,
    EventFacts,
    FieldFacts,
    StreamFacts,
    TemplateFacts,
)

_STREAMS: Final = {
    "INT": StreamKind.INTEGER,
    "INTEGER": StreamKind.INTEGER,
    "DOUBLE": StreamKind.DOUBLE,
    "STRING": StreamKind.STRING,
    "LOCATION": StreamKind.LOCATION,
    # The API names the type and not the words of the list.
    "ENUM": StreamKind.INTEGER,
}
_FIELDS: Final = {
    "TEXT": MetadataKind.TEXT,
    "NUMBER": MetadataKind.NUMBER,
    "SWITCH": MetadataKind.SWITCH,
    "LIST": MetadataKind.TEXT,
    "COORDINATES": MetadataKind.COORDINATES,
    "TZ": MetadataKind.TIME_ZONE,
    "EMAIL": MetadataKind.EMAIL,
    "DATE": MetadataKind.DATE,
    "LINK": MetadataKind.LINK,
}
_LEVELS: Final = {
    "INFORMATION": Level.INFO,
    "INFO": Level.INFO,
    "WARNING": Level.WARNING,
    "CRITICAL": Level.CRITICAL,
    "CONTENT": Level.CONTENT,
}
_PUBLIC_ID: Final = re.compile(r"TMPL[A-Za-z0-9_-]{4,12}")

type Row = Mapping[str, Any]


def template_file(row: Row) -> tuple[TemplateFile, list[str]]:
    """The template with its parts, and what of it does not come along."""
    left: list[str] = []
    ids = [name for name in row.get("templateIds") or [] if _PUBLIC_ID.fullmatch(str(name))]
    left += [f"template id {name}" for name in ids[1:]]
    connection = str(row.get("connectionType") or "").lower().replace("_", "")
    file = TemplateFile(
        facts=TemplateFacts(
            name=str(row["name"])[:60],
            hardware=str(row.get("boardType") or "")[:40],
            connection=connection if connection in Connection.values else "",
            description=str(row.get("description") or "")[:1000],
        ),
        public_id=ids[0] if ids else "",
        datastreams=tuple(_streams(row["datastreams"], left)),
        metadata=tuple(_fields(row["metafields"], left)),
        events=tuple(_events(row["events"], left)),
    )
    return file, left


def _streams(rows: Sequence[Row], left: list[str]) -> Iterator[StreamFacts]:
    for row in rows:
        kind = _STREAMS.get(str(row.get("type")).upper())
        if kind is None or str(row.get("pinType", "VIRTUAL")).upper() != "VIRTUAL":
            left.append(f"datastream {row.get('label')}")
            continue
        numeric = kind in (StreamKind.INTEGER, StreamKind.DOUBLE)
        yield StreamFacts(
            name=str(row["label"])[:40],
            pin=int(row["pin"]),
            kind=kind.value,
            alias=str(row.get("alias") or "")[:40],
            units=str(row.get("units") or "")[:16],
            minimum=row.get("min") if numeric else None,
            maximum=row.get("max") if numeric else None,
            keep_raw=bool(row.get("isRaw")),
            sync=bool(row.get("isSync")),
            writable="OUT" in str(row.get("pinMode") or "IN_OUT").upper() or bool(row.get("isForActions")),
        )


def _fields(rows: Sequence[Row], left: list[str]) -> Iterator[FieldFacts]:
    for row in rows:
        kind = _FIELDS.get(str(row.get("type")).upper())
        if kind is None:
            left.append(f"metadata {row.get('name')} ({row.get('type')})")
        else:
            yield FieldFacts(name=str(row["name"])[:40], kind=kind.value)


def _events(rows: Sequence[Row], left: list[str]) -> Iterator[EventFacts]:
    for row in rows:
        code, level = str(row.get("eventCode") or ""), _LEVELS.get(str(row.get("type")).upper())
        if code.lower() in RESERVED or (level is None and not code):
            continue  # Online and offline are there by themselves.
        if level is None:
            left.append(f"event {row.get('name')} ({row.get('type')})")
        else:
            yield EventFacts(code=code[:50], name=str(row["name"])[:50], level=level.value)
