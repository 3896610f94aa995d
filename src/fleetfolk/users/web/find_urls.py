"""Finding people, organizations and pages from everywhere. The console's own templates link to these names."""

from django.urls import path

from fleetfolk.users.web import find

app_name = "console"
urlpatterns = [
    path("find/", find.find, name="find"),
    path("find/people/", find.find_people, name="find-people"),
]
