"""Second ways to an invitation: role, transfer and import reach no further than inviting does."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.users import tasks
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.models import Invitation, InvitationState, User
from fleetfolk.users.tests.test_import_users import imported


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.FLEETFOLK_DATA = tmp_path


def revoked(cast: Cast, role: str) -> User:
    """Pia, invited to North by Ada, who thought better of it."""
    pia = invite(cast.north, "Pia Pending", cast.role(role), by=cast.ada)
    perform(RevokeInvitation, actor=actor(cast.ada), target_id=pia.pk, data=NoInput())
    return fresh(pia)


def mails_queued() -> int:
    return ProcrastinateJob.objects.filter(task_name="users.send_invitation").count()


@pytest.mark.parametrize(("role", "left_out"), [("admin", 1), ("user", 0)])
def test_an_import_invites_nobody_anew_to_a_role_that_its_importer_could_not_give(
    cast: Cast, role: str, left_out: int
) -> None:
    pia, before = revoked(cast, role), mails_queued()
    job: Job = imported(
        "First name,Last name,Email\nPia,Pending,pia@lumenhome.example\n", cast.cleo, cast.north, invite=True
    )
    assert job.counts["problem"] == left_out
    assert mails_queued() - before == 1 - left_out
    assert (fresh(pia).invitation.state is InvitationState.REVOKED) is bool(left_out)


def test_a_new_role_does_not_revive_an_invitation_that_was_revoked(cast: Cast) -> None:
    pia, before = revoked(cast, "user"), mails_queued()
    perform(AssignRole, actor=actor(cast.ada), target_id=pia.pk, data=AssignRoleInput(role_id=cast.role("staff").pk))
    assert fresh(pia).invitation.state is InvitationState.REVOKED
    assert mails_queued() == before


def test_a_transfer_does_not_revive_an_invitation_that_was_revoked(cast: Cast) -> None:
    pia, before = revoked(cast, "user"), mails_queued()
    data = TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("user").pk)
    perform(TransferUser, actor=actor(cast.ada), target_id=pia.pk, data=data)
    assert fresh(pia).invitation.state is InvitationState.REVOKED
    assert mails_queued() == before


def test_somebody_imported_without_an_invitation_gets_none_with_a_new_role(cast: Cast) -> None:
    imported("First name,Last name,Email\nNina,New,nina@new.example\n", cast.ada, cast.north)
    nina, before = User.objects.get(email="nina@new.example"), mails_queued()
    perform(AssignRole, actor=actor(cast.ada), target_id=nina.pk, data=AssignRoleInput(role_id=cast.role("staff").pk))
    assert not Invitation.objects.filter(user=nina).exists()
    assert mails_queued() == before


def test_a_link_goes_to_the_address_that_it_is_bound_to_even_when_that_is_corrected_meanwhile(cast: Cast) -> None:
    """Ada mends the address after the mail job has read it, and before it makes the secret."""
    pia = invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada, email="typo@example.org")
    mended: list[str] = []

    def mend(execute: Any, statement: str, *rest: Any) -> Any:
        if statement.startswith("SAVEPOINT") and not mended:
            mended.append("pia@example.org")
            data = EditInvitationInput(email=mended[0])
            perform(EditInvitation, actor=actor(cast.ada), target_id=pia.pk, data=data)
        return execute(statement, *rest)

    with connection.execute_wrapper(mend):
        tasks.send_invitation(invitation_id=pia.invitation.pk, tenant_id=pia.tenant_id)
    assert fresh(pia).invitation.email == "pia@example.org"
    assert [sent.to for sent in mail.outbox] == [["pia@example.org"]]
