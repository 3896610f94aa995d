"""Templates as files: what is written is read again, and whatever is wrong is told by its path."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetfolk.devices.models import Level, MetadataKind, StreamKind
from fleetfolk.devices.template_files import (
    FORMAT,
    LARGEST_FILE,
    FileError,
    TemplateFile,
    UnreadableTemplate,
    read,
    written,
)
from fleetfolk.devices.template_parts import Choice, EventFacts, FieldFacts, StreamFacts, TemplateFacts

PUMP = TemplateFile(
    facts=TemplateFacts(
        name="Wärmepumpe",
        manufacturer="Lumen",
        hardware="ESP32",
        connection="wifi",
        categories=("Heating",),
        icon="flame",
        description="Two lines\nof it.",
        offline_after=300,
    ),
    public_id="TMPLabcd12345",
    datastreams=(
        StreamFacts(name="Power", pin=0, kind=StreamKind.BOOLEAN, writable=True, sync=True, default_value=False),
        StreamFacts(name="Target", pin=1, kind=StreamKind.DOUBLE, units="°C", minimum=5.0, maximum=30.5, decimals=1),
        StreamFacts(
            name="Mode",
            pin=255,
            kind=StreamKind.ENUMERABLE,
            choices=(Choice(0, "Off", 6), Choice(1, "Eco")),
            default_value=1,
        ),
        StreamFacts(name="Place", pin=7, kind=StreamKind.LOCATION, default_value=[13.4, 52.5]),
        StreamFacts(name="Note", alias="Last note", pin=8, kind=StreamKind.STRING, keep_raw=True),
    ),
    metadata=(
        FieldFacts(name="Installed", kind=MetadataKind.DATE, required=True),
        FieldFacts(name="Floor", kind=MetadataKind.LIST, choices=("Cellar", "Attic"), default_value="Attic"),
    ),
    events=(EventFacts(code="leak", name="Leak", level=Level.CRITICAL, notify=("owner", "staff")),),
)


def said(**parts: Any) -> str:
    return json.dumps({"format": FORMAT, "version": 1, "template": {"name": "Pump"}, **parts})


def errors_of(text: str | bytes) -> dict[str, str]:
    with pytest.raises(UnreadableTemplate) as raised:
        read(text)
    return {error.path: error.sentence for error in raised.value.errors}


def test_what_is_written_is_read_again() -> None:
    assert read(written(PUMP)) == PUMP
    assert read(written(PUMP).encode()) == PUMP


def test_what_goes_without_saying_is_not_written() -> None:
    record = json.loads(written(PUMP))
    assert record["datastreams"][1] == {
        "name": "Target",
        "pin": "V1",
        "kind": "double",
        "units": "°C",
        "minimum": 5.0,
        "maximum": 30.5,
        "decimals": 1,
    }
    assert record["events"] == [{"code": "leak", "name": "Leak", "level": "critical", "notify": ["owner", "staff"]}]


def test_a_name_is_enough() -> None:
    assert read(said()) == TemplateFile(facts=TemplateFacts(name="Pump"))


STREAM = {"name": "Target", "pin": "V1", "kind": "double"}
SWITCH = {"name": "Power", "pin": "V1", "kind": "boolean"}
MODES = {"name": "Mode", "pin": 2, "kind": "enumerable"}


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("{", "line 1, column 2", "not JSON"),
        (b"\xff\xfe{}", "", "not UTF-8"),
        ("[]", "", "one object"),
        ("[" * 100_000, "", "JSON"),
        (" " * (LARGEST_FILE + 1), "", "larger"),
        ("{}", "format", "template file"),
        (json.dumps({"format": FORMAT, "version": 2}), "version", "version 1"),
        (json.dumps({"format": FORMAT, "version": True}), "version", "version 1"),
        (said(template=None), "template", "object"),
        (said(template={}), "template.name", "missing"),
        (said(template={"name": ""}), "template.name", "empty"),
        (said(template={"name": 7}), "template.name", "text"),
        (said(template={"name": "x" * 61}), "template.name", "60"),
        (said(template={"name": "a\u0000b"}), "template.name", "seen"),
        (said(template={"name": "a\ud800b"}), "template.name", "seen"),
        (said(template={"name": "Pump", "id": "TMP1"}), "template.id", "TMPL"),
        (said(template={"name": "Pump", "colour": "red"}), "template.colour", "misspelt"),
        (said(template={"name": "Pump", "picture": "unicorn"}), "template.picture", "one of"),
        (said(template={"name": "Pump", "offline_after": 1}), "template.offline_after", "between 10"),
        (said(template={"name": "Pump", "offline_after": 1.5}), "template.offline_after", "whole"),
        (said(template={"name": "Pump", "categories": "Heating"}), "template.categories", "list"),
        (said(streams=[]), "streams", "misspelt"),
        (said(datastreams={}), "datastreams", "brackets"),
        (said(datastreams=["V1"]), "datastreams[0]", "object"),
        (said(datastreams=[{**STREAM, "pin": "V256"}]), "datastreams[0].pin", "between 0"),
        (said(datastreams=[{**STREAM, "pin": "D1"}]), "datastreams[0].pin", "V0 to V255"),
        (said(datastreams=[{**STREAM, "pin": True}]), "datastreams[0].pin", "V0 to V255"),
        (said(datastreams=[{"name": "Target", "kind": "double"}]), "datastreams[0].pin", "V0 to V255"),
        (said(datastreams=[{**STREAM, "kind": "float"}]), "datastreams[0].kind", "double"),
        (said(datastreams=[{**STREAM, "name": "a/b"}]), "datastreams[0].name", "addresses"),
        (said(datastreams=[{**STREAM, "minimum": 77}]).replace("77", "7e777"), "datastreams[0].minimum", "number"),
        (said(datastreams=[{**STREAM, "minimum": 10**400}]), "datastreams[0].minimum", "number"),
        (said(datastreams=[{**STREAM, "minimum": 5, "maximum": 5}]), "datastreams[0].maximum", "greater"),
        (said(datastreams=[{**STREAM, "minimum": 5, "default": 4}]), "datastreams[0].default", "limits"),
        (said(datastreams=[{**STREAM, "default": "4"}]), "datastreams[0].default", "type"),
        (said(datastreams=[{**SWITCH, "minimum": 0}]), "datastreams[0].minimum", "number"),
        (said(datastreams=[{**SWITCH, "writable": 1}]), "datastreams[0].writable", "true"),
        (said(datastreams=[{**MODES, "choices": []}]), "datastreams[0].choices", "two"),
        (
            said(datastreams=[{**MODES, "choices": [{"value": 0, "label": "Off"}, 2]}]),
            "datastreams[0].choices[1]",
            "object",
        ),
        (
            said(datastreams=[{**MODES, "choices": [{"value": 0, "label": "Off"}, {"value": "1", "label": "On"}]}]),
            "datastreams[0].choices[1].value",
            "whole",
        ),
        (said(datastreams=[STREAM, {**STREAM, "name": "Other"}]), "datastreams[1].pin", "datastreams[0]"),
        (said(datastreams=[STREAM, {**STREAM, "name": "TARGET", "pin": 2}]), "datastreams[1].name", "datastreams[0]"),
        (said(metadata=[{"name": "Floor", "kind": "list"}]), "metadata[0].choices", "two"),
        (said(metadata=[{"name": "Floor", "kind": "level"}]), "metadata[0].kind", "time_zone"),
        (said(metadata=[{"name": "Zone", "kind": "time_zone", "default": "Mars"}]), "metadata[0].default", "fit"),
        (said(metadata=[{"name": "A", "kind": "text"}, {"name": "a", "kind": "text"}]), "metadata[1].name", "same"),
        (said(events=[{"code": "a-b", "name": "A"}]), "events[0].code", "underscores"),
        (said(events=[{"code": "ONLINE", "name": "A"}]), "events[0].code", "itself"),
        (said(events=[{"code": "a", "name": "A", "level": "fatal"}]), "events[0].level", "critical"),
        (said(events=[{"code": "a", "name": "A", "notify": ["me"]}]), "events[0].notify", "owner"),
        (said(events=[{"code": "a", "name": "A"}, {"code": "a", "name": "B"}]), "events[1].code", "events[0]"),
        (said(events=[{"name": "A"}]), "events[0].code", "missing"),
    ],
)
def test_what_is_wrong_is_told_by_its_path(text: str | bytes, path: str, words: str) -> None:
    errors = errors_of(text)
    assert words in errors[path]
    assert len(errors) == 1


def test_everything_wrong_is_told_at_once() -> None:
    text = said(datastreams=[{**STREAM, "pin": "V900"}, {**MODES, "units": 3}], events=[{"code": "a b c", "name": 1}])
    assert set(errors_of(text)) == {
        "datastreams[0].pin",
        "datastreams[1].choices",
        "datastreams[1].units",
        "events[0].name",
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [*StreamFacts.__dataclass_fields__, *EventFacts.__dataclass_fields__, "default", "picture", "id", "value", "label"]
)
RECORDS = st.lists(st.dictionaries(WORDS, JSON | st.lists(st.dictionaries(WORDS, JSON, max_size=3), max_size=3)) | JSON)


@given(template=st.dictionaries(WORDS, JSON) | JSON, datastreams=RECORDS, metadata=RECORDS, events=RECORDS)
def test_whatever_a_file_says_it_is_read_or_refused(**parts: Any) -> None:
    try:
        file = read(said(**parts))
    except UnreadableTemplate as refusal:
        errors: tuple[FileError, ...] = refusal.errors
    else:
        errors = (FileError("", "none"),)
        assert read(written(file)) == file
    assert all(error.sentence for error in errors)
    assert errors


@given(st.text() | st.binary())
def test_whatever_the_text_is_it_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(UnreadableTemplate):
        read(text)
