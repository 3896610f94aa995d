"""The portal's pages of devices."""

from django.urls import path

from fleetfolk.devices.web import claim_page, dashboard, portal_device

app_name = "mydevices"
_ONE = "my/devices/<int:device_id>/"
urlpatterns = [
    path("my/devices/claim/", claim_page.claim, name="claim"),
    path("my/devices/set-up/", claim_page.set_up, name="set-up"),
    path(_ONE, portal_device.device_page, name="detail"),
    path(f"{_ONE}timeline/", portal_device.device_page, {"tab": "timeline"}, name="timeline"),
    path(f"{_ONE}people/", portal_device.device_page, {"tab": "people"}, name="people"),
    path(f"{_ONE}about/", portal_device.about, name="about"),
    path(f"{_ONE}streams/<int:stream_id>/", dashboard.history, name="history"),
    path(f"{_ONE}streams/<int:stream_id>/set/", dashboard.command, name="command"),
]
