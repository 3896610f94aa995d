"""Where allauth asks about providers: it finds ours, and gets to the network by our way. It makes no accounts."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class SsoAdapter(DefaultSocialAccountAdapter):
    """Its tables stay empty: what is kept of providers and identities is kept by Actions, with a tenant."""

    def get_requests_session(self) -> Any:
        """The way out."""
        from fleetfolk.users.sso.network import session  # noqa: PLC0415 - a large library that few processes need

        return session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever joins does so by an Action."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """allauth's own end of a sign-in is never reached; if it were, this is as far as it gets."""
        raise PermissionDenied
