"""SAML 2.0 with the provider of an organization: python3-saml speaks it, and what it leaves open is closed.

Closed here (Profiles, section 4.1.4): the assertion itself is signed, is for us, was posted to us, ends, and says which
question it answers; that question was asked in this browser, and is answered once. Nothing comes from a provider
unasked, and nobody is signed out by one.
"""

from typing import Any, Final
from urllib.parse import urlsplit

import xmlsec
from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from requests import RequestException

from fleetfolk.kernel import clock
from fleetfolk.users.models_sso import SingleSignOn
from fleetfolk.users.sso.claims import Claim, Returned, Unproved, said
from fleetfolk.users.sso.network import session

APART: Final = 60
"""Seconds by which clocks may differ where somebody proves once more that it is them."""

LONGEST: Final = 200_000
"""Letters of an answer, as it is posted."""

_EMAIL: Final = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "email",
    "mail",
)
_FIRST: Final = (
    "urn:oid:2.5.4.42",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "givenName",
    "firstName",
)
_LAST: Final = (
    "urn:oid:2.5.4.4",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "sn",
    "lastName",
)
_SUBJECT: Final = ("urn:oasis:names:tc:SAML:attribute:subject-id",)
_PASSING: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_WRONG = (
    *(OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, etree.LxmlError, xmlsec.Error),
    *(ValueError, KeyError, TypeError, AttributeError, IndexError),
)
"""What comes of an answer that is none."""


def asked(request: HttpRequest, sso: SingleSignOn, *, process: str, back: str | None) -> HttpResponse:
    """The browser is on its way to the provider. `Unproved` where the provider is set up wrongly."""
    try:
        auth = OneLogin_Saml2_Auth(_at_us(sso), configured(sso))
        there = auth.login(return_to="", force_authn=process == "prove", set_nameid_policy=False)
    except _WRONG as error:
        raise Unproved(str(error)) from error
    state: dict[str, Any] = {"process": process, "since": clock.now().timestamp()}
    if back:
        state["next"] = back
    statekit.stash_state(request, provider_id=sso.key, state=state, state_id=auth.get_last_request_id())
    return HttpResponseRedirect(there)


def returned(request: HttpRequest, sso: SingleSignOn, answer: str) -> Returned:
    """What the provider says of who comes back, in the browser that went there. `Unproved` for anything else."""
    if not answer or len(answer) > LONGEST:
        raise Unproved("no answer, or one that is too long")
    try:
        response = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(settings=configured(sso)), answer)
        question = response.get_in_response_to() or ""
        state = statekit.unstash_state(request, provider_id=sso.key, state_id=question)
        if state is None:
            raise Unproved("answers nothing that was asked in this browser")
        response.is_valid(_at_us(sso), request_id=question, raise_exceptions=True)
        _require_ours(response, sso, question)
        if state["process"] == "prove":
            _require_fresh(response, state["since"])
        claim = _claim(response)
    except _WRONG as error:
        raise Unproved(f"{type(error).__name__}: {error}"[:300]) from error
    return Returned(claim=claim, process=str(state["process"]), back=state.get("next"))


def checked(request: HttpRequest, sso: SingleSignOn) -> None:
    """`Unproved` says what is wrong with what was set up. The provider itself can only be asked by a browser."""
    try:
        OneLogin_Saml2_Settings(settings=configured(sso))
    except _WRONG as error:
        raise Unproved(str(error)) from error


def metadata_of(sso: SingleSignOn) -> bytes:
    """What we say of ourselves."""
    settings_of_ours = OneLogin_Saml2_Settings(settings=configured(sso), sp_validation_only=True)
    made = settings_of_ours.get_sp_metadata()
    return made if isinstance(made, bytes) else made.encode()


