"""One's own account."""

from django.urls import path

from fleetfolk.users.web import own_pages

app_name = "account"
urlpatterns = [
    path("account/", own_pages.profile, name="profile"),
    path("account/theme/", own_pages.theme, name="theme"),
    path("account/messages/", own_pages.messages, name="messages"),
    path("account/security/", own_pages.security, name="security"),
    path("account/action-log/", own_pages.action_log, name="action-log"),
]
