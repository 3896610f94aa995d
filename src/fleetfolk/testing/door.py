"""The guard that stands in every test: rows of ours change only inside an Action."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import connection

from fleetfolk.api import bearer, issuing, limits, once, tasks
from fleetfolk.jobs.progress import TELL
from fleetfolk.kernel.perform import inside_an_action
from fleetfolk.messages.pushing import NOTE_REFUSED, NOTE_TAKEN
from fleetfolk.messages.pushmail.intake import KEEP
from fleetfolk.organizations.tasks import OLD_TAGS
from fleetfolk.scim.bearer import USED
from fleetfolk.segments.counting import TELL as COUNTED
from fleetfolk.webhooks.delivering import FAILED, WENT_WELL
from fleetfolk.webhooks.tasks import FORGET

_CHANGE = re.compile(
    r"^\s*(?:WITH\b.*?\)\s*)?(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|COPY)\s+\"?(\w+)",
    re.IGNORECASE | re.DOTALL,
)

OUTSIDE_BY_DESIGN = frozenset(
    {
        "actionlog_entry",  # A refusal is written after its transaction was rolled back; only the writer does it.
        "actionlog_fold",
        "assistance_visit",  # Each request of an assistance, written when it was answered; only the middleware does it.
        # What devices report, thousands of rows a second: only `devices.intake` writes it.
        *("devices_reported", "devices_point", "devices_minute", "devices_event"),
        # Of which events somebody is to be told by mail, and how often somebody was: only `devices.event_mails` and the
        # gateway's flush write it.
        *("devices_eventnotice", "devices_eventmail", "devices_eventmailday"),
        # How a message fared on its ways, and how many of them somebody had that day: only `messages.mails`, its like
        # for pushes and `messages.caps` write it, one by one as they are carried.
        *("messaging_delivery", "messaging_daycount", "messaging_unreachable"),
        # How deliveries fared, one by one as they are sent: only `webhooks.delivering` writes it.
        *("webhooks_delivery", "webhooks_attempt"),
        "demo_mail",  # Stands in for a mail server.
        "demo_world",  # How far the demo's story is told: written before and after its Actions.
    }
)
STATEMENTS_BY_DESIGN = frozenset(
    {
        *(TELL, KEEP, NOTE_TAKEN, NOTE_REFUSED, COUNTED),
        *(FAILED, WENT_WELL, FORGET),
        *(bearer.KEY_USED, bearer.PROGRAM_USED, limits.TAKE, issuing.ISSUE, issuing.SPEND),
        USED,
        *(once.BEGIN, once.KEEP, once.FORGET, tasks.OLD_ANSWERS, tasks.OLD_TOKENS),
        OLD_TAGS,  # Tags that were deleted a week ago.
    }
)
"""Word for word: how far a job is; mail from outside, kept before its sender is told so; what a push service said of a
browser; when a segment was counted; when a receiver of webhooks is tried again; of keys and directories, when one was
used; of keys, how many requests they made, a program's token for its secret, and what a request was answered that may
be sent again; tags that were deleted."""

_staging: ContextVar[bool] = ContextVar("staging", default=False)


class ChangedOutside(AssertionError):
    """A statement changed one of our tables and no Action was at work."""


@contextmanager
def staging() -> Iterator[None]:
    """Rows may be set up here without an Action: for what a test needs and no Action can make."""
    token = _staging.set(True)
    try:
        yield
    finally:
        _staging.reset(token)


def our_tables() -> frozenset[str]:
    """Every table of Fleetfolk's own models."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("fleetfolk.")
    )


@contextmanager
def guarded() -> Iterator[None]:
    """Statements that change our rows outside an Action raise `ChangedOutside`."""
    ours = our_tables() - OUTSIDE_BY_DESIGN

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        change = _CHANGE.match(sql)
        if (
            change
            and change[2] in ours
            and sql not in STATEMENTS_BY_DESIGN
            and not inside_an_action()
            and not _staging.get()
        ):
            raise ChangedOutside(f"{change[1]} {change[2]} outside an Action: {sql[:200]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
