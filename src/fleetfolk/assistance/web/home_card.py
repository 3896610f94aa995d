"""The card on the portal's home that says whether support may look, and where that is changed."""

from typing import Any, cast

from django.http import HttpRequest

from fleetfolk.assistance.queries import standing_consent
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import rules_of
from fleetfolk.portal.cards import Card
from fleetfolk.users.models import User


def _known(request: HttpRequest) -> dict[str, Any] | None:
    """What the card says; None where the organization does not assist."""
    person = cast("User", request.user)
    rule = rules_of(person.organization).assistance
    if rule == AssistanceRule.OFF:
        return None
    return {"consent": standing_consent(person.pk), "waived": rule == AssistanceRule.WAIVED}


CARD = Card(position=50, template="assistance/home_card.html", context=_known)
