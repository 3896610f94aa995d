"""A provider of SAML 2.0: it writes and signs answers with xmlsec, as they are and as attackers would have them."""

import base64
import datetime as dt
import secrets
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY, ADDRESS = "https://idp.lumenhome.example/entity", "https://idp.lumenhome.example/sso"
EMAIL = "urn:oid:0.9.2342.19200300.100.1.3"
NAMES = {"samlp": OneLogin_Saml2_Constants.NS_SAMLP, "saml": OneLogin_Saml2_Constants.NS_SAML}


def _pair() -> tuple[str, str]:
    key = rsa.generate_private_key(65537, 2048)
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")]), dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, made.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


@dataclass(kw_only=True)
class SamlProvider:
    """Its key and certificate."""

    pair: tuple[str, str] = field(default_factory=_pair)

    @property
    def certificate(self) -> str:
        """With which its answers are looked at."""
        return self.pair[1]

    def metadata(self) -> str:
        """What it says of itself."""
        bare = "".join(self.certificate.split("\n")[1:-2])
        return (
            f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}"><IDPSSODescriptor'
            ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">'
            f'<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{bare}</X509Certificate>'
            "</X509Data></KeyInfo></KeyDescriptor><SingleSignOnService"
            f' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{ADDRESS}"/></IDPSSODescriptor>'
            "</EntityDescriptor>"
        )

    def assertion(
        self,
        *,
        question: str | None,
        audience: str,
        recipient: str,
        subject: str = "cleo-1",
        email: str = "cleo@lumenhome.example",
        minutes: int = 5,
        issuer: str = ENTITY,
        sign: bool = True,
        by: "SamlProvider | None" = None,
    ) -> etree._Element:
        """An assertion, signed as it is now; what is left out is not in it."""
        now = dt.datetime.now(dt.UTC)
        at, until = _at(now), _at(now + dt.timedelta(minutes=minutes))
        answers = f' InResponseTo="{question}"' if question else ""
        to = f' Recipient="{recipient}"' if recipient else ""
        for_whom = (
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            if audience
            else ""
        )
        text = (
            f'<saml:Assertion xmlns:saml="{NAMES["saml"]}" ID="_{secrets.token_hex(16)}" Version="2.0"'
            f' IssueInstant="{at}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>'
            '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'
            f"{subject}</saml:NameID>"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{until}"{to}{answers}/></saml:SubjectConfirmation>'
            f'</saml:Subject><saml:Conditions NotBefore="{_at(now - dt.timedelta(minutes=10))}" NotOnOrAfter="{until}">'
            f'{for_whom}</saml:Conditions><saml:AuthnStatement AuthnInstant="{at}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
            "</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
            f'<saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>'
            "</saml:AttributeStatement></saml:Assertion>"
        )
        if not sign:
            return etree.fromstring(text)
        private, certificate = (by or self).pair
        return etree.fromstring(OneLogin_Saml2_Utils.add_sign(text, private, certificate))

    def response(self, *assertions: etree._Element, question: str, destination: str) -> etree._Element:
        """A response around them. It is not signed itself."""
        at = _at(dt.datetime.now(dt.UTC))
        made = etree.fromstring(
            f'<samlp:Response xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" ID="_{secrets.token_hex(16)}"'
            f' Version="2.0" IssueInstant="{at}" Destination="{destination}" InResponseTo="{question}">'
            f"<saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status>"
            '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>'
        )
        made.extend(assertions)
        return made


def posted(response: etree._Element) -> str:
    """As a browser posts it."""
    return base64.b64encode(etree.tostring(response)).decode()


def question_of(address: str) -> str:
    """The id of the question with which the browser was sent to this address."""
    packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
    return str(etree.fromstring(zlib.decompress(base64.b64decode(packed), -15)).get("ID"))


def _at(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
