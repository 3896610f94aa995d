"""Where one works now."""

from django.urls import path

from fleetfolk.users.web import working

app_name = "place"
urlpatterns = [
    path("place/", working.start, name="start"),
    path("place/home/", working.home, name="home"),
]
