"""The portal's own pages."""

from django.urls import path

from fleetfolk.portal.web import app_pages

app_name = "portal"
urlpatterns = [
    path("app.webmanifest", app_pages.manifest, name="manifest"),
    path("service-worker.js", app_pages.service_worker, name="service-worker"),
    path("offline/", app_pages.offline, name="offline"),
]
