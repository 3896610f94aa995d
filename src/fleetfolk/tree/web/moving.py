"""Moving an organization under another one: the place is chosen, then one reads what that means, and types a word."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import TRANSFER_ORGANIZATIONS
from fleetfolk.organizations.queries import organizations_named
from fleetfolk.tree.actions import TransferOrganization, TransferOrganizationInput
from fleetfolk.tree.listing import numbers_of
from fleetfolk.tree.preview import preview_of
from fleetfolk.tree.web.changes import organization_done, performed, target_of
from fleetfolk.tree.web.forms import WordForm

OFFERED: Final = 8
LONGEST: Final = 80


class TransferForm(WordForm):
    """Where it goes, and the word."""

    parent = forms.IntegerField(min_value=1, max_value=2**63 - 1)


@console_view
@dialog_methods
def transfer(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The organization goes under another one. A POST with ``look`` only asks for places that match what was typed, and
    for what it means to move to the one that is ticked; it moves nothing."""
    organization = target_of(TransferOrganization, request, organization_id)
    typed = request.POST if request.method == "POST" else None
    look = typed is not None and "look" in typed
    form = TransferForm(None if look else typed, word="TRANSFER")
    if form.is_valid():
        data = TransferOrganizationInput(parent_id=form.cleaned_data["parent"])
        if performed(form, TransferOrganization, request, organization_id, data):
            text = _("%(name)s is transferred.") % {"name": organization.name}
            return organization_done(request, text, organization_id)
    context = {
        "form": form,
        "organization": organization,
        "action": request.path,
        "button": _("Transfer it"),
        **_place(request, organization),
    }
    if look and request.htmx:
        return render(request, "tree/transfer.html#place", context)
    return render(request, "tree/transfer.html", context, status=422 if form.is_bound else 200)


def _place(request: ConsoleRequest, organization: Organization) -> dict[str, Any]:
    """The places that were found, the one that is chosen, and what moving there means."""
    query = request.POST.get("place_query", "")[:LONGEST].strip()
    within = _places(request.actor, organization)
    key = request.POST.get("parent", "")
    chosen = within.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    words = words_of(query)
    found = organizations_named(within, words, limit=OFFERED) if words else list(within.order_by("line")[:OFFERED])
    offered = [*([chosen] if chosen else []), *(one for one in found if chosen is None or one.pk != chosen.pk)]
    shown = {
        "places": offered,
        "chosen": chosen,
        "place_query": query,
        "numbers": numbers_of(organization),
    }
    return {**shown, "preview": preview_of(request.actor, organization, chosen)} if chosen else shown


def _places(actor: Actor, organization: Organization) -> Any:
    """Where the viewer may move it: not below itself, not where it is."""
    known = Organization.objects.select_related("parent").filter(archived_at=None)
    within = GATE.within_reach(known, actor=actor, permission=TRANSFER_ORGANIZATIONS, grants=grants_of(actor))
    return within.exclude(path__startswith=organization.path).exclude(children=organization.pk)
