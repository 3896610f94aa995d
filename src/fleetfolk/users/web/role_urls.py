"""What concerns roles and people alike: deleting one that people have, and why somebody may do something."""

from django.urls import path

from fleetfolk.users.web import permissions_tab, role_pages, why_page  # noqa: F401 - the tab registers itself

app_name = "roles"
urlpatterns = [
    path("roles/why/", why_page.why, name="why"),
    path("roles/why/found/<str:part>/", why_page.found, name="why-found"),
    path("roles/<int:role_id>/delete/", role_pages.delete, name="delete"),
]
