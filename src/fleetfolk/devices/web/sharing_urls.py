"""Who else may see and control a device."""

from django.urls import path

from fleetfolk.devices.web import sharing

app_name = "sharing"
urlpatterns = [
    path("devices/<int:device_id>/sharing/", sharing.panel, name="panel"),
    path("devices/<int:device_id>/sharing/share/", sharing.share, name="share"),
    path("devices/<int:device_id>/sharing/leave/", sharing.leave, name="leave"),
    path("devices/<int:device_id>/sharing/<int:share_id>/", sharing.edit, name="edit"),
    path("devices/<int:device_id>/sharing/<int:share_id>/revoke/", sharing.revoke, name="revoke"),
]
