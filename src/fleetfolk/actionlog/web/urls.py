"""The action log's pages."""

from django.urls import path

from fleetfolk.actionlog.web import views

app_name = "actionlog"
urlpatterns = [
    path("action-log/", views.log, name="list"),
    path("action-log/days/", views.days, name="days"),
    path("action-log/export/", views.export, name="export"),
    path("action-log/<str:key>/", views.entry, name="entry"),
    path("account/action-log/days/", views.own_days, name="own-days"),
    path("account/action-log/<str:key>/", views.own_entry, name="own-entry"),
]
