"""The segment that a page is about, and whether its viewer may do there what they ask for."""

from typing import Any

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import Permission
from fleetfolk.segments.models import Segment


def segment_for(
    request: ConsoleRequest, segment_id: int, permission: Permission, *, action: type[Action[Any, Any]] | None = None
) -> Segment:
    """The segment, where the viewer holds the right. A POST by who does not goes to the ``action``, which logs it."""
    known = Segment.objects.select_related("organization").filter(tenant_id=request.actor.tenant_id)
    segment = known.filter(pk=segment_id).first()
    decision = None if segment is None else GATE.decide(request.actor, permission, segment)
    if segment is not None and decision is not None and decision.allowed:
        return segment
    if request.method == "POST" and action is not None:
        perform(action, actor=request.actor, target_id=segment_id, data=None)
    if decision is not None and decision.visible:
        raise Denied(decision.reason)
    raise TargetNotFound
