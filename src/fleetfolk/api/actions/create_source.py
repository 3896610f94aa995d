"""Note where something came from that was moved in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.api.models import Moved
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateSourceInput:
    """``source`` is the other server, ``kind`` and ``source_key`` what it is there, ``made_id`` what it is here."""

    source: str
    kind: str
    source_key: str
    made_id: int


class CreateSource(Action[Organization, CreateSourceInput]):
    """It is known what the thing was called on the other server, so that it is not made a second time."""

    code = "organization.source.create"
    label = _("Note where it came from")
    said = _("noted what was moved into %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = CreateSourceInput

    def check(self, *, actor: Actor, target: Organization, data: CreateSourceInput) -> None:
        """Refuses what came already: somebody else moves in from there at this moment."""
        known = Moved.objects.filter(
            tenant_id=target.tenant_id, source=data.source, kind=data.kind, source_key=data.source_key
        )
        if known.exists():
            raise Refused("moved_already", kind=data.kind, key=data.source_key)

    def apply(self, *, actor: Actor, target: Organization, data: CreateSourceInput) -> Outcome[Organization]:
        """Notes it."""
        Moved.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            source=data.source,
            kind=data.kind,
            source_key=data.source_key,
            made_id=data.made_id,
            at=clock.now(),
        )
        return Outcome(target=target, facts={"source": data.source, "kind": data.kind, "key": data.source_key})
