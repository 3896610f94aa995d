"""Signing in by an organization's provider of SAML, with answers that are really signed."""

import base64
import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml import etree

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.testing.saml_provider import ADDRESS, ENTITY, NAMES, SamlProvider, posted, question_of
from fleetfolk.users.models_sso import SingleSignOn, SsoIdentity, SsoKind
from fleetfolk.users.sso.saml import acs_of, entity_of, read_metadata
from fleetfolk.users.tests.sso.conftest import World


@dataclass(kw_only=True)
class Saml:
    """North's provider, and the question that the browser was sent to it with."""

    world: World
    idp: SamlProvider
    sso: SingleSignOn

    def go(self) -> str:
        """The browser has gone to the provider; the question's id."""
        gone = self.world.browser.get(f"/sign-in/with/{self.sso.key}/")
        assert gone.status_code == 302
        assert gone["Location"].startswith(ADDRESS)
        return question_of(gone["Location"])

    def assertion(self, question: str | None, **said: Any) -> etree._Element:
        words = {"audience": entity_of(self.sso), "recipient": acs_of(self.sso), **said}
        return self.idp.assertion(question=question, **words)

    def response(self, *assertions: etree._Element, question: str) -> etree._Element:
        return self.idp.response(*assertions, question=question, destination=acs_of(self.sso))

    def post(self, response: etree._Element, browser: Client | None = None) -> Any:
        """The browser has posted the answer and followed to where it was sent."""
        browser = browser or self.world.browser
        there = browser.post(urlsplit(acs_of(self.sso)).path, {"SAMLResponse": posted(response)})
        assert there.status_code == 302, there.content.decode()[-500:]
        return browser.get(there["Location"])

    def refused(self, response: etree._Element) -> None:
        assert self.post(response).status_code == 403
        assert self.world.who() == ""
        assert not SsoIdentity.objects.exists()


@pytest.fixture
def saml(world: World) -> Saml:
    idp = SamlProvider()
    sso = world.set_up(
        kind=SsoKind.SAML, issuer=ENTITY, sso_url=ADDRESS, certificate=idp.certificate, client_id="", secret=None
    )
    return Saml(world=world, idp=idp, sso=sso)


def test_cleo_signs_in(saml: Saml) -> None:
    question = saml.go()
    answer = saml.post(saml.response(saml.assertion(question), question=question))
    assert answer.status_code == 302, answer.content.decode()
    assert saml.world.who() == saml.world.cast.cleo.email
    assert SsoIdentity.objects.get().subject == "cleo-1"
    assert Entry.objects.filter(code="user.session.start", result="done").latest("id").facts["provider"] == "Lumen Home"


def test_an_answer_is_taken_once(saml: Saml) -> None:
    question = saml.go()
    response = saml.response(saml.assertion(question), question=question)
    saml.post(response)
    saml.world.browser.logout()
    assert saml.post(response).status_code == 403
    assert saml.world.who() == ""


def test_an_answer_that_was_stolen_opens_nothing_elsewhere(saml: Saml) -> None:
    question = saml.go()
    response = saml.response(saml.assertion(question), question=question)
    assert saml.post(response, Client()).status_code == 403


def test_an_assertion_for_another_question_is_not_taken_with_a_new_one_around_it(saml: Saml) -> None:
    stolen = saml.assertion("_another-question")
    question = saml.go()
    saml.refused(saml.response(stolen, question=question))


def test_an_assertion_that_answers_nothing_is_refused(saml: Saml) -> None:
    """As a provider sends it unasked; whoever has one could write a response with any question around it."""
    question = saml.go()
    saml.refused(saml.response(saml.assertion(None), question=question))


def test_nothing_comes_unasked(saml: Saml) -> None:
    saml.refused(saml.response(saml.assertion(None), question=""))


WORDS: dict[str, dict[str, Any]] = {
    "not signed": {"sign": False},
    "signed by somebody else": {"by": SamlProvider()},
    "for somebody else": {"audience": "https://elsewhere.example"},
    "for nobody": {"audience": ""},
    "sent to somebody else": {"recipient": "https://elsewhere.example/acs"},
    "sent to nobody": {"recipient": ""},
    "over": {"minutes": -10},
    "of another issuer": {"issuer": "https://elsewhere.example"},
    "without a subject": {"subject": ""},
}


@pytest.mark.parametrize("what", WORDS)
def test_an_assertion_is_refused_that_is(saml: Saml, what: str) -> None:
    question = saml.go()
    saml.refused(saml.response(saml.assertion(question, **WORDS[what]), question=question))


@pytest.mark.parametrize("path", [".//saml:AttributeValue", ".//saml:NameID"])
def test_a_tampered_assertion_is_refused(saml: Saml, path: str) -> None:
    question = saml.go()
    assertion = saml.assertion(question)
    assertion.find(path, NAMES).text = saml.world.cast.ada.email
    saml.refused(saml.response(assertion, question=question))


