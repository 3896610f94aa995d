"""What is kept of the erased, to know them again: keyed hashes of their address and of their key.

The hashes are made with the installation's secret key, so that a table of them tells nobody who was there. While a new
secret key takes over, what was made with a former one is found, too.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from fleetfolk.users.models_privacy import Suppression


def address_keys(tenant_id: int, email: str) -> list[str]:
    """The hashes under which an address may be kept, the present key's first."""
    return _hashes("address", f"{tenant_id}:{email.lower()}")


def subject_keys(tenant_id: int, user_id: int, created_at: dt.datetime) -> list[str]:
    """The hashes under which somebody's erasure may be kept, the present key's first.

    The moment in which they were added is part of it: after a restore the database gives the same numbers to others.
    """
    return _hashes("subject", f"{tenant_id}:{user_id}:{created_at.astimezone(dt.UTC).isoformat()}")


def is_suppressed(tenant_id: int, email: str) -> bool:
    """Whether the address is not to be added to the tenant again."""
    return bool(suppressed_among(tenant_id, [email]))


def suppressed_among(tenant_id: int, emails: Iterable[str]) -> frozenset[str]:
    """Those of the addresses that are not to be added to the tenant again. One query."""
    if not Suppression.objects.filter(tenant_id=tenant_id).exists():
        return frozenset()
    of_key = {key: email for email in emails for key in address_keys(tenant_id, email)}
    kept = Suppression.objects.filter(tenant_id=tenant_id, address_key__in=of_key)
    return frozenset(of_key[key] for key in kept.values_list("address_key", flat=True))


def _hashes(what: str, value: str) -> list[str]:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        salted_hmac(f"fleetfolk.users.erased.{what}", value, secret=secret, algorithm="sha256").hexdigest()
        for secret in secrets
    ]