def read_metadata(said_so: str) -> tuple[str, str, str]:
    """The entity id, sign-in address and certificate in a provider's metadata: XML, or the address it is at.

    `Unproved` where it cannot be had or read.
    """
    text = said_so.strip()
    try:
        if text.startswith("https://"):
            with session() as way:
                answer = way.get(text)
                answer.raise_for_status()
                text = answer.text
        found = OneLogin_Saml2_IdPMetadataParser.parse(text.encode())["idp"]
        certificate = found.get("x509cert") or found["x509certMulti"]["signing"][0]
        return str(found["entityId"]), str(found["singleSignOnService"]["url"]), str(certificate)
    except (*_WRONG, RequestException) as error:
        raise Unproved(str(error)[:300]) from error


def acs_of(sso: SingleSignOn) -> str:
    """Where answers are posted to: on our own host, whatever the request says."""
    return settings.FLEETFOLK_ORIGIN + reverse("saml_acs", args=[sso.key])


def entity_of(sso: SingleSignOn) -> str:
    """What we are called."""
    return settings.FLEETFOLK_ORIGIN + reverse("saml_metadata", args=[sso.key])


def configured(sso: SingleSignOn) -> dict[str, Any]:
    """What python3-saml has to know: nothing of it comes from a request or from the network."""
    return {
        "strict": True,
        "sp": {
            "entityId": entity_of(sso),
            "assertionConsumerService": {
                "url": acs_of(sso),
                "binding": OneLogin_Saml2_Constants.BINDING_HTTP_POST,
            },
        },
        "idp": {
            "entityId": sso.issuer,
            "x509cert": sso.certificate,
            "singleSignOnService": {"url": sso.sso_url},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "requestedAuthnContext": False,
            "allowRepeatAttributeName": False,
            "allowSingleLabelDomains": True,
            "digestAlgorithm": OneLogin_Saml2_Constants.SHA256,
            "signatureAlgorithm": OneLogin_Saml2_Constants.RSA_SHA256,
        },
    }


def _at_us(sso: SingleSignOn) -> dict[str, Any]:
    """The request as python3-saml takes it: at our own address, whatever its Host says."""
    ours = urlsplit(acs_of(sso))
    return {
        "https": "on" if ours.scheme == "https" else "off",
        "http_host": ours.netloc,
        "script_name": ours.path,
        "get_data": {},
        "post_data": {},
    }


def _require_ours(response: OneLogin_Saml2_Response, sso: SingleSignOn, question: str) -> None:
    """python3-saml takes an assertion that does not say whom it is for, where it was sent, or what it answers."""
    if entity_of(sso) not in response.get_audiences():
        raise Unproved("the assertion is for somebody else")
    confirmed = response._query_assertion("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
    if not confirmed or any(
        one.get("InResponseTo") != question or one.get("Recipient") != acs_of(sso) or not one.get("NotOnOrAfter")
        for one in confirmed
    ):
        raise Unproved("the assertion does not say that it answers us")


def _require_fresh(response: OneLogin_Saml2_Response, since: float) -> None:
    """Whoever was to prove that it is them has signed in after that was asked."""
    statements = response._query_assertion("/saml:AuthnStatement")
    if OneLogin_Saml2_Utils.parse_SAML_to_time(statements[0].get("AuthnInstant")) < since - APART:
        raise Unproved("the provider did not ask anew")


def _claim(response: OneLogin_Saml2_Response) -> Claim:
    """The organization's own provider answers for what it signs; only where it says that an address is not verified, it
    does not. A name that is another one each time is no subject."""
    words = response.get_attributes()

    def word(names: tuple[str, ...]) -> str | None:
        found: list[str] = next((words[name] for name in names if words.get(name)), [])
        if len(found) > 1:
            raise Unproved("one thing is said twice")
        return found[0] if found else None

    name, form = response.get_nameid(), response.get_nameid_format()
    subject = word(_SUBJECT) or (name if form != _PASSING else None)
    email = word(_EMAIL)
    if email is None and form == OneLogin_Saml2_Constants.NAMEID_EMAIL_ADDRESS:
        email = name
    verified = word(("http://schemas.auth0.com/email_verified", "email_verified"))
    return said(
        subject=subject,
        email=email,
        verified=verified is None or verified.lower() == "true",
        first_name=word(_FIRST),
        last_name=word(_LAST),
    )
