"""Unlinking a person from a provider of single sign-on."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.revoke_identity import RevokeIdentity, RevokeIdentityInput
from fleetfolk.users.web.dialogs import CHANGED


@console_view
@require_POST
def revoke_identity(request: ConsoleRequest, user_id: int, identity_id: int) -> HttpResponse:
    """What the provider calls the person is nobody's here any more."""
    data = RevokeIdentityInput(identity_id=identity_id)
    person = perform(RevokeIdentity, actor=request.actor, target_id=user_id, data=data).target
    text = _("%(name)s is unlinked from the provider, and signed out everywhere.") % {"name": person}
    return done(request, toast=text, to=reverse("users:tab", args=[person.pk, "security"]), changed=CHANGED)
