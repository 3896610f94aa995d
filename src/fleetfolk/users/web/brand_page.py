"""How a tenant looks to its customers: the page of its settings, with a preview."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.branding import look_of
from fleetfolk.organizations.colours import HEX, colour_of, contrast, light, style_sheet
from fleetfolk.organizations.logos import MOST_BYTES
from fleetfolk.organizations.models import Brand, Organization
from fleetfolk.users.web.dialogs import dialog_methods
from fleetfolk.users.web.settings_pages import frame_of, home_of

_ABOUT: Final = {"brand_colour": "colour", "brand_contact": "support_email"}
_LINKS: Final = ("support_link", "privacy_link", "terms_link")


class BrandForm(forms.Form):
    """Everything a brand says. What is left empty is as the product has it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("What customers know you by. Empty: the name of the organization."),
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
def branding(request: ConsoleRequest) -> HttpResponse:
    """The look of one's own tenant."""
    home = _tenant(request)
    brand = Brand.objects.filter(tenant=home).first()
    shown = {name: getattr(brand, name) for name in BrandForm.base_fields if hasattr(brand, name)} if brand else {}
    sent = request.method == "POST"
    form = BrandForm(request.POST, request.FILES) if sent else BrandForm(initial=shown)
    if form.is_valid() and _saved(form, request, home):
        return done(request, toast=_("The branding is saved."), to=reverse("settings:branding"))
    context = {
        "form": form,
        **frame_of(request, home, "branding"),
        "look": look_of(home.pk),
        "limit": MOST_BYTES,
        **_preview_of(home, form["name"].value() or "", form["colour"].value() or ""),
    }
    return render(request, "users/branding.html", context, status=422 if form.is_bound else 200)


@console_view
@require_safe
def preview(request: ConsoleRequest) -> HttpResponse:
    """How what is typed would look."""
    home = _tenant(request)
    context = {
        "look": look_of(home.pk),
        **_preview_of(home, request.GET.get("name", "")[:40], request.GET.get("colour", "")),
    }
    return render(request, "users/branding.html#preview", context)


@console_view
@require_safe
def preview_style(request: ConsoleRequest) -> HttpResponse:
    """The shades of a colour that is being tried."""
    _tenant(request)
    colour = request.GET.get("colour", "")
    sheet = style_sheet(colour_of(colour), in_light=".ff-try.light", in_dark=".ff-try.dark") if _is(colour) else ""
    return HttpResponse(
        sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": "private, max-age=3600"}
    )


def _tenant(request: ConsoleRequest) -> Organization:
    home = home_of(request)
    if not home.is_tenant:
        raise Refused("brand_tenant")
    return home


def _saved(form: BrandForm, request: ConsoleRequest, home: Organization) -> bool:
    """Whether it was done. A refusal stands beside the field that it is about."""
    try:
        perform(EditBrand, actor=request.actor, target_id=home.pk, data=form.to_input())
    except Refused as refusal:
        about = "logo" if refusal.reason.startswith("brand_logo") else _ABOUT.get(refusal.reason)
        form.add_error(about or _wrong_link(form), sentence_for(refusal))
        return False
    return True


def _wrong_link(form: BrandForm) -> str:
    typed = ((name, form.cleaned_data[name]) for name in _LINKS)
    return next((name for name, link in typed if link and not link.startswith(("https://", "http://"))), _LINKS[0])


def _preview_of(home: Organization, name: str, colour: str) -> dict[str, Any]:
    colour = colour.strip().lower()
    colour = f"#{colour}" if colour and not colour.startswith("#") else colour
    shades = light(colour_of(colour)) if _is(colour) else None
    return {
        "themes": ("light", "dark"),
        "shown_name": name.strip() or home.name,
        "shown_colour": colour if shades else "",
        "shifted": bool(shades and shades.fill != colour_of(colour)),
        "contrast": f"{contrast(shades.fill, shades.on):.1f}" if shades else "",
    }


def _is(colour: str) -> bool:
    return HEX.fullmatch(colour) is not None
