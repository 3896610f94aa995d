"""What the installation says about Push Mail, from the environment by way of Django's settings."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings


@dataclass(frozen=True, kw_only=True, slots=True)
class MailIn:
    """Where mail comes in, and its bounds.

    ``domain`` is what stands behind the @ of the secret addresses. ``relays`` are our own mail servers, which hand on
    what they took in; the results of the one called ``trusted`` are believed. ``mark`` is in the X-Loop header of every
    mail of ours.
    """

    domain: str
    largest: int
    per_address: int
    relays: tuple[str, ...]
    trusted: str
    mark: str

    @classmethod
    def read(cls) -> Self:
        """As the settings say now."""
        return cls(
            domain=settings.FLEETFOLK_MAIL_IN_DOMAIN,
            largest=settings.FLEETFOLK_MAIL_IN_MEGABYTES * 1024 * 1024,
            per_address=settings.FLEETFOLK_MAIL_IN_PER_HOUR,
            relays=settings.FLEETFOLK_MAIL_IN_RELAYS,
            trusted=settings.FLEETFOLK_MAIL_IN_TRUSTED,
            mark=settings.FLEETFOLK_MAIL_MARK,
        )
