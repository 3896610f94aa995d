"""Single sign-on: the page of an organization's settings where its provider is set up, and looked at."""

from typing import Any, Final

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.activate_domain import ActivateDomain
from fleetfolk.users.actions.delete_sso import DeleteSso
from fleetfolk.users.actions.edit_sso import SCOPES, EditSso, EditSsoInput, spares
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_sso import SingleSignOn, SsoDomain, SsoKind, SsoMust
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.sso.claims import Unproved
from fleetfolk.users.sso.domains import MARK, record_of
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page
from fleetfolk.users.web.sso import start_of

CHANGED: Final = "sso:changed"
ADMINS: Final = 200
"""So many Admins are offered as the one who keeps a password."""

LIMITS: Final = {"sso_test": "10/m/user"}

_ABOUT: Final = {
    "sso_issuer": "issuer",
    "sso_entity": "issuer",
    "sso_client": "client_id",
    "sso_scopes": "scopes",
    "sso_url": "sso_url",
    "sso_certificate": "certificate",
    "sso_domain_rule": "domains",
    "sso_domain_many": "domains",
    "rules_email_domains": "domains",
    "sso_spare": "spare",
}
_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class SsoForm(StillAsShown):
    """Everything about the provider."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the provider speaks"), choices=SsoKind.choices, widget=forms.RadioSelect
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=gettext_lazy("OpenID Connect: its address, as in https://id.example.com. SAML: the entity id."),
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client id"),
        required=False,
        max_length=191,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    scopes = forms.CharField(
        label=gettext_lazy("Scopes"), required=False, max_length=200, widget=forms.TextInput(attrs=_PLAIN)
    )
    sso_url = forms.CharField(
        label=gettext_lazy("Sign-in address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=gettext_lazy("Where people are sent (HTTP-Redirect)."),
    )
    certificate = forms.CharField(
        label=gettext_lazy("Signing certificate"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, **_PLAIN}),
        help_text=gettext_lazy("With which the provider signs."),
    )
    metadata = forms.CharField(
        label=gettext_lazy("Metadata of the provider"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 2, **_PLAIN}),
        help_text=gettext_lazy(
            "Its https address, or all of its XML. Issuer, sign-in address and certificate come from there."
        ),
    )
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        required=False,
        max_length=5000,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=gettext_lazy("As in example.com, with commas between them. Each is proved by a record in DNS."),
    )
    vouches = forms.BooleanField(
        label=gettext_lazy("The provider answers for these addresses"),
        required=False,
        help_text=gettext_lazy(
            "For providers of OpenID Connect that do not say whether an address is verified. Switch it on only where "
            "nobody can change their own address there."
        ),
    )
    must = forms.ChoiceField(label=gettext_lazy("Who must sign in by it"), choices=SsoMust.choices)
    spare = forms.TypedChoiceField(
        label=gettext_lazy("Who keeps a password"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("An Admin who gets in when the provider cannot be reached."),
    )
    role = forms.TypedChoiceField(
        label=gettext_lazy("Who is not known yet"), required=False, coerce=int, empty_value=None
    )
    trusts_factor = forms.BooleanField(
        label=gettext_lazy("The provider asks for the second factor"),
        required=False,
        help_text=gettext_lazy("Then nobody who comes from it is asked for another one here."),
    )
    is_on = forms.BooleanField(label=gettext_lazy("Switched on"), required=False)

    def __init__(
        self, data: Any = None, *, request: ConsoleRequest, home: Organization, row: SingleSignOn | None
    ) -> None:
        super().__init__(data, initial=_shown(row))
        self.edits = True
        roles = list(GATE.giveable_roles(request.actor, INVITE_USERS, home))
        choices = [(str(role.pk), _("Gets an account: %(role)s") % {"role": role.name}) for role in roles]
        if row is not None and row.role is not None and row.role not in roles:
            choices.append((str(row.role.pk), row.role.name))
        self.fields["role"].choices = [("", _("Is turned away")), *choices]  # type: ignore[attr-defined]
        admins = spares(request.actor, home).order_by("name_key", "pk")[:ADMINS]
        named = [(str(one.pk), f"{one} · {one.email}") for one in admins]
        self.fields["spare"].choices = [("", _("Nobody")), *named]  # type: ignore[attr-defined]
        kept = _("Leave it empty to keep the present one.") if row is not None and row.secret else ""
        self.fields["secret"].help_text = kept

    def clean(self) -> dict[str, Any]:
        """With metadata, what stands there is what counts."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("metadata") and given.get("kind") == SsoKind.SAML:
            from fleetfolk.users.sso import saml  # noqa: PLC0415 - large libraries that few processes need

            try:
                given["issuer"], given["sso_url"], given["certificate"] = saml.read_metadata(given["metadata"])
            except Unproved:
                self.add_error("metadata", _("This is no metadata of a SAML provider, or it could not be fetched."))
            else:
                self.errors.pop("issuer", None)
        elif not given.get("issuer") and "issuer" not in self.errors:
            self.add_error("issuer", self.fields["issuer"].error_messages["required"])
        return given

    def clean_domains(self) -> tuple[str, ...]:
        """The domains that were named."""
        said = self.cleaned_data["domains"].lower().replace(",", " ").split()
        return tuple(dict.fromkeys(one.removeprefix("@") for one in said))

    def to_input(self) -> EditSsoInput:
        """What was said, as the Action takes it."""
        said = self.cleaned_data
        return EditSsoInput(
            kind=SsoKind(said["kind"]),
            issuer=said["issuer"].strip(),
            client_id=said["client_id"].strip(),
            secret=said["secret"] or None,
            scopes=" ".join(said["scopes"].split()) or SCOPES,
            sso_url=said["sso_url"].strip(),
            certificate=said["certificate"],
            domains=said["domains"],
            must=SsoMust(said["must"]),
            spare_id=said["spare"],
            role_id=said["role"],
            trusts_factor=said["trusts_factor"],
            vouches=said["vouches"],
            is_on=said["is_on"],
        )


