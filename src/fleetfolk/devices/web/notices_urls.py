"""Notifications."""

from django.urls import path

from fleetfolk.devices.web import notices

app_name = "notices"
urlpatterns = [
    path("account/notifications/", notices.notifications, name="own"),
    path("mail-off/<str:token>/", notices.mail_off, name="mail-off"),
]
