"""Organizations are edited, archived, restored, deleted and transferred; nobody gains by it, and nothing is lost."""

import pytest
from django.utils import timezone

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import DeviceTag, TemplateUse
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    CreateOrganization,
    CreateOrganizationInput,
    EditOrganization,
    EditOrganizationInput,
)
from fleetfolk.organizations.models import Location, Organization, OrganizationKind, Tag
from fleetfolk.testing.cast import Cast, actor, create_organization, fresh, invite
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.tree.actions import (
    ArchiveOrganization,
    ArchiveOrganizationInput,
    DeleteOrganization,
    DeleteOrganizationInput,
    RestoreOrganization,
    RestoreOrganizationInput,
    TransferOrganization,
    TransferOrganizationInput,
)
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User, UserTag


def edit(by: User, target: Organization, **said: object) -> None:
    perform(EditOrganization, actor=actor(by), target_id=target.pk, data=EditOrganizationInput(**said))  # type: ignore[arg-type]


def archive(by: User, target: Organization) -> None:
    perform(ArchiveOrganization, actor=actor(by), target_id=target.pk, data=ArchiveOrganizationInput())


def restore(by: User, target: Organization) -> None:
    perform(RestoreOrganization, actor=actor(by), target_id=target.pk, data=RestoreOrganizationInput())


def delete(by: User, target: Organization) -> None:
    perform(DeleteOrganization, actor=actor(by), target_id=target.pk, data=DeleteOrganizationInput())


def transfer(by: User, target: Organization, to: Organization) -> None:
    data = TransferOrganizationInput(parent_id=to.pk)
    perform(TransferOrganization, actor=actor(by), target_id=target.pk, data=data)


def stands(organization: Organization) -> Organization:
    return Organization.objects.get(pk=organization.pk)


