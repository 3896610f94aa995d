"""What every Action on webhooks asks of what is given to it."""

from collections.abc import Collection

from django.conf import settings

from fleetfolk.api.scopes import missing_at
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.outbound.endpoints import Endpoint, Unfit, allowed_of, read_endpoint
from fleetfolk.webhooks.models import NAME_LENGTH, URL_LENGTH
from fleetfolk.webhooks.triggers import VALUES, complete, is_known, needed_for
from fleetfolk.webhooks.values import MOST_STREAMS, streams_of


def endpoint_of(url: str) -> Endpoint:
    """The address, taken apart. `Unfit` where nothing is posted to it."""
    if len(url) > URL_LENGTH:
        raise Unfit("It is too long.")
    return read_endpoint(url, allowed_of(settings.FLEETFOLK_WEBHOOK_HOSTS))


def require_address(url: str) -> None:
    """Refuses an address to which nothing is posted."""
    try:
        endpoint_of(url)
    except Unfit as unfit:
        raise Refused("webhook_address", most=URL_LENGTH) from unfit


def require_fit(*, name: str, url: str, triggers: Collection[str], permissions: Collection[str]) -> None:
    """Refuses a name, an address, triggers or rights that are none, and triggers without the rights for them."""
    if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused("webhook_name", most=NAME_LENGTH)
    require_address(url)
    if not triggers or not all(map(is_known, triggers)):
        raise Refused("webhook_triggers")
    held = complete(permissions)
    if held is None:
        raise Refused("webhook_triggers")
    for needed in needed_for(triggers):
        if needed.code not in held:
            raise Refused("webhook_rights", right=str(needed.label))


def require_streams(organization: Organization, *, triggers: Collection[str], streams: Collection[int]) -> None:
    """Refuses values without datastreams, datastreams without values, and those that devices there cannot have."""
    chosen = set(streams)
    if (VALUES in triggers) != bool(chosen) or len(chosen) > MOST_STREAMS:
        raise Refused("webhook_streams", most=MOST_STREAMS)
    if chosen and streams_of(organization).filter(pk__in=chosen).count() < len(chosen):
        raise Refused("webhook_streams", most=MOST_STREAMS)


def require_giveable(actor: Actor, organization: Organization, permissions: Collection[str]) -> None:
    """Denies what the actor may not see at the organization: nobody tells a program more than they know."""
    missing = missing_at(actor, organization, complete(permissions) or [])
    if missing:
        raise Denied("webhook_stronger", missing=", ".join(missing))
