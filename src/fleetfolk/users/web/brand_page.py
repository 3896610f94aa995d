"""How an organization looks to its people: the page of its settings, with a preview."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.branding import Look, look_above, look_of
from fleetfolk.organizations.colours import HEX, colour_of, contrast, light, style_sheet
from fleetfolk.organizations.logos import MOST_BYTES
from fleetfolk.organizations.models import Brand, Organization
from fleetfolk.users.web.settings_pages import address_of, frame_of, home_of

_ABOUT: Final = {"brand_colour": "colour", "brand_sender_name": "sender_name"}
_LINKS: Final = ("support_link", "privacy_link", "terms_link")
_INHERITED: Final = ("name", "colour", "support_email", "support_phone", *_LINKS, "sender_email")


class BrandForm(forms.Form):
    """Everything a brand says. What is left empty is as the product has it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("What customers know you by."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    colour = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=7,
        required=False,
        help_text=gettext_lazy("As in #1f58d1. Where it would be hard to read, a darker or lighter shade is used."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "#1f58d1"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("PNG, JPEG or WebP. It is shown on light and on dark ground."),
        widget=forms.FileInput(),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    support_email = forms.CharField(
        label=gettext_lazy("Support by mail"), max_length=254, required=False, widget=forms.EmailInput()
    )
    support_phone = forms.CharField(
        label=gettext_lazy("Support by phone"), max_length=24, required=False, widget=forms.TextInput()
    )
    support_link = forms.CharField(
        label=gettext_lazy("Support page"), max_length=300, required=False, widget=forms.URLInput()
    )
    privacy_link = forms.CharField(
        label=gettext_lazy("Privacy"), max_length=300, required=False, widget=forms.URLInput()
    )
    terms_link = forms.CharField(label=gettext_lazy("Terms"), max_length=300, required=False, widget=forms.URLInput())

    sender_name = forms.CharField(
        label=gettext_lazy("Sender of mails"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender_email = forms.CharField(
        label=gettext_lazy("Address of the sender"), max_length=254, required=False, widget=forms.EmailInput()
    )

    def __init__(self, *args: Any, above: Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _INHERITED:
            if getattr(above, name):
                self.fields[name].widget.attrs["placeholder"] = getattr(above, name)
        self.fields["sender_name"].widget.attrs["placeholder"] = above.sender_name or above.name
        self.fields["sender_email"].help_text = _sender_hint()

    def clean_colour(self) -> str:
        """Lower case, with its hash."""
        colour: str = self.cleaned_data["colour"].strip().lower()
        return f"#{colour}" if colour and not colour.startswith("#") else colour

    def to_input(self) -> EditBrandInput:
        """The brand as the Action takes it."""
        said = self.cleaned_data
        texts = {name: said[name] for name in self.fields if name not in ("logo", "remove_logo")}
        # One byte more than is read, so that what is too large is said to be.
        logo = said["logo"].read(MOST_BYTES + 1) if said["logo"] else b"" if said["remove_logo"] else None
        return EditBrandInput(**texts, logo=logo)


@console_view
@dialog_methods
def branding(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The look of an organization."""
    home = home_of(request, organization_id, action=EditBrand)
    brand, above = Brand.objects.filter(organization=home).first(), look_above(home)
    shown = {name: getattr(brand, name) for name in BrandForm.base_fields if hasattr(brand, name)} if brand else {}
    sent = request.method == "POST"
    form = BrandForm(request.POST, request.FILES, above=above) if sent else BrandForm(initial=shown, above=above)
    if form.is_valid() and _saved(form, request, home):
        return done(request, toast=_("The branding is saved."), to=address_of(request, home, "settings:branding"))
    context = {
        "form": form,
        **frame_of(request, home, "branding"),
        "own_logo": brand is not None and brand.logo_width > 0,
        "look": look_of(home.pk),
        "above": None if home.is_tenant else above,
        "preview_url": address_of(request, home, "settings:branding-preview"),
        "limit": MOST_BYTES,
        **_preview_of(above, form["name"].value() or "", form["colour"].value() or ""),
    }
    return render(request, "users/branding.html", context, status=422 if form.is_bound else 200)


@console_view
@require_safe
def preview(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """How what is typed would look."""
    home = home_of(request, organization_id)
    typed_name, typed_colour = request.GET.get("name", "")[:40], request.GET.get("colour", "")
    context = {"look": look_of(home.pk), **_preview_of(look_above(home), typed_name, typed_colour)}
    return render(request, "users/branding.html#preview", context)


@console_view
@require_safe
def preview_style(request: ConsoleRequest) -> HttpResponse:
    """The shades of a colour that is being tried."""
    home_of(request)
    colour = request.GET.get("colour", "")
    sheet = style_sheet(colour_of(colour), in_light=".ff-try.light", in_dark=".ff-try.dark") if _is(colour) else ""
    return HttpResponse(
        sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": "private, max-age=3600"}
    )


def _saved(form: BrandForm, request: ConsoleRequest, home: Organization) -> bool:
    """Whether it was done. A refusal stands beside the field that it is about."""
    try:
        perform(EditBrand, actor=request.actor, target_id=home.pk, data=form.to_input())
    except Refused as refusal:
        form.add_error(_about(refusal.reason, form), sentence_for(refusal))
        return False
    return True


def _about(reason: str, form: BrandForm) -> str:
    """The field that a refusal is about."""
    if reason.startswith("brand_logo"):
        return "logo"
    if reason == "brand_contact":
        return "sender_email" if _is_mailbox(form.cleaned_data["support_email"]) else "support_email"
    return _ABOUT.get(reason) or _wrong_link(form)


def _is_mailbox(address: str) -> bool:
    try:
        validate_email(address or "nobody@example.com")
    except ValidationError:
        return False
    return True


def _wrong_link(form: BrandForm) -> str:
    typed = ((name, form.cleaned_data[name]) for name in _LINKS)
    return next((name for name, link in typed if link and not link.startswith(("https://", "http://"))), _LINKS[0])


def _preview_of(above: Look, name: str, colour: str) -> dict[str, Any]:
    colour = colour.strip().lower() or above.colour
    colour = f"#{colour}" if colour and not colour.startswith("#") else colour
    shades = light(colour_of(colour)) if _is(colour) else None
    return {
        "themes": ("light", "dark"),
        "shown_name": name.strip() or above.name,
        "shown_colour": colour if shades else "",
        "shifted": bool(shades and shades.fill != colour_of(colour)),
        "contrast": f"{contrast(shades.fill, shades.on):.1f}" if shades else "",
    }


def _sender_hint() -> str:
    """From where mails can come, and what happens with any other address."""
    domains = sorted(settings.FLEETFOLK_MAIL_FROM_DOMAINS)
    if not domains:
        return _("Answers to mails go there.")
    return _("Mails come from there if it is an address of %(domains)s; with any other, answers go there.") % {
        "domains": ", ".join(domains)
    }


def _is(colour: str) -> bool:
    return HEX.fullmatch(colour) is not None
