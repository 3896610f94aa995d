"""The pages about roles."""

from django.urls import path

from fleetfolk.access.web import views

app_name = "access"
urlpatterns = [
    path("roles/", views.role_list, name="list"),
    path("roles/<int:role_id>/", views.role, name="role"),
]
