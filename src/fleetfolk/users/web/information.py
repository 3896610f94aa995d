"""The Information tab: what is known of a person, row by row, each to be edited where it stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.templatetags.console import icon
from fleetfolk.organizations.location_words import WORDS
from fleetfolk.organizations.models import CustomField, FieldKind
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.organizations.queries import fields_for, location_word_of
from fleetfolk.users.developers import type_of
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import open_sessions_of
from fleetfolk.users.permissions import EDIT_USERS
from fleetfolk.users.queries import invitation_of
from fleetfolk.users.second_factors import APP, FACTORS, PASSKEY, factors_of
from fleetfolk.users.signing_up import signed_up
from fleetfolk.users.web.act import EDITABLE
from fleetfolk.users.web.acts import act_of
from fleetfolk.users.web.country_names import country_names
from fleetfolk.users.web.phones import shown_phone
from fleetfolk.users.web.profile_tabs import Tab, cards_for, register_tab

CUSTOM = "custom:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of label and value. ``edit_url`` is empty where this viewer cannot change it here."""

    slug: str
    label: str
    value: SafeString
    edit_url: str = ""
    in_dialog: bool = False

    @property
    def id(self) -> str:
        """The element's id."""
        return "row-" + self.slug.replace(":", "-")


def information(
    request: ConsoleRequest, person: User, *, editing: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The tab's body; ``editing`` is the form that stands in the place of one row."""
    grants = grants_of(request.actor)
    may = person.state in EDITABLE and GATE.decide(request.actor, EDIT_USERS, person, grants=grants).allowed
    fields = fields_for(person.organization)
    context = {
        "person": person,
        "contact": [
            _email_row(request, person, grants) if slug == "email" else row_of(slug, person, may=may)
            for slug in CONTACT
        ],
        "record": [field_row(field, person, may=may) for field in fields],
        "record_of": list(dict.fromkeys(field.organization.name for field in fields)),
        "may_manage": bool(fields) and _may_manage(request, grants),
        "role": row_of("role", person, may=may),
        "type": type_of(person),
        "factor": _factors(person) if person.activated_at else "",
        "sessions": open_sessions_of(person).count() if person.activated_at else 0,
        "invitation": invitation_of(person),
        "came_alone": signed_up(person),
        "main_cards": cards_for(request, person, "main"),
        "aside_cards": cards_for(request, person, "aside"),
        "editing": editing,
    }
    return render(request, "users/tabs/information.html", context, status=status)


def _factors(person: User) -> str:
    """What besides the password signs the person in, in words."""
    kinds = set(factors_of(person).filter(type__in=FACTORS).values_list("type", flat=True))
    words = [word for kind, word in ((PASSKEY, _("Passkey")), (APP, _("Authenticator app"))) if kind in kinds]
    return ", ".join(words) or _("None")


def _may_manage(request: ConsoleRequest, grants: Sequence[Grant]) -> bool:
    home = organization_now(request)
    return GATE.decide(request.actor, ACCESS_SETTINGS, home, grants=grants).allowed


CONTACT = ("name", "email", "nickname", "phone", "location", "time_zone", "language")
LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "nickname": gettext_lazy("Nickname"),
    "phone": gettext_lazy("Phone"),
    "time_zone": gettext_lazy("Time zone"),
    "language": gettext_lazy("Language"),
    "role": gettext_lazy("Role"),
}
_ELSEWHERE = frozenset({"email"})
"""Rows that are not edited in place."""


def label_of(slug: str, person: User) -> str:
    """What the row is called."""
    if slug == "location":
        return str(WORDS[location_word_of(person.organization)].one)
    return str(LABELS[slug])


def row_of(slug: str, person: User, *, may: bool) -> Row:
    """One of the rows that everybody has."""
    value = _VALUES[slug](person)
    url = reverse("users:edit-field", args=[person.pk, slug]) if may and slug not in _ELSEWHERE else ""
    return Row(slug=slug, label=label_of(slug, person), value=value or _not_set(), edit_url=url)


def _email_row(request: ConsoleRequest, person: User, grants: Sequence[Grant]) -> Row:
    """The address, which only a dialog changes: it signs in, so its owner is asked by mail."""
    act = act_of("users:edit-email")
    allowed = (
        act.fits(request.actor, person)
        and GATE.decide(request.actor, act.action.permission, person, grants=grants).allowed
    )
    row = row_of("email", person, may=False)
    return replace(row, edit_url=reverse(act.url, args=[person.pk]) if allowed else "", in_dialog=True)


