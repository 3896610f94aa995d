"""Who one can be in the demo: a few of its people, one of each sort, all with the same password."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

PASSWORD = "fleetfolk demo"  # noqa: S105 - known to everybody, and only in the demo
"""Everybody's password in the demo."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """Somebody whom one can be, and what is special about them."""

    email: str
    name: str
    says: StrPromise


SIGN_INS = (
    SignIn(email="ada@lumenhome.example", name="Ada Lindqvist", says=_("Admin")),
    SignIn(email="ingrid.bergstrom@lumenhome.example", name="Ingrid Bergström", says=_("Staff")),
    SignIn(email="soren.moller@lumenhome.example", name="Søren Møller-Kristiansen", says=_("Branch admin")),
    SignIn(email="zoe@brandstaetter.example", name="Zoë Brandstätter", says=_("Installer")),
    SignIn(email="a.oberhuber@weissenberg.example", name="Annegret Oberhuber-Weißenberg", says=_("Customer")),
    SignIn(email="jp.rosenberg@casadomar.example", name="João Pedro Rosenberg", says=_("Disabled")),
)


def as_text() -> dict[str, list[dict[str, str]]]:
    """What `fleetfolk run` prints, as it is kept in the file ``demo.json``."""
    return {"sign_ins": [{**asdict(each), "says": str(each.says), "password": PASSWORD} for each in SIGN_INS]}
