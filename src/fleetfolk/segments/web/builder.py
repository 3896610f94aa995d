"""The page where rules are written: every step of it is one request, and how many they name is counted meanwhile."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.typed import typed
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.actions.edit_segment import EditSegment, EditSegmentInput
from fleetfolk.segments.asking import askable_fields
from fleetfolk.segments.fields import Field
from fleetfolk.segments.fields_users import tags_called
from fleetfolk.segments.models import Population, Segment, SegmentKind
from fleetfolk.segments.permissions import EDIT_SEGMENTS
from fleetfolk.segments.queries import count_of, counts_by_line, foreseen, sample_of, why
from fleetfolk.segments.web.drafts import DraftGroup, fresh, from_form, from_rules, line_rules, lines, written
from fleetfolk.segments.web.drawing import Drawing, settled
from fleetfolk.segments.web.saved import draft_of_list
from fleetfolk.segments.web.seen import segment_for

PAGE: Final = "segments/builder.html"
OFFERED: Final = 60


@console_view
@dialog_methods
def create(request: ConsoleRequest) -> HttpResponse:
    """A new segment: by rules, which may come from the filters of a list, or chosen by hand."""
    home = _home(request)
    said = request.POST if request.method == "POST" else request.GET
    of, kind = _of(said), _kind(said)
    if request.method == "POST":
        return _created(request, home, of, kind)
    called = partial(tags_called, request.actor, home)
    draft = draft_of_list(request.GET, of, called) if kind == SegmentKind.DYNAMIC else fresh()
    return _page(request, home, of=of, kind=kind, draft=draft, name="")


def _created(request: ConsoleRequest, home: Organization, of: str, kind: str) -> HttpResponse:
    name, draft = _name(request), from_form(request.POST)
    rules = None
    if kind == SegmentKind.DYNAMIC:
        fields = _fields(request, of, home)
        found = written(settled(draft, fields), fields)
        rules = found.rules
        if rules is None:
            return _page(
                request,
                home,
                of=of,
                kind=kind,
                draft=draft,
                name=name,
                problems=_wrong(name, found.missing),
                status=422,
            )
    data = CreateSegmentInput(name=name, of=of, rules=rules)
    try:
        outcome = perform(CreateSegment, actor=request.actor, target_id=home.pk, data=data)
    except Refused as refusal:
        return _refused(request, home, refusal, of=of, kind=kind, draft=draft, name=name)
    return _saved(request, name, cast("int", outcome.facts["segment_id"]))


@console_view
@dialog_methods
def edit(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """Other rules, or another name."""
    segment = segment_for(request, segment_id, EDIT_SEGMENTS, action=EditSegment)
    home, of = segment.organization, segment.of
    if request.method != "POST":
        draft = from_rules(segment.rules) if segment.is_dynamic else fresh()
        return _page(request, home, of=of, kind=segment.kind, draft=draft, name=segment.name, segment=segment)
    name, draft = _name(request), from_form(request.POST)
    about: dict[str, Any] = {"of": of, "kind": segment.kind, "draft": draft, "name": name, "segment": segment}
    rules = None
    if segment.is_dynamic:
        fields = _fields(request, of, home)
        found = written(settled(draft, fields), fields)
        rules = found.rules
        if rules is None:
            return _page(request, home, problems=_wrong(name, found.missing), status=422, **about)
    try:
        perform(EditSegment, actor=request.actor, target_id=segment.pk, data=EditSegmentInput(name=name, rules=rules))
    except Refused as refusal:
        return _refused(request, home, refusal, **about)
    return _saved(request, name, segment.pk)


def _wrong(name: str, missing: Mapping[str, str]) -> dict[str, str]:
    """What is missing in the lines; and that the name is, so that both are said at once."""
    return {**missing, **({} if name else {"name": sentence_for(Refused("segment_name"))})}


def _saved(request: ConsoleRequest, name: str, key: int) -> HttpResponse:
    messages.success(request, _("The segment “%(name)s” is saved.") % {"name": name})
    to = reverse("segments:detail", args=[key])
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)


def _refused(request: ConsoleRequest, home: Organization, refusal: Refused, **about: Any) -> HttpResponse:
    place = "name" if refusal.reason in ("segment_name", "segment_name_taken") else ""
    return _page(request, home, problems={place: sentence_for(refusal)}, status=422, **about)


@console_view
@require_POST
def draft(request: ConsoleRequest) -> HttpResponse:
    """The rules after one step: a line more or less, another field, other values."""
    about = _about(request)
    return _page(request, **about, draft=from_form(request.POST), name=_name(request))


@console_view
@require_POST
def live(request: ConsoleRequest) -> HttpResponse:
    """How many the rules name now, and some of them."""
    about = _about(request)
    context = _counted(request, about["home"], about["of"], from_form(request.POST), about["segment"])
    return render(request, f"{PAGE}#live", context)


@console_view
@require_POST
def counts(request: ConsoleRequest) -> HttpResponse:
    """How many each line names alone, and how many would enter and leave."""
    about = _about(request)
    home, of, segment = about["home"], about["of"], about["segment"]
    fields = _fields(request, of, home)
    draft = settled(from_form(request.POST), fields)
    finished = {place: rules for place, line in lines(draft) if (rules := line_rules(line, place, fields, {}))}
    context: dict[str, Any] = {
        "counting": True,
        "lines": [{"place": place, "count": ""} for place, _line in lines(draft)],
    }
    try:
        if finished:
            each = counts_by_line(request.actor, {"all": list(finished.values())}, of, home)
            said = {place: number_format(each[number,], force_grouping=True) for number, place in enumerate(finished)}
            context["lines"] = [
                {"place": one["place"], "count": said.get(one["place"], "")} for one in context["lines"]
            ]
        rules = written(draft, fields).rules
        if rules is not None and segment is not None and rules != segment.rules:
            passing = foreseen(request.actor, segment, rules)
            context["enter"] = number_format(passing.entering, force_grouping=True)
            context["leave"] = number_format(passing.leaving, force_grouping=True)
    except (Refused, Denied) as error:
        context["counts_problem"] = sentence_for(error)
    return render(request, f"{PAGE}#counts", context)


@console_view
@require_POST
def draft_why(request: ConsoleRequest, target_id: int) -> HttpResponse:
    """Why somebody is in what is being written."""
    about = _about(request)
    home, of = about["home"], about["of"]
    fields = _fields(request, of, home)
    found = written(settled(from_form(request.POST), fields), fields)
    if found.rules is None:
        raise Refused("segment_rules_empty", place="1")
    drafted = Segment(
        tenant_id=home.tenant_id,
        organization=home,
        name=_name(request),
        of=of,
        kind=SegmentKind.DYNAMIC,
        rules=found.rules,
    )
    context = {"segment": drafted, "reasons": why(request.actor, drafted, target_id)}
    return render(request, "segments/why.html", context)


@console_view
@require_safe
def choices(request: ConsoleRequest) -> HttpResponse:
    """The values of a field whose words hold what was typed; those that were chosen stay ticked by themselves."""
    home, of = _organization(request, request.GET), _of(request.GET)
    field = _fields(request, of, home).get(request.GET.get("field", ""))
    if field is None or field.choices is None:
        raise TargetNotFound
    offered = field.choices.offered(request.actor, home, typed(request.GET, "find"))
    context = {
        "place": request.GET.get("place", "")[:40],
        "offered": [{"value": str(key), "label": word} for key, word in offered[:OFFERED]],
        "more": len(offered) > OFFERED,
    }
    return render(request, f"{PAGE}#choices", context)


def _page(
    request: ConsoleRequest,
    home: Organization,
    *,
    of: str,
    kind: str,
    draft: DraftGroup,
    name: str,
    segment: Segment | None = None,
    problems: Any = None,
    status: int = 200,
) -> HttpResponse:
    problems = problems or {}
    fields = _fields(request, of, home) if kind == SegmentKind.DYNAMIC else {}
    drawing = Drawing(actor=request.actor, organization=home, fields=fields, problems=problems)
    settled(draft, fields)
    context = {
        "home": home,
        "of": of,
        "kind": kind,
        "segment": segment,
        "name": name,
        "name_problem": problems.get("name", ""),
        "problem": problems.get("", "") or (_("Some lines are not finished.") if problems.keys() - {"name"} else ""),
        "tree": drawing.node(draft) if kind == SegmentKind.DYNAMIC else None,
        "save_url": reverse("segments:edit", args=[segment.pk]) if segment else reverse("segments:create"),
        "back_url": reverse("segments:detail", args=[segment.pk]) if segment else f"{reverse('segments:list')}?of={of}",
    }
    if request.htmx and request.htmx.target == "builder":
        answer = render(request, f"{PAGE}#builder", context, status=status)
        return trigger_client_event(answer, "draft:changed", after="swap")
    if request.method == "POST" and kind == SegmentKind.DYNAMIC:
        context |= _counted(request, home, of, draft, segment)
    return render(request, PAGE, context, status=status)


def _counted(
    request: ConsoleRequest, home: Organization, of: str, draft: DraftGroup, segment: Segment | None
) -> dict[str, Any]:
    """The number and the sample; or why there is none."""
    fields = _fields(request, of, home)
    found = written(settled(draft, fields), fields)
    if found.rules is None:
        return {"of": of, "counted": True, "unfinished": next(iter(found.missing.values()))}
    try:
        total = count_of(request.actor, found.rules, of, home)
        after = request.POST.get("after", "")
        after_key = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        sample = sample_of(request.actor, found.rules, of, home, after=after_key)
        if after_key and not sample:
            sample = sample_of(request.actor, found.rules, of, home)
    except (Refused, Denied) as error:
        return {"of": of, "counted": True, "unfinished": sentence_for(error)}
    return {
        "of": of,
        "counted": True,
        "total": number_format(total, force_grouping=True),
        "sample": sample,
        "last": sample[-1].target_id if sample else 0,
    }


def _about(request: ConsoleRequest) -> dict[str, Any]:
    """What the form says its rules are for."""
    said = request.POST
    key = said.get("segment", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        segment = segment_for(request, int(key), EDIT_SEGMENTS)
        return {"home": segment.organization, "of": segment.of, "kind": segment.kind, "segment": segment}
    return {"home": _organization(request, said), "of": _of(said), "kind": _kind(said), "segment": None}


def _organization(request: ConsoleRequest, said: QueryDict) -> Organization:
    """The organization whose segment it is or will be: that of a segment that the viewer may change, else their own."""
    key = said.get("segment", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        return segment_for(request, int(key), EDIT_SEGMENTS).organization
    return _home(request)


def _home(request: ConsoleRequest) -> Organization:
    home = organization_now(request)
    decision = GATE.decide(request.actor, EDIT_SEGMENTS, home)
    if decision.allowed:
        return home
    if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == "segments:create":
        perform(CreateSegment, actor=request.actor, target_id=home.pk, data=CreateSegmentInput(name=""))
    raise Denied(decision.reason)


def _fields(request: ConsoleRequest, of: str, home: Organization) -> dict[str, Field]:
    return {field.name: field for field in askable_fields(request.actor, of, home)}


def _of(said: QueryDict) -> str:
    return Population.DEVICES.value if said.get("of") == Population.DEVICES else Population.USERS.value


def _kind(said: QueryDict) -> str:
    return SegmentKind.STATIC.value if said.get("kind") == SegmentKind.STATIC else SegmentKind.DYNAMIC.value


def _name(request: ConsoleRequest) -> str:
    return " ".join(request.POST.get("name", "").replace("\0", "").split())[:200]
