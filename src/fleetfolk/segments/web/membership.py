"""Who is in a segment that is chosen by hand: people and devices are searched for, added, read from a file, removed."""

import csv
import io
import uuid
from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.sql import Sql
from fleetfolk.console.typed import typed
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.models import Job
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.segments.actions.assign_device_segment import AssignDeviceSegment, DeviceSegmentInput
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.revoke_device_segment import RevokeDeviceSegment
from fleetfolk.segments.actions.revoke_segment import RevokeSegment
from fleetfolk.segments.asking import may, require_sight
from fleetfolk.segments.models import Member, Population, Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.web.seen import segment_for
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import EDIT_USERS

CHANGED: Final = "members:changed"
CHANGES: Final = {Population.USERS: EDIT_USERS, Population.DEVICES: ORG_DEVICES_EDIT}
"""The right to put somebody or something into a segment, and to take them out."""
OFFERED: Final = 30
MOST_AT_ONCE: Final = 200
LARGEST_FILE: Final = 5_000_000
MOST_LINES: Final = 20_000
CHUNK: Final = 1_000
AT_ONCE: Final = 1_000
"""Those of a file who are put in while one waits; more are for a worker."""
SHOWN: Final = 5


@console_view
@dialog_methods
def add(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """People or devices are chosen, and are in the segment from now on."""
    segment = _by_hand(request, segment_id)
    require_sight(request.actor, segment.of, segment.organization)
    if request.method == "POST":
        given = request.POST.getlist("key")[:MOST_AT_ONCE]
        keys = [int(key) for key in given if key.isascii() and key.isdigit() and len(key) < 19]
        return _done(request, segment, _added_words(put(request.actor, segment, keys), segment))
    query = typed(request.GET, "find")
    changeable = GATE.within_reach(
        _there(segment), actor=request.actor, permission=CHANGES[Population(segment.of)]
    ).exclude(pk__in=Member.objects.filter(segment=segment).values("target_id"))
    found = _named(changeable, segment, query)
    first = list(found[: OFFERED + 1])
    context = {
        "segment": segment,
        "rows": [_row(one) for one in first[:OFFERED]],
        "more": len(first) > OFFERED,
        "query": query,
        "action": request.path,
        "button": _("Add"),
    }
    part = request.htmx and request.htmx.target == "choices"
    return render(request, f"segments/add.html{'#choices' if part else ''}", context)


@console_view
@dialog_methods
def remove(request: ConsoleRequest, segment_id: int, target_id: int) -> HttpResponse:
    """One of them is in it no more; GET asks."""
    segment = _by_hand(request, segment_id)
    if request.method == "POST":
        take(request.actor, segment, [target_id])
        return _done(request, segment, _("Removed from “%(name)s”.") % {"name": segment.name})
    require_sight(request.actor, segment.of, segment.organization)
    one = _there(segment).filter(pk=target_id).first()
    context = {
        "segment": segment,
        "name": str(one or ""),
        "action": request.path,
        "button": _("Remove"),
    }
    return render(request, "segments/remove.html", context)


def put(actor: Actor, segment: Segment, keys: Sequence[int]) -> int:
    """They are in the segment, each with an entry of its own in one batch. Returns how many; the others are refused."""
    return _each(actor, segment, keys, _PUT[Population(segment.of)])


def take(actor: Actor, segment: Segment, keys: Sequence[int]) -> int:
    """They are in the segment no more, as `put` does it."""
    return _each(actor, segment, keys, _TAKE[Population(segment.of)])


_PUT: Final[dict[Population, tuple[type[Action[Any, Any]], Any]]] = {
    Population.USERS: (AssignSegment, SegmentInput),
    Population.DEVICES: (AssignDeviceSegment, DeviceSegmentInput),
}
_TAKE: Final[dict[Population, tuple[type[Action[Any, Any]], Any]]] = {
    Population.USERS: (RevokeSegment, SegmentInput),
    Population.DEVICES: (RevokeDeviceSegment, DeviceSegmentInput),
}


def _each(actor: Actor, segment: Segment, keys: Sequence[int], how: tuple[type[Action[Any, Any]], Any]) -> int:
    action, data = how[0], how[1](segment_id=segment.pk)
    if len(keys) == 1:
        perform(action, actor=actor, target_id=keys[0], data=data)
        return 1
    batch, done_to = actor.in_batch(uuid.uuid4()), 0
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        done_to += len(perform_each(action, actor=batch, target_ids=part, data=data).done)
    return done_to


class FileForm(forms.Form):
    """A CSV file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@console_view
@dialog_methods
def import_csv(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """Whom a file names is in the segment: by key, e-mail address or serial number, one a line."""
    segment = _by_hand(request, segment_id)
    require_sight(request.actor, segment.of, segment.organization)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        words = _words_of_file(form.cleaned_data["file"])
        if words is None:
            text = _("This file is larger than %(size)s MB, has too many lines, or is no text.")
            form.add_error("file", text % {"size": LARGEST_FILE // 1_000_000})
        else:
            return _imported(request, segment, words)
    context = {"segment": segment, "form": form, "limit": LARGEST_FILE, "action": request.path, "button": _("Import")}
    return render(request, "segments/import.html", context, status=422 if form.is_bound else 200)


def _imported(request: ConsoleRequest, segment: Segment, words: list[str]) -> HttpResponse:
    """Those that are found are added, many of them by a worker; what is not found is said, never why."""
    keys: dict[str, int] = {}
    column = "email" if segment.of == Population.USERS else "serial"
    there = _there(segment)
    for start in range(0, len(words), 1_000):
        part = words[start : start + 1_000]
        numbers = [int(word) for word in part if word.isascii() and word.isdigit() and len(word) < 19]
        keys |= {str(key): key for key in there.filter(pk__in=numbers).values_list("pk", flat=True)}
        keys |= dict(there.filter(**{f"{column}__in": part}).values_list(column, "pk"))
    found = list(dict.fromkeys(keys.values()))
    unknown = _unknown_words([word for word in words if word not in keys])
    if len(found) > AT_ONCE and may(request.actor, VIEW_JOBS, segment.organization):
        job = _queued(request.actor, segment, found)
        if unknown:
            messages.warning(request, unknown)
        to = reverse("bulk:job", args=[job.pk])
        return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
    added = put(request.actor, segment, found)
    return _done(request, segment, f"{_added_words(added, segment)} {unknown}".strip())


def _unknown_words(unknown: Sequence[str]) -> str:
    if not unknown:
        return ""
    about = {"number": number_format(len(unknown), force_grouping=True), "some": ", ".join(unknown[:SHOWN])}
    return ngettext("Not found: %(some)s.", "%(number)s were not found: %(some)s…", len(unknown)) % about


def _queued(actor: Actor, segment: Segment, keys: Sequence[int]) -> Job:
    """A job that puts them in, as if they had been chosen in the list."""
    chosen = CreateBulkInput(of=segment.of, act="segment", where=Sql("id = ANY(%s::bigint[])", (list(keys),)))
    job: Any = perform(CreateBulk, actor=actor, target_id=segment.organization_id, data=chosen).target
    data = StartBulkInput(chosen={"segment_id": segment.pk})
    perform(StartBulk, actor=actor, target_id=job.pk, data=data)
    return cast("Job", job)


def _words_of_file(file: "UploadedFile[Any]") -> list[str] | None:
    """The first cell of each line, without a heading; None where it is no such file."""
    if file.size is None or file.size > LARGEST_FILE:
        return None
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    head = text[:2_000]
    delimiter = max(",;\t", key=head.count)
    words: dict[str, None] = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number > MOST_LINES:
                return None
            cells = (cell.strip().removeprefix("'") for cell in row)
            word = next((cell for cell in cells if cell), "")
            if word and len(word) <= 254:
                words[word.lower() if "@" in word else word] = None
    except csv.Error:
        return None
    return [word for word in words if word.lower() not in _HEADINGS]


_HEADINGS: Final = frozenset({"key", "id", "email", "e-mail", "mail", "serial", "serial number", "name"})


def _there(segment: Segment) -> QuerySet[Any]:
    """The people or devices that can be in the segment: all of its organization and those below."""
    here: dict[str, Any] = {"tenant_id": segment.tenant_id, "path__startswith": segment.organization.path}
    if segment.of == Population.USERS:
        return User.objects.filter(state__lt=State.DEACTIVATED, **here).order_by("name_key", "pk")
    return Device.objects.filter(state__lt=DeviceState.DELETED, **here).order_by("name", "pk")


def _named(found: QuerySet[Any], segment: Segment, query: str) -> QuerySet[Any]:
    for word in query.split()[:8]:
        if segment.of == Population.USERS:
            about = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        else:
            about = Q(name__icontains=word) | Q(serial__icontains=word)
        found = found.filter(about)
    return found


def _row(one: Any) -> dict[str, Any]:
    if isinstance(one, User):
        return {"key": one.pk, "name": one.name or one.email, "sub": one.email}
    return {"key": one.pk, "name": one.name, "sub": one.serial}


def may_fill(actor: Actor, segment: Segment) -> bool:
    """Whether the actor may change people or devices there at all; each of them is asked about by its Action."""
    code = CHANGES[Population(segment.of)].code
    return any(code in grant.permissions and grant.reaches(segment.path) for grant in grants_of(actor))


def _by_hand(request: ConsoleRequest, segment_id: int) -> Segment:
    """The segment, where the viewer may change who is in it; of one that follows rules nobody may."""
    segment = segment_for(request, segment_id, VIEW_SEGMENTS)
    if not may_fill(request.actor, segment):
        raise Denied("permission_missing")
    if segment.is_dynamic:
        raise Refused("segment_by_rules", segment=segment.name)
    return segment


def _added_words(number: int, segment: Segment) -> str:
    text = ngettext("%(number)s added to “%(name)s”.", "%(number)s added to “%(name)s”.", number)
    return text % {"number": number_format(number, force_grouping=True), "name": segment.name}


def _done(request: ConsoleRequest, segment: Segment, text: str) -> HttpResponse:
    return done(request, toast=text, to=reverse("segments:detail", args=[segment.pk]), changed=CHANGED)
