"""What can be done to many people at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fleetfolk.access.models import BuiltinRole
from fleetfolk.console.sql import Sql
from fleetfolk.jobs.bulk import BulkAct, Rule, Shown, Things, register_bulk, register_things
from fleetfolk.jobs.bulk_kind import bulk_kind
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.users import directory
from fleetfolk.users.actions.assign_location import AssignLocation, AssignLocationInput
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.export_list import ExportList, ExportListInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.actions.revoke_tag import RevokeTag
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.bulk_forms import LocationForm, ReasonForm, RoleForm, TagForm, TransferForm
from fleetfolk.users.listing import users_with
from fleetfolk.users.models import State, User, UserTag
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.reasons import LAST_STAYS
from fleetfolk.users.web.directory import listing_of
from fleetfolk.users.web.directory_state import DirectoryState

USERS = "users"

type Chosen = Mapping[str, Any]


def _where(actor: Actor, address: QueryDict) -> Sql:
    with connection.cursor() as cursor:
        return directory.condition(cursor, listing_of(actor, DirectoryState.of(address)))


def _shown(actor: Actor, ids: Sequence[int]) -> dict[int, Shown]:
    return {
        one.id: Shown(name=one.name, sub=one.email, place=one.organization, url=f"/users/{one.id}/")
        for one in users_with(actor, ids)
    }


register_things(
    Things(
        of=USERS,
        kind="users.bulk",
        table="users_user",
        model=lambda: User,
        view=VIEW_USERS,
        where=_where,
        shown=_shown,
        list_url="users:list",
        title=_("Users"),
        one=_("Person"),
        counted=ngettext_lazy("%(total)s user", "%(total)s users", "count"),
    )
)
KIND = bulk_kind("users.bulk", VIEW_USERS, personal=True)


def _no_input(_chosen: Chosen) -> NoInput:
    return NoInput()


def _reason(chosen: Chosen) -> ReasonInput:
    return ReasonInput(reason=chosen.get("reason", ""))


def _tag_input(chosen: Chosen) -> AssignTagInput:
    return AssignTagInput(tag_id=chosen["tag_id"])


def _has_tag(chosen: Chosen) -> Q:
    return Q(Exists(UserTag.objects.filter(user=OuterRef("pk"), tag_id=chosen["tag_id"])))


def _oneself(actor: Actor) -> Rule:
    return Rule(reason="own_account_stays", where=Q(pk=actor.user_id or 0), said=_("That is you"))


def _last_ones() -> list[Rule]:
    """The last Admin of an organization, and the last Super Admin."""
    said = {
        BuiltinRole.ADMIN.value: _("The last Admin of their organization"),
        BuiltinRole.SUPER_ADMIN.value: _("The last Super Admin of this installation"),
    }
    rules = []
    for builtin, reason in LAST_STAYS.items():
        others = User.objects.filter(
            tenant_id=OuterRef("tenant_id"),
            organization_id=OuterRef("organization_id"),
            role__builtin=builtin,
            is_active=True,
        ).exclude(pk=OuterRef("pk"))
        where = Q(role__builtin=builtin, is_active=True) & ~Q(Exists(others))
        rules.append(Rule(reason=reason, where=where, said=said[builtin]))
    return rules


def _tag_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    tag = Tag.objects.select_related("organization").filter(tenant_id=actor.tenant_id, pk=chosen["tag_id"]).first()
    elsewhere = ~Q(path__startswith=tag.path) if tag else Q(pk__isnull=False)
    return [
        Rule(reason="tag_elsewhere", where=elsewhere),
        Rule(reason="bulk_unchanged", where=_has_tag(chosen), unchanged=True, said=_("Has the tag already")),
    ]


def _untag_rules(_actor: Actor, chosen: Chosen) -> list[Rule]:
    return [Rule(reason="bulk_unchanged", where=~_has_tag(chosen), unchanged=True, said=_("Does not have the tag"))]


def _role_rules(_actor: Actor, chosen: Chosen) -> list[Rule]:
    same = Rule(
        reason="bulk_unchanged", where=Q(role_id=chosen["role_id"]), unchanged=True, said=_("Has this role already")
    )
    return [same, *_last_ones()]


def _location_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    key = chosen["location_id"]
    if key is None:
        here = Q(location_id__isnull=True)
        return [Rule(reason="bulk_unchanged", where=here, unchanged=True, said=_("Has no location already"))]
    place = Location.objects.filter(tenant_id=actor.tenant_id, pk=key).first()
    elsewhere = ~Q(organization_id=place.organization_id) if place else Q(pk__isnull=False)
    return [
        Rule(reason="location_elsewhere", where=elsewhere, said=_("Belongs to another organization")),
        Rule(reason="bulk_unchanged", where=Q(location_id=key), unchanged=True, said=_("Is there already")),
    ]


def _disable_rules(actor: Actor, _chosen: Chosen) -> list[Rule]:
    return [
        _oneself(actor),
        Rule(reason="bulk_unchanged", where=Q(state=State.DISABLED), unchanged=True, said=_("Is disabled already")),
        Rule(reason="already", where=~Q(state__in=(State.ACTIVE, State.PENDING)), said=_("Is on the way out already")),
        *_last_ones(),
    ]


def _enable_rules(_actor: Actor, _chosen: Chosen) -> list[Rule]:
    able = Q(state__in=(State.ACTIVE, State.PENDING))
    return [
        Rule(reason="bulk_unchanged", where=able, unchanged=True, said=_("Is not disabled")),
        Rule(reason="already", where=~Q(state=State.DISABLED), said=_("Is on the way out already")),
    ]


def _invitation_rules(_actor: Actor, _chosen: Chosen) -> list[Rule]:
    return [Rule(reason="not_pending", where=~Q(state=State.PENDING), said=_("Does not wait for an invitation"))]


def _transfer_rules(actor: Actor, _chosen: Chosen) -> list[Rule]:
    gone = ~Q(state__in=(State.ACTIVE, State.PENDING))
    return [_oneself(actor), Rule(reason="user_inactive", where=gone, said=_("Cannot sign in")), *_last_ones()]


def _delete_rules(actor: Actor, _chosen: Chosen) -> list[Rule]:
    deleted = Q(deletion_requested_at__isnull=False)
    return [
        _oneself(actor),
        Rule(reason="bulk_unchanged", where=deleted, unchanged=True, said=_("Is deleted already")),
        *_last_ones(),
    ]


def _restore_rules(_actor: Actor, _chosen: Chosen) -> list[Rule]:
    kept = Q(deletion_requested_at__isnull=True)
    return [Rule(reason="bulk_unchanged", where=kept, unchanged=True, said=_("Is not deleted"))]


def _roles_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = User.objects.filter(pk__in=list(ids)).values_list("pk", "role_id")
    return {key: {"role_id": role_id} for key, role_id in rows}


def _locations_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = User.objects.filter(pk__in=list(ids)).values_list("pk", "location_id")
    return {key: {"location_id": location_id} for key, location_id in rows}


ACTS = (
    BulkAct(
        of=USERS,
        code="tag",
        label=_("Add tag"),
        icon="tag",
        heading=ngettext_lazy("Add a tag to %(total)s user", "Add a tag to %(total)s users", "count"),
        action=AssignTag,
        input=_tag_input,
        form=TagForm,
        rules=_tag_rules,
        undo="untag",
        prominent=True,
    ),
    BulkAct(
        of=USERS,
        code="untag",
        label=_("Remove tag"),
        icon="tag",
        heading=ngettext_lazy("Remove a tag from %(total)s user", "Remove a tag from %(total)s users", "count"),
        action=RevokeTag,
        input=_tag_input,
        form=TagForm,
        rules=_untag_rules,
        undo="tag",
    ),
    BulkAct(
        of=USERS,
        code="role",
        label=_("Change role"),
        icon="shield",
        heading=ngettext_lazy("Change the role of %(total)s user", "Change the role of %(total)s users", "count"),
        action=AssignRole,
        input=lambda chosen: AssignRoleInput(role_id=chosen["role_id"]),
        form=RoleForm,
        rules=_role_rules,
        sensitive=True,  # One of them may get, or get back, a strong role.
        undo="role",
        keep=_roles_of,
        still=lambda chosen: Q(role_id=chosen["role_id"]),
        prominent=True,
    ),
    BulkAct(
        of=USERS,
        code="location",
        label=_("Move to location"),
        icon="map-pin",
        heading=ngettext_lazy("Move %(total)s user to a location", "Move %(total)s users to a location", "count"),
        action=AssignLocation,
        input=lambda chosen: AssignLocationInput(location_id=chosen["location_id"]),
        form=LocationForm,
        rules=_location_rules,
        undo="location",
        keep=_locations_of,
        still=lambda chosen: (
            Q(location_id=chosen["location_id"]) if chosen["location_id"] else Q(location_id__isnull=True)
        ),
    ),
    BulkAct(
        of=USERS,
        code="send-invitation",
        label=_("Resend invitation"),
        icon="mail",
        heading=ngettext_lazy("Invite %(total)s user again", "Invite %(total)s users again", "count"),
        action=SendInvitation,
        input=_no_input,
        rules=_invitation_rules,
        note=_("Each gets a mail with a new link; the old links no longer work. A mail cannot be undone."),
        group=2,
    ),
    BulkAct(
        of=USERS,
        code="end-sessions",
        label=_("Force log-out"),
        icon="logout",
        heading=ngettext_lazy("Sign %(total)s user out", "Sign %(total)s users out", "count"),
        action=EndSessions,
        input=_no_input,
        note=_("Everybody can sign in again with the password they have. A log-out cannot be undone."),
        group=2,
    ),
    BulkAct(
        of=USERS,
        code="disable",
        label=_("Disable"),
        icon="ban",
        heading=ngettext_lazy("Disable %(total)s user", "Disable %(total)s users", "count"),
        action=DisableUser,
        input=_reason,
        form=ReasonForm,
        rules=_disable_rules,
        note=_("Nobody’s data or devices are touched. They are signed out everywhere at once."),
        undo="enable",
        group=3,
        prominent=True,
    ),
    BulkAct(
        of=USERS,
        code="enable",
        label=_("Enable"),
        icon="circle-check",
        heading=ngettext_lazy("Enable %(total)s user", "Enable %(total)s users", "count"),
        action=EnableUser,
        input=_no_input,
        rules=_enable_rules,
        undo="disable",
        group=3,
    ),
    BulkAct(
        of=USERS,
        code="export",
        label=_("Export CSV"),
        icon="download",
        heading=ngettext_lazy("Export %(total)s user", "Export %(total)s users", "count"),
        action=ExportList,
        input=lambda _chosen: ExportListInput(),
        goto=lambda draft: f"{reverse('users:export-form')}?{urlencode({'job': draft.pk})}",
        group=2,
    ),
    BulkAct(
        of=USERS,
        code="transfer",
        label=_("Transfer"),
        icon="arrow-right-circle",
        heading=ngettext_lazy("Transfer %(total)s user", "Transfer %(total)s users", "count"),
        action=TransferUser,
        input=lambda chosen: TransferUserInput(admin_email=chosen["admin_email"], role_id=chosen["role_id"]),
        form=TransferForm,
        rules=_transfer_rules,
        note=_("They lose their location, and are signed out. To undo it, transfer them back."),
        group=4,
    ),
    BulkAct(
        of=USERS,
        code="delete",
        label=_("Delete"),
        icon="trash",
        heading=ngettext_lazy("Delete %(total)s user", "Delete %(total)s users", "count"),
        action=DeleteUser,
        input=lambda chosen: DeleteUserInput(reason=chosen.get("reason", "")),
        form=ReasonForm,
        rules=_delete_rules,
        note=_("They are out at once. Their accounts can be restored for seven days and are then erased."),
        types_word=True,
        undo="restore",
        group=4,
    ),
    BulkAct(
        of=USERS,
        code="restore",
        label=_("Restore"),
        icon="arrow-back-up",
        heading=ngettext_lazy("Restore %(total)s user", "Restore %(total)s users", "count"),
        action=RestoreUser,
        input=_no_input,
        rules=_restore_rules,
        offered=False,
    ),
)
for act in ACTS:
    register_bulk(act)
