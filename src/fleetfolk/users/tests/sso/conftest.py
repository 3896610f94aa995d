"""A provider, and an organization whose Admin has set it up."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPErrorProcessor, HTTPSHandler, Request, build_opener

import pytest
from django.http import HttpResponse
from django.test import Client

from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider
from fleetfolk.users.actions.edit_sso import EditSso, EditSsoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoKind

DOMAIN = "lumenhome.example"
"""The cast's addresses are of it."""


class _Stay(HTTPErrorProcessor):
    """Answers are taken as they are: what leads elsewhere is not followed."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


@dataclass(kw_only=True)
class World:
    """The provider, what was set up, and a browser."""

    cast: Cast
    provider: OpenIdProvider
    browser: Client

    def set_up(self, place: Organization | None = None, by: User | None = None, **said: Any) -> SingleSignOn:
        """Ada has set the provider up at Lumen Home, or somebody elsewhere."""
        place = place or self.cast.lumen
        data = EditSsoInput(
            **{
                "kind": SsoKind.OIDC,
                "issuer": self.provider.origin,
                "client_id": CLIENT,
                "secret": SECRET,
                "domains": (DOMAIN,),
                **said,
            }
        )
        perform(EditSso, actor=actor(by or self.cast.ada), target_id=place.pk, data=data)
        return SingleSignOn.objects.get(organization=place)

    def there(self, sso: SingleSignOn, browser: Client | None = None, **query: str) -> str:
        """The address of ours to which the provider sends the browser back."""
        gone = (browser or self.browser).get(f"/sign-in/with/{sso.key}/", query)
        assert gone.status_code == 302, gone.content.decode()[-800:]
        assert gone["Location"].startswith(self.provider.origin), gone["Location"]
        context = ssl.create_default_context(cafile=str(self.provider.authority))
        opener = build_opener(HTTPSHandler(context=context), _Stay())
        with opener.open(gone["Location"], timeout=10) as answer:
            back: str = answer.headers["Location"]
        parts = urlsplit(back)
        return f"{parts.path}?{parts.query}"

    def sign_in(self, sso: SingleSignOn, **query: str) -> HttpResponse:
        """What the browser sees when it has gone to the provider and come back."""
        return self.browser.get(self.there(sso, None, **query))  # type: ignore[return-value]

    def who(self) -> str:
        """Whose session the browser has."""
        key = self.browser.session.get("_auth_user_id")
        return "" if key is None else str(User.objects.get(pk=key).email)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    with openid_provider(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def world(cast: Cast, running: OpenIdProvider, settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client) -> World:
    """The provider says that it is Cleo, unless a test says otherwise; the operator answers for the domain."""
    settings.FLEETFOLK_SSO_HOSTS = f"*,{running.host}"
    settings.FLEETFOLK_SSO_DOMAINS = frozenset({DOMAIN})
    monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))
    running.person = {"sub": "cleo-1", "email": cast.cleo.email, "email_verified": True}
    running.lies, running.sign, running.document = (lambda words: words), None, {}
    running.asked.clear()
    running.codes.clear()
    return World(cast=cast, provider=running, browser=client)
