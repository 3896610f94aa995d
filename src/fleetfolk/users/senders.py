"""Whom mails come from: the organization by its name, and by its own address where the installation sends for that.

Another address cannot stand in From: receivers would take such a mail for forged (DMARC). It is where answers go.
"""

from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings

from fleetfolk.organizations.branding import Look


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """What stands in From, and where answers go if not there."""

    from_email: str
    reply_to: str = ""


def sender_of(look: Look) -> Sender:
    """Whom the mails of an organization with this look come from."""
    own: str = settings.DEFAULT_FROM_EMAIL
    own_name, own_address = parseaddr(own)
    name = look.sender_name or (look.name if look.branded else own_name)
    if look.sender_email and sends_for(look.sender_email):
        return Sender(from_email=formataddr((name, look.sender_email)))
    from_email = formataddr((name, own_address)) if name != own_name else own
    return Sender(from_email=from_email, reply_to=look.sender_email)


def sends_for(address: str) -> bool:
    """Whether the installation may send mails from this address."""
    return address.rpartition("@")[2].lower() in settings.FLEETFOLK_MAIL_FROM_DOMAINS
