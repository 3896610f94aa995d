"""What everybody may read of a tenant's look."""

from django.urls import path

from fleetfolk.organizations.web import brand_files

app_name = "brand"
urlpatterns = [path("brand/<str:key>/<str:name>", brand_files.file, name="file")]
