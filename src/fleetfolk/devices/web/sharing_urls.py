"""Who else may see and control a device."""

from django.urls import URLPattern

app_name = "sharing"
urlpatterns: list[URLPattern] = []
