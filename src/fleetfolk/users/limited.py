"""What plans limit of people: how accounts and invitations are counted."""

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet

from fleetfolk.kernel import clock
from fleetfolk.organizations import limits
from fleetfolk.organizations.limits import register
from fleetfolk.users.developers import keep_developers, switched_on
from fleetfolk.users.models import Invitation, State, User

DAY: Final = dt.timedelta(days=1)


def _people(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    """Everybody who has an account or is invited. Who was deleted has left their seat, until they are restored."""
    return User.objects.filter(tenant_id=tenant_id).exclude(state=State.DELETION_PENDING)


def _invitations(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    """The invitations of the last 24 hours."""
    return Invitation.objects.filter(tenant_id=tenant_id, created_at__gt=clock.now() - DAY)


register("users", _people)
register("developers", switched_on)
limits.when_given(keep_developers)
register("invitations", _invitations)
