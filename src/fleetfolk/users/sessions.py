"""Sessions in the database, read in one plain statement: every request reads one.

A session is over when the rules of its person's organization say so, whichever door asks for it: whoever did nothing
for too long, or signed in too long ago, is signed out at the next request, in every browser and telephone.
"""

from collections.abc import Sequence
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from fleetfolk.kernel.statements import planned_once

# The rules of the nearest organizations upwards that say something, of whoever is signed in by the session of a row
# `seen`. A rule of 0 says that there is no such end.
RULES: Final = """
    SELECT (array_agg(line.session_idle_rule ORDER BY length(line.path) DESC)
                FILTER (WHERE line.session_idle_rule IS NOT NULL))[1] AS idle,
           (array_agg(line.session_hours_rule ORDER BY length(line.path) DESC)
                FILTER (WHERE line.session_hours_rule IS NOT NULL))[1] AS hours
    FROM users_user person
    JOIN organizations_organization line
        ON line.id = ANY(string_to_array(rtrim(person.path, '.'), '.')::bigint[])
    WHERE person.id = seen.user_id
"""
OVER: Final = """(
    coalesce(rule.idle > 0 AND seen.last_seen_at + rule.idle * interval '1 minute' < %(now)s, false)
    OR coalesce(rule.hours > 0 AND seen.created_at + rule.hours * interval '1 hour' < %(now)s, false)
)"""

_SESSION = f"""
    SELECT session.session_data, rule.idle, {OVER}
    FROM django_session session
    LEFT JOIN usersessions_usersession seen ON seen.session_key = session.session_key
    LEFT JOIN LATERAL ({RULES}) rule ON true
    WHERE session.session_key = %(key)s AND session.expire_date > %(now)s
"""  # noqa: S608 - no more than the texts above

_OVER = f"""
    SELECT seen.session_key FROM usersessions_usersession seen, LATERAL ({RULES}) rule
    WHERE {OVER} AND EXISTS (
        SELECT FROM organizations_organization WHERE session_idle_rule > 0 OR session_hours_rule > 0
    )
"""  # noqa: S608 - no more than the texts above


class SessionStore(db.SessionStore):
    """Django's own, but for how it is read: the query's text is here instead of being put together each time.

    ``idle`` says after how many minutes without use the session ends, where there is such a rule.
    """

    idle: int = 0

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is over or never was. One that is over is erased."""
        with planned_once() as cursor:
            cursor.execute(_SESSION, {"key": self.session_key, "now": timezone.now()})
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, idle, over = row
        if over:
            forget([self.session_key])
            self._session_key = None
            return {}
        self.idle = idle or 0
        return self.decode(data)


def keys_over() -> list[str]:
    """The sessions that the rules have ended and nobody has asked for since."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, {"now": timezone.now()})
        return [key for (key,) in cursor.fetchall()]


def forget(keys: Sequence[str | None]) -> None:
    """The sessions are gone, and nobody reads of them any more."""
    db.SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    rows: QuerySet[UserSession] = UserSession.objects.filter(session_key__in=keys)
    rows.delete()
