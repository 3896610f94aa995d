"""What is refused of people, their addresses, factors, exports and imports, case by case."""

import datetime as dt
from dataclasses import replace

import pytest

from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, after, by, by_a_program, given, once, refuses
from fleetfolk.testing.samples_security import app_of
from fleetfolk.testing.samples_sso import set_up
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.models import EmailChange
from fleetfolk.users.second_factors import CODES, PASSKEY, PASSKEYS_MOST, factors_of


def _herself(cast: Cast, _code: str, sample: Sample) -> Sample:
    """Ada does it to her own account."""
    return replace(sample, target_id=cast.ada.pk)


def _over(_cast: Cast, _sample: Sample) -> None:
    EmailChange.objects.update(expires_at=clock.now())


def _other_domains(cast: Cast, _sample: Sample) -> None:
    Organization.objects.filter(pk=cast.lumen.pk).update(email_domains_rule=["lumenhome.example"])


def _account_of(email: str) -> Change:
    """Somebody of North has the address."""
    return after(lambda cast, _sample: invite(cast.north, "Nora Namesake", cast.role("user"), by=cast.ada, email=email))


def _cleo_is_in_south(cast: Cast, _sample: Sample) -> None:
    invite(cast.south, "Cleo Again", cast.role("user"), by=cast.ada, email=cast.cleo.email)


def _one_passkey_more(cast: Cast, _code: str, sample: Sample) -> Sample:
    with staging():
        for number in range(PASSKEYS_MOST):
            factors_of(cast.cleo).create(user_id=cast.cleo.pk, type=PASSKEY, data={"name": str(number)})
    return replace(sample, data=replace(sample.data, kind=PASSKEY))


def _no_codes(cast: Cast, _sample: Sample) -> None:
    factors_of(cast.cleo).filter(type=CODES).delete()


def _let_in(cast: Cast, sample: Sample) -> None:
    perform(GrantRegistration, actor=actor(cast.ada), target_id=sample.target_id, data=NoInput())


def _provider_gives_the_role(cast: Cast, sample: Sample) -> None:
    set_up(cast, cast.north, role_id=sample.target_id)


def _without_addresses(_cast: Cast, sample: Sample) -> None:
    job = Job.objects.get(pk=sample.target_id)
    mapping = {name: column for name, column in job.input["mapping"].items() if name != "email"}
    job.input = {**job.input, "mapping": mapping}
    job.save(update_fields=["input"])


CASES: list[tuple[str, Change, str]] = [
    ("user.password.assign", _herself, "own_password"),
    ("user.email.edit", _herself, "own_email"),
    ("user.factor.revoke", _herself, "own_factor"),
    ("user.deactivate", once(deletion_requested_at=clock.now()), "already"),
    ("user.transfer", once(disabled_at=clock.now()), "user_inactive"),
    ("user.transfer", after(_cleo_is_in_south), "email_in_organization"),
    ("user.email.accept", after(_over), "email_link_over"),
    ("user.email.accept", after(_other_domains), "email_link_over"),
    ("user.email.rotate", after(_over), "email_link_over"),
    ("user.factor.create", _one_passkey_more, "factors_many"),
    ("user.factor.create", after(lambda cast, _sample: app_of(cast.cleo)), "factor_there"),
    ("user.codes.read", after(_no_codes), "no_factor"),
    ("user.invitation.edit", given(email=lambda cast: cast.cleo.email), "email_in_organization"),
    ("user.invitation.rotate", once(revoked_at=clock.now()), "invitation_over"),
    ("user.erase", once(deletion_requested_at=None), "still_restorable"),
    ("user.erase", once(deletion_requested_at=clock.now()), "still_restorable"),
    ("user.undo.rotate", by("ada"), "erase_by_the_system"),
    ("user.export.end", by("ada"), "export_by_the_system"),
    ("user.export.end", once(ready_at=clock.now()), "job_moved_on"),
    ("user.export.rotate", by("ada"), "export_by_the_system"),
    ("user.export.rotate", once(ready_at=None), "export_running"),
    ("user.export.rotate", once(taken_at=clock.now()), "export_taken"),
    ("user.import.create", by_a_program, "not_for_the_system"),
    ("user.import.edit", given(mapping=ColumnMapping({Field.EMAIL: 99})), "import_mapping"),
    ("user.import.start", after(_without_addresses), "import_mapping"),
    ("user.import", given(skipped=7), "job_moved_on"),
    ("role.delete", after(_provider_gives_the_role), "role_in_use"),
    ("user.registration.revoke", after(_let_in), "sign_up_not_waiting"),
    ("user.registration.rotate", once(expires_at=clock.now() - dt.timedelta(days=2)), "sign_up_over"),
    ("user.registration.grant", _account_of("stella@stranger.example"), "email_in_organization"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)
