"""The rules of one's own organization."""

from django.urls import URLPattern

app_name = "settings"
urlpatterns: list[URLPattern] = []
