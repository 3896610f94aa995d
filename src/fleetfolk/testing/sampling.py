"""What samples are made of, and those of people, invitations, imports and jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fleetfolk.actionlog.actions.export_log import ExportLogInput
from fleetfolk.jobs.actions import CancelJobInput, EndJobInput, EraseReportInput
from fleetfolk.jobs.actions.erase_report import DRAFT_KEPT_FOR
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import CreateLocationInput, CreateOrganizationInput, CreateTagInput
from fleetfolk.organizations.models import OrganizationKind, Tag
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.accept_invitation import AcceptInvitationInput
from fleetfolk.users.actions.assign_password import AssignPasswordInput
from fleetfolk.users.actions.assign_role import AssignRoleInput
from fleetfolk.users.actions.assign_tag import AssignTagInput
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_import import EditImportInput
from fleetfolk.users.actions.edit_invitation import EditInvitationInput
from fleetfolk.users.actions.edit_password import EditPasswordInput
from fleetfolk.users.actions.edit_user import EditUserInput
from fleetfolk.users.actions.erase_user import EraseUserInput
from fleetfolk.users.actions.import_users import ImportUsersInput
from fleetfolk.users.actions.invite_user import InviteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.read_invitation import InvitationSecretInput
from fleetfolk.users.actions.rotate_invitation import RotateInvitationInput
from fleetfolk.users.actions.start_import import StartImportInput
from fleetfolk.users.actions.start_session import StartSessionInput
from fleetfolk.users.actions.transfer_user import TransferUserInput
from fleetfolk.users.import_source import ImportSource, ReadRow
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.importing.reading import Record
from fleetfolk.users.importing.rows import ImportRow
from fleetfolk.users.models import Invitation, User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.uploads import keep_upload

SECRET = "a-secret-that-only-the-mail-holds"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A target, an input that would do, and an actor who may."""

    target_id: int
    data: Any
    permitted: Actor


Samples = dict[str, Callable[[Cast], Sample]]


def cleo(cast: Cast, data: Any) -> Sample:
    """Something that Ada may do to Cleo, Staff of North."""
    return Sample(target_id=cast.cleo.pk, data=data, permitted=actor(cast.ada))


def north(cast: Cast, data: Any) -> Sample:
    """Something that Ada may do in North."""
    return Sample(target_id=cast.north.pk, data=data, permitted=actor(cast.ada))


def own(cast: Cast, data: Any) -> Sample:
    """Something that Cleo alone may do, to her own account."""
    return Sample(target_id=cast.cleo.pk, data=data, permitted=actor(cast.cleo))


def pending(cast: Cast) -> User:
    """A pending person of North whose link carries `SECRET`."""
    user = invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada)
    with staging():
        Invitation.objects.filter(user=user).update(secret_hash=secret_hash(SECRET), sent_at=user.created_at)
    return user


def invited(cast: Cast, data: Any) -> Sample:
    """Something that Ada may do about the invitation of a pending person of North."""
    return Sample(target_id=pending(cast).pk, data=data, permitted=actor(cast.ada))


def invitee(cast: Cast, data: Any) -> Sample:
    """Something that the invited person alone may do, with the link."""
    user = pending(cast)
    return Sample(target_id=user.pk, data=data, permitted=actor(user))


def _disabled(cast: Cast) -> Sample:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
    return cleo(cast, NoInput())


def _deleted(cast: Cast) -> Sample:
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=DeleteUserInput())
    return cleo(cast, NoInput())


def _erasable(cast: Cast) -> Sample:
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=DeleteUserInput())
    with staging():
        user = fresh(cast.cleo)
        user.deletion_requested_at = user.created_at.replace(year=user.created_at.year - 1)
        user.save(update_fields=["deletion_requested_at"])
    return Sample(
        target_id=cast.cleo.pk,
        data=EraseUserInput(),
        permitted=system_actor("caretaker", tenant_id=cast.lumen.pk),
    )


def _rotation(cast: Cast) -> Sample:
    return Sample(
        target_id=Invitation.objects.get(user=pending(cast)).pk,
        data=RotateInvitationInput(secret_hash=secret_hash("another")),
        permitted=system_actor("mailer", tenant_id=cast.lumen.pk),
    )


def _tag(cast: Cast) -> AssignTagInput:
    with staging():
        tag, _created = Tag.objects.get_or_create(tenant=cast.lumen, organization=cast.lumen, name="Vip")
    return AssignTagInput(tag_id=tag.pk)


def import_job(cast: Cast, *, state: JobState = JobState.DRAFT) -> Job:
    """Ada's import of one person into North."""
    source = ImportSource.of_file(
        file=keep_upload([b"Name,Email\nNina New,nina@new.example\n"]),
        file_name="people.csv",
        within=cast.north,
        role_id=cast.role("user").pk,
        country="DE",
        invite=False,
        client="web",
    )
    created = perform(
        CreateImport, actor=actor(cast.ada), target_id=cast.north.pk, data=CreateImportInput(source=source)
    )
    with staging():
        Job.objects.filter(pk=created.target.pk).update(state=state)
    return Job.objects.get(pk=created.target.pk)


