"""The users' pages."""

from django.urls import path
from django.views.generic import RedirectView

from fleetfolk.users.web import directory

app_name = "users"
urlpatterns = [
    path("users/", directory.user_list, name="list"),
    path("users/columns/", directory.choose_columns, name="columns"),
    path("users/choices/<str:name>/", directory.filter_choices, name="choices"),
    # Until their pages are there.
    path("users/invite/", RedirectView.as_view(pattern_name="users:list"), name="invite"),
    path("users/import/", RedirectView.as_view(pattern_name="users:list"), name="import"),
    path("join/<str:secret>/", RedirectView.as_view(pattern_name="account_login"), name="join"),
]
