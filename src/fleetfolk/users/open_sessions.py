"""The browsers and telephones in which people are signed in: ended together, ended one by one, listed.

What keeps a session from working is the epoch, with which each is signed. The rows of `UserSession` are for people to
look at: they are gone with the epoch, so that nobody reads of a session that works no more.
"""

import datetime as dt
from collections.abc import Sequence

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, QuerySet

from fleetfolk.kernel import clock
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.sessions import keys_over

SHOWN = 50
"""So many sessions of one person are shown, the latest first."""


def end_open_sessions(user: User, *, besides: str = "") -> None:
    """The epoch has moved on and every session is refused at its next request. The caller saves ``session_epoch``.

    ``besides`` is the key of a session whose row stays, because the caller signs it anew.
    """
    user.session_epoch += 1
    UserSession.objects.filter(user_id=user.pk).exclude(session_key=besides).delete()


def end_sessions_of_all(ids: Sequence[int]) -> None:
    """The same for many at once: their epochs have moved on."""
    User.objects.filter(pk__in=ids).update(session_epoch=F("session_epoch") + 1)
    UserSession.objects.filter(user_id__in=ids).delete()


def end_one_session(user: User, session_id: int) -> UserSession | None:
    """The session is refused at its next request. None, where the person has no such session."""
    session = UserSession.objects.filter(pk=session_id, user_id=user.pk).first()
    if session is not None:
        Session.objects.filter(session_key=session.session_key).delete()
        session.delete()
    return session


def open_sessions_of(user: User) -> QuerySet[UserSession]:
    """The person's sessions that still work, the latest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    rows: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user_id=user.pk)
    rules, now = rules_of(user.organization), clock.now()
    if rules.session_idle:
        rows = rows.filter(last_seen_at__gte=now - dt.timedelta(minutes=rules.session_idle))
    if rules.session_hours:
        rows = rows.filter(created_at__gte=now - dt.timedelta(hours=rules.session_hours))
    return rows.order_by("-last_seen_at", "-pk")


def forget_ended_sessions() -> int:
    """Rows whose session is over are gone, and with them the sessions that the rules have ended. Returns how many."""
    Session.objects.filter(session_key__in=keys_over()).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    deleted: tuple[int, object] = UserSession.objects.filter(~Exists(alive)).delete()
    return deleted[0]