def test_what_is_edited_is_in_the_entry(cast: Cast) -> None:
    edit(cast.ada, cast.north, name="Norden", description="All of the north", kind=OrganizationKind.RESELLER)
    assert (stands(cast.north).name, stands(cast.north).kind) == ("Norden", "reseller")
    entry = Entry.objects.get(code="organization.edit")
    assert {change["field"] for change in entry.changes} >= {"name", "description", "kind"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"name": "South"}, "organization_name_taken"),
        ({"name": " "}, "organization_unfit"),
        ({"name": "x" * 81}, "organization_unfit"),
        ({"name": "North", "phone": "0301234"}, "organization_phone"),
        ({"name": "North", "kind": OrganizationKind.ROOT}, "organization_kind"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, said: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        edit(cast.ada, cast.north, **said)
    assert stands(cast.north).name == "North"


def test_archived_people_are_out_and_come_back_as_they_were(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.finn)
    assert browser.get("/users/").status_code == 200
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(disabled_at=timezone.now())
    archive(cast.ada, cast.north)
    assert browser.get("/users/").status_code == 302
    assert not fresh(cast.bob).is_active
    assert stands(cast.berg).archived_at is not None
    assert fresh(cast.sue).is_active
    with pytest.raises(Refused, match="organization_archived"):
        perform(EnableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    with pytest.raises(Refused, match="organization_archived"):
        create_organization(cast.north, "New", by=cast.ada)
    with pytest.raises(Refused, match="organization_archived"):
        invite(cast.berg, "Uma User", cast.role("user"), by=cast.ada)
    device, _token = device_of(cast.south)
    with pytest.raises(Refused, match="organization_archived"):
        perform(
            TransferDevice,
            actor=actor(cast.ada),
            target_id=device.pk,
            data=TransferDeviceInput(organization_id=cast.north.pk),
        )
    with pytest.raises(Refused, match="organization_above_archived"):
        restore(cast.ada, cast.berg)
    restore(cast.ada, cast.north)
    assert fresh(cast.bob).is_active
    assert fresh(cast.finn).is_active
    assert not fresh(cast.cleo).is_active
    assert stands(cast.berg).archived_at is None


def test_a_session_from_before_does_not_come_back(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.finn)
    archive(cast.ada, cast.north)
    restore(cast.ada, cast.north)
    assert fresh(cast.finn).is_active
    assert browser.get("/users/").status_code == 302


def test_each_is_done_once_and_nothing_moves_that_is_archived(cast: Cast) -> None:
    with pytest.raises(Refused, match="organization_there"):
        restore(cast.ada, cast.berg)
    archive(cast.ada, cast.berg)
    with pytest.raises(Refused, match="organization_archived"):
        archive(cast.ada, cast.berg)
    with pytest.raises(Refused, match="organization_archived"):
        transfer(cast.ada, cast.berg, cast.south)
    with pytest.raises(Refused, match="organization_archived"):
        transfer(cast.ada, cast.south, cast.berg)


def test_what_was_archived_before_stays_archived(cast: Cast) -> None:
    archive(cast.ada, cast.berg)
    archive(cast.ada, cast.north)
    restore(cast.ada, cast.north)
    assert stands(cast.berg).archived_at is not None
    assert not fresh(cast.bob).is_active
    assert fresh(cast.finn).is_active


@pytest.mark.parametrize("act", [archive, delete])
def test_nobody_puts_their_own_organization_or_the_tenant_away(cast: Cast, act: object) -> None:
    for by, target in ((cast.finn, cast.north), (cast.ada, cast.lumen)):
        with pytest.raises(Refused, match="organization_stays"):
            act(by, target)  # type: ignore[operator]


def test_whoever_is_weaker_than_somebody_in_it_moves_and_archives_nothing(cast: Cast) -> None:
    with staging():
        role = Role.objects.get(pk=cast.cleo.role_id)
        role.permissions = [*role.permissions, "organizations.delete", "organizations.transfer"]
        role.save(update_fields=["permissions"])
        beside = Organization.objects.create(tenant=cast.lumen, parent=cast.north, name="Beside", kind="client")
    with pytest.raises(Denied, match="target_is_stronger"):
        archive(cast.cleo, cast.berg)
    with pytest.raises(Denied, match="target_is_stronger"):
        transfer(cast.cleo, cast.berg, beside)
    assert fresh(cast.bea).is_active


def test_only_what_is_empty_is_deleted(cast: Cast) -> None:
    empty = create_organization(cast.north, "Empty", by=cast.ada)
    with staging():
        Location.objects.create(tenant=cast.lumen, organization=empty, name="Depot")
    device, _token = device_of(empty)
    with pytest.raises(Refused, match="organization_not_empty"):
        delete(cast.ada, empty)
    with pytest.raises(Refused, match="organization_not_empty"):
        delete(cast.ada, cast.north)
    with staging():
        device.delete()
    delete(cast.finn, empty)
    assert not Organization.objects.filter(pk=empty.pk).exists()
    assert Entry.objects.filter(code="organization.delete", result="done", target_label="Empty").count() == 1


def test_a_transfer_takes_everything_along_and_changes_who_reaches_it(cast: Cast, signed_in: SignedIn) -> None:
    deep = create_organization(cast.berg, "Keller", by=cast.ada)
    device, _token = device_of(deep)
    with staging():
        north_tag = Tag.objects.create(tenant=cast.lumen, organization=cast.north, name="northern")
        own_tag = Tag.objects.create(tenant=cast.lumen, organization=cast.berg, name="own")
        for tag in (north_tag, own_tag):
            DeviceTag.objects.create(tenant=cast.lumen, device=device, tag=tag)
    finn, sam = signed_in(cast.finn), signed_in(cast.sam)
    page = f"/users/{cast.bob.pk}/"
    assert (finn.get(page).status_code, sam.get(page).status_code) == (200, 404)
    transfer(cast.ada, cast.berg, cast.south)
    assert (finn.get(page).status_code, sam.get(page).status_code) == (404, 200)
    device.refresh_from_db()
    assert device.path == f"{cast.south.path}{cast.berg.pk}.{deep.pk}."
    assert list(DeviceTag.objects.filter(device=device).values_list("tag__name", flat=True)) == ["own"]
    entry = Entry.objects.get(code="organization.transfer", result="done")
    assert entry.changes == [{"field": "parent", "before": "North", "after": "South"}]
    transfer(cast.ada, cast.berg, cast.north)
    assert finn.get(page).status_code == 200


def test_templates_of_its_devices_come_along(cast: Cast) -> None:
    device, _token = device_of(cast.berg)
    with staging():
        TemplateUse.objects.filter(template=device.template_id).delete()
        TemplateUse.objects.create(tenant=cast.lumen, template=device.template, organization=cast.north)
    transfer(cast.ada, cast.berg, cast.south)
    assert TemplateUse.objects.filter(template=device.template_id, organization=cast.berg).exists()


def test_no_circle_no_fifth_level_no_taken_name(cast: Cast) -> None:
    keller = create_organization(cast.berg, "Keller", by=cast.ada)
    for target, to, reason in (
        (cast.north, cast.berg, "organization_circle"),
        (cast.north, keller, "organization_circle"),
        (cast.north, cast.north, "organization_circle"),
        (cast.berg, cast.north, "organization_there_already"),
        (cast.lumen, cast.north, "organization_stays"),
    ):
        with pytest.raises(Refused, match=reason):
            transfer(cast.ada, target, to)
    below_south = create_organization(cast.south, "Haus", by=cast.ada)
    with pytest.raises(Refused, match="organization_too_deep"):
        transfer(cast.ada, cast.berg, create_organization(below_south, "Wohnung", by=cast.ada))
    create_organization(cast.south, "Familie Berg", by=cast.ada)
    with pytest.raises(Refused, match="organization_name_taken"):
        transfer(cast.ada, cast.berg, cast.south)
    assert stands(cast.berg).parent_id == cast.north.pk


def test_nobody_moves_into_or_out_of_what_is_not_theirs(cast: Cast) -> None:
    for by, target, to in (
        (cast.finn, cast.berg, cast.south),
        (cast.finn, cast.berg, cast.lumen),
        (cast.sam, cast.berg, cast.south),
        (cast.ada, cast.north, cast.evil),
        (cast.eve, cast.berg, cast.evil),
    ):
        with pytest.raises(TargetNotFound):
            transfer(by, target, to)
    assert stands(cast.berg).path.startswith(cast.north.path)


def test_whoever_holds_rights_in_it_alone_takes_it_away_from_nobody(cast: Cast) -> None:
    """Sam, Admin of South, is an Admin of Familie Berg, too, as a guest."""
    with staging():
        Membership.objects.create(
            tenant=cast.lumen,
            user=cast.sam,
            email=cast.sam.email,
            organization=cast.berg,
            role=cast.role("admin"),
            accepted_at=timezone.now(),
            invited_by_id=cast.ada.pk,
            invited_by_label=str(cast.ada),
        )
    edit(cast.sam, cast.berg, name="Bergs")
    with pytest.raises(Refused, match="organization_stays"):
        transfer(cast.sam, cast.berg, cast.south)
    for act in (archive, delete):
        with pytest.raises(Refused, match="organization_stays"):
            act(cast.sam, cast.berg)
    archive(cast.ada, cast.berg)
    with pytest.raises(TargetNotFound):
        restore(cast.sam, cast.berg)
    assert stands(cast.berg).path.startswith(cast.north.path)


def test_a_root_stays_a_root(cast: Cast) -> None:
    said = {"name": cast.lumen.name, "time_zone": cast.lumen.time_zone}
    with pytest.raises(Refused, match="organization_kind"):
        edit(cast.ada, cast.lumen, **said, kind=OrganizationKind.BRANCH)
    edit(cast.ada, cast.lumen, **said, kind=OrganizationKind.ROOT)


def test_people_leave_the_tags_and_locations_of_what_they_leave(cast: Cast) -> None:
    with staging():
        for owner in (cast.north, cast.lumen):
            tag = Tag.objects.create(tenant=cast.lumen, organization=owner, name=owner.name)
            UserTag.objects.create(tenant=cast.lumen, user=cast.bob, tag=tag)
        hall = Location.objects.create(tenant=cast.lumen, organization=cast.north, name="Hall")
        User.objects.filter(pk=cast.bob.pk).update(location=hall)
    transfer(cast.ada, cast.berg, cast.south)
    assert [one.tag.organization_id for one in UserTag.objects.select_related("tag")] == [cast.lumen.pk]
    assert fresh(cast.bob).location_id is None


def test_seeing_an_organization_is_not_moving_others_below_it(cast: Cast) -> None:
    """Finn, Admin of North, looks at South as a guest."""
    with staging():
        Membership.objects.create(
            tenant=cast.lumen,
            user=cast.finn,
            email=cast.finn.email,
            organization=cast.south,
            role=cast.role("staff"),
            accepted_at=timezone.now(),
            invited_by_id=cast.ada.pk,
            invited_by_label=str(cast.ada),
        )
    with pytest.raises(Denied, match="permission_missing"):
        transfer(fresh(cast.finn), cast.berg, cast.south)
    assert stands(cast.berg).path.startswith(cast.north.path)


def test_a_weaker_type_of_root_is_not_created(cast: Cast) -> None:
    with pytest.raises(Refused, match="organization_kind"):
        perform(
            CreateOrganization,
            actor=actor(cast.ada),
            target_id=cast.north.pk,
            data=CreateOrganizationInput(name="Root", kind=OrganizationKind.ROOT),
        )


def test_who_is_above_says_whether_organizations_come_below(cast: Cast, signed_in: SignedIn) -> None:
    said = {"name": "North", "time_zone": cast.north.time_zone}
    with pytest.raises(Denied, match="organization_below_from_above"):
        edit(cast.finn, cast.north, **said, allows_below=False)
    with pytest.raises(Refused, match="organization_kind"):
        edit(cast.ada, cast.lumen, name="Lumen Home", allows_below=False)
    edit(cast.ada, cast.north, **said, allows_below=False)
    # Saying nothing about it changes nothing.
    edit(cast.finn, cast.north, **said)
    for place in (cast.north, cast.berg):
        with pytest.raises(Refused, match="organization_none_below"):
            create_organization(place, "New", by=cast.ada)
    with pytest.raises(Refused, match="organization_none_below"):
        perform(
            TransferOrganization,
            actor=actor(cast.ada),
            target_id=cast.south.pk,
            data=TransferOrganizationInput(parent_id=cast.north.pk),
        )
    page = signed_in(cast.finn).get(f"/organizations/{cast.north.pk}/").content.decode()
    assert "cannot be created" in page
    answer = signed_in(cast.ada).post(f"/organizations/{cast.north.pk}/new/", {"name": "New", "kind": "client"})
    assert answer.status_code == 422
    assert "North may have no organizations below it." in answer.content.decode()
    form = signed_in(cast.finn).get(f"/organizations/{cast.north.pk}/edit/").content.decode()
    assert 'name="allows_below"' not in form
    form = signed_in(cast.ada).get(f"/organizations/{cast.north.pk}/edit/").content.decode()
    assert 'name="allows_below"' in form
    sent = {"name": "North", "kind": "branch", "time_zone": "Europe/Berlin", "unit_system": "metric"}
    signed_in(cast.ada).post(f"/organizations/{cast.north.pk}/edit/", {**sent, "allows_below": "on"})
    assert create_organization(cast.north, "New", by=cast.ada).parent == cast.north


def test_what_only_somebody_else_has_changed_meanwhile_stays(cast: Cast, signed_in: SignedIn) -> None:
    path = f"/organizations/{cast.north.pk}/edit/"
    shown = {"name": "North", "kind": "branch", "time_zone": "Europe/Berlin", "unit_system": "metric", "address": ""}
    carried = {f"initial-{name}": value for name, value in shown.items()}
    signed_in(cast.ada).post(path, {**shown, **carried, "name": "Far North"})
    signed_in(cast.finn).post(path, {**shown, **carried, "address": "Storgatan 1"})
    north = Organization.objects.get(pk=cast.north.pk)
    assert (north.name, north.address) == ("Far North", "Storgatan 1")
