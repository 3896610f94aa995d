"""The card of segments on a person's page: which ones, since when and why; added, created, and removed from there."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Population, Segment, SegmentKind
from fleetfolk.segments.permissions import EDIT_SEGMENTS, VIEW_SEGMENTS
from fleetfolk.segments.queries import segments_in, segments_of
from fleetfolk.segments.web.membership import put, take
from fleetfolk.segments.web.seen import segment_for
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.profile_tabs import Card, register_card

CHANGED: Final = "segments:changed"
OFFERED: Final = 30
LONGEST: Final = 60


def _card(request: ConsoleRequest, person: User) -> SafeString | str:
    """The card, for who may see segments."""
    if not GATE.paths_within_reach(request.actor, VIEW_SEGMENTS):
        return ""
    return render_to_string("segments/person.html", _context(request, person), request)


def _context(request: ConsoleRequest, person: User) -> dict[str, Any]:
    may = GATE.decide(request.actor, EDIT_USERS, person).allowed
    held = segments_of(request.actor, person.pk, Population.USERS)
    return {
        "person": person,
        "held": [
            {
                "segment": segment,
                "since": since,
                "may_remove": may and not segment.is_dynamic,
            }
            for segment, since in held
        ],
        "may_add": may,
    }


@console_view
@require_safe
def person_card(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The card alone, after a change."""
    person = user_detail(request.actor, user_id)
    return HttpResponse(_card(request, person))


@console_view
@require_safe
def choices(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The segments chosen by hand that the person could be in and is not, with every word typed in their names."""
    person = user_detail(request.actor, user_id)
    said = " ".join(request.GET.get("find", "").replace("\0", "").split())[:LONGEST]
    held = {segment.pk for segment, _since in segments_of(request.actor, person.pk, Population.USERS)}
    found = (
        GATE.within_reach(_by_hand(person), actor=request.actor, permission=VIEW_SEGMENTS)
        .exclude(pk__in=held)
        .order_by("position", "pk")
    )
    for word in said.split():
        found = found.filter(name__icontains=word)
    first = list(found[: OFFERED + 1])
    taken = segments_in(request.actor).filter(name__iexact=said).exists()
    context = {
        "person": person,
        "segments": first[:OFFERED],
        "more": len(first) > OFFERED,
        "words": words_of(said),
        "name": "" if taken or not said or _home(request, person) is None else said,
    }
    return render(request, "segments/person.html#choices", context)


@console_view
@require_POST
def add(request: ConsoleRequest, user_id: int, segment_id: int) -> HttpResponse:
    """The person is in the segment."""
    person = user_detail(request.actor, user_id)
    segment = _known(request, segment_id)
    put(request.actor, segment, [person.pk])
    return _done(request, person, _("%(name)s is in “%(segment)s”."), segment)


@console_view
@require_POST
def create(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """A segment of this name is there, with the person in it."""
    person = user_detail(request.actor, user_id)
    home = _home(request, person) or person.organization
    name = " ".join(request.POST.get("name", request.GET.get("name", "")).replace("\0", "").split())
    data = CreateSegmentInput(name=name, of=Population.USERS, rules=None)
    outcome = perform(CreateSegment, actor=request.actor, target_id=home.pk, data=data)
    segment = _known(request, int(str(outcome.facts["segment_id"])))
    put(request.actor, segment, [person.pk])
    return _done(request, person, _("%(name)s is in “%(segment)s”."), segment)


@console_view
@require_POST
def remove(request: ConsoleRequest, user_id: int, segment_id: int) -> HttpResponse:
    """The person is in the segment no more; Undo puts them back."""
    person = user_detail(request.actor, user_id)
    segment = _known(request, segment_id)
    take(request.actor, segment, [person.pk])
    undo = (reverse("segments:person-add", args=[person.pk, segment.pk]), _("Undo"))
    return _done(request, person, _("%(name)s is no longer in “%(segment)s”."), segment, undo=undo)


def _known(request: ConsoleRequest, segment_id: int) -> Segment:
    """The segment, where the viewer knows of it; whether they may do this to the person, the Action asks."""
    return segment_for(request, segment_id, VIEW_SEGMENTS)


def _above(person: User) -> list[Organization]:
    """The person's organization and all above it: theirs are the segments that the person can be in."""
    return list(Organization.objects.filter(tenant_id=person.tenant_id, pk__in=upwards(person.organization)))


def _by_hand(person: User) -> Any:
    return Segment.objects.filter(
        tenant_id=person.tenant_id,
        organization__in=upwards(person.organization),
        of=Population.USERS,
        kind=SegmentKind.STATIC,
    )


def _home(request: ConsoleRequest, person: User) -> Organization | None:
    """Where a new segment is made: the topmost organization above the person that the viewer may change."""
    grants = grants_of(request.actor)
    own = [one for one in _above(person) if GATE.decide(request.actor, EDIT_SEGMENTS, one, grants).allowed]
    return min(own, key=lambda one: one.depth, default=None)


def _done(
    request: ConsoleRequest, person: User, text: str, segment: Segment, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    to = reverse("users:detail", args=[person.pk])
    about = {"name": person, "segment": segment.name}
    return done(request, toast=text % about, to=to, undo=undo, changed=CHANGED)


register_card(Card(place="aside", position=30, render=_card))
