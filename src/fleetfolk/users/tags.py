"""The tags of people: which ones somebody may choose among, and how many people carry each."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, QuerySet

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


def _carriers(keys: Sequence[int]) -> dict[int, int]:
    rows = UserTag.objects.filter(tag__in=list(keys)).exclude(user__state=State.DEACTIVATED).order_by()
    return dict(rows.values_list("tag").annotate(number=Count("pk")))


# Who is of the organization no more does not get it: their own does not know it.
_GIVE_BACK = """
    INSERT INTO users_usertag (tenant_id, tag_id, user_id)
    SELECT u.tenant_id, %s, u.id FROM users_user u
    WHERE u.tenant_id = %s AND u.id = ANY(%s::bigint[]) AND starts_with(u.path, %s)
    ORDER BY u.id ON CONFLICT (user_id, tag_id) DO NOTHING
"""


def _people_of(tag: Tag) -> list[int]:
    return list(UserTag.objects.filter(tag=tag).order_by("user_id").values_list("user_id", flat=True))


def _give_back(tag: Tag, keys: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [tag.pk, tag.tenant_id, list(keys), tag.path])
        return int(cursor.rowcount)


register_use("people", Use(count=_carriers, carriers=_people_of, give_back=_give_back))
