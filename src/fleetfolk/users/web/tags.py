"""A person's tags: put on and taken off in the page's header."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.revoke_tag import RevokeTag
from fleetfolk.users.models import User
from fleetfolk.users.queries import usable_tags
from fleetfolk.users.web.dialogs import person_for
from fleetfolk.users.web.edit_in_place import HEADER_CHANGED

OFFERED = 50


@console_view
@require_safe
def choices(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The tags that the person could carry and does not, with every word typed in their names."""
    person = person_for("users:edit", request, user_id)
    words = words_of(request.GET.get("find", "")[:80])
    carried = {given.tag_id for given in person.user_tags.all()}
    found = [tag for tag in usable_tags(person, words) if tag.pk not in carried]
    context = {"person": person, "tags": found[:OFFERED], "words": words, "more": len(found) > OFFERED}
    return render(request, "users/tag_choices.html", context)


@console_view
@require_POST
def add(request: ConsoleRequest, user_id: int, tag_id: int) -> HttpResponse:
    """The person carries the tag."""
    outcome = perform(AssignTag, actor=request.actor, target_id=user_id, data=AssignTagInput(tag_id=tag_id))
    return _done(request, outcome.target, _("%(name)s has the tag %(tag)s."), outcome.facts.get("tag"))


@console_view
@require_POST
def remove(request: ConsoleRequest, user_id: int, tag_id: int) -> HttpResponse:
    """The person no longer carries the tag."""
    outcome = perform(RevokeTag, actor=request.actor, target_id=user_id, data=AssignTagInput(tag_id=tag_id))
    back = (reverse("users:add-tag", args=[user_id, tag_id]), _("Undo"))
    text = _("%(name)s no longer has the tag %(tag)s.")
    return _done(request, outcome.target, text, outcome.facts.get("tag"), undo=back)


def _done(
    request: ConsoleRequest, person: User, text: str, tag: object, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    to = reverse("users:detail", args=[person.pk])
    return done(request, toast=text % {"name": person, "tag": tag or ""}, to=to, undo=undo, changed=HEADER_CHANGED)
