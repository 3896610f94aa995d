"""The pages of organizations."""

from django.urls import path

from fleetfolk.tree.web import changes, log_tab, moving, pages, profile

app_name = "organizations"
_ONE = "organizations/<int:organization_id>/"
urlpatterns = [
    path("organizations/", pages.organization_list, name="list"),
    path("organizations/count/", pages.organization_count, name="count"),
    path("organizations/columns/", pages.choose_columns, name="columns"),
    path("organizations/choices/<str:name>/", pages.filter_choices, name="choices"),
    path("organizations/export/", pages.export, name="export"),
    path("organizations/new/", changes.create, name="create"),
    path(_ONE, profile.organization_page, name="detail"),
    *(
        path(f"{_ONE}{tab}/", profile.organization_page, {"tab": tab}, name=tab)
        for tab in profile.TABS
        if tab != "information"
    ),
    path(f"{_ONE}menu/", profile.menu, name="menu"),
    path(f"{_ONE}log/days/", log_tab.days, name="log-days"),
    path(f"{_ONE}new/", changes.create, name="create-below"),
    path(f"{_ONE}edit/", changes.edit, name="edit"),
    path(f"{_ONE}archive/", changes.archive, name="archive"),
    path(f"{_ONE}restore/", changes.restore, name="restore"),
    path(f"{_ONE}delete/", changes.delete, name="delete"),
    path(f"{_ONE}transfer/", moving.transfer, name="transfer"),
    path(f"{_ONE}work/", changes.work, name="work"),
]
