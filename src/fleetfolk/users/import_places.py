"""Where an import may go: the organizations within reach of who may import people."""

from django.db.models import F, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.users.import_names import Fold, folded_names
from fleetfolk.users.permissions import IMPORT_USERS

OFFERED = 200


class Ambiguous(Exception):
    """Several organizations have the name; ``keys`` are the first few."""

    def __init__(self, keys: list[int]) -> None:
        super().__init__(keys)
        self.keys = keys


def places_for_import(actor: Actor) -> QuerySet[Organization]:
    """The organizations where the actor may import people, from the top."""
    return GATE.within_reach(Organization.objects.all(), actor=actor, permission=IMPORT_USERS).order_by("path")


def home_for_import(actor: Actor) -> Organization | None:
    """The highest of them, which is the actor's own; None where there is none."""
    return places_for_import(actor).select_related("tenant").first()


def organization_named(actor: Actor, text: str) -> Organization | None:
    """The organization of this name or key where the actor may import people. Raises `Ambiguous`."""
    places = places_for_import(actor)
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        return places.filter(pk=int(wanted)).first()
    found = list(places.filter(name=wanted)[:6])
    folded = folded_names({wanted})[wanted]
    if not found and folded:
        found = list(places.annotate(folded=Fold(F("name"))).filter(folded=folded)[:6])
    if len(found) > 1:
        raise Ambiguous([each.pk for each in found])
    return found[0] if found else None
