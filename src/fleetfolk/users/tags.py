"""The tags of people: which ones somebody may choose among, and how many people carry each."""

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Tag
from fleetfolk.organizations.tag_uses import Use, register_use
from fleetfolk.users.models import State, UserTag


def tags_at_hand(actor: Actor, permission: Permission) -> QuerySet[Tag]:
    """The tags of the organizations where the actor has the permission, of those below, and of those above.

    Those above own tags that people and devices here carry, so that whoever sees these knows them.
    """
    paths = GATE.paths_within_reach(actor, permission)
    if not paths:
        return Tag.objects.none()
    above = {int(key) for path in paths for key in path.split(".") if key}
    below = GATE.within_reach(Tag.objects.all(), actor=actor, permission=permission)
    return below | Tag.objects.filter(tenant_id=actor.tenant_id, organization_id__in=above)


register_use("people", Use(links=UserTag, carrier="user", counted=~Q(user__state=State.DEACTIVATED)))
