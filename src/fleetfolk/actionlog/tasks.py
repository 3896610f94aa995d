"""The log's upkeep: room for the coming months, floods told in one entry, and the end of what is kept."""

import datetime as dt

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from fleetfolk.actionlog.writer import FLOOD
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK

MONTHS_AHEAD = 3

_LOG = structlog.get_logger("fleetfolk.actionlog")


@app.periodic(cron="* * * * *")
@app.task(name="actionlog.tell_folds", queue="upkeep", queueing_lock="actionlog.tell_folds")
def tell_folds(timestamp: int) -> None:
    """Refusals that were only counted, in minutes that were over then, have an entry each that says how many."""
    as_of = dt.datetime.fromtimestamp(timestamp, tz=dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT actionlog_tell_folds(%s, %s)", [FLOOD, as_of])
        (told,) = cursor.fetchone()
    if told:
        _LOG.info("folds_told", entries=told)


@app.periodic(cron="5 2 * * *")
@app.task(
    name="actionlog.turn_month", queue="upkeep", queueing_lock="actionlog.turn_month", retry=ONCE_DATABASE_IS_BACK
)
def turn_month(timestamp: int) -> None:
    """The coming months have their partitions, and what is older than FLEETFOLK_LOG_MONTHS is gone."""
    today = timezone.now().astimezone(dt.UTC).date()
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever reads the log now is waited for, but not for long: tomorrow is another night.
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        for ahead in range(MONTHS_AHEAD + 1):
            cursor.execute("SELECT actionlog_ensure_month(%s)", [month_from(today, ahead)])
        if settings.FLEETFOLK_LOG_MONTHS > 0:
            cursor.execute("SELECT actionlog_forget_before(%s)", [month_from(today, -settings.FLEETFOLK_LOG_MONTHS)])
            for (partition,) in cursor.fetchall():
                _LOG.info("month_forgotten", partition=partition)


def month_from(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies so many months from the day's."""
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)
