"""Work that the worker does for segments: it counts them."""

import time
from typing import Final

import structlog
from django.db import connection
from django.db.models import F
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import PATIENTLY
from fleetfolk.segments.actions.reset_members import ResetMembers, ResetMembersInput
from fleetfolk.segments.counting import TELL, difference
from fleetfolk.segments.models import Segment

_LOG = structlog.get_logger("fleetfolk.segments")
LONGEST: Final = 240
"""Seconds that one round of counting takes at most."""


@app.task(name="segments.count", queue="jobs", retry=PATIENTLY)
def count(*, segment_id: int) -> None:
    """The segment's members are whom it names now. One that is gone needs no counting."""
    segment = Segment.objects.select_related("organization").filter(pk=segment_id).first()
    if segment is not None:
        count_segment(segment)


@app.periodic(cron="*/5 * * * *")
@app.task(name="segments.count_all", queue="upkeep", queueing_lock="segments.count_all")
def count_all(timestamp: int) -> None:
    """Segments have been counted, the one that waits longest first; one that cannot be is left as it was.

    Where all together take too long, the next time goes on with those that are left.
    """
    end = time.monotonic() + LONGEST
    waiting = Segment.objects.select_related("organization").order_by(F("counted_at").asc(nulls_first=True), "pk")
    for segment in waiting.iterator():
        if time.monotonic() > end:
            return
        try:
            count_segment(segment)
        except ActionError as error:
            _LOG.warning("segment_not_counted", segment=segment.pk, reason=error.reason)


def count_segment(segment: Segment) -> None:
    """Its members are whom it names now. There is an entry in the log only where somebody came or went.

    First it is only read, so that where nothing changed nobody meets at a lock. Two who count at once meet at the
    Action's.
    """
    now = clock.now()
    statement = difference(segment)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, list(statement.params))
        entering, leaving, total = cursor.fetchone()
        if not entering and not leaving:
            cursor.execute(TELL, [total, now, segment.pk, segment.edition])
            return
    try:
        perform(
            ResetMembers,
            actor=system_actor("counter", tenant_id=segment.tenant_id),
            target_id=segment.pk,
            data=ResetMembersInput(edition=segment.edition),
        )
    except Refused as error:
        if error.reason != "segment_changed":  # Whoever changed the rules has it counted again.
            raise
