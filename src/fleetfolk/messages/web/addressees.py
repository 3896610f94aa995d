"""Whom a message is for, on the composer's page: said in the form, shown as tokens, found by typing, counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django.db.models import Q
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.console.marking import folded, words_of
from fleetfolk.jobs.models import Target
from fleetfolk.kernel.actor import Actor
from fleetfolk.messages.audience import AUDIENCES, MOST_NAMED, reached, recipients_of
from fleetfolk.messages.models import Message, Unreachable
from fleetfolk.messages.sent import messages_seen
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.queries import segments_in, segments_open
from fleetfolk.users.listing import ListedUser, reach_of, users_listed, users_with

FOUND: Final = 6
SHOWN: Final = 12
"""So many people are named as tokens; the others are a number."""
_ALONE: Final = ("segment", "job", "unread")
"""Audiences of which there is one at most, and which stand alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """One addressee: ``key`` is what the form sends to take it out, ``person`` the key of a person, for the picture."""

    key: str
    label: str
    icon: str = ""
    person: int = 0
    number: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressees:
    """Some people by name, or one segment, or whom a selection chose, or who has not read a message."""

    users: tuple[int, ...] = ()
    segment: int = 0
    job: int = 0
    unread: int = 0

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """What the form or an address says. Numbers that are none are left out."""
        users = tuple(dict.fromkeys(_numbers(given.getlist("to"))))[:MOST_NAMED]
        if users:
            return cls(users=users)
        said = {name: key for name in _ALONE for key in _numbers([given.get(name, "")]) if key}
        return cls(users=(), **dict(list(said.items())[:1]))

    def spelled_out(self, actor: Actor) -> Self:
        """A selection of no more people than can be named is kept as their names: it is not forgotten then."""
        if not self.job:
            return self
        chosen = Target.objects.filter(job__created_by_id=actor.user_id or 0, job=self.job, job__input__of="users")
        keys = list(chosen.values_list("target_id", flat=True)[: MOST_NAMED + 1])
        if not 0 < len(keys) <= MOST_NAMED:
            return self
        home = Organization.objects.get(pk=actor.tenant_id)
        reach = reached(actor, home).filter(pk__in=keys)
        return replace(self, users=tuple(reach.order_by("pk").values_list("pk", flat=True)), job=0)

    @classmethod
    def kept(cls, message: Message) -> Self:
        """What a draft says."""
        said = message.audience
        return cls(users=tuple(said.get("users", ())), **{name: said.get(name, 0) for name in _ALONE})

    def changed(self, given: QueryDict) -> Self:
        """With whom a button of the form adds, or without whom it drops. All but people stand alone."""
        kind, _colon, text = given.get("add", "").partition(":")
        key = next(iter(_numbers([text])), 0)
        if kind == "user" and key:
            return type(self)(users=(*self.users, key) if key not in self.users else self.users)
        if kind == "segment" and key:
            return type(self)(segment=key)
        kind, _colon, text = given.get("drop", "").partition(":")
        if kind == "user":
            return replace(self, users=tuple(one for one in self.users if str(one) != text))
        return type(self)() if kind else self

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody."""
        return not self.as_json()

    @property
    def hidden(self) -> Sequence[tuple[str, int]]:
        """The hidden fields that keep it."""
        return [("to", key) for key in self.users] or list(self.as_json().items())

    def as_json(self) -> dict[str, Any]:
        """As `Message.audience` keeps it."""
        if self.users:
            return {"users": list(self.users)}
        return {name: key for name in _ALONE if (key := getattr(self, name))}

    def tokens(self, actor: Actor) -> list[Token]:
        """What the form shows of it, as far as the actor may see it."""
        if self.users:
            seen = users_with(actor, self.users[:SHOWN])
            tokens = [Token(key=f"user:{one.id}", label=one.name, person=one.id) for one in seen]
            if len(self.users) > SHOWN:
                more = len(self.users) - SHOWN
                said = ngettext("%(number)s more", "%(number)s more", more) % {"number": number_format(more)}
                tokens.append(Token(key="all", label=said, icon="users"))
            return tokens
        if self.segment:
            segment = segments_open(actor).filter(pk=self.segment).first()
            return [_of_segment(segment) if segment else Token(key="all", label=_("A segment"), icon="chart-pie")]
        if self.job:
            return [Token(key="all", label=_("A selection"), icon="list-check")]
        if self.unread:
            subjects = messages_seen(actor).filter(pk=self.unread).values_list("subject", flat=True)
            return [Token(key="all", label=_not_read(subjects.first()), icon="mail")]
        return []


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How many people would get it now, and how many of them would get no mail."""

    people: int
    without_mail: int

    @property
    def said(self) -> str:
        """The number in words."""
        number = number_format(self.people, force_grouping=True)
        return ngettext("%(number)s person", "%(number)s people", self.people) % {"number": number}


