"""Django's admin for people, as a team would set it up in an afternoon: our columns, our search fields, our filters."""

import sys
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from fleetfolk.access.models import Role
from fleetfolk.users.models import State, User


class StateFilter(admin.SimpleListFilter):
    """The states, without asking the table which there are, as the admin's own filter would."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """The choices."""
        return [(state.value, str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """The people in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class RoleFilter(admin.SimpleListFilter):
    """The roles of the tenant, without those of all others."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """The choices."""
        roles = Role.objects.filter(tenant_id=request.user.tenant_id)  # type: ignore[union-attr]
        return [(role.pk, role.name) for role in roles]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """The people with the chosen role."""
        return queryset.filter(role_id=int(self.value() or 0)) if self.value() else queryset


class PeopleAdmin(ModelAdmin[User]):
    """The list of a tenant's people: one query for the rows and one for their tags, as the documentation advises."""

    list_display = (
        *("name", "email", "role", "organization", "location", "state", "tag_names", "device_count"),
        "last_sign_in_at",
    )
    list_select_related = ("role", "organization", "location")
    list_filter = (StateFilter, RoleFilter)
    list_per_page = 25
    search_fields = (
        *("first_name", "last_name", "email", "phone", "role__name", "location__name", "organization__name"),
    )
    # By what has an index, so that the list without a search is as fast as it can be.
    ordering = ("email", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """The people of the viewer's tenant, without the columns that only our own lists need."""
        people = super().get_queryset(request).filter(tenant_id=request.user.tenant_id)  # type: ignore[union-attr]
        return people.prefetch_related("tags").defer("search_text", "password")

    @admin.display(description="Tags")
    def tag_names(self, person: User) -> str:
        """The names of the person's tags."""
        return ", ".join(tag.name for tag in person.tags.all())

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody who is signed in finds the list."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Everybody who is signed in may look."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A list with links, as the admin shows it to those who may change."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes."""
        return False


class Site(admin.AdminSite):
    """An admin that lets everybody in who is signed in, since our people have no `is_staff`."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is signed in."""
        return request.user.is_authenticated


def given_up(request: HttpRequest) -> HttpResponse:
    """A statement took too long: 503. Anything else that failed is a defect of the benchmark."""
    _kind, error, _trace = sys.exc_info()
    if isinstance(error, OperationalError) and "statement timeout" in str(error):
        return HttpResponse("The database gave up.", status=503)
    return HttpResponse(f"{error!r}", status=500)


handler500 = "bench.admin_urls.given_up"
site = Site()
site.register(User, PeopleAdmin)
urlpatterns = [
    path("healthz", lambda _request: HttpResponse("ok")),  # By which the benchmark knows that it answers.
    path("admin/", site.urls),
]
