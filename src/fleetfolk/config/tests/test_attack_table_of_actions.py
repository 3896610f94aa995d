"""Every Action × everybody who must not: other tenant, sibling branch, child reaching up, role without the permission.

Each attempt changes nothing and leaves a trace; who may, succeeds and leaves one entry.
"""

from typing import Any

import pytest
from django.db import connection

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.action import CATALOGUE, Action, SetAction
from fleetfolk.kernel.actor import Actor, ActorKind, Client, system_actor
from fleetfolk.kernel.errors import ActionError, Denied, TargetNotFound
from fleetfolk.kernel.perform import perform, perform_set
from fleetfolk.testing.cast import SEES_ONLY, Cast, actor
from fleetfolk.testing.door import OUTSIDE_BY_DESIGN, our_tables
from fleetfolk.testing.samples import OPERATORS, SAMPLES, Sample
from fleetfolk.testing.undoing import undone

INSTALLATION_ONLY = {"tenant.create", *OPERATORS}
CODES = sorted(CATALOGUE)
OTHER_ADMINS = {"sam", "bea"}


def run(code: str, *, by: Actor, sample: Sample) -> None:
    action: type[Action[Any, Any]] = CATALOGUE[code]
    if issubclass(action, SetAction):
        perform_set(action, actor=by, target_id=sample.target_id, data=sample.data)
    else:
        perform(action, actor=by, target_id=sample.target_id, data=sample.data)


def fingerprint() -> str:
    """Everything that an Action could have changed."""
    tables = (*sorted(our_tables() - OUTSIDE_BY_DESIGN), "procrastinate_jobs")
    with connection.cursor() as cursor:
        rows = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
        cursor.execute(" UNION ALL ".join(rows.format(table) for table in tables))
        return str(cursor.fetchall())


def refusals(code: str) -> dict[str, type[ActionError]]:
    """Who must not do it, and how each is refused."""
    refused: dict[str, type[ActionError]] = {
        "eve": TargetNotFound,  # another tenant's Admin
        "sam": TargetNotFound,  # a sibling branch's Admin
        "bea": TargetNotFound,  # a child's Admin, reaching up
        "bob": TargetNotFound,  # a child's User
        "dana": Denied,  # in reach, sees, but her role changes nothing
    }
    if CATALOGUE[code].permission.code in SEES_ONLY:
        del refused["dana"]  # She may: taking a part of the log away is reading it.
    if CATALOGUE[code].permission.inherent:
        refused |= {who: Denied for who in refused if who != "eve"}
    if CATALOGUE[code].target_model == "access.Role":
        refused |= dict.fromkeys(OTHER_ADMINS, Denied)  # Roles are the whole tenant's: Admins below see them.
    return refused


def test_every_action_has_a_sample() -> None:
    assert set(CODES) - INSTALLATION_ONLY == set(SAMPLES), "add the Action to testing/samples.py"


@pytest.mark.parametrize("code", sorted(set(CODES) - INSTALLATION_ONLY))
class TestTable:
    def test_whoever_may_not_gets_nothing_and_leaves_a_trace(
        self, cast: Cast, code: str, subtests: pytest.Subtests
    ) -> None:
        sample = SAMPLES[code](cast)
        before = fingerprint()
        for who, expected in refusals(code).items():
            with subtests.test(who), undone():
                person = getattr(cast, who)
                entries = Entry.objects.filter(actor_id=str(person.pk)).count()
                with pytest.raises(expected):
                    run(code, by=actor(person), sample=sample)
                assert fingerprint() == before
                entry = Entry.objects.filter(actor_id=str(person.pk), code=code).latest("at", "id")
                assert entry.result == expected.result
                assert Entry.objects.filter(actor_id=str(person.pk)).count() == entries + 1
                assert entry.tenant_id == person.tenant_id

    def test_who_is_disabled_meanwhile_gets_nothing(self, cast: Cast, code: str) -> None:
        sample = SAMPLES[code](cast)
        if sample.permitted.kind is ActorKind.SYSTEM or CATALOGUE[code].permission.inherent:
            return
        shut_out = "UPDATE users_user SET disabled_at = now()"
        if sample.permitted.kind is ActorKind.SCIM_CLIENT:
            shut_out = "UPDATE scim_scimclient SET organization_id = tenant_id, tenant_id = 1"
        with connection.cursor() as cursor:
            cursor.execute(f"/* staged */ {shut_out} WHERE id = %s", [int(sample.permitted.id)])
        with pytest.raises(TargetNotFound):
            run(code, by=sample.permitted, sample=sample)

    def test_a_device_a_program_and_an_unknown_system_get_nothing(self, cast: Cast, code: str) -> None:
        sample = SAMPLES[code](cast)
        before = fingerprint()
        for kind in (ActorKind.DEVICE, ActorKind.API_CLIENT, ActorKind.SCIM_CLIENT, ActorKind.AUTOMATION):
            by = Actor(kind=kind, id=str(cast.ada.pk), label="Rob", tenant_id=cast.lumen.pk, client=Client.OTHER)
            with pytest.raises(ActionError):
                run(code, by=by, sample=sample)
        with pytest.raises(Denied):
            run(code, by=system_actor("nobody", tenant_id=cast.lumen.pk), sample=sample)
        assert fingerprint() == before

    def test_who_may_does_it_and_leaves_one_entry(self, cast: Cast, code: str) -> None:
        sample = SAMPLES[code](cast)
        # What an Action takes along has entries of its own, which say with what it went.
        done = Entry.objects.filter(code=code, result="done").exclude(facts__has_key="together_with")
        entries = done.count()
        run(code, by=sample.permitted, sample=sample)
        assert done.count() == entries + 1
        entry = done.latest("at", "id")
        assert (entry.tenant_id, entry.actor_label) == (cast.lumen.pk, sample.permitted.label)
        assert entry.target_label
        assert PASSWORDS_AND_SECRETS.isdisjoint(str(entry.__dict__).split("'"))


PASSWORDS_AND_SECRETS = {
    *("another good one", "correct horse battery", "a-secret-that-only-the-mail-holds"),
    *("a-token-that-only-the-device-has", "sqr_a-code-that-only-the-device-bears"),
}
