"""One's own keys: which there are, a new one, and one less."""

from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.access.grants import grants_of
from fleetfolk.api.actions.cancel_token import CancelToken, TokenInput
from fleetfolk.api.actions.create_token import CreateToken, CreateTokenInput
from fleetfolk.api.models import PersonalToken
from fleetfolk.api.secrets import PERSONAL, key_hash, new_key
from fleetfolk.api.web.key_forms import TokenForm
from fleetfolk.console.dialogs import Question, ask_first, dialog_methods, form_dialog, performed, shown_once
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.users.models import User
from fleetfolk.users.web.own import own_page, own_view

CHANGED: Final = "keys:changed"
_FIELDS: Final = {
    "token_name": "name",
    "token_name_taken": "name",
    "token_end": "days",
    "token_scopes": "reach",
}


@own_view()
@require_safe
def own(request: ConsoleRequest, person: User) -> HttpResponse:
    """Which keys there are, when they were used and until when they work."""
    now = clock.now()
    tokens = PersonalToken.objects.filter(user=person).order_by("-pk")
    rows = [
        {
            "token": token,
            "over": token.expires_at <= now or token.session_epoch != person.session_epoch,
            "rights": len(token.scopes),
        }
        for token in tokens
    ]
    return own_page(request, "api/keys.html", {"rows": rows})


@own_view()
@dialog_methods
def create(request: ConsoleRequest, person: User) -> HttpResponse:
    """A new key, shown once."""
    held = {code for grant in grants_of(request.actor) for code in grant.permissions}
    form = TokenForm(request.POST if request.method == "POST" else None, held=held)
    if form.is_valid():
        secret = new_key(PERSONAL)
        data = CreateTokenInput(
            name=form.cleaned_data["name"],
            secret_hash=key_hash(secret),
            secret_end=secret[-4:],
            scopes=form.rights(),
            expires_at=form.expires_at(),
            sensitive=form.cleaned_data["sensitive"],
        )
        if performed(form, request, CreateToken, person.pk, data, fields=_FIELDS):
            shown, page = {"name": data.name, "secret": secret}, reverse("keys:own")
            return shown_once(request, "api/key_shown.html", shown, page=page, changed=CHANGED)
    return form_dialog(request, "api/key_new.html", form, button=_("Make the key"), wide=True)


@own_view()
@dialog_methods
def revoke(request: ConsoleRequest, person: User, token_id: int) -> HttpResponse:
    """One key less; asks first."""
    token = PersonalToken.objects.filter(user=person, pk=token_id).first()
    if token is None:
        raise TargetNotFound
    question = Question(
        title=_("Revoke the key “%(name)s”") % {"name": token.name},
        lead=_("Programs that use it are refused from their next request on. This cannot be undone."),
        button=_("Revoke key"),
        danger=True,
    )
    toast = _("The key “%(name)s” opens nothing any more.") % {"name": token.name}
    step = (CancelToken, person.pk, TokenInput(token_id=token_id))
    return ask_first(request, question, step, toast=toast, to=reverse("keys:own"), changed=CHANGED)
