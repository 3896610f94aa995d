"""How many mails and pushes of messages a person gets a day. The inbox has no bounds."""

from django.db import connection

from fleetfolk.kernel import clock
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User

_COUNT = """
INSERT INTO messaging_daycount AS kept (user_id, day, count) VALUES (%s, %s, 1)
ON CONFLICT (user_id) DO UPDATE SET
    day = excluded.day, count = CASE WHEN kept.day = excluded.day THEN kept.count + 1 ELSE 1 END
WHERE kept.day <> excluded.day OR kept.count < %s
RETURNING count
"""


def counted(person: User) -> bool:
    """One more is counted for the person today (UTC); False where it would be one too many."""
    most = rules_of(person.organization).message_cap
    if most == 0:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [person.pk, clock.now().date(), most])
        return cursor.fetchone() is not None
