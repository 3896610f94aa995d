"""What can be done to one organization: the row's menu and its page read it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, held_everywhere, may_work_in
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import (
    CREATE_ORGANIZATIONS,
    DELETE_ORGANIZATIONS,
    EDIT_ORGANIZATIONS,
    TRANSFER_ORGANIZATIONS,
)
from fleetfolk.tree.queries import contents_of, stays

type Item = dict[str, Any]


def items_for(
    actor: Actor, organization: Organization, *, opening: bool, home_id: int, grants: Sequence[Grant]
) -> list[Item]:
    """The entries of the menu: what the gate allows, and what the organization's state leaves to do."""
    there = organization.archived_at is None
    key = organization.pk

    def may(permission: Permission) -> bool:
        return GATE.decide(actor, permission, organization, grants).allowed

    items: list[Item] = []
    if opening:
        items.append(_item(_("Open"), "building-community", "get", "organizations:detail", key, end="↵"))
    if there and _may_switch(actor, organization, home_id):
        items.append(_item(_("Work inside it"), "switch-horizontal", "post", "organizations:work", key))
    if there and may(CREATE_ORGANIZATIONS):
        items.append(_item(_("New organization below"), "plus", "dialog", "organizations:create-below", key))
    if opening and may(EDIT_ORGANIZATIONS):
        items.append(_item(_("Edit"), "pencil", "dialog", "organizations:edit", key))
    moving: list[Item] = []
    if there and may(TRANSFER_ORGANIZATIONS) and not stays(organization, actor, TRANSFER_ORGANIZATIONS):
        moving.append(_item(_("Transfer…"), "arrow-right-circle", "dialog", "organizations:transfer", key))
    if may(DELETE_ORGANIZATIONS) and not stays(organization, actor, DELETE_ORGANIZATIONS):
        if there:
            moving.append(_item(_("Archive…"), "archive", "dialog", "organizations:archive", key))
        else:
            moving.append(_item(_("Restore"), "arrow-back-up", "post", "organizations:restore", key))
        end = "" if contents_of(organization).is_empty else _("not empty")
        moving.append(_item(_("Delete…"), "trash", "dialog", "organizations:delete", key, end=end, bad=True))
    return [*items, *([{"divider": True}] if items and moving else []), *moving]


def _may_switch(actor: Actor, organization: Organization, home_id: int) -> bool:
    """Whether one may go and work there, being somewhere else."""
    here = actor.place.organization_id if actor.place else home_id
    return organization.pk not in (here, home_id) and may_work_in(organization.path, held_everywhere(actor))


def _item(label: str, icon: str, method: str, url: str, key: int, *, end: str = "", bad: bool = False) -> Item:
    return {
        "label": label,
        "icon": icon,
        "method": method,
        "url": reverse(url, args=[key]),
        "end": end,
        "bad": bad,
    }
