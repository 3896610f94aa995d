"""Where somebody arrives after signing in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The people, for whoever may see them; for customers, a page that says who they are here."""
    user = request.user
    if isinstance(user, User) and VIEW_USERS.code not in user.role.permissions:
        return render(request, "users/home.html")
    return HttpResponseRedirect(reverse("users:list"))
