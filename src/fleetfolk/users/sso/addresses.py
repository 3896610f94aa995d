"""Which addresses of providers are asked."""

from django.conf import settings

from fleetfolk.outbound.endpoints import Endpoint, allowed_of, read_endpoint


def endpoint_at(url: str) -> Endpoint:
    """A provider's address, taken apart. `Unfit` where none is asked."""
    return read_endpoint(url, allowed_of(settings.FLEETFOLK_SSO_HOSTS))
