"""Who may sign up by themselves: the page of an organization's settings, with its link and who came by it."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.qr import qr_png
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.users.actions.edit_sign_up import LONGEST_PATTERN, EditSignUp, EditSignUpInput
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_registration import RevokeRegistration
from fleetfolk.users.actions.rotate_sign_up import RotateSignUp
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration, SignUp, SignUpInto, SignUpMode
from fleetfolk.users.permissions import INVITE_USERS, VIEW_USERS
from fleetfolk.users.signing_up import Terms, name_for, terms_above, terms_of
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page

CHANGED: Final = "signups:changed"
SHOWN: Final = 50
"""So many who wait, and who came last, are on the page."""

_ABOUT: Final = {
    "sign_up_domains": "domains",
    "rules_email_domains": "domains",
    "sign_up_pattern": "pattern",
    "sign_up_role": "role",
}


class SignUpForm(forms.Form):
    """Everything that is said of signing up, or that it is as above."""

    mode = forms.ChoiceField(label=gettext_lazy("Who may sign up by themselves"), required=False)
    domains = forms.CharField(
        label=gettext_lazy("Domains"),
        required=False,
        max_length=5000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy("As in example.com, with commas between them."),
    )
    into = forms.ChoiceField(
        label=gettext_lazy("Where they are then"), choices=SignUpInto.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type of their organization"),
        choices=[(kind.value, kind.label) for kind in (OrganizationKind.PERSONAL, OrganizationKind.CLIENT)],
    )
    pattern = forms.CharField(
        label=gettext_lazy("Name of their organization"),
        required=False,
        max_length=LONGEST_PATTERN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.TypedChoiceField(label=gettext_lazy("Role"), required=False, coerce=int, empty_value=None)
    approve = forms.BooleanField(
        label=gettext_lazy("Somebody lets each one in by hand"),
        required=False,
        help_text=gettext_lazy("Whoever has confirmed their address waits on this page for up to 30 days."),
    )

    def __init__(self, data: Any = None, *, request: ConsoleRequest, home: Organization, row: SignUp | None) -> None:
        above = terms_above(home)
        shown = row if row is not None and row.mode is not None else None
        roles = list(GATE.giveable_roles(request.actor, INVITE_USERS, home))
        super().__init__(data, initial=_shown(shown))
        nothing = _("As the organization above (now: %(rule)s)") % {"rule": above.mode.label}
        if home.is_tenant:
            nothing = _("Default (%(rule)s)") % {"rule": _("nobody")}
        self.fields["mode"].choices = [("", nothing), *SignUpMode.choices]  # type: ignore[attr-defined]
        choices = [(str(role.pk), role.name) for role in roles]
        if shown is not None and shown.role is not None and shown.role not in roles:
            choices.append((str(shown.role.pk), shown.role.name))
        self.fields["role"].choices = [("", _("The plain User")), *choices]  # type: ignore[attr-defined]
        self.fields["pattern"].help_text = _(
            "{last}, {first} and {name} stand for the parts of their name. Empty: “%(name)s”."
        ) % {"name": name_for("", first="Ada", last="Berg", name="Ada Berg")}

    def clean_domains(self) -> tuple[str, ...]:
        """The domains that were named."""
        said = self.cleaned_data["domains"].lower().replace(",", " ").split()
        return tuple(dict.fromkeys(one.removeprefix("@") for one in said))

    def clean_pattern(self) -> str:
        """The pattern in one line."""
        return " ".join(self.cleaned_data["pattern"].split())

    def to_input(self) -> EditSignUpInput:
        """What was said, as the Action takes it."""
        said = self.cleaned_data
        return EditSignUpInput(
            mode=SignUpMode(said["mode"]) if said["mode"] else None,
            domains=said["domains"],
            into=SignUpInto(said["into"]),
            kind=OrganizationKind(said["kind"]),
            pattern=said["pattern"],
            role_id=said["role"],
            approve=said["approve"],
        )


def _shown(row: SignUp | None) -> dict[str, Any]:
    if row is None:
        return {"into": SignUpInto.OWN, "kind": OrganizationKind.PERSONAL}
    return {
        "mode": row.mode,
        "domains": ", ".join(row.domains),
        "into": row.into,
        "kind": row.kind,
        "pattern": row.pattern,
        "role": row.role_id,
        "approve": row.approve,
    }


@console_view
@dialog_methods
def settings_page(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """What is said of signing up, the link, who waits and who came."""
    home = home_of(request, organization_id, action=EditSignUp)
    row = SignUp.objects.select_related("role").filter(organization=home).first()
    form = SignUpForm(request.POST if request.method == "POST" else None, request=request, home=home, row=row)
    if form.is_valid() and _saved(form, request, home):
        return done(request, toast=_("Saved."), to=address_of(request, home, "settings:sign-up"), changed=CHANGED)
    context = {"form": form, **_around(request, home, row), **frame_of(request, home, "sign-up")}
    return render(request, "users/sign_up_settings.html", context, status=422 if form.is_bound else 200)


@console_view
@require_safe
def picture(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The link as a QR code, for screens and for printing."""
    row = _link_of(home_of(request, organization_id))
    answer = HttpResponse(qr_png(link_of(row)), content_type="image/png")
    answer["Cache-Control"] = "private, no-cache"
    return answer


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """Another link; GET asks."""
    home = home_of(request, organization_id, action=RotateSignUp)
    if request.method == "POST":
        perform(RotateSignUp, actor=request.actor, target_id=home.pk, data=NoInput())
        text = _("The link is another one. Whoever has the old one cannot sign up by it.")
        return done(request, toast=text, to=address_of(request, home, "settings:sign-up"), changed=CHANGED)
    _link_of(home)
    return render(request, "users/sign_up_rotate.html", {"action": request.path, "button": _("Change the link")})


