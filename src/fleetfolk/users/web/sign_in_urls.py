"""The doors of allauth that are open here, under paths of our own. Its names are kept, because it reverses them."""

from typing import Any

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from fleetfolk.kernel.errors import Refused
from fleetfolk.users.signin import remember_browser
from fleetfolk.users.web.secret_links import private
from fleetfolk.users.web.signing_in import second_factor, second_factor_options, sign_in_by_passkey
from fleetfolk.users.web.step_up import prove


@login_not_required
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up by themselves: there is no such page."""
    raise Http404


class PasswordFromLinkView(views.PasswordResetFromKeyView):
    """Choosing a password by a link from one's own mail."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The browser is known from now on: whoever was kept out by strangers' guesses gets in this way.

        A link that was used a moment ago is answered as every link that is over.
        """
        try:
            response: HttpResponse = super().form_valid(form)
        except Refused as refusal:
            if refusal.reason != "password_link_over":
                raise
            return self.render_to_response(self.get_context_data(token_fail=True))
        remember_browser(response, self.reset_user.email)
        return response


urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/second-factor/", second_factor, name="mfa_authenticate"),
    path("sign-in/second-factor/passkey/", second_factor_options, name="mfa_passkey_options"),
    path("sign-in/passkey/", sign_in_by_passkey, name="mfa_login_webauthn"),
    path("prove/", prove, name="account_reauthenticate"),
    path("sign-out/", views.logout, name="account_logout"),
    path("sign-up/", no_sign_up, name="account_signup"),
    path("password/forgotten/", views.password_reset, name="account_reset_password"),
    path("password/forgotten/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/new/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        private(PasswordFromLinkView.as_view()),
        name="account_reset_password_from_key",
    ),
    path("password/change/", views.password_change, name="account_change_password"),
]