def counted(addressees: Addressees, *, actor: Actor, within: Organization, by_mail: bool) -> Counted:
    """How many people would get it, if it were sent now."""
    audience = addressees.as_json()
    if any(kind not in AUDIENCES for kind in audience):
        return Counted(people=0, without_mail=0)
    people = recipients_of(audience, actor=actor, within=within)
    unwanted = Q(message_choice__email=False) | Q(pk__in=Unreachable.objects.values("user_id"))
    return Counted(people=people.count(), without_mail=people.filter(unwanted).count() if by_mail else 0)


def people_found(actor: Actor, query: str) -> Sequence[ListedUser]:
    """The first few people whom the words fit; without words, those who were there last."""
    reach = reach_of(actor, here_only=False, statuses=("active", "inactive"))
    return users_listed(replace(reach, typed=query, sort="last_sign_in", descending=True, size=FOUND)).rows


def segments_found(actor: Actor, query: str) -> list[Token]:
    """The first few segments of people whose names have the words."""
    if "segment" not in AUDIENCES:
        return []
    words = words_of(query)
    seen = segments_open(actor).filter(of=Population.USERS).order_by("position", "pk")
    fitting = (one for one in seen if all(word in folded(one.name) for word in words))
    return [_of_segment(one) for _place, one in zip(range(FOUND), fitting, strict=False)]


def said_of(messages: Sequence[Message], actor: Actor) -> dict[int, str]:
    """For each of these messages, whom it is for, in a word. Three statements for all of them at most."""
    named = {key for one in messages for key in one.audience.get("users", ())[:1]}
    names = {one.id: one.name for one in users_with(actor, sorted(named))}
    wanted = {one.audience["segment"] for one in messages if "segment" in one.audience}
    segments = dict(segments_in(actor).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    reminding = {one.audience["unread"] for one in messages if "unread" in one.audience}
    subjects = dict(messages_seen(actor).filter(pk__in=reminding).values_list("pk", "subject")) if reminding else {}
    return {one.pk: _said(one.audience, names, segments, subjects) for one in messages}


def _said(audience: dict[str, Any], names: dict[int, str], segments: dict[int, str], subjects: dict[int, str]) -> str:
    users = audience.get("users", ())
    if users:
        first = names.get(users[0], "")
        if first and len(users) == 1:
            return first
        if first:
            more = len(users) - 1
            said = ngettext("%(name)s and %(number)s other", "%(name)s and %(number)s others", more)
            return said % {"name": first, "number": number_format(more, force_grouping=True)}
        number = number_format(len(users), force_grouping=True)
        return ngettext("%(number)s person", "%(number)s people", len(users)) % {"number": number}
    if "segment" in audience:
        return segments.get(audience["segment"], _("A segment"))
    if "unread" in audience:
        return _not_read(subjects.get(audience["unread"]))
    return _("A selection") if "job" in audience else ""


def _not_read(subject: str | None) -> str:
    """Those who have not read the message of this subject."""
    return _("Who has not read “%(subject)s”") % {"subject": subject} if subject else _("Who has not read a message")


def _of_segment(segment: Segment) -> Token:
    number = number_format(segment.counted, force_grouping=True) if segment.counted is not None else ""
    return Token(key=f"segment:{segment.pk}", label=segment.name, icon="chart-pie", number=number)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and text.isascii() and len(text) < 19]
