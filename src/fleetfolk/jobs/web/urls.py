"""The pages of long work."""

from django.urls import path

from fleetfolk.jobs.web import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/<int:job_id>/", views.job_detail, name="detail"),
    path("jobs/<int:job_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<int:job_id>/problems.csv", views.problems_file, name="problems"),
]
