"""The console's pages of devices."""

from django.urls import path

from fleetfolk.devices import activity_source  # noqa: F401 - it registers
from fleetfolk.devices.web import (
    device_changes,
    device_fields,
    device_list,
    device_page,
    device_timeline,
    person_devices,  # noqa: F401 - it registers
)

app_name = "devices"
_ONE = "devices/<int:device_id>/"
_EVENT = "devices/events/<int:event_id>/"
urlpatterns = [
    path("devices/", device_list.device_list, name="list"),
    path("devices/map/", device_list.device_map, name="map"),
    path("devices/count/", device_list.device_count, name="count"),
    path("devices/columns/", device_list.choose_columns, name="columns"),
    path("devices/choices/<str:name>/", device_list.filter_choices, name="choices"),
    path(_ONE, device_page.device_page, name="detail"),
    *(
        path(f"{_ONE}{tab}/", device_page.device_page, {"tab": tab}, name=tab)
        for tab in device_page.TABS
        if tab != "dashboard"
    ),
    path(f"{_ONE}header/", device_page.header, name="header"),
    path(f"{_ONE}menu/", device_page.menu, name="menu"),
    path(f"{_ONE}rename/", device_changes.rename, name="rename"),
    path(f"{_ONE}deactivate/", device_changes.deactivate, name="deactivate"),
    path(f"{_ONE}activate/", device_changes.activate, name="activate"),
    path(f"{_ONE}tags/", device_changes.tag_choices, name="tag-choices"),
    path(f"{_ONE}tags/<int:tag_id>/add/", device_changes.add_tag, name="add-tag"),
    path(f"{_ONE}tags/<int:tag_id>/remove/", device_changes.remove_tag, name="remove-tag"),
    path(f"{_ONE}metadata/<str:field>/", device_fields.edit_field, name="edit-field"),
    path(f"{_EVENT}comment/", device_timeline.comment, name="comment-event"),
    path(f"{_EVENT}resolve/", device_timeline.resolve, name="resolve-event"),
    path(f"{_EVENT}reset/", device_timeline.reset, name="reset-event"),
    path(f"{_EVENT}archive/", device_timeline.archive, name="archive-event"),
    path(f"{_EVENT}restore/", device_timeline.restore, name="restore-event"),
]
