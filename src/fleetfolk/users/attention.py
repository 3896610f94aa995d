"""What whoever helps a person should know before they ask."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from fleetfolk.actionlog.models import Result
from fleetfolk.actionlog.queries import entries_page, reader_of
from fleetfolk.actionlog.statements import Wanted
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.actions.start_session import StartSession
from fleetfolk.users.models import User

LOOKED_BACK: Final = dt.timedelta(days=1)
COUNTED: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedSignIns:
    """Failed sign-ins of the last day: how many (``capped``: at least so many), and when the last one was."""

    count: int
    capped: bool
    last: dt.datetime


def failed_sign_ins(actor: Actor, person: User) -> FailedSignIns | None:
    """The person's failed sign-ins; None where there are none, or where the actor may not read the log."""
    try:
        reader = reader_of(actor)
    except Denied:
        return None
    now = clock.now()
    wanted = Wanted(
        since=now - LOOKED_BACK,
        until=now + LOOKED_BACK,
        codes=(StartSession.code,),
        results=(Result.REFUSED.value, Result.DENIED.value),
        person_id=person.pk,
        on_person=False,
    )
    page = entries_page(reader, wanted, size=COUNTED)
    if not page.entries:
        return None
    return FailedSignIns(
        count=sum(1 + entry.facts.get("folded", 0) for entry in page.entries),
        capped=page.has_older,
        last=page.entries[0].at,
    )