def field_row(field: CustomField, person: User, *, may: bool) -> Row:
    """The row of one of the organization's own fields."""
    slug = f"{CUSTOM}{field.pk}"
    return Row(
        slug=slug,
        label=field.name,
        value=_field_value(field, person.custom.get(str(field.pk))),
        edit_url=reverse("users:edit-field", args=[person.pk, slug]) if may else "",
    )


def _not_set(*, required: bool = False) -> SafeString:
    if required:
        return format_html('<span class="ff-st refused">{}</span>', _("Not set, but required"))
    return format_html('<span class="muted">{}</span>', _("Not set"))


def _with_note(value: object, note: object) -> SafeString:
    return format_html('{} <span class="muted">{}</span>', value, note) if note else format_html("{}", value)


def _email(person: User) -> SafeString:
    copy = _("Copy e-mail")
    return format_html(
        '{} <button type="button" class="btn btn-ghost btn-icon btn-s" data-copy="{}" aria-label="{}" title="{}">{}'
        "</button>",
        person.email,
        person.email,
        copy,
        copy,
        icon("copy"),
    )


def _phone(person: User) -> SafeString:
    phone = shown_phone(person.phone)
    if phone is None:
        return SafeString()
    number = format_html('<a class="num" href="tel:{}">{}</a>', person.phone, phone.national)
    country = country_names(get_language() or "en").get(phone.country, phone.country)
    return _with_note(number, f"{phone.code} · {country}" if country else phone.code)


def _location(person: User) -> SafeString:
    return _with_note(person.location.name, person.location.address) if person.location else SafeString()


def _time_zone(person: User) -> SafeString:
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    offset = timezone.localtime(timezone=zone).utcoffset() or dt.timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "−" if offset < dt.timedelta() else "+"
    from_utc = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    name = zone.key.replace("_", " ")
    return _with_note(name, from_utc if person.time_zone else f"{from_utc} · {_('that of the organization')}")


def _language(person: User) -> SafeString:
    name = dict(settings.LANGUAGES).get(person.language, "")
    return format_html("{}", _(name)) if name else format_html('<span class="muted">{}</span>', _("As the browser"))


def _role(person: User) -> SafeString:
    url = reverse("access:role", args=[person.role_id])
    return format_html(
        '<a class="ff-role" id="role-of" href="{}" hx-get="{}" hx-target="#dialog-host">{}</a>',
        url,
        url,
        person.role.name,
    )


_VALUES = {
    "name": lambda person: format_html("{}", person.name) if person.name else SafeString(),
    "email": _email,
    "nickname": lambda person: format_html("{}", person.nickname) if person.nickname else SafeString(),
    "phone": _phone,
    "location": _location,
    "time_zone": _time_zone,
    "language": _language,
    "role": _role,
}


def _field_value(field: CustomField, value: Any) -> SafeString:
    if value is None:
        return _not_set(required=field.required)
    match FieldKind(field.kind):
        case FieldKind.SWITCH:
            shown = (icon("check", "s"), _("Yes")) if value else (icon("minus", "s"), _("No"))
            return format_html('<span class="row-x">{} {}</span>', *shown)
        case FieldKind.DATE:
            day = dt.date.fromisoformat(value)
            return _with_note(date_format(day, _("l j F Y")), _days_away(day))
        case FieldKind.NUMBER:
            return format_html('<span class="num">{}</span>', value)
        case FieldKind.LINK:
            return format_html(
                '<a href="{}" target="_blank" rel="noopener noreferrer" title="{}">{}</a> {}',
                value,
                value,
                urlsplit(value).hostname or value,
                icon("external-link", "s"),
            )
        case _:
            return format_html("{}", value)


def _days_away(day: dt.date) -> str:
    days = (day - timezone.localdate()).days
    if days == 0:
        return _("today")
    if 0 < days <= 60:
        return ngettext("tomorrow", "in %(days)s days", days) % {"days": days}
    if -60 <= days < 0:
        return ngettext("yesterday", "%(days)s days ago", -days) % {"days": -days}
    return ""


register_tab(
    Tab(
        slug="information",
        label=gettext_lazy("Information"),
        icon="user-circle",
        position=10,
        render=information,
    )
)
