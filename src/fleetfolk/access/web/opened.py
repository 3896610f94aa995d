"""What somebody's request is about, where they may do this to it."""

from typing import Any

from django.db import models

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import Permission


def opened[M: models.Model](
    request: ConsoleRequest,
    rows: models.QuerySet[M],
    key: int,
    *,
    permission: Permission,
    action: type[Action[Any, Any]] | None = None,
) -> M:
    """The row with this key, where the viewer has the permission. A POST by who has not goes to the Action, which logs
    it.

    Raises `TargetNotFound` or `Denied`.
    """
    row = rows.filter(pk=key, tenant_id=request.actor.tenant_id).first()
    decision = None if row is None else GATE.decide(request.actor, permission, row)
    if row is None or decision is None or not decision.allowed:
        if request.method == "POST" and action is not None:
            perform(action, actor=request.actor, target_id=key, data=None)
        raise Denied(decision.reason) if decision is not None and decision.visible else TargetNotFound
    return row
