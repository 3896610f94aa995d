"""How devices come in and change hands."""

from django.urls import URLPattern

app_name = "activation"
urlpatterns: list[URLPattern] = []