def importer(cast: Cast, data: Any, *, state: JobState = JobState.DRAFT) -> Sample:
    """Something that Ada may do with an import of her own."""
    return Sample(target_id=import_job(cast, state=state).pk, data=data, permitted=actor(cast.ada))


def _created_import(cast: Cast) -> Sample:
    return north(cast, CreateImportInput(source=ImportSource.of_job(import_job(cast))))


def _edited_import(cast: Cast) -> Sample:
    mapping = ColumnMapping({Field.LAST_NAME: 0, Field.EMAIL: 1})
    return importer(cast, EditImportInput(mapping=mapping, country="DE", role_id=cast.role("user").pk, invite=True))


def _imported_chunk(cast: Cast) -> Sample:
    person = ImportRow(2, "Nina", "New", "nina@new.example", "", "", "", "", ())
    row = ReadRow(Record(2, ("Nina New", "nina@new.example")), person)
    return importer(cast, ImportUsersInput(rows=[row], skipped=0, total=1), state=JobState.QUEUED)


def _ended_job(cast: Cast) -> Sample:
    return Sample(
        target_id=import_job(cast, state=JobState.RUNNING).pk,
        data=EndJobInput(state=JobState.DONE),
        permitted=system_actor("worker", tenant_id=cast.lumen.pk),
    )


def _erased_report(cast: Cast) -> Sample:
    job = import_job(cast)
    with staging():
        Job.objects.filter(pk=job.pk).update(created_at=job.created_at - DRAFT_KEPT_FOR)
    return Sample(
        target_id=job.pk, data=EraseReportInput(), permitted=system_actor("caretaker", tenant_id=cast.lumen.pk)
    )


FIRST: Samples = {
    "log.export": lambda cast: north(cast, ExportLogInput(period="day")),
    "organization.create": lambda cast: north(
        cast, CreateOrganizationInput(name="Nord-Nord", kind=OrganizationKind.CLIENT)
    ),
    "location.create": lambda cast: north(cast, CreateLocationInput(name="Depot")),
    "tag.create": lambda cast: north(cast, CreateTagInput(name="Heat pump")),
    "user.invite": lambda cast: north(
        cast,
        InviteUserInput(first_name="Nina", last_name="New", email="nina@new.example", role_id=cast.role("user").pk),
    ),
    "user.invitation.send": lambda cast: invited(cast, NoInput()),
    "user.invitation.revoke": lambda cast: invited(cast, NoInput()),
    "user.invitation.edit": lambda cast: invited(cast, EditInvitationInput(email="pia.right@new.example")),
    "user.invitation.read": lambda cast: invitee(cast, InvitationSecretInput(secret_hash=secret_hash(SECRET))),
    "user.invitation.accept": lambda cast: invitee(
        cast, AcceptInvitationInput(secret_hash=secret_hash(SECRET), password=PASSWORD)
    ),
    "user.invitation.rotate": _rotation,
    "user.edit": lambda cast: cleo(
        cast, EditUserInput(first_name="Cleopatra", last_name="Staff", phone="+4915112345678", location_id=None)
    ),
    "user.role.assign": lambda cast: cleo(cast, AssignRoleInput(role_id=cast.role("user").pk)),
    "user.password.reset": lambda cast: cleo(cast, ReasonInput(reason="asked by phone")),
    "user.password.assign": lambda cast: cleo(cast, AssignPasswordInput(password="another good one")),
    "user.password.edit": lambda cast: own(cast, EditPasswordInput(password="another good one")),
    "user.sessions.end": lambda cast: cleo(cast, NoInput()),
    "user.session.start": lambda cast: own(cast, StartSessionInput()),
    "user.session.end": lambda cast: own(cast, NoInput()),
    "user.disable": lambda cast: cleo(cast, ReasonInput(reason="left")),
    "user.enable": _disabled,
    "user.transfer": lambda cast: cleo(
        cast, TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("user").pk)
    ),
    "user.delete": lambda cast: cleo(cast, DeleteUserInput(reason="left")),
    "user.restore": _deleted,
    "user.erase": _erasable,
    "user.tag.assign": lambda cast: cleo(cast, _tag(cast)),
    "user.tag.revoke": lambda cast: cleo(cast, _tag(cast)),
    "user.import.create": _created_import,
    "user.import.edit": _edited_import,
    "user.import.start": lambda cast: importer(cast, StartImportInput()),
    "user.import": _imported_chunk,
    "job.cancel": lambda cast: importer(cast, CancelJobInput(), state=JobState.QUEUED),
    "job.end": _ended_job,
    "job.report.erase": _erased_report,
}
