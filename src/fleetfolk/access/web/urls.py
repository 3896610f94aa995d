"""The pages about roles."""

from django.urls import path

from fleetfolk.access.web import following, making, switching, views

app_name = "access"
urlpatterns = [
    path("roles/", views.role_list, name="list"),
    path("roles/new/", making.create, name="create"),
    path("roles/places/", views.places, name="places"),
    path("roles/changes/", switching.changes, name="changes"),
    path("roles/review/", switching.review, name="review"),
    path("roles/save/", switching.save, name="save"),
    path("roles/<int:role_id>/", views.role, name="role"),
    path("roles/<int:role_id>/rename/", making.rename, name="rename"),
    path("roles/<int:role_id>/above/<int:organization_id>/", following.above, name="above"),
    path("roles/<int:role_id>/below/<int:organization_id>/", following.below, name="below"),
    path("roles/<int:role_id>/move/<int:place>/", making.move, name="move"),
]
