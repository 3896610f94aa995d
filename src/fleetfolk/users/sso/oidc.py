"""OpenID Connect (Core 1.0) with the provider of an organization: allauth speaks it, and what it leaves open is closed.

Closed here: the issuer is the one that was set up (Discovery 1.0, section 4.3), a nonce ties the answer to the
question, PKCE is always used, signatures are always looked at, and who the token is for when it is for several.
"""

import secrets
import time
from typing import Any, Final, cast, override

import jwt
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from requests import RequestException

from fleetfolk.kernel.sealing import opened
from fleetfolk.users.models_sso import SingleSignOn
from fleetfolk.users.sso.claims import Claim, Returned, Unproved, said
from fleetfolk.users.sso.network import session
from fleetfolk.users.sso.secret import PURPOSE

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""How a token may be signed: never with a secret that both sides know, and never not at all."""

APART: Final = 60
"""Seconds by which clocks may differ."""

NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")

_WRONG = (OAuth2Error, RequestException, jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError)
"""What comes of an answer that is none. A provider may answer anything: none of it is an error of ours."""


class Provider(OpenIDConnectProvider):
    """The provider of one organization."""

    def __init__(self, request: HttpRequest, sso: SingleSignOn) -> None:
        self.sso = sso
        super().__init__(request, app=_app(sso))

    @override
    def get_oauth2_adapter(self, request: HttpRequest) -> "Adapter":
        return Adapter(request, self.sso)


class Adapter(OpenIDConnectOAuth2Adapter):
    """How it is spoken with."""

    def __init__(self, request: HttpRequest, sso: SingleSignOn) -> None:
        super().__init__(request, sso.key)
        self.sso = sso

    @override
    def get_provider(self) -> Provider:
        return Provider(self.request, self.sso)

    @override
    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        return callback_of(self.sso)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself: of the issuer that was set up, and everything over https."""
        config = super().openid_config
        if not isinstance(config, dict) or config.get("issuer") != self.sso.issuer:
            raise OAuth2Error("The document is of another issuer.")
        if not all(str(config.get(name, "")).startswith("https://") for name in NEEDED):
            raise OAuth2Error("The document lacks an address, or one is not https.")
        return cast("dict[str, Any]", config)


def callback_of(sso: SingleSignOn) -> str:
    """Where the provider sends people back to: on our own host, whatever the request says."""
    return settings.FLEETFOLK_ORIGIN + reverse("openid_connect_callback", args=[sso.key])


def checked(request: HttpRequest, sso: SingleSignOn) -> dict[str, Any]:
    """What the provider says of itself, with a key that can be read. `Unproved` says what is wrong."""
    adapter = Adapter(request, sso)
    try:
        config = adapter.openid_config
        with session() as way:
            answer = way.get(config["jwks_uri"])
            answer.raise_for_status()
            if not answer.json()["keys"]:
                raise OAuth2Error("The provider shows no key.")
    except _WRONG as error:
        raise Unproved(str(error)) from error
    return config


def asked(request: HttpRequest, sso: SingleSignOn, *, process: str, back: str | None) -> HttpResponse:
    """The browser is on its way to the provider. `Unproved` where the provider cannot be asked."""
    nonce = secrets.token_urlsafe(24)
    parameters = {"nonce": nonce}
    if process == "prove":
        parameters |= {"prompt": "login", "max_age": "0"}
    data = {"nonce": nonce, "since": time.time()}
    try:
        return cast(
            "HttpResponse",
            Provider(request, sso).redirect(request, process=process, next_url=back, data=data, auth_params=parameters),
        )
    except _WRONG as error:
        raise Unproved(str(error)) from error


def returned(request: HttpRequest, sso: SingleSignOn) -> Returned:
    """What the provider says of who comes back, in the browser that went there. `Unproved` for anything else."""
    provider = Provider(request, sso)
    state = statekit.unstash_state(request, provider_id=provider.sub_id, state_id=request.GET.get("state", ""))
    if state is None:
        raise Unproved("no such state in this browser")
    if request.GET.get("iss", sso.issuer) != sso.issuer:
        raise Unproved("the answer is of another issuer")
    if "code" not in request.GET:
        raise Unproved(f"no code: {request.GET.get('error', '')[:100]}")
    adapter = Adapter(request, sso)
    try:
        client = adapter.get_client(request, provider.app)
        token = adapter.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"]
        )
        words = _verified(adapter, token["id_token"], state["data"]["nonce"])
        if state["process"] == "prove" and not int(words["auth_time"]) >= state["data"]["since"] - APART:
            raise Unproved("the provider did not ask anew")
        more = words
        if "email" not in words:
            more = adapter._fetch_user_info(token["access_token"])
            if more["sub"] != words["sub"]:
                raise Unproved("the details are of somebody else")
        claim = _claim(sso, words["sub"], more)
    except _WRONG as error:
        raise Unproved(f"{type(error).__name__}: {error}"[:300]) from error
    return Returned(claim=claim, process=str(state["process"]), back=state.get("next"))


def _verified(adapter: Adapter, token: str, nonce: str) -> dict[str, Any]:
    """What the token says (Core 1.0, section 3.1.3.7)."""
    keys = adapter.openid_config["jwks_uri"]
    algorithm, key = jwtkit.fetch_key(token, keys, jwtkit.lookup_kid_jwk)  # type: ignore[no-untyped-call]
    if algorithm not in ALGORITHMS:
        raise Unproved("signed in a way that shows nothing")
    words: dict[str, Any] = jwt.decode(
        token,
        key=key,
        algorithms=[algorithm],
        audience=adapter.sso.client_id,
        issuer=adapter.sso.issuer,
        leeway=APART,
        options={"require": ["exp", "iat", "sub", "aud", "iss"]},
    )
    audience = words["aud"] if isinstance(words["aud"], list) else [words["aud"]]
    if words.get("azp", adapter.sso.client_id) != adapter.sso.client_id or (len(audience) > 1 and "azp" not in words):
        raise Unproved("the token is for somebody else")
    if not constant_time_compare(str(words.get("nonce", "")), nonce):
        raise Unproved("the token answers another question")
    return words


def _claim(sso: SingleSignOn, subject: Any, words: dict[str, Any]) -> Claim:
    """``email_verified`` is true, or the text some providers write; unsaid is what the organization says it is."""
    verified = words.get("email_verified", sso.vouches)
    return said(
        subject=subject,
        email=words.get("email"),
        verified=verified is True or verified == "true",
        first_name=words.get("given_name"),
        last_name=words.get("family_name"),
        name=words.get("name"),
    )


def _app(sso: SingleSignOn) -> SocialApp:
    """What allauth calls an app. It is never saved."""
    return SocialApp(
        provider="openid_connect",
        provider_id=sso.key,
        name=str(sso)[:40],
        client_id=sso.client_id,
        secret=opened(sso.secret, purpose=PURPOSE) if sso.secret else "",
        settings={"server_url": sso.issuer.rstrip("/"), "oauth_pkce_enabled": True, "scope": sso.scopes.split()},
    )
