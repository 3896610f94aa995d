"""Second factors: adding, removing, recovery codes. Each page asks first whether it is still the same person."""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.create_factor import CreateFactor, CreateFactorInput
from fleetfolk.users.actions.delete_factor import DeleteFactor, FactorInput, factor_of
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.read_codes import ReadCodes
from fleetfolk.users.actions.revoke_factor import RevokeFactor
from fleetfolk.users.actions.rotate_codes import RotateCodes
from fleetfolk.users.models import User
from fleetfolk.users.passkeys import Asked, added, ask, ask_to_add
from fleetfolk.users.queries import user_detail
from fleetfolk.users.second_factors import (
    APP,
    CODES,
    PASSKEY,
    factors_of,
    has_factor,
    may_guess,
    must_have_factor,
    step_of,
)
from fleetfolk.users.user_agents import words_of
from fleetfolk.users.web.dialogs import CHANGED
from fleetfolk.users.web.factor_forms import NAME_LONGEST, AppForm, PasskeyForm
from fleetfolk.users.web.own import FRAME, own_page, own_view
from fleetfolk.users.web.step_up import stepped_up

HELD = "fleetfolk_app"
"""The session's key for the secret of an app that is being added, encrypted."""

BARE = "users/own/bare.html"
"""The frame of these pages while nothing else is open."""


@own_view()
@require_safe
def required(request: ConsoleRequest, person: User) -> HttpResponse:
    """The organization asks for a second factor, and there is none yet: nothing else is open."""
    if has_factor(person) or not must_have_factor(person):
        return HttpResponseRedirect("/")
    return _page(request, "users/own/factor_required.html", {"organization": person.organization})


