"""Lookup and the log of one person, below the users' names."""

from django.urls import URLPattern

in_users: list[URLPattern] = []
