"""How plans count webhooks."""

from django.db.models import QuerySet

from fleetfolk.organizations.limits import register
from fleetfolk.webhooks.models import Webhook


def _webhooks(tenant_id: int, _organization_id: int | None) -> "QuerySet[Webhook]":
    return Webhook.objects.filter(tenant_id=tenant_id)


register("webhooks", _webhooks)
