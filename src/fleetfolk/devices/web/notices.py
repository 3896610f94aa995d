"""Notifications: one's own choice of mails, and the link in a mail by which there are no more of them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.devices.actions.edit_notices import EditNotices, EditNoticesInput
from fleetfolk.devices.held import devices_held
from fleetfolk.devices.models import Device, Level
from fleetfolk.devices.notices import LEVELS, quiets_of, read_mail_off
from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.branding import look_of
from fleetfolk.users.models import User
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.notice_parts import notice_parts
from fleetfolk.users.web.own import own_page, own_view

MOST_SHOWN: Final = 100
_ALL: Final = frozenset(level.value for level in LEVELS)


@own_view()
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: ConsoleRequest, person: User) -> HttpResponse:
    """By what one is told: what other packages bring; and of which events one gets mails, by level and by device."""
    quiet = quiets_of(person)
    devices = _devices(request, person, {key for key in quiet if key is not None})
    if request.method == "POST":
        nothing = "none" in request.POST
        data = EditNoticesInput(quiet={None: _ALL} if nothing else _said(request.POST.getlist("on"), devices))
        perform(EditNotices, actor=request.actor, target_id=person.pk, data=data)
        toast = _("You get no mails about devices any more.") if nothing else _("Your choice is saved.")
        return done(request, toast=toast, to=reverse("notices:own"))
    rows = [{"key": 0, "name": _("All devices"), "levels": _levels(quiet.get(None, frozenset()))}]
    rows += [
        {"key": key, "name": name, "levels": _levels(quiet.get(key, frozenset()))} for key, name in devices.items()
    ]
    context = {
        "rows": rows,
        "levels": LEVELS,
        "off": quiet.get(None) == _ALL,
        "parts": notice_parts(request, person),
    }
    return own_page(request, "devices/notices.html", context)


@login_not_required
@csrf_exempt  # Mail programs send this without any cookie (RFC 8058): the signed token stands for the person.
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails about a device. Looking changes nothing: programs open links before people do."""
    keys = read_mail_off(token)
    person = None if keys is None else User.objects.filter(pk=keys[0], is_active=True).first()
    device = None if keys is None or person is None else Device.objects.filter(pk=keys[1]).first()
    if keys is None or person is None or device is None or device.tenant_id != person.tenant_id:
        return render(request, "devices/mail_off_over.html", status=410)
    everything = request.POST.get("all") == "1"
    if request.method == "POST":
        quiet = {None if everything else device.pk: _ALL}
        actor = actor_of(person, request)
        perform(EditNotices, actor=actor, target_id=person.pk, data=EditNoticesInput(quiet=quiet))
    context = {
        "device": device,
        "done": request.method == "POST",
        "everything": everything,
        "look": look_of(person.organization_id),
    }
    answer = render(request, "devices/mail_off.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _devices(request: ConsoleRequest, person: User, chosen: set[int]) -> dict[int, str]:
    """The names of one's own devices, and of others that one sees and has said something about, by their keys."""
    held = {row.device.id: row.device.name for row in devices_held(request.actor, person, limit=MOST_SHOWN)}
    more = devices_in(request.actor).filter(pk__in=chosen - held.keys())
    return {**held, **dict(more.order_by("name_key").values_list("pk", "name"))}


def _said(on: Sequence[str], devices: Iterable[int]) -> dict[int | None, frozenset[str]]:
    """The levels of which no mail is wanted: those whose boxes are not ticked."""
    return {key: frozenset(level for level in _ALL if f"{key or 0}-{level}" not in on) for key in (None, *devices)}


def _levels(quiet: frozenset[str]) -> list[dict[str, Any]]:
    return [{"level": level, "label": Level(level).label, "on": level.value not in quiet} for level in LEVELS]
