"""Move an organization, with everything in it and below, under another one."""

from dataclasses import dataclass

from django.db.models import F, Max, Value
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.devices.models import Device, DeviceTag, Template, TemplateUse
from fleetfolk.devices.template_queries import templates_enabled
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open, require_room_below
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import TRANSFER_ORGANIZATIONS
from fleetfolk.organizations.queries import upwards
from fleetfolk.tree.queries import require_no_gain, require_no_stronger, stays
from fleetfolk.users.models import User, UserTag


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferOrganizationInput:
    """The key of the organization under which it goes."""

    parent_id: int


class TransferOrganization(Action[Organization, TransferOrganizationInput]):
    """The organization is below the other one; people, devices and organizations in it come along."""

    code = "organization.transfer"
    label = _("Transfer organization")
    said = _("transferred the organization %(target)s")
    permission = TRANSFER_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = TransferOrganizationInput
    risk = Risk.SENSITIVE
    moves_target = True

    def check(self, *, actor: Actor, target: Organization, data: TransferOrganizationInput) -> None:
        """Refuses a circle, a taken name, too many levels, what is archived, and a place where one may not."""
        parent = new_parent(actor, target, data.parent_id)
        if stays(target, actor, TRANSFER_ORGANIZATIONS):
            raise Refused("organization_stays")
        require_open(target)
        require_open(parent)
        require_room_below(parent)
        if target.holds(parent):
            raise Refused("organization_circle", name=target.name)
        if parent.pk == target.parent_id:
            raise Refused("organization_there_already", name=target.name, parent=parent.name)
        if Organization.objects.filter(parent=parent, name=target.name).exists():
            raise Refused("organization_name_taken", name=target.name)
        require_no_stronger(actor, target, TRANSFER_ORGANIZATIONS)
        require_no_gain(actor, target, parent, TRANSFER_ORGANIZATIONS)
        limits.require_level(target.tenant_id, parent.depth + levels_of(target))

    def apply(self, *, actor: Actor, target: Organization, data: TransferOrganizationInput) -> Outcome[Organization]:
        """Moves it. What people and devices had from the organizations that they leave stays behind."""
        parent = new_parent(actor, target, data.parent_id)
        before = target.parent.name if target.parent else None
        left = [key for key in upwards(target)[:-1] if key not in upwards(parent)]
        templates = _carry_templates(target, parent)
        _leave_behind(target, left)
        target.parent = parent
        target.save(update_fields=["parent"])
        target.refresh_from_db(fields=["path", "line"])
        return Outcome(target=target, changes=[Change("parent", before, parent.name)], facts={"templates": templates})


def new_parent(actor: Actor, target: Organization, parent_id: int) -> Organization:
    """The organization under which it goes, locked, where the actor may move organizations, too."""
    found = Organization.objects.select_for_update(no_key=True).filter(pk=parent_id, tenant_id=target.tenant_id).first()
    decision = None if found is None else GATE.decide(actor, TRANSFER_ORGANIZATIONS, found)
    if found is None or decision is None or not decision.visible:
        raise TargetNotFound
    if not decision.allowed:
        raise Denied(decision.reason)
    return found


def levels_of(organization: Organization) -> int:
    """How many levels the branch has, itself included."""
    dots = Length("path") - Length(Replace(F("path"), Value("."), Value("")))
    below = Organization.objects.filter(tenant_id=organization.tenant_id, path__startswith=organization.path)
    deepest: int = below.aggregate(deepest=Max(dots))["deepest"]
    return deepest - organization.depth + 1


def _carry_templates(target: Organization, parent: Organization) -> int:
    """Templates of the branch's devices that the new place does not have are enabled for the branch itself."""
    devices = Device.objects.filter(tenant_id=target.tenant_id, path__startswith=target.path)
    used = Template.objects.filter(pk__in=devices.values("template"))
    here = TemplateUse.objects.filter(organization__path__startswith=target.path).values("template")
    missing = used.exclude(pk__in=templates_enabled(parent).values("pk")).exclude(pk__in=here)
    uses = [TemplateUse(tenant_id=target.tenant_id, template=one, organization=target) for one in missing]
    return len(TemplateUse.objects.bulk_create(uses))


def _leave_behind(target: Organization, left: list[int]) -> None:
    """Tags and locations of the organizations above that are not above it any more."""
    branch = {"tenant_id": target.tenant_id, "path__startswith": target.path}
    UserTag.objects.filter(tag__organization__in=left, user__in=User.objects.filter(**branch)).delete()
    DeviceTag.objects.filter(tag__organization__in=left, device__in=Device.objects.filter(**branch)).delete()
    Device.objects.filter(**branch, location__organization__in=left).update(location=None)
    User.objects.filter(**branch, location__organization__in=left).update(location=None)
