"""The root of all URLs."""

from django.urls import include, path
from django.views.generic import RedirectView

from fleetfolk.config import health

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="users:list"), name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("allauth.account.urls")),
    path("", include("fleetfolk.users.web.urls")),
]
