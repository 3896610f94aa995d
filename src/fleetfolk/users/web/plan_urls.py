"""The plans of the installation: its operator's page."""

from django.urls import path

from fleetfolk.users.web import plan_pages

app_name = "plans"
urlpatterns = [
    path("plans/", plan_pages.plans, name="list"),
    path("plans/new/", plan_pages.create_plan, name="create"),
    path("plans/<int:plan_id>/", plan_pages.edit_plan, name="edit"),
    path("plans/<int:plan_id>/delete/", plan_pages.delete_plan, name="delete"),
    path("plans/tenants/<int:tenant_id>/", plan_pages.assign_plan, name="assign"),
]
