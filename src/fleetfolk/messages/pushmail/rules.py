"""What holds for secret mail addresses, whoever asks."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.messages.pushmail.models import MOST_SENDERS, NAME_LENGTH, Forged, MailRule, PushAddress
from fleetfolk.messages.pushmail.secret_addresses import ascii_domain
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

MOST_ADDRESSES: Final = 20
"""So many addresses of one person take mail at the same time."""
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def require_mailable(person: User) -> None:
    """Refuses whoever has no account that works: nobody would read it."""
    if not person.is_active:
        raise Refused("pushmail_no_account")


def require_room(person: User) -> None:
    """Refuses one address too many."""
    if PushAddress.objects.filter(user=person, revoked_at__isnull=True).count() >= MOST_ADDRESSES:
        raise Refused("pushmail_too_many", most=MOST_ADDRESSES)


def require_name_free(person: User, name: str, *, besides: int | None = None) -> None:
    """Refuses a name that is none, or that another address of the person has."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused("pushmail_name", most=NAME_LENGTH)
    others = PushAddress.objects.filter(user=person, name=name, revoked_at__isnull=True)
    if others.exclude(pk=besides or 0).exists():
        raise Refused("pushmail_name_taken")


def require_end_ahead(ends_at: dt.datetime | None) -> None:
    """Refuses an end that is over."""
    if ends_at is not None and ends_at <= clock.now():
        raise Refused("pushmail_end_past")


def require_address(person: User, address_id: int) -> PushAddress:
    """The person's address, locked. Refuses one that is not theirs, or was revoked."""
    found = PushAddress.objects.filter(user=person, pk=address_id, revoked_at__isnull=True)
    address = found.select_for_update(no_key=True).first()
    if address is None:
        raise Refused("pushmail_address_gone")
    return address


def clean_senders(senders: Sequence[str]) -> list[str]:
    """Addresses and domains as they are compared: lower case, each once. Refuses what is neither."""
    found = []
    for sender in senders:
        local, at, domain = sender.strip().lower().rpartition("@")
        domain = ascii_domain(domain)
        if not _DOMAIN.fullmatch(domain) or len(sender) > 254 or (at and local and not local.isprintable()):
            raise Refused("pushmail_sender", sender=sender[:60])
        found.append(f"{local}@{domain}" if local else domain)
    if len(found) > MOST_SENDERS:
        raise Refused("pushmail_senders_many", most=MOST_SENDERS)
    return list(dict.fromkeys(found))


def is_allowed(author: str, allowed: Sequence[str]) -> bool:
    """Whether the author's address, or its domain or one above that, is among those allowed; nobody named is all."""
    if not allowed:
        return True
    local, _, domain = author.lower().rpartition("@")
    domain = ascii_domain(domain)
    labels = domain.split(".")
    return f"{local}@{domain}" in allowed or any(".".join(labels[start:]) in allowed for start in range(len(labels)))


def forged_rule(organization: Organization) -> Forged:
    """What becomes of forged mail here: what the closest organization says, from this one upwards."""
    return _said_by(_line_of(organization))


def forged_rule_above(organization: Organization) -> Forged:
    """What would become of it if this organization said nothing."""
    return _said_by(_line_of(organization)[1:])


def _line_of(organization: Organization) -> list[int]:
    """The keys of this organization and of those above it, upwards."""
    return [int(key) for key in reversed(organization.path.split(".")) if key]


def _said_by(line: Sequence[int]) -> Forged:
    rules = dict(MailRule.objects.filter(organization__in=line).values_list("organization_id", "forged"))
    return next((Forged(rules[key]) for key in line if key in rules), Forged.MARK)
