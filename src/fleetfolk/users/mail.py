"""Mails to people: queued in the change's own transaction, sent by the worker, in the language of who reads them."""

from typing import Final

from django.conf import settings
from django.utils import translation

from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.users.models import User

SPOKEN: Final = frozenset(code for code, _name in settings.LANGUAGES)


def spoken(language: str) -> translation.override:
    """Words said inside are in this language; the installation's own where it is not spoken, or none was chosen."""
    return translation.override(language if language in SPOKEN else settings.LANGUAGE_CODE)


def notify(user: User, notice: str, **facts: str) -> None:
    """A mail of this kind is queued, and sent only if the change around it is committed.

    ``notice`` names a template in ``templates/users/mail/``; pending people are not written to: they have no account.
    """
    if user.activated_at is not None:
        enqueue(
            "users.send_notice",
            email=user.email,
            name=user.get_short_name(),
            notice=notice,
            facts={**facts},
            organization_id=user.organization_id,
            language=user.language,
        )
