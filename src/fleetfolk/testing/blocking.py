"""Which statements of a migration would keep everybody waiting who writes to a large table.

A change of the catalogue alone takes milliseconds. What reads or writes every row, or builds an index, holds its lock
for as long as that takes: minutes, with a million people.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

LARGE: Final = frozenset(
    {
        *("users_user", "users_usertag", "users_invitation", "usersessions_usersession"),
        *("organizations_organization", "organizations_location"),
        *("actionlog_entry", "actionlog_fold"),
        *("devices_device", "devices_share", "devices_reported", "devices_point", "devices_minute", "devices_event"),
        *("jobs_job", "jobs_target", "jobs_problem"),
        *("messaging_message", "messaging_item", "messaging_delivery"),
        *(
            "access_membership",
            "segments_member",
            "segments_passage",
            "webhooks_delivery",
            "webhooks_attempt",
            "api_answer",
            "django_session",
        ),
    }
)
"""Tables that grow with people, devices or time. Where a new one does, it belongs here."""

_NAME = r"(?:ONLY\s+)?\"?(?:public\"?\.\"?)?(\w+)\"?"
_SORTS: Final = (
    (r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)(?:IF\s+NOT\s+EXISTS\s+)?\S+\s+ON\s+" + _NAME, "an index"),
    (r"ALTER\s+TABLE\s+" + _NAME + r"[^;]*\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE\b", "another type"),
    (r"ALTER\s+TABLE\s+" + _NAME + r"[^;]*\bSET\s+NOT\s+NULL\b", "a look at every row for nothing missing"),
    (r"ALTER\s+TABLE\s+" + _NAME + r"[^;]*\bADD\s+COLUMN\b[^;]*\bGENERATED\b[^;]*\bSTORED\b", "a column to fill"),
    (r"ALTER\s+TABLE\s+" + _NAME + r"[^;]*\bADD\s+COLUMN\b[^;]*\bDEFAULT\s+\(?\w+\s*\(", "a column to fill"),
    (
        r"ALTER\s+TABLE\s+" + _NAME + r"(?![^;]*\bNOT\s+VALID\b)(?![^;]*\bUSING\s+INDEX\b)[^;]*\bADD\s+CONSTRAINT\b",
        "a rule that every row is held against",
    ),
    (r"ALTER\s+TABLE\s+" + _NAME + r"[^;]*\b(?:DROP\s+COLUMN|RENAME)\b", "what the version before still asks for"),
    (r"(?:^|;)\s*UPDATE\s+" + _NAME, "a change of every row"),
    (r"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?" + _NAME, "what the version before still asks for"),
)
_MADE = re.compile(r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(\w+)\"?", re.IGNORECASE)


def blocking(statements: Iterable[str]) -> Iterator[str]:
    """What a migration of these statements keeps people waiting for: table and sort. New tables are empty."""
    text = [re.sub(r"--[^\n]*", "", statement) for statement in statements]
    fresh = {name for statement in text for name in _MADE.findall(statement)}
    for statement in text:
        for pattern, sort in _SORTS:
            for table in re.findall(pattern, statement, re.IGNORECASE):
                if table in LARGE - fresh:
                    yield f"{table}: {sort}"
