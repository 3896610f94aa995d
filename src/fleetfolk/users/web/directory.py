"""The Users page: search as one types, filter, sort, page; every state of it has an address."""

import functools
from dataclasses import replace
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fleetfolk.console import marking
from fleetfolk.console.bubbles import narrowings
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.list_page import Column, Filter, ListPage
from fleetfolk.jobs.web.bulk_panels import acts_offered
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.location_words import Words
from fleetfolk.users import choices, directory
from fleetfolk.users.directory import Listing
from fleetfolk.users.listing import reach_of, users_counted, users_listed, with_types
from fleetfolk.users.models import User
from fleetfolk.users.signed_in import location_words_for
from fleetfolk.users.web.directory_rows import rows_html
from fleetfolk.users.web.directory_state import DirectoryState


def _nobody() -> dict[str, Any]:
    return {
        "icon": "users",
        "heading": _("Nobody here yet"),
        "text": _("Invite the first person by e-mail, or import a list."),
        "url": reverse("users:invite"),
        "label": _("Invite user"),
        "dialog": True,
        "url2": reverse("users:import"),
        "label2": _("Import a list"),
    }


PAGE = ListPage(
    space="users",
    template="users/user_list.html",
    region="people",
    cookie="fleetfolk-columns",
    title=_("Users"),
    search_label=_("Search users"),
    search_hint=_("Name, e-mail, phone, role"),
    caption=_("Users, sorted by %(column)s"),
    counted=ngettext_lazy("%(total)s user", "%(total)s users", "count"),
    not_found=_("Nobody found for “%(query)s”"),
    not_held=_("Nothing that is known of anybody holds all of these words."),
    not_fitting=_("Nobody fits these filters"),
    nothing=_nobody,
    columns={
        "role": Column(label=_("Role")),
        "organization": Column(label=_("Organization")),
        "location": Column(label=_("Location")),
        "status": Column(label=_("Status")),
        "tags": Column(label=_("Tags"), css="w-tags"),
        "devices": Column(label=_("Devices"), css="right w-dev"),
        "last_sign_in": Column(label=_("Last sign-in"), css="right"),
        "email": Column(label=_("E-mail as its own column"), heading=_("E-mail"), at_first=False),
        "phone": Column(label=_("Phone"), at_first=False),
        "type": Column(label=_("Type"), at_first=False),
        "created": Column(label=_("Created"), css="right", at_first=False),
    },
    pairs=(("organization", "location"),),
    filters=(
        Filter(name="role", label=_("Role"), find=_("Find a role")),
        Filter(name="status", label=_("Status"), find=_("Find a status")),
        Filter(name="location", label=_("Location"), find=_("Find a location")),
        Filter(name="organization", label=_("Organization"), find=_("Find an organization")),
        Filter(name="tag", label=_("Tag"), find=_("Find a tag")),
        Filter(name="type", label=_("Type"), find=_("Find a type")),
    ),
    offered=choices.offered,
    switch="users/user_list.html#scope",
)


def _page_for(request: ConsoleRequest) -> ListPage:
    """The page in the viewer's words."""
    return _page_in(location_words_for(cast("User", request.user)))


@functools.cache
def _page_in(words: Words) -> ListPage:
    return PAGE.renamed(
        "location",
        label=words.one,
        find=words.find,
        plain=words.plain,
        search_hint=format_lazy(_("Name, e-mail, phone, role, {location}"), location=words.plain),
        not_held=format_lazy(
            _("No name, e-mail, phone, role, {location} or organization holds all of these words."),
            location=words.plain,
        ),
    )


@console_view
@require_GET
def user_list(request: ConsoleRequest) -> HttpResponse:
    """The page, or for htmx its table with the chips above it."""
    state = DirectoryState.of(request.GET)
    page, columns = _page_for(request), PAGE.columns_of(request)
    found = users_listed(listing_of(request.actor, state))
    acts = acts_offered(request.actor, "users")
    shown = frozenset({*columns, "pick"} if acts else columns)
    people = with_types(request.actor.tenant_id, found.rows) if "type" in columns else found.rows
    rows = rows_html(people, columns=shown, words=marking.words_of(state.query))
    context = {
        "acts_on_many": acts,
        "here_url": state.first_page(scope="here").address(),
        "below_url": state.first_page(scope="").address(),
        **page.table(state, columns, found, rows=rows),
    }
    return page.answer(request, state, context)


@console_view
@require_GET
def user_count(request: ConsoleRequest) -> HttpResponse:
    """How many people the list has, for a page that was shown before they were counted."""
    state = DirectoryState.of(request.GET)
    return PAGE.count(request, state, users_counted(listing_of(request.actor, state)))


@console_view
@require_GET
def filter_choices(request: ConsoleRequest, name: str) -> HttpResponse:
    """The entries of a filter that hold what was typed."""
    return PAGE.choices(request, DirectoryState.of(request.GET), name)


@console_view
@require_POST
def choose_columns(request: ConsoleRequest) -> HttpResponse:
    """This browser remembers the columns; the page comes again with them."""
    return PAGE.choose_columns(request)


def listing_of(actor: Actor, state: DirectoryState) -> Listing:
    """The people that the state asks for, as far as the actor reaches. Raises `Denied` without the right."""
    return replace(
        reach_of(actor, here_only=state.here_only, statuses=[status.value for status in state.status]),  # type: ignore[misc]
        typed=state.query,
        role_ids=state.role,
        location_ids=state.location,
        organization_ids=state.organization,
        tag_ids=state.tag,
        types=state.type,
        narrowed=narrowings("users", actor, state.segment),
        sort=state.sort,  # type: ignore[arg-type]
        descending=state.descending,
        after=state.key(directory.SORTS),
        backward=state.backward,
    )
