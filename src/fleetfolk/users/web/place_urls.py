"""Where one works now."""

from django.urls import path

from fleetfolk.users.web import own_places, working

app_name = "place"
urlpatterns = [
    path("place/", working.start, name="start"),
    path("place/choose/", own_places.choose, name="choose"),
    path("place/home/", working.home, name="home"),
]
