"""A person's page and its tabs, below the users' names."""

from django.urls import URLPattern

in_users: list[URLPattern] = []
