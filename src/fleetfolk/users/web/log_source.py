"""The action log as a source of a person's stream: sign-ins, what they did, what was done to them, and assistance."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.queries import counts_over_time, entries_page, own_reader, reader_of
from fleetfolk.actionlog.statements import Reader, Wanted
from fleetfolk.actionlog.web.rows import action_name, behalf_of, client_name, key_of, one_line, reason_sentence
from fleetfolk.actionlog.web.state import codes_named
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening, Place
from fleetfolk.users.models import User

SOURCE: Final = "log"
SIGN_IN, ACTION, ASSISTANCE = "sign-in", "action", "assistance"
_SIGN_INS: Final = "user.session."
_ASSISTANCE: Final = "assistance."
_ICONS: Final = (
    ("user.session.start", "login"),
    ("user.session", "logout"),
    ("user.password", "key"),
    ("user.factor", "shield-lock"),
    ("user.codes", "shield-lock"),
    ("user.invit", "mail"),
    ("user.email", "mail"),
    ("user.tag", "tag"),
    ("user.role", "shield-check"),
    ("user.disable", "ban"),
    ("user.enable", "user-check"),
    ("user.transfer", "switch-horizontal"),
    ("user.delete", "trash"),
    ("user.edit", "pencil"),
    ("user.profile", "pencil"),
    (_ASSISTANCE, "headset"),
)
_RESULTS: Final = {
    Result.DENIED: gettext_lazy("%(action)s: denied"),
    Result.REFUSED: gettext_lazy("%(action)s: refused"),
    Result.NOT_FOUND: gettext_lazy("%(action)s: not found"),
}


class LogSource:
    """Entries that the actor may read: about others with the right to read the log, about oneself without any."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {
        SIGN_IN: gettext_lazy("Sign-ins"),
        ACTION: gettext_lazy("Actions"),
        ASSISTANCE: gettext_lazy("Remote assistance"),
    }

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: Place | None,
        limit: int,
        typed: str = "",
        kind: str = "",
    ) -> list[Happening]:
        """One keyset page of the person's entries."""
        reader = _reader(actor, person)
        if reader is None:
            return []
        wanted = _wanted(person, since=since, until=until, typed=typed, kind=kind)
        page = entries_page(reader, wanted, older_than=activity.beyond(SOURCE, before), size=limit)
        return [happening_of(entry, person, own=reader.own) for entry in page.entries]

    def counts(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        step: dt.timedelta,
        zone: ZoneInfo,
        typed: str = "",
        kind: str = "",
    ) -> dict[dt.datetime, int] | None:
        """The person's entries by step."""
        reader = _reader(actor, person)
        if reader is None:
            return {}
        wanted = _wanted(person, since=since, until=until, typed=typed, kind=kind)
        return counts_over_time(reader, wanted, step=step, zone_name=str(zone))


def happening_of(entry: Entry, person: User, *, own: bool) -> Happening:
    """The entry as a line about the person; ``own``: as they themselves read it."""
    kind = _kind_of(entry)
    done = entry.result == Result.DONE
    return Happening(
        at=entry.at,
        key=activity.key_of(SOURCE, entry.pk),
        kind=kind,
        icon=_icon_of(entry.code) if done or kind == ASSISTANCE else "alert-triangle",
        sentence=_sentence(entry, person),
        url=reverse("actionlog:own-entry" if own else "actionlog:entry", args=[key_of(entry)]),
        client=client_name(entry.client),
        address=entry.address,
        behalf=behalf_of(entry),
        failed=not done,
    )


def _reader(actor: Actor, person: User) -> Reader | None:
    if actor.user_id == person.pk:
        return own_reader(actor)
    try:
        return reader_of(actor)
    except Denied:
        return None


def _wanted(person: User, *, since: dt.datetime, until: dt.datetime, typed: str, kind: str) -> Wanted:
    codes = codes_named(typed) if typed else None
    if kind:
        among = tuple(CATALOGUE) if codes is None else codes
        codes = tuple(code for code in among if _kind_of_code(code) == kind)
    return Wanted(since=since, until=until, codes=codes, person_id=person.pk)


def _kind_of(entry: Entry) -> str:
    return ASSISTANCE if entry.acting_for else _kind_of_code(entry.code)


def _kind_of_code(code: str) -> str:
    if code.startswith(_SIGN_INS):
        return SIGN_IN
    return ASSISTANCE if code.startswith(_ASSISTANCE) else ACTION


def _icon_of(code: str) -> str:
    return next((icon for beginning, icon in _ICONS if code.startswith(beginning)), "history")


def _sentence(entry: Entry, person: User) -> str:
    """What happened, in words; whose hands it was, where they were not the person's own."""
    who, target = one_line(entry.actor_label), one_line(entry.target_label) or "…"
    by_them = entry.actor_kind == ActorKind.USER and entry.actor_id == str(person.pk)
    if entry.result != Result.DONE:
        what = str(_RESULTS[Result(entry.result)]) % {"action": action_name(entry.code)}
        if reason := reason_sentence(entry):
            what = _("%(what)s. %(reason)s") % {"what": what, "reason": one_line(reason)}
    elif entry.code not in CATALOGUE:
        what = entry.code
    else:
        about = defaultdict(lambda: "…", target=target)
        what = str(CATALOGUE[entry.code].said) % about
        if not by_them:
            return _("%(who)s %(did)s") % {"who": who, "did": what}
    return str(capfirst(what)) if by_them else _("%(who)s, %(what)s") % {"who": who, "what": what}


activity.register_source(LogSource())
