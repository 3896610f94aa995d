"""How a tenant looks to its customers, as pages and mails need it."""

from dataclasses import dataclass

from django.urls import reverse

from fleetfolk.organizations.colours import INK, colour_of, hex_of, light
from fleetfolk.organizations.models import Brand, BrandPart, Organization

APP_ICONS = (BrandPart.ICON_192, BrandPart.ICON_512)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A tenant's look: its name, and addresses of its pictures and style sheet; empty is the product's own."""

    name: str
    branded: bool = False
    colour: str = ""
    style: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    touch_icon: str = ""
    icons: tuple[tuple[str, str], ...] = ()
    support_email: str = ""
    support_phone: str = ""
    support_link: str = ""
    privacy_link: str = ""
    terms_link: str = ""

    @property
    def has_contact(self) -> bool:
        """Whether it says whom to ask."""
        return bool(self.support_email or self.support_phone or self.support_link)

    @property
    def mail_logo(self) -> str:
        """The logo's address without its version: a mail is read for years, and shows the logo of that day."""
        return self.logo.partition("?")[0]

    @property
    def mail_fill(self) -> str:
        """The ground of a mail's head. Mails know one look, the light one."""
        return hex_of(light(colour_of(self.colour)).fill) if self.colour else ""

    @property
    def mail_ink(self) -> str:
        """What is written on it."""
        return hex_of(light(colour_of(self.colour)).on if self.colour else INK)

    @property
    def logo_shown(self) -> tuple[int, int]:
        """Width and height at which mails show the logo: no higher than a line of large words, no wider than a hand."""
        share = min(1.0, 40 / max(1, self.logo_height), 200 / max(1, self.logo_width))
        return max(1, round(self.logo_width * share)), max(1, round(self.logo_height * share))


def look_of(tenant_id: int) -> Look:
    """The look of the tenant. One query."""
    tenant = Organization.objects.select_related("brand").filter(pk=tenant_id).first()
    if tenant is None:
        return Look(name="")
    brand: Brand | None = getattr(tenant, "brand", None)
    if brand is None:
        return Look(name=tenant.name)
    return Look(
        name=brand.name or tenant.name,
        branded=True,
        colour=brand.colour,
        style=_address(brand, "style.css") if brand.colour else "",
        logo=_picture(brand, BrandPart.LOGO),
        logo_width=brand.logo_width,
        logo_height=brand.logo_height,
        touch_icon=_picture(brand, BrandPart.ICON_180),
        icons=tuple(
            (_picture(brand, part), "{0}x{0}".format(part.value.removeprefix("icon-")))
            for part in APP_ICONS
            if brand.logo_width
        ),
        support_email=brand.support_email,
        support_phone=brand.support_phone,
        support_link=brand.support_link,
        privacy_link=brand.privacy_link,
        terms_link=brand.terms_link,
    )


def _picture(brand: Brand, part: BrandPart) -> str:
    return _address(brand, f"{part.value}.png") if brand.logo_width else ""


def _address(brand: Brand, name: str) -> str:
    return f"{reverse('brand:file', args=[brand.key, name])}?v={brand.version}"
