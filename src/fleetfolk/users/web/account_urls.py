"""One's own account."""

from django.urls import path

from fleetfolk.users.web import own_data, own_pages, own_places

app_name = "account"
urlpatterns = [
    path("account/", own_pages.profile, name="profile"),
    path("account/theme/", own_pages.theme, name="theme"),
    path("account/developer/on/", own_pages.developer, {"way": "on"}, name="developer-on"),
    path("account/developer/off/", own_pages.developer, {"way": "off"}, name="developer-off"),
    path("account/data/", own_data.data, name="data"),
    path("account/data/export/", own_data.export_data, name="export-data"),
    path("account/delete/", own_data.delete_account, name="delete"),
    path("account/security/", own_pages.security, name="security"),
    path("account/organizations/", own_places.organizations, name="organizations"),
    path("account/organizations/<int:membership_id>/accept/", own_places.accept, name="accept-guest"),
    path("account/organizations/<int:membership_id>/decline/", own_places.decline, name="decline-guest"),
    path("account/organizations/<int:membership_id>/leave/", own_places.leave, name="leave-guest"),
    path("account/action-log/", own_pages.action_log, name="action-log"),
    path("account/action-log/export/", own_pages.export_log, name="export-log"),
]