def _wrapped(saml: Saml, question: str) -> dict[str, etree._Element]:
    """What attackers make of an assertion about Cleo: one about Ada, with the signed one beside, around or inside."""
    signed = saml.assertion(question)
    forged = saml.assertion(question, subject="ada-1", email=saml.world.cast.ada.email, sign=False)
    signature = next(signed.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"))

    before = saml.response(copy.deepcopy(forged), copy.deepcopy(signed), question=question)
    behind = saml.response(copy.deepcopy(signed), copy.deepcopy(forged), question=question)

    moved = copy.deepcopy(forged)
    taken = copy.deepcopy(signature)
    original = copy.deepcopy(signed)
    original.remove(next(original.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")))
    held = etree.SubElement(taken, "{http://www.w3.org/2000/09/xmldsig#}Object")
    held.append(original)
    moved.insert(1, taken)

    same = copy.deepcopy(moved)
    same.set("ID", str(signed.get("ID")))

    around = saml.response(copy.deepcopy(forged), question=question)
    status = around.find("samlp:Status", NAMES)
    detail = etree.SubElement(status, f"{{{NAMES['samlp']}}}StatusDetail")
    detail.append(copy.deepcopy(signed))
    return {
        "before": before,
        "behind": behind,
        "in the signature": saml.response(moved, question=question),
        "in the signature, of one name": saml.response(same, question=question),
        "in the status": around,
    }


@pytest.mark.parametrize(
    "how", ["before", "behind", "in the signature", "in the signature, of one name", "in the status"]
)
def test_a_signature_does_not_speak_for_what_is_wrapped_around_it(saml: Saml, how: str) -> None:
    question = saml.go()
    answer = saml.post(_wrapped(saml, question)[how])
    assert answer.status_code == 403
    assert saml.world.who() == ""


def test_a_comment_does_not_cut_an_address_or_a_subject(saml: Saml) -> None:
    """Who is allowed to be ada@lumenhome.example<!---->.evil.example must not become Ada."""
    question = saml.go()
    ada = saml.world.cast.ada.email
    assertion = saml.assertion(question, subject="ada-1<!-- x -->.evil", email=f"{ada}<!-- x -->.evil.example")
    saml.post(saml.response(assertion, question=question))
    assert saml.world.who() == ""
    assert not SsoIdentity.objects.filter(user=saml.world.cast.ada).exists()


def test_a_comment_that_is_put_in_later_changes_nobody(saml: Saml) -> None:
    """Canonical XML leaves comments out, so the signature holds; the words are read whole all the same."""
    question = saml.go()
    assertion = saml.assertion(question)
    value = assertion.find(".//saml:AttributeValue", NAMES)
    whole = value.text
    value.text = "cleo"
    comment = etree.Comment(" x ")
    comment.tail = whole[4:]
    value.append(comment)
    saml.post(saml.response(assertion, question=question))
    assert saml.world.who() == saml.world.cast.cleo.email


def test_an_answer_with_entities_is_not_read(saml: Saml) -> None:
    question = saml.go()
    text = etree.tostring(saml.response(saml.assertion(question), question=question)).decode()
    there = saml.world.browser.post(
        urlsplit(acs_of(saml.sso)).path,
        {"SAMLResponse": _packed(f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{text}')},
    )
    assert saml.world.browser.get(there["Location"]).status_code == 403


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("said", ["", "nonsense", "PHg+", "A" * 200_001], ids=["nothing", "nonsense", "half", "long"])
def test_what_is_no_answer_is_refused(saml: Saml, said: str) -> None:
    saml.go()
    there = saml.world.browser.post(urlsplit(acs_of(saml.sso)).path, {"SAMLResponse": said})
    answer = saml.world.browser.get(there["Location"]) if there.status_code == 302 else there
    assert answer.status_code == 403


def test_our_metadata_says_where_to_post(saml: Saml) -> None:
    text = Client().get(urlsplit(entity_of(saml.sso)).path).content.decode()
    assert acs_of(saml.sso) in text
    assert 'WantAssertionsSigned="true"' in text


def test_the_providers_metadata_can_be_pasted(saml: Saml) -> None:
    issuer, address, certificate = read_metadata(saml.idp.metadata())
    assert (issuer, address) == (ENTITY, ADDRESS)
    saml.world.set_up(kind=SsoKind.SAML, issuer=issuer, sso_url=address, certificate=certificate, client_id="")
    question = saml.go()
    saml.post(saml.response(saml.assertion(question), question=question))
    assert saml.world.who() == saml.world.cast.cleo.email


def test_a_certificate_is_one(saml: Saml) -> None:
    with pytest.raises(Refused, match="sso_certificate"):
        saml.world.set_up(kind=SsoKind.SAML, issuer=ENTITY, sso_url=ADDRESS, certificate="x", client_id="", secret=None)
