"""The demo's own pages, which no production installation has."""

from django.urls import path

from fleetfolk.demo import views

app_name = "demo"
urlpatterns = [
    path("mail/", views.mail_list, name="mail"),
    path("mail/<int:mail_id>/", views.mail_detail, name="mail-detail"),
]
