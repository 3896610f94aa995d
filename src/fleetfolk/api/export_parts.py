"""What keys know of people: one's own are exported and go with the person; a program forgets who made it."""

from collections.abc import Iterator

from fleetfolk.api.models import PersonalToken
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _keys(person: User) -> Iterator[Record]:
    for token in PersonalToken.objects.filter(user=person).order_by("pk"):
        yield {
            "name": token.name,
            "ends_in": token.secret_end,
            "rights": token.scopes,
            "sensitive": token.sensitive,
            "created": token.created_at,
            "expires": token.expires_at,
            "last_used": token.last_used_at,
        }


register_personal(Personal(model="api.PersonalToken", by=("user_id",), export=_keys, file="keys"))
register_personal(
    Personal(
        model="api.Program",
        by=("created_by_id",),
        labels=(("created_by_id", "created_by_label"),),
        erase="pseudonymize",
        excluded="A program belongs to its organization. That a person made it is in their action log.",
    )
)
