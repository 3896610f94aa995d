"""Sessions and security of one person: where they are signed in, their second factors, what was tried at their door."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.cancel_session import CancelSession
from fleetfolk.users.actions.cancel_sessions import CancelSessions
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.revoke_session import RevokeSession, SessionInput
from fleetfolk.users.actions.start_session import StartSession
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.open_sessions import SHOWN, open_sessions_of
from fleetfolk.users.permissions import FORCE_LOGOUT, MANAGE_CREDENTIALS
from fleetfolk.users.queries import invitation_of
from fleetfolk.users.second_factors import APP, CODES, PASSKEY, factors_of, must_have_factor
from fleetfolk.users.sso.lookup import required_provider
from fleetfolk.users.user_agents import browser_of, is_handheld, system_of
from fleetfolk.users.web.dialogs import CHANGED
from fleetfolk.users.web.own import own_view
from fleetfolk.users.web.profile_tabs import Tab, register_tab
from fleetfolk.users.web.seen import NOWHERE

LOOKED_BACK = dt.timedelta(days=30)
"""So far back failed sign-ins are shown."""

LOOKED_THROUGH = 400
"""So many of the latest entries about the person are looked through, so that a busy person's page opens as fast."""

FAILURES_SHOWN = 10

_VOIDS = frozenset(
    {
        *("user.sessions.end", "user.sessions.cancel", "user.factor.revoke", "user.email.accept", "user.transfer"),
        *("user.disable", "user.deactivate", "user.delete", "user.password.assign", "user.password.edit"),
    }
)
"""After one of these a link for a new password that was sent before works no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownSession:
    """One session as people read of it."""

    id: int
    browser: str
    system: str
    handheld: bool
    address: str
    first: dt.datetime
    last: dt.datetime
    present: bool
    end_url: str


def security(request: ConsoleRequest, person: User) -> HttpResponse:
    """The tab. Whoever may only see people learns that there are sessions and factors, and not from where.

    Whoever helps the person sees as little, and has nothing to press: this page is never an assistant's to use.
    """
    helped = request.actor.assisted_by is not None
    own = request.path_info.startswith("/account/") and not helped
    grants = grants_of(request.actor)

    def may(permission: Any) -> bool:
        if helped:
            return False
        return own or GATE.decide(request.actor, permission, person, grants=grants).allowed

    ends, manages, reads = may(FORCE_LOGOUT), may(MANAGE_CREDENTIALS), may(VIEW_ACTION_LOG)
    opened = open_sessions_of(person)
    rows = list(opened[: SHOWN + 1])
    factors = list(factors_of(person))
    recent = _recent(person) if reads else []
    context = {
        "person": person,
        "own": own,
        "region": "own-security" if own else "security",
        "sessions": [_shown(row, request, own=own) for row in rows[:SHOWN]] if ends else [],
        "session_count": len(rows) if len(rows) <= SHOWN else opened.count(),
        "may_end": ends,
        "others": own and any(row.session_key != request.session.session_key for row in rows),
        "passkeys": [factor for factor in factors if factor.type == PASSKEY],
        "app": next((factor for factor in factors if factor.type == APP), None),
        "codes_left": _codes_left(factors),
        "may_manage": manages and not own and request.actor.user_id != person.pk,
        "asked_for": must_have_factor(person),
        "has_password": person.has_usable_password(),
        "reset": _reset(person, recent),
        "identities": list(person.sso_identities.select_related("sso__organization").order_by("pk")),
        "required_provider": required_provider(person),
        "wish": _wish(person) if own or manages else None,
        "invitation": None if own or helped else invitation_of(person),
        "reads": reads,
        "failures": [entry for entry in recent if entry.code == StartSession.code and entry.result == "refused"][
            :FAILURES_SHOWN
        ],
    }
    return render(request, "users/tabs/security.html", context)


register_tab(
    Tab(
        slug="security",
        label=gettext_lazy("Security"),
        icon="shield-lock",
        position=70,
        render=security,
        own=True,
    )
)


@console_view
@require_POST
def end_session(request: ConsoleRequest, user_id: int, session_id: int) -> HttpResponse:
    """One session of somebody ends."""
    data = SessionInput(session_id=session_id)
    person = perform(RevokeSession, actor=request.actor, target_id=user_id, data=data).target
    to = reverse("users:tab", args=[person.pk, "security"])
    return done(request, toast=_("%(name)s is signed out there.") % {"name": person}, to=to, changed=CHANGED)


@own_view()
@require_POST
def end_own_session(request: ConsoleRequest, person: User, session_id: int) -> HttpResponse:
    """One session of one's own ends."""
    data = SessionInput(session_id=session_id)
    perform(CancelSession, actor=request.actor, target_id=person.pk, data=data)
    return done(request, toast=_("You are signed out there."), to=reverse("account:security"), changed=CHANGED)


@own_view()
@require_POST
def end_others(request: ConsoleRequest, person: User) -> HttpResponse:
    """Every session ends but this one, which is signed anew."""
    after = perform(CancelSessions, actor=request.actor, target_id=person.pk, data=NoInput()).target
    update_session_auth_hash(request, after)
    to = reverse("account:security")
    return done(request, toast=_("You are signed out everywhere else."), to=to, changed=CHANGED)


def _shown(row: UserSession, request: ConsoleRequest, *, own: bool) -> ShownSession:
    end = reverse("security:end-session", args=[row.pk]) if own else ""
    return ShownSession(
        id=row.pk,
        browser=browser_of(row.user_agent),
        system=system_of(row.user_agent),
        handheld=is_handheld(row.user_agent),
        address="" if row.ip == NOWHERE else row.ip,
        first=row.created_at,
        last=row.last_seen_at,
        present=row.session_key == request.session.session_key,
        end_url=end or reverse("users:end-session", args=[row.user_id, row.pk]),
    )


def _codes_left(factors: list[Any]) -> int | None:
    kept = next((factor for factor in factors if factor.type == CODES), None)
    return None if kept is None else len(kept.wrap().get_unused_codes())


def _recent(person: User) -> list[Entry]:
    since = clock.now() - LOOKED_BACK
    entries = Entry.objects.filter(
        tenant_id=person.tenant_id, target_type="users.User", target_id=person.pk, at__gte=since
    )
    shown = entries.only("code", "result", "reason", "at", "client", "address", "actor_label")
    return list(shown.order_by("-at", "-pk")[:LOOKED_THROUGH])


def _reset(person: User, recent: list[Entry]) -> dict[str, Any] | None:
    """The link for a new password that is on its way: the last one, while nothing has voided it."""
    if person.has_usable_password():
        return None
    lasts = dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    sent = next((one for one in recent if one.code == ResetPassword.code and one.result == "done"), None)
    if sent is None:
        return None
    until = sent.at + lasts
    void = any(one.code in _VOIDS and one.result == "done" and one.at > sent.at for one in recent)
    return {"sent": sent.at, "until": until, "over": until < clock.now(), "void": void}


def _wish(person: User) -> EmailChange | None:
    wish = EmailChange.objects.filter(user_id=person.pk).first()
    return wish if wish is not None and wish.is_open(person) else None
