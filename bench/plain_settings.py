"""Settings of the gateway's peer: ours, with the one middleware that allauth insists on."""

from fleetfolk.config.settings import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "bench.plain_wsgi"
