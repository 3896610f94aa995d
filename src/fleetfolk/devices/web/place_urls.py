"""The console's pages of locations."""

from django.urls import path

from fleetfolk.devices.web import place_assign, place_changes, places

app_name = "places"
_ONE = "locations/<int:location_id>/"
urlpatterns = [
    path("locations/", places.place_list, name="list"),
    path("locations/new/", place_changes.create_place, name="create"),
    path("locations/word/", place_changes.choose_word, name="word"),
    path(_ONE, places.place_page, name="detail"),
    path(f"{_ONE}edit/", place_changes.edit_place, name="edit"),
    path(f"{_ONE}delete/", place_changes.delete_place, name="delete"),
    path(f"{_ONE}people/", place_assign.assign_people, name="assign-people"),
    path(f"{_ONE}devices/", place_assign.assign_devices, name="assign-devices"),
    path(f"{_ONE}people/<int:user_id>/remove/", place_assign.remove_person, name="remove-person"),
    path(f"{_ONE}devices/<int:device_id>/remove/", place_assign.remove_device, name="remove-device"),
]
