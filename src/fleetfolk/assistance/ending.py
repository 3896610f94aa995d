"""How an assistance ends: the same for everybody who ends it."""

from collections.abc import Iterable

from fleetfolk.assistance.models import Assistance, EndCause, Request
from fleetfolk.assistance.queries import open_requests
from fleetfolk.kernel import clock
from fleetfolk.kernel.enqueue import enqueue


def end(rows: Iterable[Assistance], *, cause: EndCause) -> int:
    """They are over from their next request on, and the customers get a summary. Called inside an Action; how many."""
    ended = 0
    for row in rows:
        row.ended_at, row.end_cause = clock.now(), cause
        row.save(update_fields=["ended_at", "end_cause"])
        enqueue("assistance.send_summary", assistance_id=row.pk)
        ended += 1
    return ended


def withdraw_requests(user_id: int) -> int:
    """Nothing that was asked of the customer can be begun any more. Called inside an Action."""
    now = clock.now()
    waiting = open_requests(user_id).update(answered_at=now, accepted=False)
    granted = Request.objects.filter(user_id=user_id, accepted=True, used_at__isnull=True).update(used_at=now)
    return waiting + granted
