"""Every request of an assistance is written down, under both names."""

from django.http import HttpRequest

from fleetfolk.assistance.models import Assistance
from fleetfolk.kernel import clock
from fleetfolk.kernel.statements import planned_once

# One statement: the record, and that somebody is still at it. The answer does not wait until the disk has it, which
# takes longer than all else: a power cut may cost the last half second of what was looked at. What was done waits.
_RECORD = """
WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
seen AS (UPDATE assistance_assistance SET seen_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL)
INSERT INTO assistance_visit (
    assistance_id, at, method, url_name, path, status, request_id, agent_id, agent_label, user_id, user_label
) SELECT
    %(id)s, %(at)s, %(method)s, %(url_name)s, %(path)s, %(status)s, %(request_id)s,
    %(agent_id)s, %(agent_label)s, %(user_id)s, %(user_label)s
FROM soon
"""


def record_visit(request: HttpRequest, row: Assistance, *, path: str, status: int) -> None:
    """The request is in the record, without what was typed or searched for, and the ten idle minutes begin anew.

    Where this fails the answer fails, too: nothing is seen unrecorded.
    """
    match = request.resolver_match
    with planned_once() as cursor:
        cursor.execute(
            _RECORD,
            {
                "id": row.pk,
                "at": clock.now(),
                "method": (request.method or "")[:10],
                "url_name": (match.view_name or "")[:80] if match else "",
                "path": path[:200],
                "status": status,
                "request_id": getattr(request, "request_id", "")[:40],
                "agent_id": row.agent_id,
                "agent_label": row.agent_label,
                "user_id": row.user_id,
                "user_label": row.user_label,
            },
        )
