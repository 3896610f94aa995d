"""The pages about webhooks: a list among the settings of an organization, and a page for each."""

from django.urls import path

from fleetfolk.webhooks.web import delivery_pages, pages

app_name = "webhooks"
urlpatterns = [
    path("settings/webhooks/", pages.webhook_list, name="list"),
    path("settings/webhooks/new/", pages.create, name="create"),
    path("organizations/<int:organization_id>/settings/webhooks/", pages.webhook_list, name="list-of"),
    path("organizations/<int:organization_id>/settings/webhooks/new/", pages.create, name="create-of"),
    path("webhooks/<int:webhook_id>/", pages.show, name="show"),
    path("webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/", delivery_pages.delivery, name="delivery"),
    path("webhooks/<int:webhook_id>/edit/", pages.edit, name="edit"),
    path("webhooks/<int:webhook_id>/delete/", pages.delete, name="delete"),
    path("webhooks/<int:webhook_id>/secret/", pages.rotate, name="rotate"),
    path("webhooks/<int:webhook_id>/test/", delivery_pages.test, name="test"),
    path("webhooks/<int:webhook_id>/on/", pages.enable, name="enable"),
    path("webhooks/<int:webhook_id>/off/", pages.disable, name="disable"),
    path("webhooks/<int:webhook_id>/again/", delivery_pages.again, name="again"),
    path("webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/again/", delivery_pages.send, name="send"),
    path("webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/skip/", delivery_pages.skip, name="skip"),
]
