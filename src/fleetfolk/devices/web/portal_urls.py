"""The portal's pages of devices."""

from django.urls import path

from fleetfolk.devices.web import claim_page, dashboard, giving, portal_device

app_name = "mydevices"
_ONE = "my/devices/<int:device_id>/"
urlpatterns = [
    path("my/devices/claim/", claim_page.claim, name="claim"),
    path("my/devices/set-up/", claim_page.set_up, name="set-up"),
    path(_ONE, portal_device.device_page, name="detail"),
    path(f"{_ONE}timeline/", portal_device.device_page, {"tab": "timeline"}, name="timeline"),
    path(f"{_ONE}people/", portal_device.device_page, {"tab": "people"}, name="people"),
    path(f"{_ONE}give/", giving.give, name="give"),
    path(f"{_ONE}give/withdraw/", giving.withdraw, name="withdraw"),
    path(f"{_ONE}remove/", giving.remove, name="remove"),
    path(f"{_ONE}offer/accept/", giving.accept, name="accept"),
    path(f"{_ONE}offer/decline/", giving.decline, name="decline"),
    path(f"{_ONE}about/", portal_device.about, name="about"),
    path(f"{_ONE}streams/<int:stream_id>/", dashboard.history, name="history"),
    path(f"{_ONE}streams/<int:stream_id>/set/", dashboard.command, name="command"),
]
