"""Every Action × everybody who must not: other tenant, sibling branch, child reaching up, role without the permission.

Each attempt changes nothing and leaves a trace; who may, succeeds and leaves one entry. All that is tried of an Action
begins with the same world, which is built once.
"""

from typing import Any

import pytest
from django.db import connection

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.tests.scenes import ASSISTABLE, helped
from fleetfolk.kernel.action import CATALOGUE, Action, SetAction
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode, Client, system_actor
from fleetfolk.kernel.errors import ActionError, Denied, TargetNotFound
from fleetfolk.kernel.perform import perform, perform_set
from fleetfolk.testing.cast import SEES_ONLY, Cast, actor
from fleetfolk.testing.door import OUTSIDE_BY_DESIGN, our_tables
from fleetfolk.testing.samples import OPERATORS, SAMPLES, Sample
from fleetfolk.testing.undoing import undone
from fleetfolk.users.models import User

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
def test_an_action_and_everybody(cast: Cast, code: str, subtests: pytest.Subtests) -> None:
    sample = SAMPLES[code](cast)
    before = fingerprint()
    with undone():
        for who, expected in refusals(code).items():
            with subtests.test(f"{who} may not, gets nothing and leaves a trace"):
                nothing_and_a_trace(getattr(cast, who), code, sample, expected)
        with subtests.test("a device, a program and an unknown system get nothing"):
            nothing_for_what_is_nobody(cast, code, sample)
        with subtests.test("who helps somebody gets nothing"):
            nothing_inside_an_assistance(cast, code, sample)
        with subtests.test("none of them has changed anything"):
            assert fingerprint() == before
    with subtests.test("who is disabled meanwhile gets nothing"), undone():
        nothing_when_disabled_meanwhile(code, sample)
    with subtests.test("who may does it and leaves one entry"), undone():
        done_with_one_entry(cast, code, sample)


def nothing_and_a_trace(person: User, code: str, sample: Sample, expected: type[ActionError]) -> None:
    entries = Entry.objects.filter(actor_id=str(person.pk)).count()
    with pytest.raises(expected):
        run(code, by=actor(person), sample=sample)
    entry = Entry.objects.filter(actor_id=str(person.pk), code=code).latest("at", "id")
    assert entry.result == expected.result
    assert Entry.objects.filter(actor_id=str(person.pk)).count() == entries + 1
    assert entry.tenant_id == person.tenant_id


def nothing_for_what_is_nobody(cast: Cast, code: str, sample: Sample) -> None:
    for kind in (ActorKind.DEVICE, ActorKind.API_CLIENT, ActorKind.SCIM_CLIENT, ActorKind.AUTOMATION):
        by = Actor(kind=kind, id=str(cast.ada.pk), label="Rob", tenant_id=cast.lumen.pk, client=Client.OTHER)
        with pytest.raises(ActionError):
            run(code, by=by, sample=sample)
    with pytest.raises(Denied):
        run(code, by=system_actor("nobody", tenant_id=cast.lumen.pk), sample=sample)


def nothing_when_disabled_meanwhile(code: str, sample: Sample) -> None:
    if sample.permitted.kind is ActorKind.SYSTEM or CATALOGUE[code].permission.inherent:
        return
    shut_out = "UPDATE users_user SET disabled_at = now()"
    if sample.permitted.kind is ActorKind.SCIM_CLIENT:
        shut_out = "UPDATE scim_scimclient SET organization_id = tenant_id, tenant_id = 1"
    with connection.cursor() as cursor:
        cursor.execute(f"/* staged */ {shut_out} WHERE id = %s", [int(sample.permitted.id)])
    with pytest.raises(TargetNotFound):
        run(code, by=sample.permitted, sample=sample)


def nothing_inside_an_assistance(cast: Cast, code: str, sample: Sample) -> None:
    """What is open to assistants is listed and tried in assistance/tests."""
    if code in ASSISTABLE:
        return
    owner = int(sample.permitted.id) if sample.permitted.user_id else cast.bob.pk
    who = User.objects.filter(pk=owner).first() or cast.bob
    for mode in AssistMode:
        with pytest.raises(Denied) as caught:
            run(code, by=helped(who, cast.ada, mode), sample=sample)
        assert caught.value.reason == "assist_never"


def done_with_one_entry(cast: Cast, code: str, sample: Sample) -> None:
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
