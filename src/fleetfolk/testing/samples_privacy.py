"""Samples of export, deactivation and erasure."""

from typing import Any

from fleetfolk.jobs.actions import StartJobInput
from fleetfolk.jobs.models import JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import SECRET, Sample, Samples, cleo, import_job, own
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.delete_account import DeleteAccount, DeleteAccountInput
from fleetfolk.users.actions.end_export import EndExportInput
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.read_export import ExportSecretInput
from fleetfolk.users.actions.restore_account import UndoSecretInput
from fleetfolk.users.actions.rotate_export import LINK_LASTS, RotateExportInput
from fleetfolk.users.actions.rotate_undo import RotateUndoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Deletion, Export
from fleetfolk.users.secret import secret_hash


def _deactivated(cast: Cast) -> Sample:
    perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
    return cleo(cast, NoInput())


def _left(cast: Cast) -> None:
    perform(DeleteAccount, actor=actor(cast.cleo), target_id=cast.cleo.pk, data=DeleteAccountInput())
    with staging():
        Deletion.objects.filter(user=cast.cleo).update(secret_hash=secret_hash(SECRET))


def _undone(cast: Cast) -> Sample:
    _left(cast)
    return own(cast, UndoSecretInput(secret_hash=secret_hash(SECRET)))


def _undo_rotation(cast: Cast) -> Sample:
    _left(cast)
    return Sample(
        target_id=cast.cleo.pk,
        data=RotateUndoInput(secret_hash=secret_hash("another")),
        permitted=system_actor("mailer", tenant_id=cast.lumen.pk),
    )


def export_of(cast: Cast, *, by: User, ready: bool = True) -> Export:
    """An export of Cleo that somebody asked for, whose link carries `SECRET`."""
    action: type[Action[User, Any]] = ExportData if by.pk == cast.cleo.pk else ExportUser
    perform(action, actor=actor(by), target_id=cast.cleo.pk, data=NoInput())
    export = Export.objects.select_related("job").get(user=cast.cleo, requested_by_id=by.pk)
    if ready:
        with staging():
            export.job.state = JobState.DONE
            export.job.save(update_fields=["state"])
            export.ready_at, export.secret_hash = clock.now(), secret_hash(SECRET)
            export.expires_at = clock.now() + LINK_LASTS
            export.save(update_fields=["ready_at", "secret_hash", "expires_at"])
    return export


def _taken(cast: Cast) -> Sample:
    export_of(cast, by=cast.ada)
    return cleo(cast, ExportSecretInput(secret_hash=secret_hash(SECRET)))


def _own_taken(cast: Cast) -> Sample:
    export_of(cast, by=cast.cleo)
    return own(cast, ExportSecretInput(secret_hash=secret_hash(SECRET)))


def _ended(cast: Cast) -> Sample:
    return Sample(
        target_id=export_of(cast, by=cast.ada, ready=False).pk,
        data=EndExportInput(size=10, sha256="0" * 64, records=3),
        permitted=system_actor("worker", tenant_id=cast.lumen.pk),
    )


def _rotation(cast: Cast) -> Sample:
    return Sample(
        target_id=export_of(cast, by=cast.ada).pk,
        data=RotateExportInput(secret_hash=secret_hash("another")),
        permitted=system_actor("mailer", tenant_id=cast.lumen.pk),
    )


def _started(cast: Cast) -> Sample:
    return Sample(
        target_id=import_job(cast, state=JobState.QUEUED).pk,
        data=StartJobInput(),
        permitted=system_actor("worker", tenant_id=cast.lumen.pk),
    )


SAMPLES: Samples = {
    "job.start": _started,
    "user.deactivate": lambda cast: cleo(cast, ReasonInput(reason="left")),
    "user.activate": _deactivated,
    "user.account.delete": lambda cast: own(cast, DeleteAccountInput()),
    "user.account.restore": _undone,
    "user.undo.rotate": _undo_rotation,
    "user.export": lambda cast: cleo(cast, NoInput()),
    "user.data.export": lambda cast: own(cast, NoInput()),
    "user.export.end": _ended,
    "user.export.rotate": _rotation,
    "user.export.read": _taken,
    "user.data.read": _own_taken,
}
