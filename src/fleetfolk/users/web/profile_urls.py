"""A person's page and its tabs, below the users' names."""

from django.urls import URLPattern, path

from fleetfolk.users.web import edit_in_place, pictures, profile, tags, why

in_users: list[URLPattern] = [
    path("users/<int:user_id>/header/", profile.header, name="header"),
    path("users/<int:user_id>/picture/", pictures.picture, name="picture"),
    path("users/<int:user_id>/why/", why.why, name="why"),
    path("users/<int:user_id>/tags/", tags.choices, name="tag-choices"),
    path("users/<int:user_id>/tags/<int:tag_id>/add/", tags.add, name="add-tag"),
    path("users/<int:user_id>/tags/<int:tag_id>/remove/", tags.remove, name="remove-tag"),
    path("users/<int:user_id>/information/<str:field>/", edit_in_place.edit_field, name="edit-field"),
    path("users/<int:user_id>/<slug:slug>/", profile.tab, name="tab"),
]
