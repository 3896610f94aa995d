"""Signing up by oneself: the pages behind an organization's link, for strangers.

Whoever comes types an address, and the answer is the same for every one: what is next stands in a mail to it. Behind
the mail's link the person says a name and a password. So nobody learns who has an account, nobody prepares one for
somebody else's address, and no word of a stranger is mailed to anybody.
"""

from dataclasses import replace
from typing import Any, Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform, perform_together
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.branding import Look, look_of
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.accept_registration import AcceptRegistration, AcceptRegistrationInput, applicant
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_registration import StartRegistration, StartRegistrationInput
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.signing_up import Terms, at_key, is_offered, terms_of
from fleetfolk.users.web.actors import address_of, client_of
from fleetfolk.users.web.first_pages import first_page
from fleetfolk.users.web.forms import AddressField, NameField, NewPasswordForm, known_zone
from fleetfolk.users.web.secret_links import private

HELD: Final = "fleetfolk_sign_up"
"""The session's key for the hash of the secret that this browser has presented."""

CODE: Final = "fleetfolk_sign_up_code"
"""The session's key for the code that led here, such as that on a device."""

LONGEST_CODE: Final = 300

LIMITS: Final = {
    "sign_up": "20/h/ip",
    "sign_up_address": "1/m/key,4/h/key",
    "sign_up_key": "30/5m/ip",
    "sign_up_link": "30/5m/ip",
    "sign_up_confirm": "30/5m/ip",
}
"""Addresses typed from one place; mails to one address; keys and links that lead nowhere; attempts to get in."""


class AddressForm(forms.Form):
    """The address to which the next step is mailed."""

    email = AddressField(error_messages={"required": _("Type your e-mail.")})


class ConfirmForm(NewPasswordForm):
    """Who it is, the password, and that the operator's terms are accepted, where there are some."""

    first_name = NameField(label=_("First name"))
    last_name = NameField(label=_("Last name"))
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))
    terms = forms.BooleanField(
        label=_("I accept them"), error_messages={"required": _("Without this nobody can sign up here.")}
    )
    field_order = ("first_name", "last_name", "password", "terms", "time_zone")

    def __init__(self, data: Any = None, *, person: User, look: Look) -> None:
        super().__init__(data, person=person)
        self.fields["password"].label = _("Password")
        for half, word in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[half].widget.attrs["autocomplete"] = word
        if not (look.terms_link or look.privacy_link):
            del self.fields["terms"]

    def clean_last_name(self) -> str:
        """Half of a name is enough, none is not."""
        last: str = self.cleaned_data["last_name"]
        if not last and not self.cleaned_data.get("first_name") and not self.has_error("first_name"):
            raise forms.ValidationError(_("Say your name: the first, the last or both."))
        return last

    def clean_password(self) -> str:
        """A password that is unlike the name that was said as well."""
        self.person.first_name = self.cleaned_data.get("first_name", "")
        self.person.last_name = self.cleaned_data.get("last_name", "")
        return super().clean_password()

    def clean_time_zone(self) -> str:
        """A zone that exists, or none."""
        return known_zone(self.cleaned_data["time_zone"])

    def to_input(self, *, presented: str) -> AcceptRegistrationInput:
        """What was said, as the Action takes it."""
        said = self.cleaned_data
        return AcceptRegistrationInput(
            secret_hash=presented,
            first_name=said["first_name"],
            last_name=said["last_name"],
            password=said["password"],
            time_zone=said["time_zone"],
            terms=said.get("terms", False),
        )


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, door: str) -> HttpResponse:
    """The page behind an organization's link. A key that nobody has, and one that leads nowhere now, are one answer."""
    known = ratelimit.consume(
        request, app="fleetfolk", action="sign_up_key", config=LIMITS, limit_get=True, dry_run=True
    )
    if not known:
        return ratelimit.respond_429(request)
    organization = at_key(door)
    if organization is None or not is_offered(organization):
        ratelimit.consume(request, app="fleetfolk", action="sign_up_key", config=LIMITS, limit_get=True)
        return render(request, "users/sign_up_closed.html", status=404)
    look = look_of(organization.pk)
    if request.user.is_authenticated:
        return _somebody_is_here(request, look, door)
    if code := request.GET.get("code", "")[:LONGEST_CODE]:
        request.session[CODE] = code
    return _address_page(request, door, organization, look)


def _address_page(request: HttpRequest, key: str, organization: Organization, look: Look) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not ratelimit.consume(request, app="fleetfolk", action="sign_up", config=LIMITS):
            return ratelimit.respond_429(request)
        try:
            _begin(request, organization, form.cleaned_data["email"])
        except Refused as refusal:
            if refusal.reason != "address_domain":
                return _closed_now(request, look)
            form.add_error("email", sentence_for(refusal))
        else:
            return HttpResponseRedirect(reverse("users:sign-up-sent", args=[key]))
    context = {"form": form, "key": key, "organization": organization, "terms": terms_of(organization), "look": look}
    return render(request, "users/sign_up.html", context, status=422 if form.is_bound else 200)


