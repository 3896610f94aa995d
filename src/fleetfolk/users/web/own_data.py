"""One's own data: taking it along, and deleting one's own account, with the way back."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.console.proof import FIELDS
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.delete_account import DeleteAccount
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.restore_account import RestoreAccount, UndoSecretInput
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.models_privacy import Deletion, Export
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.making import PART, making_of
from fleetfolk.users.web.own import own_page, own_view
from fleetfolk.users.web.privacy_forms import DeleteAccountForm
from fleetfolk.users.web.secret_links import private

HELD = "fleetfolk_undo"
LIMITS = {"undo": "30/5m/ip"}
"""Links that lead nowhere, from one address in so many minutes."""
SHOWN = 10


@own_view()
@require_safe
def data(request: ConsoleRequest, person: User) -> HttpResponse:
    """What there is to take along, the exports so far, and the way out."""
    exports = Export.objects.filter(user=person, requested_by_id=person.pk).select_related("job")
    swapped = bool(request.htmx) and request.htmx.target == PART
    context = {
        "exports": exports.order_by("-created_at", "-pk")[:SHOWN],
        "days": RESTORABLE_FOR.days,
        "making": making_of(request.actor, person),
        "making_url": request.path,
        "swapped": swapped,
    }
    return own_page(request, f"users/own/data.html{'#swapped' if swapped else ''}", context)


@own_view()
@require_POST
def export_data(request: ConsoleRequest, person: User) -> HttpResponse:
    """A file of everything about oneself is being made, and its link mailed."""
    perform(ExportData, actor=request.actor, target_id=person.pk, data=NoInput())
    text = _("Your data is being gathered. You get a mail with the link.")
    return done(request, toast=text, to=reverse("account:data"), changed="exports:changed")


def asking_anew(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The proof that it is the same person is asked for in any case, however lately it was given."""

    @wraps(view)
    def asked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, proved_here=any(request.POST.get(field) for field in FIELDS), **kwargs)

    return asked


@asking_anew
@own_view()
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: ConsoleRequest, person: User, *, proved_here: bool) -> HttpResponse:
    """One's own account is deleted, after the word and the password; a mail has the way back."""
    if not proved_here:
        request.actor = replace(request.actor, proof=Proof.OLD)
    form = DeleteAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            perform(DeleteAccount, actor=request.actor, target_id=person.pk, data=form.to_input())
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            logout(request, show_message=False)
            gone = reverse("users:account-gone")
            return HttpResponseClientRedirect(gone) if request.htmx else HttpResponseRedirect(gone)
    context = {
        "form": form,
        "action": reverse("account:delete"),
        "button": _("Delete my account"),
        "danger": True,
        "days": RESTORABLE_FOR.days,
    }
    return render(request, "users/own/delete.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def account_gone(request: HttpRequest) -> HttpResponse:
    """The same words for everybody who comes here."""
    return render(request, "users/account_gone.html", {"days": RESTORABLE_FOR.days})


@login_not_required
@private
@require_safe
def undo_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: the secret leaves the address at once, and its hash waits in the session."""
    if not ratelimit.consume(request, app="fleetfolk", action="undo", config=LIMITS, limit_get=True, dry_run=True):
        return ratelimit.respond_429(request)
    presented = secret_hash(secret)
    if not Deletion.objects.filter(secret_hash=presented).exists():
        ratelimit.consume(request, app="fleetfolk", action="undo", config=LIMITS, limit_get=True)
        return _over(request)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("users:undo-form"))


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def undo_form(request: HttpRequest) -> HttpResponse:
    """GET asks, POST keeps the account; then its person signs in as before."""
    presented = str(request.session.get(HELD, ""))
    held = Deletion.objects.select_related("user__organization").filter(secret_hash=presented).first()
    deletion = held if presented else None
    if deletion is None:
        return _over(request)
    person = deletion.user
    if request.method == "POST":
        try:
            perform(
                RestoreAccount,
                actor=actor_of(person, request),
                target_id=person.pk,
                data=UndoSecretInput(secret_hash=presented),
            )
        except ActionError:
            return _over(request)
        request.session.pop(HELD, None)
        return render(request, "users/undo_done.html", {"person": person})
    context = {"person": person, "erased_at": deletion.requested_at + RESTORABLE_FOR}
    return render(request, "users/undo.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work."""
    request.session.pop(HELD, None)
    return render(request, "users/undo_over.html", {"days": RESTORABLE_FOR.days}, status=404)
