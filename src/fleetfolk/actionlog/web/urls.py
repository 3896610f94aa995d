"""The action log's pages."""

from django.urls import path

from fleetfolk.actionlog.web import views

app_name = "actionlog"
urlpatterns = [
    path("action-log/", views.log, name="list"),
    path("action-log/days/", views.days, name="days"),
    path("action-log/export/", views.export, name="export"),
    path("action-log/<str:key>/", views.entry, name="entry"),
]
