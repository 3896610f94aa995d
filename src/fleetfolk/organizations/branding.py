"""How an organization looks to its people, as pages and mails need it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models.expressions import RawSQL
from django.urls import reverse

from fleetfolk.organizations.colours import INK, WHITE, colour_of, hex_of, light
from fleetfolk.organizations.models import Brand, BrandPart, Organization

APP_ICONS = (BrandPart.ICON_192, BrandPart.ICON_512)
MAIL_BUTTON: Final = "#1f58d1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A look: its name, and addresses of its pictures and style sheet; empty is the product's own.

    ``sender_name`` and ``sender_email`` are whom mails come from, as far as it says.
    """

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
    sender_name: str = ""
    sender_email: str = ""

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
    def mail_button(self) -> str:
        """The fill of a mail's button: the colour of whoever writes, else Fleetfolk's own."""
        return self.mail_fill or MAIL_BUTTON

    @property
    def mail_button_ink(self) -> str:
        """What is written on the button."""
        return self.mail_ink if self.mail_fill else hex_of(WHITE)

    @property
    def logo_shown(self) -> tuple[int, int]:
        """Width and height at which mails show the logo: no higher than a line of large words, no wider than a hand."""
        share = min(1.0, 40 / max(1, self.logo_height), 200 / max(1, self.logo_width))
        return max(1, round(self.logo_width * share)), max(1, round(self.logo_height * share))


_UPWARDS: Final = """
    SELECT unnest(string_to_array(rtrim(path, '.'), '.')::bigint[]) FROM organizations_organization WHERE id = %s
"""


def look_of(organization_id: int) -> Look:
    """The look of the organization: each part from the nearest one upwards that says something. One query."""
    line = Organization.objects.select_related("brand").filter(pk__in=RawSQL(_UPWARDS, [organization_id]))  # noqa: S611
    nearest_first = list(line.order_by("-path"))
    if not nearest_first:
        return Look(name="")
    brands = [one.brand for one in nearest_first if hasattr(one, "brand")]
    return look_by(brands, tenant_name=nearest_first[-1].name)


def look_above(organization: Organization) -> Look:
    """The look that the organization has as far as it says nothing itself."""
    if organization.parent_id is None:
        return Look(name=organization.name)
    return look_of(organization.parent_id)


def look_by(brands: Sequence[Brand], *, tenant_name: str) -> Look:
    """What the brands, the nearest first, say together. A logo and its measures come from the same one."""
    coloured = next((brand for brand in brands if brand.colour), None)
    pictured = next((brand for brand in brands if brand.logo_width), None)

    def said(part: Callable[[Brand], str]) -> str:
        return next(filter(None, map(part, brands)), "")

    return Look(
        name=said(lambda brand: brand.name) or tenant_name,
        branded=bool(brands),
        colour=coloured.colour if coloured else "",
        style=_address(coloured, "style.css") if coloured else "",
        logo=_picture(pictured, BrandPart.LOGO),
        logo_width=pictured.logo_width if pictured else 0,
        logo_height=pictured.logo_height if pictured else 0,
        touch_icon=_picture(pictured, BrandPart.ICON_180),
        icons=tuple(
            (_picture(pictured, part), "{0}x{0}".format(part.value.removeprefix("icon-")))
            for part in APP_ICONS
            if pictured
        ),
        support_email=said(lambda brand: brand.support_email),
        support_phone=said(lambda brand: brand.support_phone),
        support_link=said(lambda brand: brand.support_link),
        privacy_link=said(lambda brand: brand.privacy_link),
        terms_link=said(lambda brand: brand.terms_link),
        sender_name=said(lambda brand: brand.sender_name),
        sender_email=said(lambda brand: brand.sender_email),
    )


def _picture(brand: Brand | None, part: BrandPart) -> str:
    return _address(brand, f"{part.value}.png") if brand else ""


def _address(brand: Brand, name: str) -> str:
    return f"{reverse('brand:file', args=[brand.key, name])}?v={brand.version}"
