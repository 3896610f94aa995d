"""Signing in by an organization's provider of OpenID Connect."""

import datetime as dt
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.openid_provider import CLIENT, KID
from fleetfolk.testing.samples import pending
from fleetfolk.users.actions.activate_domain import ActivateDomain
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_sso import EditSsoInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SsoDomain, SsoIdentity, SsoKind, SsoMust
from fleetfolk.users.tests.sso.conftest import DOMAIN, World


def test_cleo_signs_in_by_the_provider_and_is_linked_by_her_subject(world: World) -> None:
    sso = world.set_up()
    answer = world.sign_in(sso)
    assert answer.status_code == 302, answer.content.decode()
    assert world.who() == world.cast.cleo.email
    linked = SsoIdentity.objects.get(user=world.cast.cleo)
    assert (linked.subject, linked.issuer) == ("cleo-1", world.provider.origin)
    assert linked.last_used_at is not None
    entry = Entry.objects.filter(code="user.session.start", result="done").latest("id")
    assert entry.facts["provider"] == "Lumen Home"
    assert Entry.objects.filter(code="user.identity.create", result="done").exists()
    asked = world.provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert asked["redirect_uri"].endswith(f"/sign-in/with/{sso.key}/callback/")


def test_the_second_time_her_subject_counts_and_not_the_address(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    world.browser.logout()
    world.provider.person = {"sub": "cleo-1", "email": world.cast.ada.email, "email_verified": True}
    world.sign_in(sso)
    assert world.who() == world.cast.cleo.email


def test_whoever_comes_with_her_address_and_another_subject_is_not_her(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    world.browser.logout()
    world.provider.person["sub"] = "mallory-1"
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""


@pytest.mark.parametrize("verified", [False, "false", None, 1, "yes"])
def test_an_address_that_is_not_verified_is_nobodys(world: World, verified: Any) -> None:
    sso = world.set_up()
    world.provider.person["email_verified"] = verified
    answer = world.sign_in(sso)
    assert answer.status_code == 403
    assert "verified" in answer.content.decode()
    assert world.who() == ""


def test_unsaid_counts_only_where_the_organization_says_so(world: World) -> None:
    del world.provider.person["email_verified"]
    assert world.sign_in(world.set_up()).status_code == 403
    world.sign_in(world.set_up(vouches=True, secret=None))
    assert world.who() == world.cast.cleo.email


def test_an_address_of_another_domain_is_refused(world: World) -> None:
    sso = world.set_up(role_id=world.cast.role("user").pk)
    world.provider.person = {"sub": "stranger", "email": "stella@stranger.example", "email_verified": True}
    assert world.sign_in(sso).status_code == 403
    assert not User.objects.filter(email="stella@stranger.example").exists()


def test_a_domain_that_is_not_proved_serves_nobody(world: World, settings: Any) -> None:
    settings.FLEETFOLK_SSO_DOMAINS = frozenset()
    assert world.sign_in(world.set_up()).status_code == 403
    assert world.who() == ""


def test_a_provider_speaks_for_no_account_of_another_tenant(world: World) -> None:
    """Eve's provider says that somebody is Ada, whose address is of a domain that Eve has, too."""
    with staging():
        world.cast.ada.email = "ada@evil.example"
        world.cast.ada.save(update_fields=["email"])
    world_domains = frozenset({"evil.example"})
    sso = _evil(world, world_domains)
    world.provider.person = {"sub": "ada-1", "email": "ada@evil.example", "email_verified": True}
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""


def _evil(world: World, domains: frozenset[str]) -> Any:
    sso = world.set_up(
        place=world.cast.evil,
        by=world.cast.eve,
        domains=tuple(domains),
        role_id=world.cast.role("user", world.cast.evil).pk,
    )
    with staging():
        SsoDomain.objects.filter(sso=sso).update(proved_at=dt.datetime.now(dt.UTC))
    return sso


def test_a_branch_speaks_for_nobody_above_it(world: World) -> None:
    sso = world.set_up(place=world.cast.north)
    world.provider.person = {"sub": "ada-1", "email": world.cast.ada.email, "email_verified": True}
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""


def test_whoever_has_left_the_organization_is_known_no_more(world: World) -> None:
    sso = world.set_up(place=world.cast.north)
    world.sign_in(sso)
    world.browser.logout()
    with staging():
        world.cast.cleo.organization = world.cast.south
        world.cast.cleo.save(update_fields=["organization"])
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""


def test_a_disabled_person_reads_what_everybody_disabled_reads(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    world.browser.logout()
    perform(DisableUser, actor=actor(world.cast.ada), target_id=world.cast.cleo.pk, data=ReasonInput(reason="gone"))
    by_provider = world.sign_in(sso)
    by_password = Client().post("/sign-in/", {"login": world.cast.cleo.email, "password": PASSWORD})
    assert by_provider.status_code == by_password.status_code == 403
    assert _sentence(by_provider) == _sentence(by_password)
    assert world.who() == ""


def _sentence(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.partition('role="alert">')[2].partition("</div>")[0]


def _forged(words: dict[str, Any]) -> str:
    """Signed by somebody else's key under the provider's name for its own."""
    return jwt.encode(words, rsa.generate_private_key(65537, 2048), algorithm="RS256", headers={"kid": KID})


LIES: dict[str, Any] = {
    "another nonce": lambda words: {**words, "nonce": "another"},
    "no nonce": lambda words: {name: value for name, value in words.items() if name != "nonce"},
    "another issuer": lambda words: {**words, "iss": "https://elsewhere.example"},
    "another audience": lambda words: {**words, "aud": "somebody-else"},
    "for two, without saying who asked": lambda words: {**words, "aud": [CLIENT, "somebody-else"]},
    "for two, and somebody else asked": lambda words: {**words, "aud": [CLIENT, "x"], "azp": "x"},
    "over": lambda words: {**words, "exp": time.time() - 120},
    "no end": lambda words: {name: value for name, value in words.items() if name != "exp"},
    "no subject": lambda words: {name: value for name, value in words.items() if name != "sub"},
    "a subject that is no text": lambda words: {**words, "sub": 7},
    "an empty subject": lambda words: {**words, "sub": ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_us_shows_nothing(world: World, lie: str) -> None:
    sso = world.set_up()
    world.provider.lies = LIES[lie]
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""
    assert not SsoIdentity.objects.exists()


def test_details_of_somebody_else_are_not_believed(world: World) -> None:
    """Where the token says no address the provider is asked for it, and has to speak of the same person."""
    sso = world.set_up()
    world.provider.lies = lambda words: {
        **{name: value for name, value in words.items() if name != "email"},
        "sub": "another",
    }
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""
    assert not SsoIdentity.objects.exists()


SIGNED: dict[str, Any] = {
    "somebody else's key": _forged,
    "no signature": lambda words: jwt.encode(words, "", algorithm="none", headers={"kid": KID}),
    "the client's secret": lambda words: jwt.encode(
        words, "a secret of the client, long enough to sign", algorithm="HS256", headers={"kid": KID}
    ),
    "no key named": lambda words: jwt.encode(words, "x" * 40, algorithm="HS256"),
    "nothing": lambda _words: "nonsense",
}


@pytest.mark.parametrize("signed", SIGNED)
def test_a_token_that_the_provider_has_not_signed_shows_nothing(world: World, signed: str) -> None:
    sso = world.set_up()
    world.provider.sign = SIGNED[signed]
    assert world.sign_in(sso).status_code == 403
    assert world.who() == ""


def test_an_answer_works_once_and_only_in_the_browser_that_asked(world: World) -> None:
    sso = world.set_up()
    back = world.there(sso)
    assert Client().get(back).status_code == 403
    assert world.browser.get(back).status_code == 302
    world.browser.logout()
    assert world.browser.get(back).status_code == 403


def test_an_answer_of_one_provider_is_none_of_another(world: World) -> None:
    sso, evil = world.set_up(), _evil(world, frozenset({"evil.example"}))
    back = world.there(sso)
    assert world.browser.get(back.replace(sso.key, evil.key)).status_code == 403
    assert world.browser.get(f"{back}&iss=https://elsewhere.example").status_code == 403


def test_nobody_is_led_elsewhere_afterwards(world: World) -> None:
    sso = world.set_up()
    answer = world.sign_in(sso, next="https://elsewhere.example/")
    assert answer.status_code == 302
    assert "elsewhere" not in answer["Location"]
    world.browser.logout()
    assert world.sign_in(sso, next="/users/")["Location"] == "/users/"


def test_the_session_is_a_new_one(world: World) -> None:
    sso = world.set_up()
    back = world.there(sso)
    before = world.browser.session.session_key
    world.browser.get(back)
    assert before != world.browser.session.session_key


def test_whoever_is_signed_in_stays_who_they_are(world: World) -> None:
    """Somebody else's answer, brought to a browser in which Bob is signed in, changes nothing."""
    sso = world.set_up()
    back = world.there(sso)
    world.browser.force_login(world.cast.bob)
    world.browser.get(back)
    assert world.who() == world.cast.bob.email


@pytest.mark.parametrize(
    "issuer", ["http://id.example.org", "https://10.0.0.1", "https://localhost", "https://u:p@x.org", "x"]
)
def test_an_issuer_is_a_public_https_address(world: World, issuer: str) -> None:
    with pytest.raises(Refused, match="sso_issuer"):
        world.set_up(issuer=issuer)


def test_a_provider_inside_the_network_is_not_asked(world: World, settings: Any) -> None:
    """Its name was public when it was set up; now it leads to this machine."""
    sso = world.set_up()
    settings.FLEETFOLK_SSO_HOSTS = "*"
    with staging():
        sso.issuer = "https://localtest.me"
        sso.save(update_fields=["issuer"])
    answer = world.browser.get(f"/sign-in/with/{sso.key}/")
    assert answer.status_code == 403


def test_a_document_does_not_lead_us_into_the_network(world: World) -> None:
    sso = world.set_up()
    world.provider.document = {"token_endpoint": "https://127.0.0.1:9/token"}
    assert world.sign_in(sso).status_code == 403
    world.provider.document = {"issuer": "https://elsewhere.example"}
    assert world.browser.get(f"/sign-in/with/{sso.key}/").status_code == 403


def test_a_new_colleague_joins_with_the_role_that_was_chosen(world: World) -> None:
    sso = world.set_up(role_id=world.cast.role("user").pk)
    world.provider.person = {
        "sub": "nora-1",
        "email": f"nora@{DOMAIN}",
        "email_verified": True,
        "given_name": "Nora",
        "family_name": "New",
    }
    assert world.sign_in(sso).status_code == 302
    nora = User.objects.get(email=f"nora@{DOMAIN}")
    assert (nora.name, nora.organization_id, nora.role.builtin) == ("Nora New", world.cast.lumen.pk, "user")
    assert not nora.has_usable_password()
    assert world.who() == nora.email


def test_without_a_role_nobody_joins(world: World) -> None:
    sso = world.set_up()
    world.provider.person = {"sub": "nora-1", "email": f"nora@{DOMAIN}", "email_verified": True}
    assert world.sign_in(sso).status_code == 403
    assert not User.objects.filter(email=f"nora@{DOMAIN}").exists()


def test_somebody_invited_accepts_by_signing_in(world: World) -> None:
    sso = world.set_up()
    waiting = pending(world.cast)
    with staging():
        waiting.email = waiting.invitation.email = f"pia@{DOMAIN}"
        waiting.save(update_fields=["email"])
        waiting.invitation.save(update_fields=["email"])
    world.provider.person = {"sub": "pia-1", "email": waiting.email, "email_verified": True}
    assert world.sign_in(sso).status_code == 302
    waiting.refresh_from_db()
    assert waiting.activated_at is not None
    assert world.who() == waiting.email


def test_the_sign_in_page_says_the_same_of_known_and_unknown_addresses(world: World) -> None:
    world.set_up()
    known = world.browser.post("/sign-in/with/", {"login": world.cast.cleo.email}, headers={"HX-Request": "true"})
    unknown = world.browser.post("/sign-in/with/", {"login": f"nobody@{DOMAIN}"}, headers={"HX-Request": "true"})
    other = world.browser.post("/sign-in/with/", {"login": "eve@evil.example"}, headers={"HX-Request": "true"})
    assert known.content == unknown.content
    assert "Sign in with Lumen Home" in known.content.decode()
    assert "Lumen Home" not in other.content.decode()


def _password(world: World, person: User) -> Any:
    return Client().post("/sign-in/", {"login": person.email, "password": PASSWORD})


def test_where_everybody_must_a_password_opens_nothing_but_for_the_spare(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    refused = _password(world, world.cast.cleo)
    assert refused.status_code == 403
    assert "own provider" in refused.content.decode()
    assert _password(world, world.cast.abe).status_code == 302
    entry = Entry.objects.filter(code="user.session.start", result="refused").latest("id")
    assert entry.reason == "sign_in_by_provider"


def test_a_domain_that_is_not_proved_binds_nobody(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    with staging():
        SsoDomain.objects.update(proved_at=None)
    assert _password(world, world.cast.cleo).status_code == 302


def test_a_wrong_password_does_not_tell_who_must_use_the_provider(world: World) -> None:
    world.set_up(must=SsoMust.EVERYBODY, spare_id=world.cast.abe.pk)
    wrong = Client().post("/sign-in/", {"login": world.cast.cleo.email, "password": "wrong horse"})
    nobody = Client().post("/sign-in/", {"login": f"nobody@{DOMAIN}", "password": "wrong horse"})
    assert wrong.status_code == nobody.status_code
    assert "own provider" not in wrong.content.decode()


def test_where_staff_must_a_customer_keeps_their_password(world: World) -> None:
    world.set_up(must=SsoMust.STAFF, spare_id=world.cast.abe.pk)
    assert _password(world, world.cast.cleo).status_code == 403
    assert _password(world, world.cast.bob).status_code == 302


def test_nobody_can_be_made_to_without_somebody_who_keeps_a_password(world: World) -> None:
    for spare in (None, world.cast.cleo.pk, world.cast.eve.pk):
        with pytest.raises(Refused, match="sso_spare"):
            world.set_up(must=SsoMust.EVERYBODY, spare_id=spare)


def test_whoever_may_less_than_an_admin_sets_nothing_up(world: World) -> None:
    for person in (world.cast.dana, world.cast.cleo):
        with pytest.raises(Denied):
            world.set_up(place=world.cast.north, by=person)


def test_two_organizations_do_not_have_one_domain(world: World) -> None:
    world.set_up()
    evil = world.set_up(place=world.cast.evil, by=world.cast.eve)
    assert not SsoDomain.objects.filter(sso=evil, proved_at__isnull=False).exists()
    with pytest.raises(Refused, match="sso_domain_taken"):
        perform(ActivateDomain, actor=actor(world.cast.eve), target_id=evil.domains.get().pk, data=NoInput())


def test_the_secret_is_sealed_and_shown_to_nobody(world: World) -> None:
    sso = world.set_up()
    assert "a secret of the client" not in sso.secret
    assert "a secret" not in repr(EditSsoInput(kind=SsoKind.OIDC, issuer="x", secret="a secret"))
    world.browser.force_login(world.cast.ada)
    page = world.browser.get("/settings/single-sign-on/")
    assert page.status_code == 200
    assert sso.secret not in page.content.decode()
    assert "a secret" not in page.content.decode()
    assert not any("a secret" in str(entry.changes) + str(entry.facts) for entry in Entry.objects.all())


def test_the_provider_can_be_asked_once_more_who_it_is(world: World) -> None:
    sso = world.set_up()
    world.sign_in(sso)
    answer = world.browser.get(world.there(sso, process="prove", next="/account/"))
    assert answer["Location"] == "/account/"
    assert world.provider.asked[-1]["prompt"] == "login"
    world.provider.person = {"sub": "another", "email": world.cast.ada.email, "email_verified": True}
    assert world.browser.get(world.there(sso, process="prove")).status_code == 403
    world.provider.person = {"sub": "cleo-1"}
    world.provider.lies = lambda words: {**words, "auth_time": time.time() - 3600}
    assert world.browser.get(world.there(sso, process="prove")).status_code == 403
