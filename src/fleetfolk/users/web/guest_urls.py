"""Guests and partners."""

from django.urls import path

from fleetfolk.users.web import guest_pages

app_name = "guests"
urlpatterns = [
    path("guests/", guest_pages.guest_list, name="list"),
    path("guests/invite/", guest_pages.invite, name="invite"),
    path("guests/<int:membership_id>/", guest_pages.edit, name="edit"),
    path("guests/<int:membership_id>/end/", guest_pages.revoke, name="revoke"),
    path("partners/new/", guest_pages.grant_partner, name="grant-partner"),
    path("partners/<int:partnership_id>/end/", guest_pages.revoke_partner, name="revoke-partner"),
]
