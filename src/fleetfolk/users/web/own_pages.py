"""One's own account: the profile, and what other packages show there about oneself."""

from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.actionlog.queries import own_reader
from fleetfolk.actionlog.web.state import LogState
from fleetfolk.actionlog.web.views import download, may_download
from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.actions.disable_developer import DisableDeveloper
from fleetfolk.users.actions.edit_profile import HARMLESS, EditProfile
from fleetfolk.users.actions.enable_developer import EnableDeveloper
from fleetfolk.users.actions.export_own_log import ExportOwnLog, ExportOwnLogInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.developers import could_develop, develops
from fleetfolk.users.models import Theme, User
from fleetfolk.users.permissions import EDIT_DEVELOPERS
from fleetfolk.users.web.information import field_row
from fleetfolk.users.web.own import own_page, own_view
from fleetfolk.users.web.own_forms import ASKED, AskedForm, ProfileForm, ThemeForm
from fleetfolk.users.web.profile_tabs import own_tabs


@own_view(assisted="act")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: ConsoleRequest, person: User) -> HttpResponse:
    """Who one is here, and how one is reached."""
    sent = request.POST if request.method == "POST" else None
    answers = sent is not None and any(name.startswith(ASKED) for name in sent)
    form = ProfileForm(None if answers else sent, person=person)
    asked = AskedForm(sent if answers else None, person=person)
    for one in (form, asked):
        if one.is_valid():
            perform(EditProfile, actor=request.actor, target_id=person.pk, data=one.to_input())
            return done(request, toast=_("Your profile is saved."), to=reverse("account:profile"))
    _close(form, request)
    context = {
        "form": form,
        "asked": asked if asked.fields and request.actor.assisted_by is None else None,
        "themes": Theme,
        "theme_now": person.theme,
        "record": [
            field_row(field, person, may=False)
            for field in fields_for(person.organization)
            if person.custom.get(str(field.pk)) is not None
        ],
        "developer": _developer_mode(request, person),
        "view_only": _may_set(request) == frozenset(),
    }
    return own_page(request, "users/own/profile.html", context, status=200 if sent is None else 422)


def _developer_mode(request: ConsoleRequest, person: User) -> dict[str, object] | None:
    """Whether one is in developer mode and where it is switched; None for whom it is nothing, or not theirs."""
    if request.actor.assisted_by is not None or not could_develop(person):
        return None
    if not GATE.decide(request.actor, EDIT_DEVELOPERS, person).allowed:
        return None
    on = develops(person)
    return {"on": on, "url": reverse("account:developer-off" if on else "account:developer-on")}


@own_view()
@require_POST
def developer(request: ConsoleRequest, person: User, way: str) -> HttpResponse:
    """Developer mode of one's own, on or off."""
    action = EnableDeveloper if way == "on" else DisableDeveloper
    perform(action, actor=request.actor, target_id=person.pk, data=NoInput())
    toast = _("You are in developer mode.") if way == "on" else _("You are not in developer mode any more.")
    return done(request, toast=toast, to=reverse("account:profile"))


@own_view()
@require_POST
def theme(request: ConsoleRequest, person: User) -> HttpResponse:
    """Light or dark from now on, in every browser."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["theme"] != person.theme:
        perform(EditProfile, actor=request.actor, target_id=person.pk, data=form.to_input())
    return HttpResponse(status=204) if request.htmx else HttpResponseRedirect(reverse("account:profile"))


@own_view(assisted="see")
@require_safe
def action_log(request: ConsoleRequest, person: User) -> HttpResponse:
    """What one did, and what was done to one."""
    return _tab(request, person, "action-log")


@own_view()
@require_GET
def export_log(request: ConsoleRequest, person: User) -> HttpResponseBase:
    """What is filtered there, as a CSV file; that it was taken is in the log."""
    if not may_download(request):
        return ratelimit.respond_429(request)
    state, now = LogState.of(request.GET, person=person.pk).first_page(), timezone.now()
    filters = state.address(with_person=False).lstrip("?")
    data = ExportOwnLogInput(period=state.period_text(now=now), filters=filters)
    perform(ExportOwnLog, actor=request.actor, target_id=person.pk, data=data)
    return download(own_reader(request.actor), state, now=now)


@own_view()
@require_safe
def security(request: ConsoleRequest, person: User) -> HttpResponse:
    """Where one is signed in and by what; nobody who helps looks at it."""
    return _tab(request, person, "security")


def _tab(request: ConsoleRequest, person: User, slug: str) -> HttpResponse:
    """A tab of the profile, about oneself."""
    chosen = next((one for one in own_tabs() if one.slug == slug), None)
    if chosen is None:
        raise Http404
    answer = chosen.render(request, person)
    if answer.status_code != HTTPStatus.OK or request.htmx:
        return answer
    context = {"heading": chosen.label, "body": SafeString(answer.content.decode())}
    return own_page(request, "users/own/tab.html", context)


def _may_set(request: ConsoleRequest) -> frozenset[str] | None:
    """The fields of the profile that these hands may set; None for all."""
    helped = request.actor.assisted_by
    if helped is None:
        return None
    return HARMLESS if helped.mode is AssistMode.ACT else frozenset()


def _close(form: ProfileForm, request: ConsoleRequest) -> None:
    """What may not be set here is shown and cannot be typed into; the Action refuses it all the same."""
    settable = _may_set(request)
    for name, field in form.fields.items():
        if settable is not None and name not in settable:
            field.widget.attrs["disabled"] = True
