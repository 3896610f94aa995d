"""Lookup, and what a person's tabs of activity and log ask for below the users' names."""

from django.urls import URLPattern, path

from fleetfolk.users.web import activity, log_source, log_tab, lookup  # noqa: F401 - they register

app_name = "lookup"
urlpatterns = [
    path("lookup/", lookup.home, name="home"),
    path("lookup/<int:user_id>/", lookup.person, name="person"),
]
in_users: list[URLPattern] = [
    path("users/<int:user_id>/activity/chart/", activity.chart, name="activity-chart"),
    path("users/<int:user_id>/activity/latest/", activity.latest, name="latest"),
]
