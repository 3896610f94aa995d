"""What is archived together is found in the log one by one."""

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.state import key_text
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, create_organization
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.tree.actions import (
    ArchiveOrganization,
    ArchiveOrganizationInput,
    RestoreOrganization,
    RestoreOrganizationInput,
)


def archive(cast: Cast, target: Organization) -> None:
    perform(ArchiveOrganization, actor=actor(cast.ada), target_id=target.pk, data=ArchiveOrganizationInput())


def restore(cast: Cast, target: Organization) -> None:
    perform(RestoreOrganization, actor=actor(cast.ada), target_id=target.pk, data=RestoreOrganizationInput())


def entries(code: str) -> dict[str, tuple[str, int]]:
    """With what each went, and whose entry it is."""
    found = Entry.objects.filter(code=code, result="done")
    return {each.target_label: (each.facts.get("together_with", ""), each.organization_id or 0) for each in found}


def test_each_organization_that_goes_along_has_an_entry_of_its_own(cast: Cast, signed_in: SignedIn) -> None:
    before = create_organization(cast.north, "Closed before", by=cast.ada)
    inner = create_organization(cast.berg, "Garden", by=cast.ada)
    archive(cast, before)
    archive(cast, cast.north)
    assert entries("organization.archive") == {
        "Closed before": ("", before.pk),
        "North": ("", cast.north.pk),
        cast.berg.name: ("North", cast.berg.pk),
        "Garden": ("North", inner.pk),
    }
    own = Entry.objects.get(code="organization.archive", target_id=cast.north.pk)
    assert own.facts["organizations"] == 3
    along = Entry.objects.get(code="organization.archive", target_id=inner.pk)
    assert (along.actor_id, along.path, along.target_type) == (str(cast.ada.pk), inner.path, own.target_type)
    restore(cast, cast.north)
    assert entries("organization.restore") == {
        "North": ("", cast.north.pk),
        cast.berg.name: ("North", cast.berg.pk),
        "Garden": ("North", inner.pk),
    }
    assert set(Organization.objects.exclude(archived_at=None)) == {before}
    assert "Together with" in _shown(signed_in(cast.ada), along)


def test_where_it_is_refused_nothing_goes_along(cast: Cast) -> None:
    archive(cast, cast.north)
    with pytest.raises(Refused, match="organization_archived"):
        archive(cast, cast.north)
    assert Entry.objects.filter(code="organization.archive", result="done").count() == 2


def _shown(browser: Client, entry: Entry) -> str:
    return browser.get(f"/action-log/{key_text((entry.at, entry.pk))}/").content.decode()
