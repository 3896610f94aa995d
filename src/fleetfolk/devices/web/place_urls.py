"""The console's pages of locations."""

from django.urls import path

from fleetfolk.devices.web import places

app_name = "places"
_ONE = "locations/<int:location_id>/"
urlpatterns = [
    path("locations/", places.place_list, name="list"),
    path("locations/new/", places.create_place, name="create"),
    path("locations/word/", places.choose_word, name="word"),
    path(_ONE, places.place_page, name="detail"),
    path(f"{_ONE}edit/", places.edit_place, name="edit"),
    path(f"{_ONE}delete/", places.delete_place, name="delete"),
    path(f"{_ONE}people/", places.assign_people, name="assign-people"),
    path(f"{_ONE}devices/", places.assign_devices, name="assign-devices"),
    path(f"{_ONE}people/<int:user_id>/remove/", places.remove_person, name="remove-person"),
    path(f"{_ONE}devices/<int:device_id>/remove/", places.remove_device, name="remove-device"),
]
