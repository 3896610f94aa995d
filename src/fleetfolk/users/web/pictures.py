"""Pictures of people, to whoever may see the person."""

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.picture_files import TYPES, kept_picture
from fleetfolk.users.queries import user_detail


def picture_url(person: User) -> str:
    """The address of the person's picture; empty where there is none, or where pictures are switched off."""
    file = kept_picture(person.email)
    if file is None or not rules_of(person.organization).gravatar:
        return ""
    return f"{reverse('users:picture', args=[person.pk])}?{int(file.stat().st_mtime)}"


@console_view
@require_safe
def picture(request: ConsoleRequest, user_id: int) -> HttpResponseBase:
    """The person's picture. Whatever it is, a browser runs nothing in it."""
    person = user_detail(request.actor, user_id)
    file = kept_picture(person.email)
    if file is None or not rules_of(person.organization).gravatar:
        raise Http404
    answer = FileResponse(file.open("rb"), content_type=TYPES[file.suffix])
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