@sensitive_variables("secret")
@sensitive_post_parameters("code")
@own_view()
@stepped_up
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: ConsoleRequest, person: User) -> HttpResponse:
    """The picture for the app; the code that the app then shows proves that it took it."""
    secret = _secret(request)
    form = AppForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        step = _step(request, person, secret, form)
        if step is not None and _created(person, request, form, kind=APP, secret=secret, step=step):
            request.session.pop(HELD, None)
            messages.success(request, _("Your authenticator app is added."))
            return HttpResponseRedirect(reverse("security:codes"))
    adapter = get_adapter()
    context = {
        "form": form,
        "picture": _as_address(adapter.build_totp_svg(adapter.build_totp_url(person, secret))),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return _page(request, "users/own/add_app.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("credential")
@own_view()
@stepped_up
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: ConsoleRequest, person: User) -> HttpResponse:
    """A passkey of this device, or of a key that is plugged in."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        credential = added(request, form.cleaned_data["credential"])
        name = form.cleaned_data["name"] or words_of(request.headers.get("User-Agent", ""))[:NAME_LONGEST] or "Passkey"
        if credential is None:
            form.add_error(None, _("No passkey was added. Try once more."))
        elif _created(person, request, form, kind=PASSKEY, credential=credential, name=name):
            messages.success(request, _("Your passkey is added."))
            return HttpResponseRedirect(reverse("security:codes"))
    return _page(request, "users/own/add_passkey.html", {"form": form}, status=422 if form.is_bound else 200)


@own_view()
@stepped_up
@require_safe
def new_passkey_options(request: ConsoleRequest, person: User) -> JsonResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(ask_to_add(request, person))


@own_view()
@require_safe
def passkey_options(request: ConsoleRequest, person: User) -> JsonResponse:
    """What the browser needs to ask for a passkey that proves who sits here."""
    return JsonResponse(ask(request, Asked.PROOF, person))


@own_view()
@stepped_up
@require_safe
def codes(request: ConsoleRequest, person: User) -> HttpResponse:
    """The recovery codes that are not used yet."""
    return _page(request, "users/own/codes.html", {"codes": _read_codes(request, person)})


@own_view()
@stepped_up
@require_safe
def codes_file(request: ConsoleRequest, person: User) -> HttpResponse:
    """The same as a file."""
    text = "\r\n".join([f"Fleetfolk · {person.email}", "", *_read_codes(request, person), ""])
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@own_view()
@dialog_methods
def rotate_codes(request: ConsoleRequest, person: User) -> HttpResponse:
    """New codes for the old ones."""
    if request.method == "POST":
        perform(RotateCodes, actor=request.actor, target_id=person.pk, data=NoInput())
        return done(request, toast=_("There are new recovery codes."), to=reverse("security:codes"), changed=CHANGED)
    return _question(
        request,
        person,
        title=_("New recovery codes"),
        lead=_("You get ten new codes. The ones from before stop working now."),
        button=_("Make new codes"),
    )


@own_view()
@dialog_methods
def delete_factor(request: ConsoleRequest, person: User, factor_id: int) -> HttpResponse:
    """A factor of one's own goes."""
    if request.method == "POST":
        data, to = FactorInput(factor_id=factor_id), reverse("account:security")
        perform(DeleteFactor, actor=request.actor, target_id=person.pk, data=data)
        return done(request, toast=_("The second factor is removed."), to=to, changed=CHANGED)
    return _question(
        request,
        person,
        title=_("Remove %(factor)s") % {"factor": name_of(_factor_or_404(person, factor_id))},
        lead=_("It no longer signs you in. Without any other one, your password alone does."),
        button=_("Remove"),
    )


@console_view
@dialog_methods
def revoke_factor(request: ConsoleRequest, user_id: int, factor_id: int) -> HttpResponse:
    """A factor that somebody has lost goes."""
    if request.method == "POST":
        data = FactorInput(factor_id=factor_id)
        person = perform(RevokeFactor, actor=request.actor, target_id=user_id, data=data).target
        to, text = reverse("users:tab", args=[person.pk, "security"]), _("The second factor of %(name)s is removed.")
        return done(request, toast=text % {"name": person}, to=to, changed=CHANGED)
    person = user_detail(request.actor, user_id)
    return _question(
        request,
        person,
        title=_("Remove %(factor)s") % {"factor": name_of(_factor_or_404(person, factor_id))},
        lead=_(
            "For somebody who has lost it. %(name)s is signed out everywhere and told by mail. Make sure that it is "
            "really %(name)s who asks."
        )
        % {"name": person},
        button=_("Remove"),
    )


def name_of(factor: Any) -> str:
    """What people call a factor."""
    if factor.type == PASSKEY:
        return _("the passkey “%(name)s”") % {"name": factor.data["name"]}
    return _("the authenticator app")


def _factor_or_404(person: User, factor_id: int) -> Any:
    try:
        return factor_of(person, factor_id)
    except Refused as refusal:
        raise Http404 from refusal


def _question(request: ConsoleRequest, person: User, *, title: str, lead: str, button: str) -> HttpResponse:
    context = {"person": person, "action": request.path, "title": title, "lead": lead, "button": button}
    return render(request, "users/at_once.html", context)


def _page(request: ConsoleRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    alone = getattr(request.user, "must_add_factor", False)
    return own_page(request, template, {"frame": BARE if alone else FRAME, "alone": alone, **context}, status=status)


def _secret(request: ConsoleRequest) -> str:
    """The secret that is being set up in this browser: it stays until it is used, so that a reload changes nothing."""
    held = request.session.get(HELD)
    if held:
        return str(decrypt(held))
    secret = str(generate_totp_secret())
    request.session[HELD] = encrypt(secret)
    return secret


def _step(request: ConsoleRequest, person: User, secret: str, form: forms.Form) -> int | None:
    guess = may_guess(request, person, known_browser=True)
    step = step_of(secret, form.cleaned_data["code"]) if guess else None
    if guess and step is not None:
        guess.rollback()
        return step
    wrong = _("This is not the code. Look at the clock of your telephone if it happens again.")
    form.add_error("code", wrong if guess else _("Too many wrong codes. Wait a quarter of an hour."))
    return None


def _created(person: User, request: ConsoleRequest, form: forms.Form, **data: Any) -> bool:
    create: type[Action[User, CreateFactorInput]] = CreateFactor
    try:
        perform(create, actor=request.actor, target_id=person.pk, data=CreateFactorInput(**data))
    except Refused as refusal:
        form.add_error(None, sentence_for(refusal))
        return False
    return True


def _read_codes(request: ConsoleRequest, person: User) -> list[str]:
    """The codes that are not used yet; that they were seen is in the log."""
    kept = factors_of(person).filter(type=CODES).first()
    if kept is None:
        raise Http404
    perform(ReadCodes, actor=request.actor, target_id=person.pk, data=NoInput())
    unused: list[str] = kept.wrap().get_unused_codes()  # type: ignore[no-untyped-call]
    return [f"{code[:4]} {code[4:]}" for code in unused]


def _as_address(picture: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
