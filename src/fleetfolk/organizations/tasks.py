"""What the worker does for organizations."""

import datetime as dt
from typing import Final

from django.db import connection
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK

TAGS_KEPT: Final = dt.timedelta(days=7)
"""So long a deleted tag can be restored."""

OLD_TAGS: Final = "DELETE FROM organizations_deletedtag WHERE deleted_at < %s"


@app.periodic(cron="29 * * * *")
@app.task(
    name="organizations.forget_tags",
    queue="upkeep",
    queueing_lock="organizations.forget_tags",
    retry=ONCE_DATABASE_IS_BACK,
)
def forget_tags(timestamp: int) -> None:
    """Of tags that were deleted a week ago nothing is kept, nor who carried them."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_TAGS, [clock.now() - TAGS_KEPT])
