"""Inviting people, and correcting an invitation that went to a mistyped address."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.access.grants import looking_now
from fleetfolk.access.place import organization_now
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.edit_invitation import EditInvitation
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.queries import organizations_matching, organizations_to_invite_to
from fleetfolk.users.web.dialogs import CHANGED, dialog, dialog_done, performed, person_for
from fleetfolk.users.web.forms import EditInvitationForm, InviteForm

QUERY_LONGEST = 80


@console_view
@dialog_methods
def invite(request: ConsoleRequest) -> HttpResponse:
    """A pending person, and a mail on its way to them.

    A POST with ``look`` only asks for the organizations that match what was typed, and for what can be chosen in the
    one that is ticked; it invites nobody.
    """
    typed = request.POST if request.method == "POST" else None
    looking = looking_now(request.actor)
    organization = _chosen_organization(request, looking)
    form = InviteForm(typed, actor=looking, organization=organization)
    if typed is not None and "look" in typed:
        return _looked(request, organization)
    if form.is_valid() and performed(form, [(InviteUser, organization.pk, form.to_input())], request, field="email"):
        text = _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]}
        if typed is not None and "another" in typed:
            return _once_more(request, organization, text)
        return done(request, toast=text, to=reverse("users:list"), changed=CHANGED)
    return _page(request, form, organization, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_invitation(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Another address for a pending person; the first link is void."""
    person = person_for("users:edit-invitation", request, user_id)
    form = EditInvitationForm(request.POST if request.method == "POST" else None, initial={"email": person.email})
    if form.is_valid() and performed(form, [(EditInvitation, person.pk, form.to_input())], request, field="email"):
        text = _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]}
        return dialog_done(request, text, person)
    return dialog(request, "users/edit_invitation.html", form, person=person, button=_("Send the invitation"))


def _chosen_organization(request: ConsoleRequest, looking: Actor) -> Organization:
    """The organization that the form is about: the chosen one, else the viewer's own.

    One that is out of reach does not exist; who may invite nowhere is denied, and the attempt is in the log.
    """
    reachable = organizations_to_invite_to(looking)
    wanted = (request.POST if request.method == "POST" else request.GET).get("organization", "")
    own_id = organization_now(request).pk
    wanted_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else own_id
    organization = reachable.filter(pk=wanted_id).first()
    if organization is None:
        if request.method == "POST":
            nobody = InviteUserInput(first_name="", last_name="", email="", role_id=0)
            perform(InviteUser, actor=request.actor, target_id=wanted_id, data=nobody)
        raise Denied("permission_missing") if wanted_id == own_id else TargetNotFound
    return organization


def _page(request: ConsoleRequest, form: InviteForm, organization: Organization, *, status: int = 200) -> HttpResponse:
    return render(request, "users/invite.html", _context(request, form, organization), status=status)


def _context(request: ConsoleRequest, form: InviteForm, organization: Organization) -> dict[str, object]:
    typed = request.POST.get("organization_query", "")[:QUERY_LONGEST].strip()
    others = organizations_matching(request.actor, typed, besides=organization.pk) if typed else []
    offered = [organization, *others]
    # The parent of where one's own reach begins is not told.
    told = organizations_to_invite_to(request.actor).filter(pk__in=[each.parent_id for each in offered])
    return {
        "form": form,
        "organization": organization,
        "organizations": offered,
        "told": set(told.values_list("pk", flat=True)),
        "elsewhere": bool(others) or organizations_to_invite_to(request.actor).exclude(pk=organization.pk).exists(),
        "organization_query": typed,
        "action": reverse("users:invite"),
        "button": _("Invite"),
    }


def _looked(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What can be chosen, with everything else as it was typed."""
    unbound = InviteForm(actor=request.actor, organization=organization)
    unbound.initial = {name: request.POST.get(name, "") for name in unbound.fields}
    context = _context(request, unbound, organization)
    template = "users/invite.html#invite-place" if request.htmx else "users/invite.html"
    return render(request, template, context)


def _once_more(request: ConsoleRequest, organization: Organization, text: str) -> HttpResponse:
    """The dialog again, empty, for the next person of the same organization."""
    if not request.htmx:
        return done(request, toast=text, to=f"{reverse('users:invite')}?organization={organization.pk}")
    form = InviteForm(actor=request.actor, organization=organization)
    answer = _page(request, form, organization)
    answer["HX-Trigger"] = json.dumps({"toast": {"text": text}, CHANGED: True})
    return answer
