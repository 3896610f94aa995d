"""What an Action on an organization does to those below it, too: each of them has an entry of its own."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from fleetfolk.kernel import parts
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike
from fleetfolk.organizations.models import Organization


def below(target: Organization) -> QuerySet[Organization]:
    """Those below it, without itself."""
    found = Organization.objects.filter(tenant_id=target.tenant_id, path__startswith=target.path)
    return found.exclude(pk=target.pk)


def write_along(
    action: type[Action[Organization, Any]], actor: Actor, target: Organization, ids: Sequence[int]
) -> None:
    """Whoever looks for one of them in the log finds what happened to it, and with which organization."""
    if ids:
        together = Alike(model=Organization, ids=ids, facts={"together_with": target.name})
        parts.log().write_set(action, actor=actor, alike=[together])
