"""Which people have their pictures fetched, and whose are deleted."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import structlog
from django.db.models import Q, QuerySet

from fleetfolk.organizations.models import Organization
from fleetfolk.users import picture_files
from fleetfolk.users.gravatar import GRAVATAR, fetch_picture
from fleetfolk.users.models import State, User

AGAIN_AFTER: Final = timedelta(days=7)
LONGEST_RUN: Final = 60
"""Seconds after which the rest waits for the next run."""

LOOKED_THROUGH: Final = 20_000
"""Of the people of one organization, so many of those who signed in last are looked after."""

_LOG = structlog.get_logger("fleetfolk.users")


def fetch_pictures(*, source: str = GRAVATAR) -> int:
    """Where the rule is on, pictures are there and no older than a week; where it is off, none are left."""
    if not picture_files.is_empty():
        covered = {picture_files.hash_of(email) for email in _covered().values_list("email", flat=True).iterator()}
        picture_files.forget_all_but(covered)
    until, asked = time.monotonic() + LONGEST_RUN, 0
    for email in _due():
        if time.monotonic() > until:
            break
        try:
            picture_files.keep_picture(email, fetch_picture(email, source=source))
        except OSError as error:
            _LOG.info("pictures_out_of_reach", error=str(error))
            break
        asked += 1
    return asked


def _due() -> Iterator[str]:
    before = time.time() - AGAIN_AFTER.total_seconds()
    people = _covered().filter(state=State.ACTIVE).order_by("-last_sign_in_at", "pk")
    for email in people.values_list("email", flat=True)[:LOOKED_THROUGH].iterator():
        if picture_files.looked_for_at(email) < before:
            yield email


def _covered() -> QuerySet[User]:
    """Everybody for whom the nearest organization that says something says yes."""
    reach: Q | None = None
    said = Organization.objects.exclude(gravatar_rule=None).order_by("path").values_list("path", "gravatar_rule")
    for path, rule in said:  # From the root down: a nearer one has the last word.
        here = Q(path__startswith=path)
        if rule:
            reach = here if reach is None else reach | here
        elif reach is not None:
            reach &= ~here
    return User.objects.none() if reach is None else User.objects.filter(reach)
