"""Pushes."""

from django.urls import path

from fleetfolk.messages.web import push

app_name = "push"
urlpatterns = [
    path("account/push/", push.turn_on, name="on"),
    path("account/push/again/", push.turn_on_again, name="again"),
    path("account/push/<int:push_id>/off/", push.turn_off, name="off"),
]
