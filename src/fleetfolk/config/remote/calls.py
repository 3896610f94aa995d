"""Actions from the shell: those with short names, and any by its code."""

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import Any

from fleetfolk.config.remote.failure import Ends, Failed
from fleetfolk.config.remote.keys import key_of
from fleetfolk.config.remote.nouns import Act
from fleetfolk.config.remote.server import Server
from fleetfolk.config.remote.table import Writer, plain


def call(server: Server, writer: Writer, asked: Namespace) -> int:
    """The Action of this code is done."""
    data = fields_given(asked.fields)
    answer = server.post(f"actions/{asked.code}", data)
    _tell(writer, asked, [answer])
    return Ends.DONE


def do(server: Server, writer: Writer, asked: Namespace, noun: str, act: Act) -> int:
    """The Action is done to each that is named; whom it is refused to is said, and the others go on."""
    named = {
        name: (key_of(server, of, given) if of else given)
        for name, (_help, of) in (act.fields or {}).items()
        if (given := getattr(asked, name)) is not None
    }
    done, refused = [], []
    for name in asked.names:
        try:
            data = {"target": key_of(server, noun, name), **named}
            done.append(server.post(f"actions/{act.action}", data))
        except Failed as failed:
            if failed.code is not Ends.REFUSED:
                raise
            refused.append(f"{plain(name)}: {failed.sentence}")
    _tell(writer, asked, done)
    if refused:
        raise Failed("\n".join(refused))
    return Ends.DONE


def invite(server: Server, writer: Writer, asked: Namespace) -> int:
    """Somebody is invited by mail, into one's own organization unless another is named."""
    data = {
        "target": _place(server, asked),
        "email": asked.email,
        "first_name": asked.first_name,
        "last_name": asked.last_name,
        "role_id": key_of(server, "roles", asked.role),
        **{name: given for name in ("phone", "language", "time_zone") if (given := getattr(asked, name))},
    }
    _tell(writer, asked, [server.post("actions/user.invite", data)])
    return Ends.DONE


def send(server: Server, writer: Writer, asked: Namespace) -> int:
    """A message is written and sent: to people, or to a segment. Everybody finds it in their inbox."""
    if bool(asked.to) == bool(asked.segment):
        raise Failed("Say to whom: with --to, once for each person, or with --segment.", Ends.USAGE)
    audience: dict[str, Any] = {"users": [key_of(server, "users", name) for name in asked.to or ()]}
    if asked.segment:
        audience = {"segment": key_of(server, "segments", asked.segment)}
    draft = {
        "target": _place(server, asked),
        "subject": asked.subject,
        "body": asked.body,
        "audience": audience,
        "channels": asked.channel or [],
    }
    written = server.post("actions/message.create", draft)["target"]["id"]
    _tell(writer, asked, [server.post("actions/message.send", {"target": written})])
    return Ends.DONE


def actions(server: Server, writer: Writer, asked: Namespace) -> int:
    """What can be called, and with which fields; those in brackets can be left out."""
    document = server.get("openapi.json")
    wanted = asked.word.casefold()
    rows = []
    for path, methods in sorted(document["paths"].items()):
        code = path.removeprefix("/api/v1/actions/")
        said = methods.get("post", {})
        if code != path and wanted in f"{code} {said['summary']}".casefold():
            rows.append({"code": code, "label": said["summary"], "fields": _fields(document, said)})
    writer.rows(("code", "label", "fields"), rows)
    return Ends.DONE


def fields_given(words: Iterable[str]) -> dict[str, Any]:
    """``name=text`` and ``name:=json``, as they were typed."""
    given: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.rstrip(":"):
            raise Failed(f"{plain(word)!r} is neither name=text nor name:=json.", Ends.USAGE)
        try:
            given[name.rstrip(":")] = json.loads(value) if name.endswith(":") else value
        except ValueError:
            raise Failed(f"What stands behind := in {plain(word)!r} is no JSON.", Ends.USAGE) from None
    return given


def _place(server: Server, asked: Namespace) -> int:
    if asked.organization:
        return key_of(server, "organizations", asked.organization)
    return int(server.get("me")["organization_id"])


def _fields(document: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    reference = said["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    required = schema.get("required", ())
    return " ".join(name if name in required else f"[{name}]" for name in schema["properties"])


def _tell(writer: Writer, asked: Namespace, done: Iterable[Mapping[str, Any]]) -> None:
    """What was done, a line each; a token that was made is shown this once."""
    if asked.form != "table":
        writer.rows(("action", "id", "label", "secret"), [{**one, **one["target"]} for one in done])
        return
    for one in done:
        target = one["target"]
        writer.line(f"{one['action']}: {plain(target['label'])} ({target['id']})")
        if one["secret"]:
            writer.line(f"  secret: {plain(one['secret'])}")