@login_not_required
@private
@require_safe
def sent(request: HttpRequest, door: str) -> HttpResponse:
    """What to do next. It says the same whatever was typed, and does not say what that was."""
    organization = at_key(door)
    if organization is None or not is_offered(organization):
        return render(request, "users/sign_up_closed.html", status=404)
    context = {"key": door, "terms": terms_of(organization), "look": look_of(organization.pk)}
    return render(request, "users/sign_up_sent.html", context)


@login_not_required
@private
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: sends the browser on to a page without the secret in its address."""
    if not ratelimit.consume(
        request, app="fleetfolk", action="sign_up_link", config=LIMITS, limit_get=True, dry_run=True
    ):
        return ratelimit.respond_429(request)
    presented = secret_hash(secret)
    row = Registration.by_secret_hash(presented)
    if row is None or not row.is_open:
        ratelimit.consume(request, app="fleetfolk", action="sign_up_link", config=LIMITS, limit_get=True)
        return _over(request, 404 if row is None else 410)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("users:sign-up-confirm"))


@login_not_required
@private
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """A name and a password; then the person has an account and is signed in, or waits for somebody to let them in."""
    presented = str(request.session.get(HELD, ""))
    row = Registration.by_secret_hash(presented)
    if row is None:
        return _over(request, 404)
    terms = terms_of(row.organization)
    if not row.is_open or not terms.takes_strangers or not is_offered(row.organization):
        return _over(request, 410)
    look = look_of(row.organization_id)
    if request.user.is_authenticated:
        return _somebody_is_here(request, look)
    form = ConfirmForm(request.POST if request.method == "POST" else None, person=applicant(row), look=look)
    if form.is_bound and not ratelimit.consume(request, app="fleetfolk", action="sign_up_confirm", config=LIMITS):
        return ratelimit.respond_429(request)
    if form.is_valid():
        answer = _let_in(request, row, form, terms, look)
        if answer is not None:
            return answer
    context = {"form": form, "fresh": not form.is_bound, "registration": row, "terms": terms, "look": look}
    return render(request, "users/sign_up_confirm.html", context, status=422 if form.is_bound else 200)


@login_not_required
@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in is signed out, and the sign-up goes on."""
    kept = {name: request.session[name] for name in (HELD, CODE) if name in request.session}
    logout(request, show_message=False)
    request.session.update(kept)
    organization = at_key(request.POST.get("key", "")[:LONGEST_CODE])
    if organization is not None:
        return HttpResponseRedirect(reverse("users:sign-up", args=[organization.sign_up.key]))
    return HttpResponseRedirect(reverse("users:sign-up-confirm"))


def _begin(request: HttpRequest, organization: Organization, email: str) -> None:
    """A mail is on its way to the address, unless one went there a moment ago."""
    key = f"{organization.pk}:{email}"
    if ratelimit.consume(request, app="fleetfolk", action="sign_up_address", key=key, config=LIMITS):
        data = StartRegistrationInput(email=email, language=get_language() or "")
        perform(StartRegistration, actor=_doorkeeper(request, organization), target_id=organization.pk, data=data)


def _let_in(
    request: HttpRequest, row: Registration, form: ConfirmForm, terms: Terms, look: Look
) -> HttpResponse | None:
    """The answer where the link was good; None where the form says what is wrong with the password."""
    actor, data = _doorkeeper(request, row.organization), form.to_input(presented=row.secret_hash)
    steps: list[Any] = [(AcceptRegistration, row.pk, data)]
    if not terms.approve:
        steps.append((GrantRegistration, row.pk, NoInput()))
    try:
        outcomes = perform_together(steps, actor=actor)
    except Refused as refusal:
        if refusal.reason == "password_unfit":
            form.add_error("password", sentence_for(refusal))
            return None
        if refusal.reason in ("sign_up_over", "sign_up_for_account"):
            return _over(request, 410)
        return _closed_now(request, look)
    except ActionError:
        # Used a moment ago, in another window: the same page as for every link that is over.
        return _over(request, 410)
    request.session.pop(HELD, None)
    if terms.approve:
        return render(request, "users/sign_up_waiting.html", {"registration": row, "look": look})
    account: User = outcomes[-1].target
    code = str(request.session.pop(CODE, ""))
    record_authentication(request, account, method="password", email=account.email)
    return perform_login(request, Login(user=account, redirect_url=first_page(account, code)))


def _doorkeeper(request: HttpRequest, organization: Organization) -> Actor:
    """The installation, acting for a stranger through this request."""
    actor = system_actor("doorkeeper", tenant_id=organization.tenant_id, client=client_of(request))
    return replace(actor, request_id=getattr(request, "request_id", ""), address=address_of(request))


def _somebody_is_here(request: HttpRequest, look: Look, key: str = "") -> HttpResponse:
    return render(request, "users/sign_up_other.html", {"present": request.user, "look": look, "key": key})


def _closed_now(request: HttpRequest, look: Look) -> HttpResponse:
    """One page for everything that keeps strangers out just now: what it is, is the operator's business."""
    return render(request, "users/sign_up_closed.html", {"look": look}, status=409)


def _over(request: HttpRequest, status: int) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of who has an account."""
    request.session.pop(HELD, None)
    return render(request, "users/sign_up_over.html", status=status)
