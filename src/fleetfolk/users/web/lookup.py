"""Customer lookup: one field, who fits while one types, and everything about one of them beside it."""

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console import marking
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.listed import Listed
from fleetfolk.console.stencil import stencil_of
from fleetfolk.console.templatetags.console import avatar, status
from fleetfolk.console.times import time_element
from fleetfolk.console.typed import typed
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.users.attention import failed_sign_ins
from fleetfolk.users.listing import ListedUser, reach_of, users_listed, users_with
from fleetfolk.users.models import State, User
from fleetfolk.users.queries import invitation_of, people_at_hand, user_detail
from fleetfolk.users.signed_in import location_words_for
from fleetfolk.users.web.act import Act
from fleetfolk.users.web.activity import latest_of
from fleetfolk.users.web.acts import ACTS, doable
from fleetfolk.users.web.country_names import country_names
from fleetfolk.users.web.finders import BESIDE, TRACERS, Trace
from fleetfolk.users.web.phones import country_of, typed_phone

PAGE: Final = "users/lookup.html"
SIZE: Final = 12
TRACES_SHOWN: Final = 2
LONGEST_QUERY: Final = 200

# What an agent does most, in their order: the word on a narrow hit, the word in the pane, the icon.
_OFFERED: Final[dict[str, tuple[StrPromise, StrPromise, str]]] = {
    "assistance:dialog": (gettext_lazy("Assist"), gettext_lazy("Remote assistance"), "headset"),
    "users:reset-password": (gettext_lazy("Password"), gettext_lazy("Reset password"), "key"),
    "users:send-invitation": (gettext_lazy("Invitation"), gettext_lazy("Resend invitation"), "mail-forward"),
    "users:disable": (gettext_lazy("Disable"), gettext_lazy("Disable"), "ban"),
    "users:enable": (gettext_lazy("Enable"), gettext_lazy("Enable"), "circle-check"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A button: its short and its full word, icon, address, and whether a click asks first or does it at once."""

    short: StrPromise
    label: StrPromise
    icon: str
    url: str
    method: Literal["dialog", "post"]
    primary: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Somebody who fits. ``why`` are the facts beside the visible ones in which the words were found."""

    words: Sequence[str]
    person: ListedUser
    facts: Sequence[str]
    why: Sequence[tuple[StrPromise, str]]
    devices: str
    seen: dt.datetime | None
    offers: Sequence[Offer]
    url: str
    address: str
    profile: str
    current: bool


@console_view
@require_GET
def home(request: ConsoleRequest) -> HttpResponse:
    """The page; through htmx the hits alone, with the first one opened unless one is open that still fits."""
    query = _query(request)
    opened = _number(request.GET.get("person", ""))
    context = _results(request, query, opened)
    if request.htmx:
        return render(request, f"{PAGE}#results", context)
    if opened is not None and context["chosen"] == opened:
        # An address from before may name somebody who is out of reach by now.
        with contextlib.suppress(TargetNotFound):
            context |= _pane(request, opened)
    return render(request, PAGE, context)


@console_view
@require_GET
def person(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """One person beside the hits; without htmx the page with both."""
    pane = _pane(request, user_id)
    if request.htmx:
        return render(request, f"{PAGE}#pane", pane)
    return render(request, PAGE, _results(request, _query(request), user_id) | pane | {"alone": True})


def _results(request: ConsoleRequest, query: str, opened: int | None) -> dict[str, Any]:
    """The hits. Who is opened stays so while they fit, or while nothing is looked for."""
    actor, called = request.actor, location_words_for(cast("User", request.user)).one
    grants = grants_of(actor)
    reach = reach_of(actor, here_only=False, grants=grants)
    # In the order of the list of users: whoever calls was there a moment ago, more often than not.
    wanted = replace(reach, typed=query, sort="last_sign_in", descending=True, size=SIZE)
    found = users_listed(wanted) if query else None
    people = [*found.rows] if found else []
    traces = _traces(actor, query, besides=people) if query else {}
    people += users_with(actor, list(traces))[: SIZE - len(people)]
    keys = [one.id for one in people]
    chosen = opened if opened is not None and (opened in keys or not query) else next(iter(keys), None)
    at_hand = people_at_hand(actor.tenant_id, keys) if keys else []
    offers = _offers_of(actor, at_hand, grants=grants)
    seen = {one.pk: one.session_seen_at for one in at_hand}  # type: ignore[attr-defined]
    words = marking.words_of(query)
    hits = [
        _hit(
            one,
            query,
            words,
            offers.get(one.id, ()),
            seen.get(one.id),
            current=one.id == chosen,
            traces=traces.get(one.id, ()),
            called=called,
        )
        for one in people
    ]
    return {
        "query": query,
        "words": words,
        "hits": _hits_html(request, hits),
        "number": len(hits),
        "said": _said(found, traced=len(people) - len(found.rows)) if found else "",
        "more": bool(found and found.page.has_next),
        "chosen": chosen,
        "load": reverse("lookup:person", args=[chosen]) + _search(query) if chosen not in {None, opened} else "",
    }


def _pane(request: ConsoleRequest, user_id: int) -> dict[str, Any]:
    """Everything about one person that an agent needs at once. Raises `TargetNotFound` for who is not to be seen."""
    grants = grants_of(request.actor)
    person = user_detail(request.actor, user_id, grants=grants)
    now = doable(request.actor, person, grants=grants)
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    country = country_of(person.organization)
    return {
        "person": person,
        "offers": _offers(now.acts, person.pk),
        "why_not": now.why_not,
        "here": reverse("lookup:person", args=[person.pk]),
        "phone": typed_phone(person.phone, ""),
        "country": country_names(get_language() or "en").get(country, ""),
        "local": timezone.localtime(timezone=zone),
        "zone": zone.key,
        "failed": failed_sign_ins(request.actor, person),
        "invitation": invitation_of(person) if person.state == State.PENDING else None,
        "lines": latest_of(request.actor, person),
        "beside": [card(request, person) for card in BESIDE],
    }


def _hit(
    one: ListedUser,
    query: str,
    words: Sequence[str],
    offers: Sequence[Offer],
    seen: dt.datetime | None,
    *,
    current: bool,
    traces: Sequence[Trace],
    called: StrPromise,
) -> Hit:
    facts = [typed_phone(one.phone, "") or one.email, one.organization]
    shown = (one.name, *facts)
    unseen = [word for word in words if not any(marking.spans_of(text, (word,)) for text in shown)]
    return Hit(
        words=words,
        person=one,
        facts=facts,
        why=[*_why(one, unseen, called=called), *((trace.label, trace.text) for trace in traces[:TRACES_SHOWN])],
        devices=ngettext("%(number)s device", "%(number)s devices", one.device_count)
        % {"number": number_format(one.device_count)}
        if one.device_count
        else _("no devices"),
        seen=max((at for at in (seen, one.last_sign_in_at) if at is not None), default=None),
        offers=offers,
        url=reverse("lookup:person", args=[one.id]) + _search(query),
        address=reverse("lookup:home") + _search(query, one.id),
        profile=reverse("users:detail", args=[one.id]),
        current=current,
    )


def _hits_html(request: ConsoleRequest, hits: Sequence[Hit]) -> SafeString:
    """The hits, drawn through a stencil: they come anew with every letter."""
    return stencil_of(f"{PAGE}#hit").filled(_drawn(request, hit) for hit in hits)


def _drawn(request: ConsoleRequest, hit: Hit) -> dict[str, object]:
    one = hit.person
    why = [{"label": label, "text": marking.marked(text, hit.words)} for label, text in hit.why]
    return {
        "id": one.id,
        "current": SafeString(' aria-current="true"') if hit.current else SafeString(),
        "url": hit.url,
        "address": hit.address,
        "profile": hit.profile,
        "avatar": avatar(one.id, one.name, "m"),
        "name": marking.marked(one.name, hit.words),
        "facts": SafeString(" · ".join(marking.marked(fact, hit.words) for fact in hit.facts)),
        "why": stencil_of(f"{PAGE}#why").filled(why) if why else SafeString(),
        "status": status(one.status.value),
        "devices": hit.devices,
        "seen": format_html("{} {}", _("seen"), time_element(hit.seen)) if hit.seen else _("seen never"),
        "acts": _offered(request, hit.offers) if hit.offers else SafeString(),
    }


def _offered(request: ConsoleRequest, offers: Sequence[Offer]) -> SafeString:
    drawn = []
    for offer in offers:
        shape = stencil_of(f"{PAGE}#offer", method=offer.method, icon=offer.icon, short=str(offer.short))
        token = get_token(request) if offer.method == "post" else ""
        drawn.append(shape.filled([{"url": offer.url, "csrf_token": token}]))
    return format_html('<div class="acts">{}</div>', SafeString("".join(drawn)))


def _why(one: ListedUser, words: Sequence[str], *, called: StrPromise) -> list[tuple[StrPromise, str]]:
    """Where the words were found that the hit does not show anyway; `called` is the word for locations."""
    places: tuple[tuple[StrPromise, str], ...] = (
        (gettext_lazy("E-mail"), one.email),
        (gettext_lazy("Phone"), one.phone),
        (called, one.location),
        (gettext_lazy("Role"), one.role),
        *((gettext_lazy("Tag"), name) for name, _colour in one.tags),
    )
    return [(label, text) for label, text in places if words and marking.spans_of(text, tuple(words))]


def _traces(actor: Actor, query: str, *, besides: Sequence[ListedUser]) -> dict[int, list[Trace]]:
    """What leads from the words to people who were not found by what is known of themselves."""
    found: dict[int, list[Trace]] = {}
    room, known = SIZE - len(besides), {one.id for one in besides}
    for tracer in TRACERS if room > 0 else ():
        for trace in tracer(actor, query, room):
            if trace.user_id not in known:
                found.setdefault(trace.user_id, []).append(trace)
    return found


def _offers_of(actor: Actor, people: Sequence[User], *, grants: Sequence[Grant]) -> dict[int, Sequence[Offer]]:
    """What the actor may do to each of these people now.

    What an organization's own rules have against it is not looked up for each: the dialog says it.
    """
    acts = [act for act in ACTS if act.url in _OFFERED]
    return {
        one.pk: _offers(
            [
                act
                for act in acts
                if act.fits(actor, one) and GATE.decide(actor, act.action.permission, one, grants=grants).allowed
            ],
            one.pk,
        )
        for one in people
    }


def _offers(acts: Sequence[Act], user_id: int) -> list[Offer]:
    by_url = {act.url: act for act in acts}
    return [
        Offer(
            short=short,
            label=label,
            icon=icon,
            url=reverse(name, args=[user_id]),
            method=by_url[name].method,  # type: ignore[arg-type]
            primary=icon == "headset",
        )
        for name, (short, label, icon) in _OFFERED.items()
        if name in by_url
    ]


def _said(found: Listed[ListedUser], *, traced: int) -> str:
    """How many fit, as far as that is known."""
    number, more = len(found.rows), found.page.has_next
    if found.total is not None:
        number, more = found.total.count, found.total.capped
    number += traced
    text = number_format(number, force_grouping=True) + ("+" if more else "")
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": text}


def _search(query: str, opened: int | None = None) -> str:
    pairs = [(name, value) for name, value in (("q", query), ("person", opened)) if value]
    return f"?{urlencode(pairs)}" if pairs else ""


def _query(request: ConsoleRequest) -> str:
    return typed(request.GET, longest=LONGEST_QUERY)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
