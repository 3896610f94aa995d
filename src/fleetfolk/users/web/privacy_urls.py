"""Export, deactivation and erasure, below the users' names."""

from django.urls import URLPattern

in_users: list[URLPattern] = []
