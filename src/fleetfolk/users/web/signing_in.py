"""The second half of a sign-in: a code or a passkey; and signing in by a passkey alone."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.users.models import User
from fleetfolk.users.passkeys import Asked, answered, ask
from fleetfolk.users.second_factors import APP, CODES, PASSKEY, factors_of
from fleetfolk.users.signin import guessed_code, note_failure

LIMITS = {"passkey": "60/m/ip"}
"""Answers of passkeys from one address. None can be guessed; looking at them costs time."""


class CodeField(forms.CharField):
    """A code as people type it: of an app, or a recovery code."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none"}
        )
        super().__init__(label=_("Code"), max_length=20, widget=widget, **more)


class SecondFactorForm(forms.Form):
    """A code, or what a passkey answered. Exactly one of them must be right; an empty form opens nothing."""

    code = CodeField(required=False)
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, person: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.request, self.person = request, person
        self.factor: Authenticator | None = None

    def clean(self) -> dict[str, Any]:
        """Looks at whichever is there. A code is used up, and a wrong one is counted and noted."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("credential"):
            self.factor = answered(self.request, Asked.SECOND, given["credential"], self.person)
            if self.factor is None:
                raise ValidationError(_("This passkey is not right here. Try once more, or use a code."))
            return given
        if given.get("code"):
            self.factor = guessed_code(self.request, self.person, given["code"])
            if self.factor is None:
                note_failure(self.request, self.person.email, "wrong_code")
        if self.factor is None and "code" not in self.errors:
            self.add_error("code", _("This code is not right, or was used before. Type the one that is shown now."))
        return given


@sensitive_post_parameters("code", "credential")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The password was right; without a right code or passkey nothing goes on."""
    stage = request._login_stage  # type: ignore[attr-defined]
    person = cast("User", stage.login.user)
    form = SecondFactorForm(request.POST if request.method == "POST" else None, request=request, person=person)
    if form.is_valid() and form.factor is not None:
        post_authentication(request, form.factor)
        return cast("HttpResponse", stage.exit())
    kinds = set(factors_of(person).values_list("type", flat=True))
    context = {
        "form": form,
        "has_app": APP in kinds,
        "has_codes": CODES in kinds,
        "has_passkey": PASSKEY in kinds,
    }
    return render(request, "mfa/authenticate.html", context, status=422 if form.is_bound else 200)


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_safe
def second_factor_options(request: HttpRequest) -> JsonResponse:
    """What the browser asks for the passkey that comes after the password."""
    return JsonResponse(ask(request, Asked.SECOND, request._login_stage.login.user))  # type: ignore[attr-defined]


@sensitive_post_parameters("credential")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """GET is the question for the browser, POST its answer: whose passkey it is, is signed in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/")
    if not ratelimit.consume(request, app="fleetfolk", action="passkey", config=LIMITS, limit_get=True):
        return ratelimit.respond_429(request)
    if request.method != "POST":
        return JsonResponse(ask(request, Asked.SIGN_IN))
    passkey = answered(request, Asked.SIGN_IN, request.POST.get("credential", ""))
    if passkey is None:
        messages.error(request, _("This passkey does not work here. Sign in with your password."))
        return HttpResponseRedirect(reverse("account_login"))
    post_authentication(request, passkey, passwordless=True)
    redirect_url = get_next_redirect_url(request)
    return perform_login(request, Login(user=passkey.user, redirect_url=redirect_url))
