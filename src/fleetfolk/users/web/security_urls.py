"""Second factors, sessions and the e-mail change: names of our own below the users', allauth's at the root."""

from django.urls import URLPattern

in_users: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
