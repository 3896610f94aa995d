"""What a person may do: a tab of their page, with every permission, yes or no, and why."""

from django.db.models import F, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleetfolk.access.grants import Grant, grant_of, grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import HeldAt
from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.access.queries import permission_groups
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.permissions import Permission, role_permissions
from fleetfolk.users.models import User
from fleetfolk.users.web.profile_tabs import Tab, register_tab


def permissions(request: ConsoleRequest, person: User) -> HttpResponse:
    """Every permission that a role can hold."""
    now = grants_of(person.as_actor(Client.WEB))
    held = now or [grant_of(person)]
    there = HeldAt(F("pk"), Value(person.path))
    roles = list(
        Role.objects.filter(tenant_id=person.tenant_id).order_by("position", "name").values_list("name", there)
    )
    groups = [(group, [(one, *_said(one, held, roles)) for one in group.permissions]) for group in permission_groups()]
    codes = frozenset().union(*(grant.permissions for grant in held))
    every = role_permissions()
    context = {
        "person": person,
        "groups": groups,
        "idle": not now,
        "summary": _("%(held)s of %(all)s permissions")
        % {"held": sum(permission.code in codes for permission in every), "all": len(every)},
    }
    return render(request, "users/tabs/permissions.html", context)


def _said(permission: Permission, held: list[Grant], roles: list[tuple[str, list[str]]]) -> tuple[bool, list[str]]:
    """Whether it is held, and by what; where it is not, which roles would do."""
    able = [grant for grant in held if permission.code in grant.permissions]
    if able:
        by = _("By the role %(role)s, in %(organization)s and below it.")
        return True, [
            _with_switches(by % {"role": one.role_name, "organization": one.organization_name}, one) for one in able
        ]
    names = [name for name, codes in roles if permission.code in codes]
    return False, [_("Roles that do: %(names)s.") % {"names": ", ".join(names)} if names else _("No role does.")]


def _with_switches(sentence: str, grant: Grant) -> str:
    """The sentence, and whose switches count where they are not the role's own."""
    if not grant.switched_in:
        return sentence
    return sentence + " " + _("Its switches for %(organization)s say so.") % {"organization": grant.switched_in}


register_tab(
    Tab(
        slug="permissions",
        label=gettext_lazy("Permissions"),
        icon="shield-check",
        position=28,
        needs=VIEW_ROLES,
        render=permissions,
    )
)
