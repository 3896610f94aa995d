"""Say how an organization looks to its people."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _
from PIL.Image import Image

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome, changes_between
from fleetfolk.organizations.colours import HEX, WHITE, Colour, colour_of
from fleetfolk.organizations.logos import LARGEST, MOST_BYTES, UnfitPicture, brightness, decode, encode, fitted, icon
from fleetfolk.organizations.models import Brand, BrandPart, BrandPicture, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS

LONGEST_SENDER: Final = 60
LOGO_SIDE: Final = 256
"""Pixels of the longer side of the logo that is kept: three times as large as any page shows it."""
_ICONS: Final = {BrandPart.ICON_180: 180, BrandPart.ICON_192: 192, BrandPart.ICON_512: 512}
_PALE: Final = 0.8
"""A logo brighter than this would not be seen on white."""
_DARK_GROUND: Final[Colour] = (0x14, 0x18, 0x1E)
_PAGE = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True, kw_only=True, slots=True)
class EditBrandInput:
    """Everything that the brand says from now on; what is empty is as the organization above has it.

    ``colour`` is ``#rrggbb``. ``logo`` is a PNG, JPEG or WebP file; None leaves the logo as it is, empty takes it away.
    """

    name: str = ""
    colour: str = ""
    support_email: str = ""
    support_phone: str = ""
    support_link: str = ""
    privacy_link: str = ""
    terms_link: str = ""
    sender_name: str = ""
    sender_email: str = ""
    logo: bytes | None = None


class EditBrand(Action[Organization, EditBrandInput]):
    """The portal, what it says of itself as an app, and the mails to the people here and below look like this.

    The organizations below keep what they say themselves.
    """

    code = "organization.brand.edit"
    label = _("Edit branding")
    said = _("changed the branding of %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditBrandInput

    def check(self, *, actor: Actor, target: Organization, data: EditBrandInput) -> None:
        """Refuses what is no colour, no mailbox, no link to a page, or no name in a line of a mail's head."""
        if data.colour and not HEX.fullmatch(data.colour):
            raise Refused("brand_colour")
        _require(validate_email, data.support_email, "brand_contact")
        for link in (data.support_link, data.privacy_link, data.terms_link):
            _require(_PAGE, link, "brand_link")
        if len(data.sender_name) > LONGEST_SENDER or any(category(letter)[0] == "C" for letter in data.sender_name):
            raise Refused("brand_sender_name", most=LONGEST_SENDER)
        _require(validate_email, data.sender_email, "brand_contact")
        if not data.sender_email.isascii():
            raise Refused("brand_contact")

    def apply(self, *, actor: Actor, target: Organization, data: EditBrandInput) -> Outcome[Organization]:
        """Saves what differs; a new logo is taken apart, and what is kept is written anew."""
        brand = Brand.objects.filter(organization=target).first() or Brand(
            organization=target, tenant_id=target.tenant_id, key=secrets.token_urlsafe(18)
        )
        values = {name: getattr(data, name) for name in _COLUMNS}
        changes = changes_between(brand, values)
        for change in changes:
            setattr(brand, change.field, values[change.field])
        repaint = brand.logo_width and "colour" in {change.field for change in changes}
        picture = _kept(brand) if repaint else None
        if data.logo is not None and (data.logo or brand.logo_width):
            picture = fitted(_picture(data.logo), LOGO_SIDE) if data.logo else None
            before = _size(brand)
            brand.logo_width, brand.logo_height = (picture.width, picture.height) if picture else (0, 0)
            changes.append(Change("logo", before, _size(brand)))
        if not changes:
            return Outcome(target=target)
        brand.version += not brand._state.adding
        brand.save()
        if picture is not None or not brand.logo_width:
            BrandPicture.objects.filter(brand=brand).delete()
        if picture is not None:
            BrandPicture.objects.bulk_create(_pictures(brand, picture))
        return Outcome(target=target, changes=changes)


_COLUMNS = (
    *("name", "colour", "support_email", "support_phone", "support_link", "privacy_link", "terms_link"),
    *("sender_name", "sender_email"),
)


def _require(validate: Callable[[str], None], value: str, reason: str) -> None:
    if value:
        try:
            validate(value)
        except ValidationError as error:
            raise Refused(reason) from error


def _picture(data: bytes) -> Image:
    try:
        return decode(data)
    except UnfitPicture as unfit:
        if unfit.args[0] == "large":
            raise Refused("brand_logo_large", side=LARGEST, kilobytes=MOST_BYTES // 1000) from unfit
        raise Refused(f"brand_logo_{unfit.args[0]}") from unfit


def _pictures(brand: Brand, logo: Image) -> list[BrandPicture]:
    """The logo, and the icons of home screens with it: on white, or where it is pale on the brand's colour."""
    pale = brightness(logo) > _PALE
    ground = (colour_of(brand.colour) if brand.colour else _DARK_GROUND) if pale else WHITE
    icons = {part: icon(logo, size, ground) for part, size in _ICONS.items()}
    made = {BrandPart.LOGO: logo, **icons}
    return [BrandPicture(brand=brand, part=part, png=encode(picture)) for part, picture in made.items()]


def _kept(brand: Brand) -> Image:
    return decode(bytes(BrandPicture.objects.get(brand=brand, part=BrandPart.LOGO).png))


def _size(brand: Brand) -> str | None:
    return f"{brand.logo_width} × {brand.logo_height}" if brand.logo_width else None
