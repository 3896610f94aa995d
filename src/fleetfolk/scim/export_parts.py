"""What directories say of people: exported with them, and gone with them. A directory forgets who let it in."""

from collections.abc import Iterator

from fleetfolk.scim.models import Identity, Member
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _identities(person: User) -> Iterator[Record]:
    for one in Identity.objects.filter(user=person).select_related("client").order_by("pk"):
        yield {
            "directory": one.client.name,
            "user_name": one.user_name,
            "external_id": one.external_id,
            "phone": one.spelling.get("phone", {}).get("value", ""),
            "changed": one.changed_at,
        }


def _groups(person: User) -> Iterator[Record]:
    for one in Member.objects.filter(user=person).select_related("group__client").order_by("pk"):
        yield {"directory": one.group.client.name, "group": one.group.name}


register_personal(Personal(model="scim.Identity", by=("user_id",), export=_identities, file="directory_identities"))
register_personal(Personal(model="scim.Member", by=("user_id",), export=_groups, file="directory_groups"))
register_personal(
    Personal(
        model="scim.ScimClient",
        by=("created_by_id",),
        labels=(("created_by_id", "created_by_label"),),
        erase="pseudonymize",
        excluded="A directory belongs to its organization. That a person let it in is in their action log.",
    )
)
