"""The pages of acts on many."""

from django.urls import path

from fleetfolk.jobs.web import bulk

app_name = "bulk"
urlpatterns = [
    path("bulk/<int:job_id>/", bulk.job, name="job"),
    path("bulk/<int:job_id>/start/", bulk.start, name="start"),
    path("bulk/<int:job_id>/undo/", bulk.undo, name="undo"),
    path("bulk/<int:job_id>/again/", bulk.again, name="again"),
    path("bulk/<int:job_id>/report.csv", bulk.report, name="report"),
    path("bulk/<slug:of>/<slug:code>/", bulk.choose, name="choose"),
]
