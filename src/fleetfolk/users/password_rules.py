"""What a password must be like: as the installation asks, and as the person's organization asks on top of that.

That it is not among the common ones, and not like the person's name or address, is asked of everybody.
"""

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import Rules, rules_of
from fleetfolk.users.models import User

LEAST = 8
"""The installation's own shortest password, below which no organization goes."""


class OrganizationRules(MinimumLengthValidator):
    """Asks what the person's organization asks; of nobody in particular, what the installation does."""

    def __init__(self, min_length: int = LEAST) -> None:
        super().__init__(min_length=min_length)

    def validate(self, password: str, user: Any = None) -> None:
        """Raises `ValidationError` with everything that is missing."""
        rules = rules_of(user.organization) if isinstance(user, User) else Rules()
        least = max(self.min_length, rules.password_length)
        missing = []
        if len(password) < least:
            missing.append(
                ngettext(
                    "This password is too short. It must contain at least %(least)s character.",
                    "This password is too short. It must contain at least %(least)s characters.",
                    least,
                )
                % {"least": least}
            )
        if rules.password_mixed and not _is_mixed(password):
            missing.append(_("This password needs at least one letter and one digit."))
        if missing:
            raise ValidationError([ValidationError(one, code="password_rules") for one in missing])

    def get_help_text(self) -> str:
        """What the installation asks."""
        return _asked(self.min_length, mixed=False)


def password_hint(organization: Organization) -> str:
    """What stands beside the field in which somebody of the organization gets a password."""
    rules = rules_of(organization)
    return _asked(max(LEAST, rules.password_length), mixed=rules.password_mixed)


def require_fit(password: str, person: User) -> None:
    """Refuses a password that is not as it must be, for who comes by no form, and for rules that just changed."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("password_unfit", why=" ".join(error.messages)) from error


def _is_mixed(password: str) -> bool:
    return any(one.isalpha() for one in password) and any(one.isdigit() for one in password)


def _asked(least: int, *, mixed: bool) -> str:
    if mixed:
        return _(
            "At least %(least)s characters, with a letter and a digit. A sentence that nobody else knows is best."
        ) % {"least": least}
    return _("At least %(least)s characters. A sentence that nobody else knows is best.") % {"least": least}
