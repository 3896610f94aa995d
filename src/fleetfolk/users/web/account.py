"""One person: their page, their menu, and the dialogs of what can be done to them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.assign_password import AssignPassword
from fleetfolk.users.actions.assign_role import AssignRole
from fleetfolk.users.actions.delete_user import DeleteUser
from fleetfolk.users.actions.disable_developer import DisableDeveloper
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_user import EditUser
from fleetfolk.users.actions.enable_developer import EnableDeveloper
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.actions.transfer_user import TransferUser
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.acts import doable
from fleetfolk.users.web.companions import Step, steps_along
from fleetfolk.users.web.dialogs import dialog, dialog_done, performed, person_for
from fleetfolk.users.web.forms import AssignPasswordForm, EditUserForm, ReasonForm, TransferForm
from fleetfolk.users.web.privacy_forms import SuppressingForm


@console_view
@require_safe
def menu(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The entries of the person's menu: what this viewer may do to this person now."""
    person = user_detail(request.actor, user_id)
    now = doable(request.actor, person)
    items = now.items(person, opening=True)
    return render(request, "users/menu.html", {"items": items, "why_not": now.why_not})


@console_view
@dialog_methods
def edit(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Name, phone, location, time zone and role, changed together or not at all."""
    person = person_for("users:edit", request, user_id)
    form = EditUserForm(request.POST if request.method == "POST" else None, actor=request.actor, person=person)
    if form.is_valid():
        steps: list[tuple[type[Action[Any, Any]], int, Any]] = [(EditUser, person.pk, form.to_input())]
        if role := form.to_role_input():
            steps.append((AssignRole, person.pk, role))
        if performed(form, steps, request, field="role"):
            return dialog_done(request, _("%(name)s is saved.") % {"name": _saved_name(person)}, person)
    return dialog(request, "users/edit.html", form, person=person, button=_("Save"))


@sensitive_post_parameters("password")
@console_view
@dialog_methods
def assign_password(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """A password that works at once."""
    person = person_for("users:assign-password", request, user_id)
    form = AssignPasswordForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid() and performed(form, [(AssignPassword, person.pk, form.to_input())], request):
        text = _("%(name)s has the new password and is signed out everywhere.")
        return dialog_done(request, text % {"name": person}, person)
    return dialog(request, "users/assign_password.html", form, person=person, button=_("Set the password"))


@console_view
@dialog_methods
def transfer(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Another home for the person, named by an Admin there."""
    person = person_for("users:transfer", request, user_id)
    form = TransferForm(request.POST if request.method == "POST" else None, actor=request.actor, person=person)
    if form.is_valid():
        data = form.to_input()
        steps: list[Step] = [(TransferUser, person.pk, data)]
        if data.with_devices:
            steps += steps_along(person)
        if performed(form, steps, request, field="admin_email"):
            return dialog_done(request, _("%(name)s is transferred.") % {"name": person}, person)
    return dialog(request, "users/transfer.html", form, person=person, button=_("Transfer"))


@console_view
@dialog_methods
def delete(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The person is out at once, and restorable for a while."""
    person = person_for("users:delete", request, user_id)
    form = SuppressingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, [(DeleteUser, person.pk, form.to_input())], request):
        text = _("%(name)s is deleted.") % {"name": person}
        return dialog_done(request, text, person, undo=("users:restore", _("Undo")))
    more = {"danger": True, "days": RESTORABLE_FOR.days}
    return dialog(request, "users/delete.html", form, person=person, button=_("Delete 1 user"), **more)


@console_view
@dialog_methods
def disable(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The person cannot sign in any more."""
    person = person_for("users:disable", request, user_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, [(DisableUser, person.pk, form.to_input())], request):
        text = _("%(name)s is disabled.") % {"name": person}
        return dialog_done(request, text, person, undo=("users:enable", _("Undo")))
    return dialog(request, "users/disable.html", form, person=person, button=_("Disable 1 user"))


NOTHING = NoInput()


@dataclass(frozen=True, kw_only=True, slots=True)
class AtOnce:
    """An act that a click does at once, and what a page of its own asks where a click cannot."""

    action: type[Action[User, Any]]
    title: StrPromise
    lead: StrPromise
    button: StrPromise
    toast: StrPromise
    undo: tuple[str, StrPromise] | None = None
    data: NoInput | ReasonInput = NOTHING


_UNDO = gettext_lazy("Undo")
AT_ONCE = {
    "users:reset-password": AtOnce(
        action=ResetPassword,
        title=gettext_lazy("Send %(name)s a reset link"),
        lead=gettext_lazy(
            "A mail to %(email)s carries a link for choosing a new password. The present password stops working now, "
            "and %(name)s is signed out everywhere."
        ),
        button=gettext_lazy("Send the link"),
        toast=gettext_lazy("The reset link is on its way to %(email)s."),
        data=ReasonInput(),
    ),
    "users:end-sessions": AtOnce(
        action=EndSessions,
        title=gettext_lazy("Force %(name)s to log out"),
        lead=gettext_lazy("Every browser and telephone of %(name)s is signed out at once. The password stays."),
        button=gettext_lazy("Force log-out"),
        toast=gettext_lazy("%(name)s is signed out everywhere."),
    ),
    "users:enable": AtOnce(
        action=EnableUser,
        title=gettext_lazy("Enable %(name)s"),
        lead=gettext_lazy("%(name)s can sign in again, with the password from before."),
        button=gettext_lazy("Enable 1 user"),
        toast=gettext_lazy("%(name)s is enabled."),
        undo=("users:disable", _UNDO),
    ),
    "users:developer-on": AtOnce(
        action=EnableDeveloper,
        title=gettext_lazy("Switch developer mode of %(name)s on"),
        lead=gettext_lazy("%(name)s can build templates and integrations, as far as the role allows."),
        button=gettext_lazy("Switch it on"),
        toast=gettext_lazy("%(name)s is in developer mode."),
        undo=("users:developer-off", _UNDO),
    ),
    "users:developer-off": AtOnce(
        action=DisableDeveloper,
        title=gettext_lazy("Switch developer mode of %(name)s off"),
        lead=gettext_lazy("%(name)s builds no templates and integrations any more. The role stays as it is."),
        button=gettext_lazy("Switch it off"),
        toast=gettext_lazy("%(name)s is not in developer mode any more."),
        undo=("users:developer-on", _UNDO),
    ),
    "users:restore": AtOnce(
        action=RestoreUser,
        title=gettext_lazy("Restore %(name)s"),
        lead=gettext_lazy("The account is as it was before it was deleted."),
        button=gettext_lazy("Restore 1 user"),
        toast=gettext_lazy("%(name)s is restored."),
    ),
    "users:send-invitation": AtOnce(
        action=SendInvitation,
        title=gettext_lazy("Send the invitation of %(name)s again"),
        lead=gettext_lazy("A new mail with a new link goes to %(email)s. The link from before stops working."),
        button=gettext_lazy("Resend invitation"),
        toast=gettext_lazy("Invitation sent again to %(email)s."),
    ),
    "users:revoke-invitation": AtOnce(
        action=RevokeInvitation,
        title=gettext_lazy("Revoke the invitation of %(name)s"),
        lead=gettext_lazy("The link in the mail stops working. %(name)s stays in the list as Pending."),
        button=gettext_lazy("Revoke invitation"),
        toast=gettext_lazy("The invitation of %(name)s is revoked."),
        undo=("users:send-invitation", gettext_lazy("Send again")),
    ),
}


@console_view
@dialog_methods
def at_once(request: ConsoleRequest, user_id: int, url: str) -> HttpResponse:
    """POST does it; GET is a page that asks, for links and browsers without scripts."""
    act = AT_ONCE[url]
    if request.method == "POST":
        # The Action looks the person up itself: a refusal of someone out of sight leaves its entry in the log.
        person = perform(act.action, actor=request.actor, target_id=user_id, data=act.data).target
        undo = (act.undo[0], str(act.undo[1])) if act.undo else None
        return dialog_done(request, str(act.toast) % _about(person), person, undo=undo)
    person = person_for(url, request, user_id)
    context = {
        "person": person,
        "action": reverse(url, args=[person.pk]),
        "title": str(act.title) % _about(person),
        "lead": str(act.lead) % _about(person),
        "button": act.button,
    }
    return render(request, "users/at_once.html", context)


def _about(person: User) -> dict[str, str]:
    return {"name": str(person), "email": person.email}


def _saved_name(person: User) -> str:
    """The name as the list shows it after saving."""
    fresh = User.objects.filter(pk=person.pk).values_list("name", flat=True).first()
    return fresh or str(person)
