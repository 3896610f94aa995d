"""The keys of somebody else, on their page: for whoever may take them out of use."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.api.actions.cancel_token import TokenInput
from fleetfolk.api.actions.revoke_token import RevokeToken
from fleetfolk.api.models import PersonalToken
from fleetfolk.console.dialogs import Question, ask, dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.users.models import User
from fleetfolk.users.permissions import MANAGE_CREDENTIALS
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.profile_tabs import Card, register_card

CHANGED = "person-keys:changed"


@console_view
@require_safe
def card(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The card anew, after a key was revoked."""
    return HttpResponse(_card(request, user_detail(request.actor, user_id)))


@console_view
@dialog_methods
def revoke(request: ConsoleRequest, user_id: int, token_id: int) -> HttpResponse:
    """One key of somebody less; asks first."""
    data = TokenInput(token_id=token_id)
    if request.method == "POST":
        perform(RevokeToken, actor=request.actor, target_id=user_id, data=data)
        to = reverse("users:detail", args=[user_id])
        return done(request, toast=_("The key opens nothing any more."), to=to, changed=CHANGED)
    person = user_detail(request.actor, user_id)
    decision = GATE.decide(request.actor, MANAGE_CREDENTIALS, person)
    if not decision.allowed:
        raise Denied(decision.reason)
    token = PersonalToken.objects.filter(user=person, pk=token_id).first()
    if token is None:
        raise TargetNotFound
    question = Question(
        title=_("Revoke the key “%(key)s” of %(name)s") % {"key": token.name, "name": person},
        lead=_("Programs that use it are refused from their next request on. This cannot be undone."),
        button=_("Revoke key"),
        danger=True,
    )
    return ask(request, question)


def _card(request: ConsoleRequest, person: User) -> SafeString | str:
    """The card, where there are keys and the viewer may revoke them."""
    tokens = list(PersonalToken.objects.filter(user=person).order_by("-pk"))
    if not tokens or not GATE.decide(request.actor, MANAGE_CREDENTIALS, person).allowed:
        return ""
    return render_to_string("api/person_keys.html", {"person": person, "tokens": tokens}, request)


register_card(Card(place="main", position=62, render=_card))