@console_view
@require_POST
def let_in(request: ConsoleRequest, registration_id: int) -> HttpResponse:
    """Somebody who waits has an account."""
    outcome = perform(GrantRegistration, actor=request.actor, target_id=registration_id, data=NoInput())
    person: Any = outcome.target
    text = _("%(name)s is in, and a mail says so.") % {"name": person}
    return done(request, toast=text, to=reverse("users:detail", args=[person.pk]), changed=CHANGED)


@console_view
@dialog_methods
def turn_down(request: ConsoleRequest, registration_id: int) -> HttpResponse:
    """Nothing is left of somebody's sign-up; GET asks."""
    rows = Registration.objects.select_related("organization").filter(tenant_id=request.actor.tenant_id)
    row = rows.filter(pk=registration_id).first()
    if request.method == "POST":
        perform(RevokeRegistration, actor=request.actor, target_id=registration_id, data=NoInput())
        return done(request, toast=_("The sign-up is gone."), to=_back(request, row), changed=CHANGED)
    if row is None:
        raise TargetNotFound
    decision = GATE.decide(request.actor, INVITE_USERS, row)
    if not decision.allowed:
        raise Denied(decision.reason) if decision.visible else TargetNotFound
    context = {"registration": row, "action": request.path, "button": _("Turn down")}
    return render(request, "users/sign_up_turn_down.html", context)


def link_of(row: SignUp) -> str:
    """The whole address of an organization's link, on this installation's own host."""
    return settings.FLEETFOLK_ORIGIN + reverse("users:sign-up", args=[row.key])


def _link_of(home: Organization) -> SignUp:
    row = SignUp.objects.filter(organization=home).first()
    if row is None:
        raise Refused("sign_up_no_link")
    return row


def _around(request: ConsoleRequest, home: Organization, row: SignUp | None) -> dict[str, Any]:
    """What stands beside the form."""
    terms = terms_of(home)
    mine = Registration.objects.filter(organization=home)
    waiting = GATE.within_reach(mine, actor=request.actor, permission=INVITE_USERS).filter(
        user=None, confirmed_at__isnull=False
    )
    people = User.objects.filter(registration__organization=home).select_related("organization", "registration")
    came = GATE.within_reach(people, actor=request.actor, permission=VIEW_USERS)
    return {
        "terms": terms,
        "sign_up_url": address_of(request, home, "settings:sign-up"),
        "link": link_of(row) if row is not None and _leads_somewhere(home, terms) else "",
        "picture_url": address_of(request, home, "settings:sign-up-picture"),
        "rotate_url": address_of(request, home, "settings:sign-up-rotate"),
        "included": limits.includes_sign_up(home.tenant_id),
        "waiting": list(waiting.order_by("confirmed_at", "pk")[:SHOWN]),
        "came": list(came.order_by("-registration__confirmed_at", "-pk")[:SHOWN]),
    }


def _leads_somewhere(home: Organization, terms: Terms) -> bool:
    return terms.mode is not SignUpMode.OFF and home.archived_at is None


def _saved(form: SignUpForm, request: ConsoleRequest, home: Organization) -> bool:
    """Whether it was done. A refusal stands beside the field that it is about."""
    try:
        perform(EditSignUp, actor=request.actor, target_id=home.pk, data=form.to_input())
    except Refused as refusal:
        form.add_error(_ABOUT.get(refusal.reason), sentence_for(refusal))
        return False
    return True


def _back(request: ConsoleRequest, row: Registration | None) -> str:
    return reverse("settings:sign-up") if row is None else address_of(request, row.organization, "settings:sign-up")


register_settings_page(SettingsPage(slug="sign-up", label=gettext_lazy("Sign-up"), url="settings:sign-up"))
