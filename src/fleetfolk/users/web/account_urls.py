"""One's own account."""

from django.urls import path

from fleetfolk.users.web import own_pages

app_name = "account"
urlpatterns = [
    path("account/", own_pages.profile, name="profile"),
    path("account/theme/", own_pages.theme, name="theme"),
    path("account/messages/", own_pages.messages, name="messages"),
    *(path(f"account/{slug}/", own_pages.tab, {"slug": slug}, name=slug) for slug in ("security", "action-log")),
]
