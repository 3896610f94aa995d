"""What the sign-in page of the demo needs."""

from collections.abc import Sequence

from django import template

from fleetfolk.demo.models import World
from fleetfolk.demo.signins import PASSWORD, SIGN_INS, SignIn

register = template.Library()


@register.simple_tag
def demo_sign_ins() -> Sequence[SignIn]:
    """The people whom one can be, once the demo world is there."""
    return SIGN_INS if World.objects.filter(finished_at__isnull=False).exists() else ()


@register.simple_tag
def demo_password() -> str:
    """Everybody's password."""
    return PASSWORD
