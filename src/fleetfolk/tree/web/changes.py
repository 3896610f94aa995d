"""What is done with one organization: created, edited, archived, restored, deleted, worked in."""

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.place import organization_now, work_in
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_queries import templates_for
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import Following, perform, perform_together
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import CreateOrganization, EditOrganization
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.tree.actions import (
    ArchiveOrganization,
    ArchiveOrganizationInput,
    DeleteOrganization,
    DeleteOrganizationInput,
    RestoreOrganization,
    RestoreOrganizationInput,
)
from fleetfolk.tree.queries import contents_of, organization_seen
from fleetfolk.tree.web.forms import CreateForm, EditForm, WordForm
from fleetfolk.users.actions.invite_user import InviteUser
from fleetfolk.users.actions.start_work import StartWork, StartWorkInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.web.working import to_the_first_page

CHANGED = "organizations:changed"
TEMPLATES_OFFERED = 40


@console_view
@dialog_methods
def create(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """A new organization below this one, or below the one in which the viewer works, with its first Admin."""
    key = organization_now(request).pk if organization_id is None else organization_id
    parent = target_of(CreateOrganization, request, key, own=organization_id is None)
    templates, roles = _templates(request, parent), _roles(request, parent)
    form = CreateForm(
        request.POST if request.method == "POST" else None, parent=parent, templates=templates, roles=roles
    )
    if form.is_valid():
        created = _created(form, request, parent)
        if created is not None:
            text = _("%(name)s is there.") % {"name": created.name}
            return done(request, toast=text, to=reverse("organizations:detail", args=[created.pk]), changed=CHANGED)
    button = _("Create organization")
    context = {"form": form, "parent": parent, "roles": roles, "action": request.path, "button": button}
    return render(request, "tree/create.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """What the organization says of itself."""
    organization = target_of(EditOrganization, request, organization_id)
    parent = organization.parent
    form = EditForm(
        request.POST if request.method == "POST" else None,
        organization=organization,
        from_above=parent is not None and GATE.decide(request.actor, EDIT_ORGANIZATIONS, parent).allowed,
    )
    if form.is_valid() and performed(form, EditOrganization, request, organization_id, form.to_input()):
        return organization_done(request, _("Saved."), organization_id)
    context = {"form": form, "organization": organization, "action": request.path, "button": _("Save")}
    return render(request, "tree/edit.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def archive(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The organization is put away; GET says what that means."""
    organization = target_of(ArchiveOrganization, request, organization_id)
    if request.method == "POST":
        data = ArchiveOrganizationInput()
        perform(ArchiveOrganization, actor=request.actor, target_id=organization_id, data=data)
        text = _("%(name)s is archived.") % {"name": organization.name}
        undo = reverse("organizations:restore", args=[organization_id]), _("Undo")
        return organization_done(request, text, organization_id, undo=undo)
    context = {"organization": organization, "action": request.path, "button": _("Archive it"), "danger": True}
    return render(request, "tree/archive.html", context)


@console_view
@require_POST
def restore(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The organization is back."""
    outcome = perform(
        RestoreOrganization, actor=request.actor, target_id=organization_id, data=RestoreOrganizationInput()
    )
    return organization_done(request, _("%(name)s is restored.") % {"name": outcome.target.name}, organization_id)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The organization is gone for good, where nobody and nothing is left in it."""
    organization = target_of(DeleteOrganization, request, organization_id)
    form = WordForm(request.POST if request.method == "POST" else None, word="DELETE")
    if form.is_valid() and performed(form, DeleteOrganization, request, organization_id, DeleteOrganizationInput()):
        url = reverse("organizations:list")
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return done(request, toast=_("%(name)s is deleted.") % {"name": organization.name}, to=url)
    context = {
        "form": form,
        "organization": organization,
        "contents": contents_of(organization),
        "action": request.path,
        "button": _("Delete it"),
        "danger": True,
    }
    return render(request, "tree/delete.html", context, status=422 if form.is_bound else 200)


@console_view
@require_POST
def work(request: ConsoleRequest, organization_id: int) -> HttpResponseBase:
    """From now on this browser works inside the organization."""
    person = cast("User", request.user)
    data = StartWorkInput(organization_id=organization_id)
    try:
        perform(StartWork, actor=request.actor, target_id=person.pk, data=data)
    except Refused:
        organization_seen(request.actor, organization_id)  # What one does not see is not there.
        raise
    work_in(request, Organization.objects.get(pk=organization_id, tenant_id=person.tenant_id))
    return to_the_first_page(request)


def target_of(
    action: type[Action[Any, Any]], request: ConsoleRequest, organization_id: int, *, own: bool = False
) -> Organization:
    """The organization, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it.

    That their ``own`` is there is known to everybody.
    """
    known = Organization.objects.select_related("tenant", "parent").filter(tenant_id=request.actor.tenant_id)
    found = known.filter(pk=organization_id).first()
    decision = None if found is None else GATE.decide(request.actor, action.permission, found)
    if found is not None and decision is not None and decision.allowed:
        return found
    if request.method == "POST":
        try:
            perform(action, actor=request.actor, target_id=organization_id, data=None)
        except TargetNotFound:
            if not own:
                raise
    raise Denied(decision.reason) if decision is not None and (decision.visible or own) else TargetNotFound


def performed(
    form: Any, action: type[Action[Any, Any]], request: ConsoleRequest, organization_id: int, data: Any
) -> bool:
    """Whether it was done. A refusal stands in the form, so that what was typed is not lost."""
    try:
        perform(action, actor=request.actor, target_id=organization_id, data=data)
    except Refused as refusal:
        refuse_in(form, refusal)
        return False
    return True


def refuse_in(form: Any, refusal: Refused) -> None:
    """The refusal beside the field that it is about, else above all of them."""
    fields = {"organization_name_taken": "name", "organization_phone": "phone"}
    field = fields.get(refusal.reason)
    if refusal.reason in ("email_in_organization", "address_suppressed"):
        field = "email"
    form.add_error(field if field in form.fields else None, sentence_for(refusal))


def organization_done(
    request: ConsoleRequest, text: str, organization_id: int, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    """The answer after an act, with its way back."""
    to = reverse("organizations:detail", args=[organization_id])
    return done(request, toast=text, to=to, undo=undo, changed=CHANGED)


def _created(form: CreateForm, request: ConsoleRequest, parent: Organization) -> Organization | None:
    """The new organization with its templates and its first Admin: all of it, or nothing."""

    def key(outcomes: Sequence[Outcome[Any]]) -> int:
        return int(outcomes[0].target.pk)

    steps: list[Any] = [(CreateOrganization, parent.pk, form.to_input())]
    steps += [_enabling(template_id, key) for template_id in form.template_ids()]
    if (invitation := form.invitation()) is not None:
        steps.append(lambda outcomes: (InviteUser, key(outcomes), invitation))
    try:
        outcomes = perform_together(steps, actor=request.actor)
    except Refused as refusal:
        refuse_in(form, refusal)
        return None
    created: Organization = outcomes[0].target
    return created


def _enabling(template_id: int, key: Any) -> Following:
    return lambda outcomes: (EnableTemplate, template_id, TemplateUseInput(organization_id=key(outcomes)))


def _templates(request: ConsoleRequest, parent: Organization) -> list[Template]:
    """The templates that the new organization would not have by itself, for whoever may enable them."""
    if f"{parent.tenant_id}." not in GATE.paths_within_reach(request.actor, EDIT_TEMPLATES):
        return []  # Templates belong to the whole tenant.
    known = Template.objects.filter(tenant_id=parent.tenant_id, archived_at=None)
    if parent.is_tenant:
        everywhere = Template.objects.filter(uses__organization=parent).values("pk")
        known = known.exclude(pk__in=everywhere)
    else:
        known = known.exclude(pk__in=templates_for(parent).values("pk"))
    return list(known.order_by("name", "pk")[:TEMPLATES_OFFERED])


def _roles(request: ConsoleRequest, parent: Organization) -> list[Role]:
    """The role of a first Admin, where the viewer may give it there."""
    giveable = GATE.giveable_roles(request.actor, INVITE_USERS, parent)
    return list(giveable.filter(builtin=BuiltinRole.ADMIN))
