"""Sessions in the database, read in one plain statement: every request reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from fleetfolk.kernel.statements import planned_once

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own, but for how it is read: the query's text is here instead of being put together each time."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is over or never was."""
        with planned_once() as cursor:
            cursor.execute(_SESSION, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
