"""What is kept of keys no longer than it is needed."""

import datetime as dt
from typing import Final

from django.db import connection
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK

ANSWERS_KEPT: Final = dt.timedelta(hours=24)
"""So long the same request gets the same answer."""

OLD_ANSWERS: Final = "DELETE FROM api_answer WHERE at < %s"
OLD_TOKENS: Final = "DELETE FROM api_programtoken WHERE expires_at < %s"


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget", queue="upkeep", queueing_lock="api.forget", retry=ONCE_DATABASE_IS_BACK)
def forget(timestamp: int) -> None:
    """Answers of yesterday and tokens that are over are gone."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(OLD_ANSWERS, [now - ANSWERS_KEPT])
        cursor.execute(OLD_TOKENS, [now])
