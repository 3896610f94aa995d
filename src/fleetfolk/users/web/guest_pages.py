"""Guests and partners of the organizations that one looks after, and who has let one's own in."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_guests import Membership
from fleetfolk.access.permissions import EDIT_GUESTS
from fleetfolk.access.place import organization_now
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.edit_guest import EditGuest
from fleetfolk.users.actions.grant_partner import GrantPartner
from fleetfolk.users.actions.invite_guest import InviteGuest
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_guest import RevokeGuest
from fleetfolk.users.actions.revoke_partner import RevokePartner
from fleetfolk.users.guests import (
    clients_of,
    findable_partners,
    giveable_to_guests,
    guests_in_reach,
    hosts,
    may_let_in,
    partners_in_reach,
)
from fleetfolk.users.models import User
from fleetfolk.users.web.context import may_see_now
from fleetfolk.users.web.dialogs import performed
from fleetfolk.users.web.guest_forms import EditGuestForm, GrantPartnerForm, InviteGuestForm, last_day
from fleetfolk.users.web.working import key_of

SHOWN = 50
MOST_PARTNERS = 500
CHANGED = "guests:changed"


@console_view
@require_safe
def guest_list(request: ConsoleRequest) -> HttpResponse:
    """Guests, newest first, found by name, address or organization; partners; and who let one's own in."""
    seen = may_see_now(request)
    if not seen & {"users.guests.view", "organizations.partners.view"}:
        raise Denied("permission_missing")
    query, before = typed(request.GET), key_of(request.GET.get("before", ""))
    guests = _found(guests_in_reach(request.actor), query).order_by("-pk")
    if before:
        guests = guests.filter(pk__lt=before)
    rows = list(guests[: SHOWN + 1])
    next_url = f"?q={query}&before={rows[SHOWN - 1].pk}" if len(rows) > SHOWN else ""
    editable = set(
        GATE.within_reach(
            Membership.objects.filter(pk__in=[row.pk for row in rows]), actor=request.actor, permission=EDIT_GUESTS
        ).values_list("pk", flat=True)
    )
    context = {
        "guests": [(row, row.pk in editable) for row in rows[:SHOWN]],
        "query": query,
        "next_url": next_url,
        "partners": list(partners_in_reach(request.actor).order_by("client__name", "pk")[:SHOWN]),
        "clients": list(clients_of(cast("User", request.user)).order_by("client__name", "pk")[:SHOWN]),
        "sees_guests": "users.guests.view" in seen,
        "sees_partners": "organizations.partners.view" in seen,
        "may_invite": "users.guests.invite" in seen,
        "may_let_in": "organizations.partners.edit" in seen,
    }
    part = request.htmx and request.htmx.target == "guests"
    return render(request, f"users/guests.html{'#guests' if part else ''}", context)


@console_view
@dialog_methods
def invite(request: ConsoleRequest) -> HttpResponse:
    """An address is invited as a guest of the ``organization``, else of the one in which the viewer works."""
    organization = _where(request, hosts(request.actor), InviteGuest)
    form = InviteGuestForm(_sent(request), roles=list(giveable_to_guests(request.actor, organization)))
    if form.is_valid() and performed(form, [(InviteGuest, organization.pk, form.to_input())], request, field="email"):
        text = _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]}
        return done(request, toast=text, to=reverse("guests:list"), changed=CHANGED)
    return _dialog(request, "users/guest_invite.html", form, _("Invite"), organization=organization)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, membership_id: int) -> HttpResponse:
    """Another role, another end."""
    guest = _guest(request, membership_id, EditGuest)
    form = EditGuestForm(
        _sent(request),
        roles=list(GATE.giveable_roles(request.actor, EDIT_GUESTS, guest.organization)),
        initial={"role": guest.role_id, "until": last_day(guest.ends_at)},
    )
    if form.is_valid() and performed(form, [(EditGuest, guest.pk, form.to_input())], request):
        return done(
            request, toast=_("%(name)s is changed.") % {"name": guest}, to=reverse("guests:list"), changed=CHANGED
        )
    return _dialog(request, "users/guest_edit.html", form, _("Save"), guest=guest)


@console_view
@require_POST
def revoke(request: ConsoleRequest, membership_id: int) -> HttpResponse:
    """Over, from this moment on."""
    outcome = perform(RevokeGuest, actor=request.actor, target_id=membership_id, data=NoInput())
    text = _("%(name)s is no guest any more.") % {"name": outcome.target}
    return done(request, toast=text, to=reverse("guests:list"), changed=CHANGED)


@console_view
@dialog_methods
def grant_partner(request: ConsoleRequest) -> HttpResponse:
    """A partner is let in to the ``organization``, else to the one in which the viewer works."""
    client = _where(request, may_let_in(request.actor), GrantPartner)
    found = findable_partners(request.actor).exclude(pk=client.pk).order_by("name", "pk")[:MOST_PARTNERS]
    form = GrantPartnerForm(_sent(request), partners=list(found))
    if form.is_valid() and performed(form, [(GrantPartner, client.pk, form.to_input())], request):
        return done(request, toast=_("The partner is let in."), to=reverse("guests:list"), changed=CHANGED)
    return _dialog(request, "users/partner_grant.html", form, _("Let in"), client=client)


@console_view
@require_POST
def revoke_partner(request: ConsoleRequest, partnership_id: int) -> HttpResponse:
    """Out, from this moment on."""
    outcome = perform(RevokePartner, actor=request.actor, target_id=partnership_id, data=NoInput())
    text = _("%(name)s is let in no more.") % {"name": outcome.target}
    return done(request, toast=text, to=reverse("guests:list"), changed=CHANGED)


def _found(guests: QuerySet[Membership], query: str) -> QuerySet[Membership]:
    for word in query.split()[:8]:
        guests = guests.filter(
            Q(email__icontains=word) | Q(user__name__icontains=word) | Q(organization__name__icontains=word)
        )
    return guests


def _sent(request: ConsoleRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _where(
    request: ConsoleRequest, reachable: QuerySet[Organization], action: type[Action[Organization, Any]]
) -> Organization:
    """The organization that the dialog is about. Who may not is denied, and a POST leaves a trace."""
    own = organization_now(request)
    wanted = key_of((request.POST if request.method == "POST" else request.GET).get("organization", "")) or own.pk
    found = reachable.filter(pk=wanted).first()
    if found is None:
        if request.method == "POST":
            perform(action, actor=request.actor, target_id=wanted, data=None)
        raise Denied("permission_missing") if wanted == own.pk else TargetNotFound
    return found


def _guest(request: ConsoleRequest, key: int, action: type[Action[Membership, Any]]) -> Membership:
    rows = Membership.objects.select_related("organization", "role", "user").filter(tenant_id=request.actor.tenant_id)
    found = rows.filter(pk=key).first()
    decision = None if found is None else GATE.decide(request.actor, EDIT_GUESTS, found)
    if found is not None and decision is not None and decision.allowed:
        return found
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=key, data=None)
    raise Denied(decision.reason) if decision is not None and decision.visible else TargetNotFound


def _dialog(request: ConsoleRequest, template: str, form: Any, button: str, **more: object) -> HttpResponse:
    context = {"form": form, "action": request.path, "button": button, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)
