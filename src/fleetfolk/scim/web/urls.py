"""The door at which directories ask, and the pages about them."""

from django.urls import include, path

from fleetfolk.scim.web import door, pages

of_organizations = [
    path("settings/provisioning/", pages.client_list, name="list"),
    path("settings/provisioning/new/", pages.create, name="create"),
    path("organizations/<int:organization_id>/settings/provisioning/", pages.client_list, name="list-of"),
    path("organizations/<int:organization_id>/settings/provisioning/new/", pages.create, name="create-of"),
    path("provisioning/<int:client_id>/", pages.show, name="show"),
    path("provisioning/<int:client_id>/edit/", pages.edit, name="edit"),
    path("provisioning/<int:client_id>/token/", pages.rotate, name="rotate"),
    path("provisioning/<int:client_id>/delete/", pages.delete, name="delete"),
    path("provisioning/<int:client_id>/groups/<int:group_id>/", pages.assign, name="assign"),
]
urlpatterns = [
    path("", include((of_organizations, "scim"))),
    path("scim/v2", door.door, name="scim-root"),
    path("scim/v2/<path:path>", door.door, name="scim-door"),
    path("scim/v2/", door.door, name="scim-slash"),
]
