"""The users' pages."""

from django.http import HttpResponse
from django.urls import path

app_name = "users"
urlpatterns = [
    path("users/", lambda request: HttpResponse("users"), name="list"),
    path("join/<str:secret>/", lambda request, secret: HttpResponse("join"), name="join"),
]
