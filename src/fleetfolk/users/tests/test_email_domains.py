"""Which domains people's addresses may have: a rule of the organization that every door to an address obeys."""

from typing import Any

import pytest

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Problem
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import is_allowed_address, rules_of
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_email import EditEmail, EmailInput
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.start_email_change import StartEmailChange
from fleetfolk.users.import_reasons import left_out
from fleetfolk.users.models import User
from fleetfolk.users.tests.test_import_users import imported

pytestmark = pytest.mark.usefixtures("data_folder")

ONLY = ("lumenhome.example", "lumen.example")


def say(cast: Cast, where: Organization, domains: tuple[str, ...] | None) -> None:
    perform(EditRules, actor=actor(cast.ada), target_id=where.pk, data=EditRulesInput(email_domains=domains))


def try_it(cast: Cast, by: User, action: Any, target: User, data: Any) -> Any:
    return perform(action, actor=actor(by), target_id=target.pk, data=data)


def test_the_nearest_upwards_decides_and_none_named_is_any(cast: Cast) -> None:
    assert rules_of(cast.berg).email_domains == ()
    say(cast, cast.lumen, ONLY)
    say(cast, cast.south, ())
    assert rules_of(cast.berg).email_domains == ONLY
    assert rules_of(cast.south).email_domains == ()
    say(cast, cast.lumen, None)
    assert rules_of(cast.berg).email_domains == ()
    assert is_allowed_address("a@LUMEN.example", ONLY)
    assert not is_allowed_address("a@evil.lumen.example", ONLY)
    assert not is_allowed_address("lumen.example@evil.example", ONLY)


def test_every_door_to_an_address_obeys(cast: Cast) -> None:
    pia = invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada)
    say(cast, cast.lumen, ONLY)
    with pytest.raises(Refused) as refused:
        invite(cast.north, "Una New", cast.role("user"), by=cast.ada, email="una@new.example")
    assert sentence_for(refused.value) == (
        "Only addresses of these domains are allowed here: lumenhome.example, lumen.example."
    )
    assert Entry.objects.filter(code="user.invite", reason="address_domain").exists()
    doors: tuple[tuple[User, Any, User, Any], ...] = (
        (cast.ada, EditInvitation, pia, EditInvitationInput(email="pia@new.example")),
        (cast.ada, EditEmail, cast.cleo, EmailInput(email="cleo@new.example")),
        (cast.cleo, StartEmailChange, cast.cleo, EmailInput(email="cleo@new.example")),
    )
    for by, action, target, data in doors:
        with pytest.raises(Refused, match="address_domain"):
            try_it(cast, by, action, target, data)
    try_it(cast, cast.ada, EditInvitation, pia, EditInvitationInput(email="pia@lumen.example"))
    assert fresh(pia).email == "pia@lumen.example"


def test_rows_of_a_file_with_other_addresses_are_left_out(cast: Cast) -> None:
    say(cast, cast.lumen, ONLY)
    job = imported("Name,E-mail\nUna New,una@new.example\nUdo New,udo@lumen.example\n", cast.ada, cast.south)
    assert (job.counts["new"], job.counts["problem"]) == (1, 1)
    assert "Only addresses of these domains" in left_out(Problem.objects.get(job=job)).sentence


@pytest.mark.parametrize("wrong", ["nodot", "a b.example", "-", "*.example.com", "exa_mple.com", "@@x.example"])
def test_what_is_no_domain_is_refused(cast: Cast, wrong: str) -> None:
    with pytest.raises(Refused, match="rules_email_domains"):
        say(cast, cast.lumen, (wrong,))


def test_it_is_said_on_the_page_of_rules(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert browser.post("/settings/", {"email_domains": "Lumen.Example, @lumenhome.example"}).status_code == 302
    assert rules_of(cast.lumen).email_domains == ("lumen.example", "lumenhome.example")
    assert "lumen.example, lumenhome.example" in browser.get("/settings/").content.decode()
    answer = browser.post("/settings/", {"email_domains": "no domain"})
    assert answer.status_code == 409
    assert "each like example.com" in answer.content.decode()
    assert browser.post("/settings/", {"email_domains": "*"}).status_code == 302
    assert Organization.objects.get(pk=cast.lumen.pk).email_domains_rule == []
    assert browser.post("/settings/", {"email_domains": ""}).status_code == 302
    assert Organization.objects.get(pk=cast.lumen.pk).email_domains_rule is None