def _shown(row: SingleSignOn | None) -> dict[str, Any]:
    if row is None:
        return {"kind": SsoKind.OIDC, "must": SsoMust.NOBODY, "scopes": SCOPES, "is_on": True}
    names = (
        "kind",
        "issuer",
        "client_id",
        "scopes",
        "sso_url",
        "certificate",
        "must",
        "vouches",
        "trusts_factor",
        "is_on",
    )
    return {
        **{name: getattr(row, name) for name in names},
        "domains": ", ".join(row.domains.order_by("domain").values_list("domain", flat=True)),
        "spare": row.spare_id,
        "role": row.role_id,
    }


@sensitive_post_parameters("secret")
@console_view
@dialog_methods
def settings_page(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The provider, what it is told about us, and the domains."""
    home = home_of(request, organization_id, action=EditSso)
    row = SingleSignOn.objects.select_related("role", "organization").filter(organization=home).first()
    form = SsoForm(request.POST if request.method == "POST" else None, request=request, home=home, row=row)
    if form.is_valid() and _saved(form, request, home):
        return done(request, toast=_("Saved."), to=address_of(request, home, "settings:sso"), changed=CHANGED)
    context = {"form": form, **_around(request, home, row), **frame_of(request, home, "sso")}
    return render(request, "users/sso_settings.html", context, status=422 if form.is_bound else 200)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """No provider any more; GET asks."""
    home = home_of(request, organization_id, action=DeleteSso)
    if request.method == "POST":
        perform(DeleteSso, actor=request.actor, target_id=home.pk, data=NoInput())
        text = _("Single sign-on is over. Whoever has no password sets one by “Forgotten?” at the sign-in.")
        return done(request, toast=text, to=address_of(request, home, "settings:sso"), changed=CHANGED)
    row = _row_of(home)
    context = {"action": request.path, "button": _("End single sign-on"), "people": row.identities.count()}
    return render(request, "users/sso_delete.html", context)


@console_view
@require_POST
def prove_domain(request: ConsoleRequest, domain_id: int) -> HttpResponse:
    """The domain's name server is asked now."""
    outcome = perform(ActivateDomain, actor=request.actor, target_id=domain_id, data=NoInput())
    domain: Any = outcome.target
    text = _("%(domain)s is yours.") % {"domain": domain.domain}
    return done(request, toast=text, to=address_of(request, domain.sso.organization, "settings:sso"), changed=CHANGED)


@console_view
@require_POST
def ask_provider(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """Whether the provider can be asked and says what it must; nobody is signed in."""
    home = home_of(request, organization_id, action=EditSso)
    row = _row_of(home)
    if not ratelimit.consume(request, app="fleetfolk", action="sso_test", user=request.user, config=LIMITS):
        return ratelimit.respond_429(request)
    problem = ""
    try:
        if row.kind == SsoKind.OIDC:
            from fleetfolk.users.sso import oidc  # noqa: PLC0415 - large libraries that few processes need

            oidc.checked(request, row)
        else:
            from fleetfolk.users.sso import saml  # noqa: PLC0415

            saml.checked(request, row)
    except Unproved as reason:
        problem = str(reason)
    return render(request, "users/sso_settings.html#sso-tested", {"problem": problem, "tested": True})


def _row_of(home: Organization) -> SingleSignOn:
    row = SingleSignOn.objects.select_related("organization", "role").filter(organization=home).first()
    if row is None:
        raise Refused("sso_none")
    return row


def _around(request: ConsoleRequest, home: Organization, row: SingleSignOn | None) -> dict[str, Any]:
    """What stands beside the form."""
    domains = [] if row is None else list(SsoDomain.objects.filter(sso=row).order_by("domain"))
    return {
        "row": row,
        "sso_url": address_of(request, home, "settings:sso"),
        "delete_url": address_of(request, home, "settings:sso-delete"),
        "test_url": address_of(request, home, "settings:sso-test"),
        "people": 0 if row is None else row.identities.count(),
        "ours": [] if row is None else _ours(row),
        "domains": [{"row": one, "name": record_of(one.domain), "value": f"{MARK}{one.proof}"} for one in domains],
    }


def _ours(row: SingleSignOn) -> list[tuple[str, str]]:
    """What the provider has to be told about us."""
    origin = settings.FLEETFOLK_ORIGIN
    told = [(_("People can also begin here"), start_of(row))]
    if row.kind == SsoKind.OIDC:
        return [(_("Redirect address"), origin + reverse("openid_connect_callback", args=[row.key])), *told]
    return [
        (_("Metadata, and our entity id"), origin + reverse("saml_metadata", args=[row.key])),
        (_("Assertion Consumer Service"), origin + reverse("saml_acs", args=[row.key])),
        *told,
    ]


def _saved(form: SsoForm, request: ConsoleRequest, home: Organization) -> bool:
    """Whether it was done. A refusal stands beside the field that it is about."""
    try:
        perform(EditSso, actor=request.actor, target_id=home.pk, data=form.to_input())
    except Refused as refusal:
        form.add_error(_ABOUT.get(refusal.reason), sentence_for(refusal))
        return False
    return True


register_settings_page(SettingsPage(slug="sso", label=gettext_lazy("Single sign-on"), url="settings:sso"))
