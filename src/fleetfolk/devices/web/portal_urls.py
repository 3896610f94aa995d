"""The portal's pages of devices."""

from django.urls import path

from fleetfolk.devices.web import claim_page

app_name = "mydevices"
urlpatterns = [
    path("my/devices/claim/", claim_page.claim, name="claim"),
]
