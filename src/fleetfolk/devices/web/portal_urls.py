"""The portal's pages of devices."""

from django.urls import URLPattern

app_name = "mydevices"
urlpatterns: list[URLPattern] = []
