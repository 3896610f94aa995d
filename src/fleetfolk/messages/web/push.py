"""Pushes: the card on one's own page of notifications, and what browsers say when one turns them on or off."""

from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_push import CreatePush, CreatePushInput
from fleetfolk.messages.actions.delete_push import DeletePush, DeletePushInput
from fleetfolk.messages.pushes import open_pushes_of, push_at
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.outbound.endpoints import LONGEST
from fleetfolk.users.models import User
from fleetfolk.users.web.notice_parts import NoticePart, register_notice_part
from fleetfolk.users.web.own import own_view


class BrowserForm(forms.Form):
    """What a browser says of itself; ``before`` is its former address. Whether any of it is true, the Action asks."""

    endpoint = forms.CharField(max_length=LONGEST)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    key = forms.CharField(max_length=100)
    before = forms.CharField(max_length=LONGEST, required=False)

    def to_input(self, session_key: str) -> CreatePushInput:
        """For the browser in which this session is."""
        said = self.cleaned_data
        return CreatePushInput(
            endpoint=said["endpoint"],
            p256dh=said["p256dh"],
            auth=said["auth"],
            server_key=said["key"],
            session_key=session_key,
            before=said["before"],
        )


def push_card(request: ConsoleRequest, person: User) -> dict[str, Any]:
    """In which browsers one gets pushes, and whether this is one of them."""
    here = request.session.session_key
    browsers = [{"push": push, "here": push.session_key == here} for push in open_pushes_of(person)]
    return {
        "browsers": browsers,
        "here": next((one["push"] for one in browsers if one["here"]), None),
        "key": key_of(person.tenant_id).public,
    }


register_notice_part(NoticePart(position=20, template="messages/push_card.html", context=push_card))


@own_view()
@require_POST
def turn_on(request: ConsoleRequest, person: User) -> HttpResponse:
    """This browser gets one's pushes."""
    form = BrowserForm(request.POST)
    if not form.is_valid():
        raise Refused("push_keys")
    data = form.to_input(request.session.session_key or "")
    perform(CreatePush, actor=request.actor, target_id=person.pk, data=data)
    return done(request, toast=_("This browser gets pushes now."), to=reverse("notices:own"))


@own_view()
@require_POST
def turn_on_again(request: ConsoleRequest, person: User) -> JsonResponse:
    """What becomes of the pushes that a browser still takes, now that somebody is signed in there.

    They stay those of whoever turned them on. ``over`` tells the browser to take none any more: they were somebody
    else's, or were turned off elsewhere. ``renew`` gives it the key of today. Nothing is asked where nothing changed.
    """
    form = BrowserForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"state": "over"})
    said, session, key = form.cleaned_data, request.session.session_key or "", key_of(person.tenant_id).public
    push = push_at(said["endpoint"]) or push_at(said["before"])
    if push is None or push.user_id != person.pk:
        return JsonResponse({"state": "over"})
    if said["key"] != key:
        return JsonResponse({"state": "renew", "key": key})
    if (push.endpoint, push.session_key) != (said["endpoint"], session):
        perform(CreatePush, actor=request.actor, target_id=person.pk, data=form.to_input(session))
    return JsonResponse({"state": "on"})


@own_view()
@require_POST
def turn_off(request: ConsoleRequest, person: User, push_id: int) -> HttpResponse:
    """One of one's browsers gets no more pushes."""
    perform(DeletePush, actor=request.actor, target_id=person.pk, data=DeletePushInput(push_id=push_id))
    return done(request, toast=_("That browser gets no more pushes."), to=reverse("notices:own"))
