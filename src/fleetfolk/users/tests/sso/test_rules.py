"""What single sign-on means for passwords, second factors, proofs, domains and links."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.rrset
import pytest
from django.core import mail
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import PASSWORD, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_security import app_of
from fleetfolk.users import tasks
from fleetfolk.users.actions.activate_domain import ActivateDomain
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.delete_sso import DeleteSso
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.revoke_identity import RevokeIdentity, RevokeIdentityInput
from fleetfolk.users.models_sso import SsoDomain, SsoIdentity, SsoMust
from fleetfolk.users.sso.domains import MARK
from fleetfolk.users.tests.sso.conftest import World


def test_a_persons_own_second_factor_is_asked_for_after_the_provider(world: World) -> None:
    sso = world.set_up()
    app_of(world.cast.cleo)
    answer = world.sign_in(sso)
    assert answer["Location"] == "/sign-in/second-factor/"
    assert world.who() == ""


def test_a_provider_that_is_trusted_asks_for_it_itself(world: World) -> None:
    sso = world.set_up(trusts_factor=True)
    app_of(world.cast.cleo)
    world.sign_in(sso)
    assert world.who() == world.cast.cleo.email


def test_the_rule_of_second_factors_holds_unless_the_provider_is_trusted_now(world: World) -> None:
    sso = world.set_up()
    with staging():
        Organization.objects.filter(pk=world.cast.north.pk).update(second_factor_rule=True)
    world.sign_in(sso)
    assert world.browser.get("/users/")["Location"] == "/account/second-factor/"
    world.set_up(trusts_factor=True, secret=None)
    assert world.browser.get("/users/").status_code == 200
    world.set_up(trusts_factor=False, secret=None)
    assert world.browser.get("/users/")["Location"] == "/account/second-factor/"


def test_a_password_does_not_borrow_the_providers_trust(world: World, signed_in: SignedIn) -> None:
    world.set_up(trusts_factor=True)
    with staging():
        Organization.objects.filter(pk=world.cast.north.pk).update(second_factor_rule=True)
    assert signed_in(world.cast.cleo).get("/users/")["Location"] == "/account/second-factor/"


def test_a_sign_in_by_the_provider_proves_who_it_is(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    assert world.browser.get("/prove/", {"next": "/account/"}).status_code == 302


def test_whoever_has_no_password_is_led_to_the_provider_for_a_proof(world: World, signed_in: SignedIn) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    with staging():
        world.cast.cleo.refresh_from_db()
        world.cast.cleo.set_unusable_password()
        world.cast.cleo.save(update_fields=["password"])
    page = signed_in(world.cast.cleo, minutes_ago=60).get("/prove/", {"next": "/account/"}).content.decode()
    assert f"/sign-in/with/{sso.key}/?process=prove" in page


def test_where_one_must_no_password_is_reset_set_or_sent(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    cleo = world.cast.cleo
    with pytest.raises(Refused, match="password_by_provider"):
        perform(ResetPassword, actor=actor(world.cast.ada), target_id=cleo.pk, data=ReasonInput())
    data = AssignPasswordInput(password="another long pass phrase")
    with pytest.raises(Refused, match="password_by_provider"):
        perform(AssignPassword, actor=actor(world.cast.ada), target_id=cleo.pk, data=data)
    tasks.send_forgotten_link(email=cleo.email)
    assert "/sign-in/with/" in mail.outbox[-1].body
    assert "/password/new/" not in mail.outbox[-1].body


def test_asking_for_a_password_is_answered_alike(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    known = Client().post("/password/forgotten/", {"email": world.cast.cleo.email})
    unknown = Client().post("/password/forgotten/", {"email": "nobody@lumenhome.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_without_the_provider_passwords_open_again(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    perform(DeleteSso, actor=actor(world.cast.ada), target_id=world.cast.lumen.pk, data=NoInput())
    answer = Client().post("/sign-in/", {"login": world.cast.cleo.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_unlinked_is_signed_out_and_the_log_says_so(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    row = SsoIdentity.objects.get()
    data = RevokeIdentityInput(identity_id=row.pk)
    perform(RevokeIdentity, actor=actor(world.cast.ada), target_id=world.cast.cleo.pk, data=data)
    assert world.browser.get("/users/").status_code == 302
    assert not SsoIdentity.objects.exists()
    assert Entry.objects.filter(code="user.identity.revoke", result="done").exists()


def test_another_issuer_forgets_who_was_who(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    world.set_up(issuer="https://elsewhere.example", secret=None)
    assert not SsoIdentity.objects.exists()


def test_switched_off_leads_nowhere(world: World) -> None:
    sso = world.set_up()
    back = world.there(sso)
    world.set_up(is_on=False, secret=None)
    assert world.browser.get(back).status_code == 404
    assert world.browser.get(f"/sign-in/with/{sso.key}/").status_code == 404


@pytest.fixture
def zone(settings: Any) -> Iterator[dict[str, str]]:
    """A name server: what the texts of names are."""
    texts: dict[str, str] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.bind(("127.0.0.1", 0))
        settings.FLEETFOLK_MAIL_IN_NAME_SERVER = f"127.0.0.1:{plug.getsockname()[1]}"

        def serve() -> None:
            while True:
                packet, whom = plug.recvfrom(4096)
                if packet == b"over":
                    return
                asked = dns.message.from_wire(packet)
                answer = dns.message.make_response(asked)
                name = asked.question[0].name
                text = texts.get(name.to_text(omit_final_dot=True))
                if text is not None:
                    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
                plug.sendto(answer.to_wire(), whom)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield texts
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
            stop.sendto(b"over", plug.getsockname())
        serving.join()


def test_a_domain_is_proved_by_its_name_server_alone(world: World, zone: dict[str, str], settings: Any) -> None:
    settings.FLEETFOLK_SSO_DOMAINS = frozenset()
    world.set_up()
    row = SsoDomain.objects.get()

    def prove() -> None:
        perform(ActivateDomain, actor=actor(world.cast.ada), target_id=row.pk, data=NoInput())

    for text in (None, "fleetfolk=another", f"x{MARK}{row.proof}"):
        if text is not None:
            zone["_fleetfolk.lumenhome.example"] = text
        with pytest.raises(Refused, match="sso_domain_open"):
            prove()
    zone["_fleetfolk.lumenhome.example"] = f"{MARK}{row.proof}"
    prove()
    row.refresh_from_db()
    assert row.proved_at is not None


def test_only_domains_that_the_rules_allow_are_claimed(world: World) -> None:
    with staging():
        Organization.objects.filter(pk=world.cast.lumen.pk).update(email_domains_rule=["other.example"])
    with pytest.raises(Refused, match="sso_domain_rule"):
        world.set_up()
