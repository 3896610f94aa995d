"""The pages of organizations."""

from django.urls import path

from fleetfolk.tree.web import pages

app_name = "organizations"
urlpatterns = [
    path("organizations/", pages.organization_list, name="list"),
    path("organizations/count/", pages.organization_count, name="count"),
    path("organizations/columns/", pages.choose_columns, name="columns"),
    path("organizations/choices/<str:name>/", pages.filter_choices, name="choices"),
    path("organizations/export/", pages.export, name="export"),
]
