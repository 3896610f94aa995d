"""The root of all URLs."""

from django.conf import settings
from django.urls import include, path

from fleetfolk.config import health
from fleetfolk.users.web.home import home

handler400 = "fleetfolk.console.errors.bad_request"
handler403 = "fleetfolk.console.errors.forbidden"
handler404 = "fleetfolk.console.errors.not_found"
handler500 = "fleetfolk.console.errors.broken"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("fleetfolk.api.urls")),
    path("", include("fleetfolk.users.web.sign_in_urls")),
    path("", include("fleetfolk.users.web.sso_urls")),
    path("", include("fleetfolk.users.web.security_urls")),
    path("", include("fleetfolk.users.web.urls")),
    path("", include("fleetfolk.users.web.account_urls")),
    path("", include("fleetfolk.users.web.settings_urls")),
    path("", include("fleetfolk.users.web.plan_urls")),
    path("", include("fleetfolk.users.web.place_urls")),
    path("", include("fleetfolk.users.web.guest_urls")),
    path("", include("fleetfolk.organizations.web.urls")),
    path("", include("fleetfolk.users.web.lookup_urls")),
    path("", include("fleetfolk.users.web.find_urls")),
    path("", include("fleetfolk.access.web.urls")),
    path("", include("fleetfolk.users.web.role_urls")),
    path("", include("fleetfolk.actionlog.web.urls")),
    path("", include("fleetfolk.jobs.web.urls")),
    path("", include("fleetfolk.jobs.web.bulk_urls")),
    path("", include("fleetfolk.devices.web.urls")),
    path("", include("fleetfolk.devices.web.activation_urls")),
    path("", include("fleetfolk.devices.web.sharing_urls")),
    path("", include("fleetfolk.devices.web.template_urls")),
    path("", include("fleetfolk.devices.web.place_urls")),
    path("", include("fleetfolk.devices.web.portal_urls")),
    path("", include("fleetfolk.devices.web.notices_urls")),
    path("", include("fleetfolk.messages.web.urls")),
    path("", include("fleetfolk.messages.web.inbox_urls")),
    path("", include("fleetfolk.messages.web.push_urls")),
    path("", include("fleetfolk.tree.web.urls")),
    path("", include("fleetfolk.segments.web.urls")),
    path("", include("fleetfolk.messages.web.pushmail_urls")),
    path("", include("fleetfolk.assistance.web.urls")),
    path("", include("fleetfolk.scim.web.urls")),
    path("", include("fleetfolk.webhooks.web.urls")),
    path("", include("fleetfolk.portal.web.urls")),
    *([] if settings.PRODUCTION else [path("demo/", include("fleetfolk.demo.urls"))]),
]
