"""The pages of templates: the list, and one template with its tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Func, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.devices.models import Datastream, EventKind, StreamKind, Template, TemplateUse
from fleetfolk.devices.permissions import CREATE_TEMPLATES, DELETE_TEMPLATES, EDIT_TEMPLATES, VIEW_TEMPLATES
from fleetfolk.devices.template_files import file_of, written
from fleetfolk.devices.template_parts import NOTIFIED, Connection
from fleetfolk.devices.template_queries import COUNT_CAP, device_counts, templates_seen
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization

SIZE = 50
LIST, PAGE = "devices/template_list.html", "devices/template.html"
TABS = ("info", "datastreams", "metadata", "events", "organizations")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A template in the list."""

    template: Template
    connection: str
    streams: int
    devices: str
    none: bool
    enabled: str


@console_view
@require_safe
def template_list(request: ConsoleRequest) -> HttpResponse:
    """The templates that the viewer may see, by name; ``q`` searches, ``archived=1`` shows the archive."""
    grants = grants_of(request.actor)
    if not GATE.paths_within_reach(request.actor, VIEW_TEMPLATES, grants):
        raise Denied("permission_missing")
    query = typed(request.GET)
    archived = request.GET.get("archived") == "1"
    seen = templates_seen(request.actor, grants)
    found = _searched(seen.filter(archived_at__isnull=not archived), query)
    page, back, on = _page(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    said = {"archived": "1" if archived else "", "q": query}
    total = found.count()
    context: dict[str, Any] = {
        "rows": _rows(request, page, grants),
        "query": query,
        "archived": archived,
        "previous_url": _url(said, before=back) if back else None,
        "next_url": _url(said, after=on) if on else None,
        "total": number_format(total, force_grouping=True),
        "matches": ngettext("%(number)s template", "%(number)s templates", total)
        % {"number": number_format(total, force_grouping=True)},
        "present_url": _url({"q": query}),
        "archive_url": _url({"archived": "1", "q": query}),
        "drop_url": _url({"archived": said["archived"]}),
        "any": bool(page) or seen.exists(),
        "may_create": _may_create(request, grants),
    }
    return render(request, f"{LIST}#templates" if request.htmx.target == "templates" else LIST, context)


@console_view
@require_safe
def template_page(request: ConsoleRequest, template_id: int, tab: str = "info") -> HttpResponse:
    """One template; ``tab`` is one of `TABS`. Through htmx the tab alone."""
    grants = grants_of(request.actor)
    template = template_for(request, template_id, grants=grants)
    count = device_counts(request.actor, [template.pk], grants).get(template.pk)
    may_edit = GATE.decide(request.actor, EDIT_TEMPLATES, template, grants).allowed
    parts = {
        "datastreams": template.datastreams.count(),
        "metadata": template.metadata_fields.count(),
        "events": template.event_kinds.count(),
    }
    context: dict[str, Any] = {
        "template": template,
        "connection": _connection(template),
        "devices": None if count is None else _number(count),
        "devices_count": count,
        "may_edit": may_edit,
        "items": _menu(template, may_edit=may_edit, may_delete=_may(request, DELETE_TEMPLATES, template, grants)),
        "tab": tab,
        "tabs": [
            {
                "slug": slug,
                "label": label,
                "url": _tab_url(template, slug),
                "current": slug == tab,
                "count": parts.get(slug, 0),
            }
            for slug, label in _labels()
        ],
        **_CONTEXTS.get(tab, _nothing)(request, template, grants),
    }
    return render(request, f"{PAGE}#tab" if request.htmx.target == "tab" else PAGE, context)


@console_view
@require_GET
def export_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """The template as a file."""
    template = template_for(request, template_id)
    answer = HttpResponse(written(file_of(template)), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(template.name) or "template"}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def template_for(request: ConsoleRequest, template_id: int, *, grants: Sequence[Grant] | None = None) -> Template:
    """The template, where the viewer may see it."""
    found = templates_seen(request.actor, grants).select_related("tenant").filter(pk=template_id).first()
    if found is None:
        raise TargetNotFound
    return found


def _may(request: ConsoleRequest, permission: Permission, template: Template, grants: Sequence[Grant]) -> bool:
    return GATE.decide(request.actor, permission, template, grants).allowed


def _may_create(request: ConsoleRequest, grants: Sequence[Grant]) -> bool:
    return f"{request.actor.tenant_id}." in GATE.paths_within_reach(request.actor, CREATE_TEMPLATES, grants)


class _Folded(Func):
    """What a search compares: everything that a template is called by, folded."""

    template = "(' ' || fold(concat_ws(' ', %(expressions)s)))"
    output_field = TextField()


def _searched(templates: QuerySet[Template], query: str) -> QuerySet[Template]:
    categories = Func("categories", Value(" "), function="array_to_string")
    names = _Folded("name", "manufacturer", "model", "hardware", "public_id", categories)
    found = templates.alias(folded=names)
    for word in words_of(query):
        found = found.filter(folded__contains=word)
    return found


def _page(templates: QuerySet[Template], *, after: str, before: str) -> tuple[list[Any], str, str]:
    """A page by name, with the keys of the pages before and after it; empty where there is none."""
    keyed = templates.annotate(key=Lower("name"))
    key = (after or before)[:60].replace("\0", "")
    if before:
        rows = list(keyed.filter(key__lt=key).order_by("-key")[: SIZE + 1])
        more_before, more_after = len(rows) > SIZE, True
        rows = rows[:SIZE][::-1]
    else:
        rows = list((keyed.filter(key__gt=key) if key else keyed).order_by("key")[: SIZE + 1])
        more_before, more_after = bool(key), len(rows) > SIZE
        rows = rows[:SIZE]
    if not rows:
        return [], "", ""
    back = str(rows[0].key) if more_before else ""
    return rows, back, str(rows[-1].key) if more_after else ""


def _rows(request: ConsoleRequest, page: list[Template], grants: Sequence[Grant]) -> list[Row]:
    keys = [template.pk for template in page]
    devices = device_counts(request.actor, keys, grants)
    streams = dict(
        Datastream.objects.filter(template__in=keys).values_list("template").annotate(number=Count("pk")).order_by()
    )
    uses: dict[int, list[bool]] = {}
    for key, parent in TemplateUse.objects.filter(template__in=keys).values_list("template", "organization__parent"):
        uses.setdefault(key, []).append(parent is None)
    rows = []
    for template in page:
        count = devices.get(template.pk)
        rows.append(
            Row(
                template=template,
                connection=_connection(template),
                streams=streams.get(template.pk, 0),
                devices="" if count is None else _number(count),
                none=not count,
                enabled=_enabled(uses.get(template.pk, [])),
            )
        )
    return rows


def _enabled(uses: list[bool]) -> str:
    """Where it is enabled, in a word; each use says whether it is the root's."""
    if any(uses):
        return _("Everywhere")
    if not uses:
        return _("Only at the top")
    return ngettext("%(number)s organization", "%(number)s organizations", len(uses)) % {"number": len(uses)}


def _connection(template: Template) -> str:
    """The word for how its devices reach the network; what another version wrote stands as it is."""
    known = {one.value: str(one.label) for one in Connection}
    return known.get(template.connection, template.connection)


def _number(count: int) -> str:
    return number_format(min(count, COUNT_CAP), force_grouping=True) + ("+" if count > COUNT_CAP else "")


def _url(said: dict[str, str], **more: str) -> str:
    asked = urlencode({key: value for key, value in {**said, **more}.items() if value})
    return reverse("templates:list") + (f"?{asked}" if asked else "")


def _tab_url(template: Template, slug: str) -> str:
    if slug == "info":
        return reverse("templates:detail", args=[template.pk])
    return reverse(f"templates:{slug}", args=[template.pk])


def _labels() -> list[tuple[str, str]]:
    return [
        ("info", _("Info")),
        ("datastreams", _("Datastreams")),
        ("metadata", _("Metadata")),
        ("events", _("Events")),
        ("organizations", _("Organizations")),
    ]


def _menu(template: Template, *, may_edit: bool, may_delete: bool) -> list[dict[str, Any]]:
    """What else can be done with the template."""
    key = [template.pk]
    items: list[dict[str, Any]] = [
        {
            "label": _("Export as a file"),
            "icon": "download",
            "method": "get",
            "url": reverse("templates:export", args=key),
        }
    ]
    if may_edit:
        items.append(
            {
                "label": _("Duplicate…"),
                "icon": "copy",
                "method": "get",
                "url": f"{reverse('templates:import')}?like={template.pk}",
            }
        )
        word, label, icon, method = (
            ("restore", _("Restore"), "arrow-back-up", "post")
            if template.archived_at
            else ("archive", _("Archive…"), "archive", "dialog")
        )
        items.append({"label": label, "icon": icon, "method": method, "url": reverse(f"templates:{word}", args=key)})
    if may_delete:
        items.append({"divider": True})
        items.append(
            {
                "label": _("Delete…"),
                "icon": "trash",
                "method": "dialog",
                "url": reverse("templates:delete", args=key),
                "bad": True,
            }
        )
    return items


def _info(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    name = template.name.replace('"', "'")
    lines = (f'#define BLYNK_TEMPLATE_ID "{template.public_id}"', f'#define BLYNK_TEMPLATE_NAME "{name}"')
    return {"firmware": "\n".join(lines), "offline": _seconds(template.offline_after)}


def _datastreams(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    streams = template.datastreams.order_by("position", "pin")
    return {"streams": [{"stream": one, "range": _range(one), "default": _default(one)} for one in streams]}


def _metadata(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    return {"fields": list(template.metadata_fields.order_by("position", "pk"))}


def _events(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    kinds = template.event_kinds.order_by("position", "pk")
    return {"kinds": [{"kind": one, "notified": _notified(one)} for one in kinds]}


def _organizations(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    """Where the template is enabled, as far as the viewer reaches; that it is everywhere is told to everybody."""
    paths = GATE.paths_within_reach(request.actor, VIEW_TEMPLATES, grants)
    uses = TemplateUse.objects.filter(template=template).select_related("organization__parent")
    organizations = [use.organization for use in uses.order_by("organization__name", "pk")]
    return {
        "everywhere": any(one.is_tenant for one in organizations),
        "places": [one for one in organizations if not one.is_tenant and _reached(one, paths)],
    }


def _seconds(seconds: int) -> str:
    """The time in its largest whole unit."""
    if seconds % 86_400 == 0:
        return ngettext("%(n)s day", "%(n)s days", seconds // 86_400) % {"n": seconds // 86_400}
    if seconds % 3_600 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3_600) % {"n": seconds // 3_600}
    if seconds % 60 == 0:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def _range(stream: Datastream) -> str:
    """The limits with their unit: “5 … 30 °C”, “at least 0”."""
    least, most = (None if limit is None else _figure(limit) for limit in (stream.minimum, stream.maximum))
    if least is None and most is None:
        return stream.units
    if most is None:
        text = _("at least %(limit)s") % {"limit": least}
    elif least is None:
        text = _("at most %(limit)s") % {"limit": most}
    else:
        text = f"{least} … {most}"
    return f"{text} {stream.units}".strip()


def _default(stream: Datastream) -> str:
    value = stream.default_value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if stream.kind == StreamKind.ENUMERABLE:
        return next((str(one["label"]) for one in stream.choices if one["value"] == value), str(value))
    if isinstance(value, list):
        return ", ".join(_figure(one) for one in value)
    return _figure(value) if isinstance(value, int | float) else str(value)


def _figure(number: float) -> str:
    """The number with separators, and with as many places as it has."""
    if number == int(number) and abs(number) < 2**53:
        return number_format(int(number), force_grouping=True)
    return number_format(number)


def _notified(kind: EventKind) -> str:
    words = {"owner": _("owner"), "shared": _("those it is shared with"), "staff": _("the organization")}
    told = [words[one] for one in NOTIFIED if one in kind.notify]
    return _("Tells: %(people)s") % {"people": ", ".join(told)} if told else _("Tells nobody")


def _reached(organization: Organization, paths: Sequence[str]) -> bool:
    return any(organization.path.startswith(path) for path in paths)


def _nothing(request: ConsoleRequest, template: Template, grants: Sequence[Grant]) -> dict[str, Any]:
    return {}


_CONTEXTS = {
    "info": _info,
    "datastreams": _datastreams,
    "metadata": _metadata,
    "events": _events,
    "organizations": _organizations,
}
