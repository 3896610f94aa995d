"""What the worker does for webhooks: who made one is told that it is paused, and old records go."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.users import tasks as mails
from fleetfolk.users.models import User
from fleetfolk.webhooks.models import Webhook

KEPT_FOR: Final = dt.timedelta(days=30)
"""So long deliveries are in the record; what waits for longer is sent no more."""
AT_ONCE: Final = 10_000
FORGET: Final = """
DELETE FROM webhooks_delivery WHERE id IN (
    SELECT id FROM webhooks_delivery WHERE created_at < %s ORDER BY created_at LIMIT %s
)
"""


@app.task(name="webhooks.tell_paused", queue="mail", retry=PATIENTLY)
def tell_paused(*, webhook_id: int, problem: str) -> None:
    """Whoever made the webhook has a mail, unless it goes on meanwhile or they are gone."""
    webhook = Webhook.objects.select_related("organization").filter(pk=webhook_id, paused_at__isnull=False).first()
    if webhook is None:
        return
    person = User.objects.filter(pk=webhook.created_by_id or 0, tenant_id=webhook.tenant_id, is_active=True).first()
    if person is None:
        return
    mails.hand_over(
        person.email,
        "webhook_paused",
        {
            "name": person.get_short_name(),
            "webhook": webhook.name,
            "organization": webhook.organization.name,
            "problem": problem,
            "failures": webhook.failures,
            "link": settings.FLEETFOLK_ORIGIN + reverse("webhooks:show", args=[webhook.pk]),
        },
        organization_id=person.organization_id,
        language=person.language,
    )


@app.periodic(cron="43 * * * *")
@app.task(name="webhooks.forget", queue="upkeep", queueing_lock="webhooks.forget", retry=ONCE_DATABASE_IS_BACK)
def forget(timestamp: int) -> None:
    """Records that are older than they are kept are gone."""
    before = clock.now() - KEPT_FOR
    with connection.cursor() as cursor:
        while True:
            cursor.execute(FORGET, [before, AT_ONCE])
            if cursor.rowcount < AT_ONCE:
                return
