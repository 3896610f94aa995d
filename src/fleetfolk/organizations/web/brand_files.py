"""A brand's pictures and its style sheet, to everybody: mails and the page behind an invitation show them, too.

Whoever knows the address has been shown the brand; from outside nobody can tell which tenants there are.
"""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fleetfolk.organizations.colours import colour_of, style_sheet
from fleetfolk.organizations.models import Brand, BrandPicture

FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_WHILE: Final = "public, max-age=3600"
"""An address that names no version is that of a mail, which goes on to show what is there."""


@login_not_required
@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One file of the brand. Whatever it is, a browser runs nothing in it."""
    brand = Brand.objects.filter(key=key).first()
    if brand is None:
        raise Http404
    answer = _style(brand) if name == "style.css" else _picture(brand, name)
    answer["Cache-Control"] = FOR_EVER if request.GET.get("v") == str(brand.version) else FOR_A_WHILE
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _style(brand: Brand) -> HttpResponse:
    if not brand.colour:
        raise Http404
    sheet = style_sheet(
        colour_of(brand.colour),
        in_light=".ff-portal,.ff-sign",
        in_dark='[data-bs-theme="dark"] .ff-portal,[data-bs-theme="dark"] .ff-sign',
    )
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


def _picture(brand: Brand, name: str) -> HttpResponse:
    found = BrandPicture.objects.filter(brand=brand, part=name.removesuffix(".png")).first()
    if found is None or not name.endswith(".png"):
        raise Http404
    return HttpResponse(bytes(found.png), content_type="image/png")
