"""Entries as the page says them: names instead of codes, sentences instead of reasons."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.state import key_text
from fleetfolk.console.times import zone_name
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import ActorKind, Client
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.kernel.reasons import REASONS

_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLIENTS = {client.value: client for client in Client}
_STATUS = {"done": "done", "denied": "denied", "refused": "refused", "not_found": "missing"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the log. ``person_id`` is the acting person's key, or empty for what is not a person."""

    key: str
    at: dt.datetime
    name: str
    details: str
    code: str
    who: str
    person_id: str
    behalf: str
    target: str
    folded: str
    client: str
    organization: str
    status: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled fact of an entry; ``person_id`` where it is a person whose entries can be shown."""

    name: str
    value: str
    code: bool = False
    person_id: int | None = None


def action_name(code: str) -> str:
    """The Action's label, or the code of one that this version does not know."""
    action = CATALOGUE.get(code)
    return str(action.label) if action else code


def one_line(text: str) -> str:
    """The text without what would break its line or turn the words around it, so that it cannot pass for another."""
    return _REORDERING.sub("", _BREAKS.sub(" ", text))


def row_of(entry: Entry) -> Row:
    """The line of an entry."""
    name = action_name(entry.code)
    folded = entry.facts.get("folded", 0)
    # Nobody needs to be told that who signed in is who signed in.
    own = entry.target_type == "users.User" and str(entry.target_id) == entry.actor_id
    return Row(
        key=key_of(entry),
        at=entry.at,
        name=name,
        details=_("Details of %(action)s") % {"action": name},
        code=entry.code,
        who=one_line(entry.actor_label),
        person_id=entry.actor_id if entry.actor_kind == ActorKind.USER else "",
        behalf=behalf_of(entry),
        target="" if own or folded else one_line(entry.target_label),
        folded=ngettext("%(count)s more time in this minute", "%(count)s more times in this minute", folded)
        % {"count": folded}
        if folded
        else "",
        client=client_name(entry.client),
        organization=one_line(entry.organization_label),
        status=_STATUS[entry.result],
    )


def behalf_of(entry: Entry) -> str:
    """Who did it in whose name; empty where people act for themselves."""
    if not entry.acting_for:
        return ""
    names = {"who": one_line(entry.actor_label), "whom": one_line(entry.acting_for)}
    return _("%(who)s on behalf of %(whom)s") % names


def key_of(entry: Entry) -> str:
    """The entry's place in the log as it stands in addresses."""
    return key_text((entry.at, entry.pk))


def client_name(code: str) -> str:
    """The word for a client."""
    client = _CLIENTS.get(code)
    return str(client.label) if client else code


def reason_sentence(entry: Entry) -> str:
    """Why it was not done, in words; empty where it was."""
    if not entry.reason:
        return ""
    sentence = REASONS.get(entry.reason)
    # Entries told of a flood do not keep what fills the sentence's places.
    return str(sentence) % defaultdict(lambda: "…", entry.facts) if sentence else entry.reason


def differences_of(entry: Entry) -> list[Difference]:
    """What changed."""
    model = _model(entry.target_type)
    return [
        Difference(_field_name(model, change["field"]), readable(change["before"]), readable(change["after"]))
        for change in entry.changes
    ]


def facts_of(entry: Entry) -> list[Fact]:
    """Everything else that is known of the entry, in the order in which one asks."""
    shown = {} if entry.reason and "folded" not in entry.facts else entry.facts
    said = [Fact(_words(name), _quoted(name, value)) for name, value in shown.items() if value not in ("", None)]
    on_person = entry.target_type == "users.User"
    known = [
        Fact(_("By"), entry.actor_label, person_id=int(entry.actor_id) if entry.actor_kind == ActorKind.USER else None),
        Fact(_("On behalf of"), entry.acting_for),
        Fact(_("Target"), _target(entry), person_id=entry.target_id if on_person else None),
        *said,
        Fact(_("Address"), str(entry.address or "")),
        Fact(_("Request"), entry.request_id, code=True),
        Fact(_("Batch"), str(entry.batch_id or ""), code=True),
        Fact(_("Exact"), exact(entry.at)),
    ]
    return [replace(fact, value=one_line(fact.value)) for fact in known if fact.value]


def exact(moment: dt.datetime) -> str:
    """'21 Nov 2026, 14:06:41.220 (Berlin)', in the viewer's zone."""
    local = timezone.localtime(moment)
    text = date_format(local, pgettext("exact time of an entry", "j M Y, H:i:s"))
    return f"{text}.{local.microsecond // 1000:03d} ({zone_name(local)})"


def readable(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T":
        try:
            return exact(dt.datetime.fromisoformat(value))
        except ValueError:
            return one_line(value)
    return one_line(str(value))


def _target(entry: Entry) -> str:
    if entry.target_label:
        return entry.target_label
    if entry.target_id is None:
        return ""
    model = _model(entry.target_type)
    kind = str(model._meta.verbose_name) if model else entry.target_type
    return _("%(kind)s %(id)s, not found") % {"kind": kind, "id": entry.target_id}


def _quoted(name: str, value: Any) -> str:
    return f"“{value}”" if name == "reason" else readable(value)


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field_name(model: Any, name: str) -> str:
    if name in PERMISSIONS:
        return str(PERMISSIONS[name].label)
    if model is not None:
        try:
            verbose = str(model._meta.get_field(name.removesuffix("_id")).verbose_name)
        except (FieldDoesNotExist, AttributeError):
            return _words(name)
        return verbose[:1].upper() + verbose[1:]
    return _words(name)


def _words(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
