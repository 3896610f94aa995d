"""The pages of an assistance in words that customers know."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.assistance.models import Visit

_PAGES: dict[str, StrPromise] = {
    "home": _("Home"),
    "account:profile": _("Profile"),
    "account:action-log": _("Activity"),
    "account:security": _("Security"),
    "assistance:own": _("Support"),
}
_REFUSED = 400


def page_of(visit: Visit) -> str:
    """What was opened: a page's word, else its address."""
    word = _PAGES.get(visit.url_name)
    return str(word) if word else visit.path


def told(visit: Visit) -> str:
    """What the request did."""
    about = {"page": page_of(visit)}
    if visit.status >= _REFUSED:
        return str(_("Tried %(page)s, which was refused")) % about
    if visit.method in ("GET", "HEAD"):
        return str(_("Looked at %(page)s")) % about
    return str(_("Changed something on %(page)s")) % about
