"""Templates as files: the JSON of docs/reference/template-format.md, written, and read with every error by its path."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.devices.fitting import is_number, tidy
from fleetfolk.devices.models import Template
from fleetfolk.devices.template_parts import (
    MOST_EVENTS,
    MOST_FIELDS,
    PINS,
    Choice,
    EventFacts,
    Facts,
    FieldFacts,
    StreamFacts,
    TemplateFacts,
    is_public_id,
)

FORMAT = "fleetfolk-template"
VERSION = 1
LARGEST_FILE = 500_000
MOST_ERRORS = 100

_PIN = re.compile(r"[Vv]?(\d{1,3})")
PICTURE = "picture"
"""What the file calls a template's icon."""
_MISSING = object()


@dataclass(frozen=True, slots=True)
class FileError:
    """Something wrong in a file: where, as ``datastreams[2].pin``, and what, in a sentence."""

    path: str
    sentence: str


class UnreadableTemplate(Exception):
    """The file is no template, or not a right one."""

    def __init__(self, errors: Iterable[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.path}: {error.sentence}" for error in self.errors[:3]))


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateFile:
    """A template with all of its parts. ``public_id`` is empty where the file names none."""

    facts: TemplateFacts
    public_id: str = ""
    datastreams: tuple[StreamFacts, ...] = ()
    metadata: tuple[FieldFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()


def file_of(template: Template) -> TemplateFile:
    """The template as it is now."""
    return TemplateFile(
        facts=TemplateFacts.of(template),
        public_id=template.public_id,
        datastreams=tuple(StreamFacts.of(one) for one in template.datastreams.order_by("position", "pin")),
        metadata=tuple(FieldFacts.of(one) for one in template.metadata_fields.order_by("position", "pk")),
        events=tuple(EventFacts.of(one) for one in template.event_kinds.order_by("position", "pk")),
    )


def written(file: TemplateFile) -> str:
    """The file's text. What is as it would be without being said is left out."""
    record = {
        "format": FORMAT,
        "version": VERSION,
        "template": {**({"id": file.public_id} if file.public_id else {}), **_record(file.facts, icon=PICTURE)},
        "datastreams": [_stream_record(stream) for stream in file.datastreams],
        "metadata": [_record(one, default_value="default") for one in file.metadata],
        "events": [_record(one) for one in file.events],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def read(text: str | bytes) -> TemplateFile:
    """The template that the text describes; raises `UnreadableTemplate` with everything that is wrong with it."""
    reading = _Reading()
    file = reading.file(_parsed(text))
    if reading.errors:
        raise UnreadableTemplate(reading.errors)
    return file


def _parsed(text: str | bytes) -> dict[str, Any]:
    if len(text) > LARGEST_FILE:
        raise UnreadableTemplate([FileError("", _("The file is larger than a template can be (500 kB)."))])
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        record = json.loads(plain, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise UnreadableTemplate([FileError("", _("The file is not UTF-8 text."))]) from error
    except json.JSONDecodeError as error:
        where = _("line %(line)s, column %(column)s") % {"line": error.lineno, "column": error.colno}
        raise UnreadableTemplate([FileError(where, _("This is not JSON: %(what)s.") % {"what": error.msg})]) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableTemplate([FileError("", _("This is not JSON that a template can be read from."))]) from error
    if not isinstance(record, dict):
        raise UnreadableTemplate([FileError("", _("A template file holds one object, in braces."))])
    if record.get("format") != FORMAT:
        sentence = _("This is not a template file: it must say “%(format)s” here.") % {"format": FORMAT}
        raise UnreadableTemplate([FileError("format", sentence)])
    if record.get("version") != VERSION or isinstance(record["version"], bool):
        sentence = _("This installation reads version %(version)s of the format.") % {"version": VERSION}
        raise UnreadableTemplate([FileError("version", sentence)])
    return record


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _record(facts: Facts, **named: str) -> dict[str, Any]:
    """What the facts say, by the file's own words, without what they say by themselves."""
    record = {}
    for name, definition in facts.__dataclass_fields__.items():
        value = getattr(facts, name)
        if value != definition.default:
            record[named.get(name, name)] = list(value) if isinstance(value, tuple) else value
    return record


def _stream_record(stream: StreamFacts) -> dict[str, Any]:
    record = _record(stream, default_value="default")
    record["pin"] = f"V{stream.pin}"
    if stream.choices:
        record["choices"] = [_record(choice) for choice in stream.choices]  # type: ignore[arg-type]
    return record


@dataclass(slots=True)
class _Reading:
    """One file being read: what is wrong is collected, so that all of it is told at once."""

    errors: list[FileError] = field(default_factory=list)

    def file(self, record: dict[str, Any]) -> TemplateFile:
        self._known(record, "", {"format", "version", "template", "datastreams", "metadata", "events"})
        said = record.get("template")
        if not isinstance(said, dict):
            self._say("template", _("This must be an object with the template's name."))
            said = {"name": "?"}
        public_id = self._typed(said.get("id", ""), str, "template.id")
        if public_id is _MISSING:
            public_id = ""
        elif public_id and not is_public_id(public_id):
            self._say("template.id", _("A template ID is TMPL and 4 to 12 letters or digits."))
        facts = self._facts(TemplateFacts, {**said, "id": _MISSING}, "template", icon=PICTURE)
        streams: tuple[StreamFacts, ...] = self._parts(record, "datastreams", PINS, self._stream)
        self._each_once("datastreams", [(f"V{one.pin}", "pin") for one in streams])
        self._each_once("datastreams", [(one.name.casefold(), "name") for one in streams])
        fields: tuple[FieldFacts, ...] = self._parts(record, "metadata", MOST_FIELDS, self._field)
        self._each_once("metadata", [(one.name.casefold(), "name") for one in fields])
        events: tuple[EventFacts, ...] = self._parts(
            record, "events", MOST_EVENTS, lambda one, path: self._facts(EventFacts, one, path)
        )
        self._each_once("events", [(one.code, "code") for one in events])
        return TemplateFile(facts=facts, public_id=public_id, datastreams=streams, metadata=fields, events=events)

    def _stream(self, record: dict[str, Any], path: str) -> StreamFacts:
        choices = tuple(
            self._choice(one, f"{path}.choices[{index}]")
            for index, one in enumerate(self._list(record, path, "choices"))
        )
        pin = self._pin(record.get("pin", _MISSING), f"{path}.pin")
        said = {**record, "choices": _MISSING, "pin": pin}
        facts = self._facts(StreamFacts, said, path, default_value="default", check=False)
        return self._checked(replace(facts, choices=choices), path, default_value="default")

    def _choice(self, one: Any, path: str) -> Choice:
        if not isinstance(one, dict):
            self._say(path, _("This must be an object with a value and a label."))
            return Choice(0, "?")
        choice = self._facts(Choice, one, path, check=False)
        return replace(choice, label=tidy(choice.label))

    def _field(self, record: dict[str, Any], path: str) -> FieldFacts:
        return self._facts(FieldFacts, record, path, default_value="default")

    def _pin(self, said: Any, path: str) -> int:
        if isinstance(said, str) and (match := _PIN.fullmatch(said)):
            return int(match[1])
        if isinstance(said, int) and not isinstance(said, bool):
            return said
        self._say(path, _("This must be a pin from V0 to V255."))
        return 0

    def _parts[P](self, record: dict[str, Any], name: str, most: int, read_one: Any) -> tuple[P, ...]:
        rows = self._list(record, "", name)
        if len(rows) > most:
            self._say(name, _("There are more than %(most)s.") % {"most": most})
            rows = rows[:most]
        parts = []
        for index, one in enumerate(rows):
            path = f"{name}[{index}]"
            if isinstance(one, dict):
                parts.append(read_one(one, path))
            else:
                self._say(path, _("This must be an object."))
        return tuple(parts)

    def _facts[F: Facts | Choice](
        self, cls: type[F], record: Mapping[str, Any], path: str, *, check: bool = True, **words: str
    ) -> F:
        """The record as facts: every key known, every value of its type, all rules kept."""
        columns = cls.__dataclass_fields__
        by_word = {words.get(name, name): name for name in columns}
        said = {word: value for word, value in record.items() if value is not _MISSING}
        self._known(said, path, set(by_word))
        values: dict[str, Any] = {}
        for word, name in by_word.items():
            column = columns[name]
            needed = column.default is column.default_factory  # Neither is given: it must be said.
            value = self._typed(said[word], column.type, f"{path}.{word}") if word in said else _MISSING
            if needed and word not in said:
                self._say(f"{path}.{word}", _("This is missing."))
            if value is not _MISSING:
                values[name] = value
            elif needed:
                values[name] = 0 if column.type is int else ""
        facts = cls(**values)
        return self._checked(facts, path, **words) if check else facts  # type: ignore[type-var]

    def _checked[F: Facts](self, facts: F, path: str, **words: str) -> F:
        """The facts; their problems are said unless something else is wrong at the same place already."""
        wrong = {error.path for error in self.errors}
        for problem in facts.problems():
            where = f"{path}.{words.get(problem.where, problem.where)}"
            if not any(known == where or known.startswith((f"{where}[", f"{where}.")) for known in wrong):
                self._say(where, problem.sentence)
        return facts

    def _typed(self, value: Any, kind: Any, path: str) -> Any:
        """The value, tidied, where it is of the kind; else `_MISSING`, with what it must be said."""
        if kind is Any:
            return value
        fits, word = _KINDS[kind]
        if not fits(value):
            self._say(path, str(word))
            return _MISSING
        if isinstance(value, str):
            return "\n".join(tidy(line) for line in value.split("\n"))
        return tuple(tidy(one) for one in value) if isinstance(value, list) else value

    def _list(self, record: Mapping[str, Any], path: str, name: str) -> list[Any]:
        rows = record.get(name, [])
        if isinstance(rows, list):
            return rows
        self._say(f"{path}.{name}".lstrip("."), _("This must be a list, in brackets."))
        return []

    def _each_once(self, name: str, keys: list[tuple[str, str]]) -> None:
        seen: dict[str, int] = {}
        for index, (key, word) in enumerate(keys):
            if key in seen:
                first = f"{name}[{seen[key]}]"
                self._say(f"{name}[{index}].{word}", _("%(first)s has the same.") % {"first": first})
            seen.setdefault(key, index)

    def _known(self, record: Mapping[str, Any], path: str, words: set[str]) -> None:
        for word in record:
            if word not in words:
                sentence = _("This is not part of the format; is it misspelt?")
                self._say(f"{path}.{word}".lstrip("."), sentence)

    def _say(self, path: str, sentence: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            seen = path[:200].encode("utf-8", "replace").decode()
            self.errors.append(FileError(seen, sentence))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_KINDS: dict[Any, tuple[Callable[[Any], bool], StrPromise]] = {
    str: (lambda value: isinstance(value, str), gettext_lazy("This must be text, in quotation marks.")),
    bool: (lambda value: isinstance(value, bool), gettext_lazy("This must be true or false.")),
    int: (_is_whole, gettext_lazy("This must be a whole number.")),
    int | None: (lambda value: value is None or _is_whole(value), gettext_lazy("This must be a whole number.")),
    float | None: (lambda value: value is None or is_number(value), gettext_lazy("This must be a number.")),
    tuple[str, ...]: (_are_texts, gettext_lazy("This must be a list of texts.")),
}
