"""The profile: one header and many tabs, each of which opens alone; why something cannot be done; tags in place."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import UserTag
from fleetfolk.users.tests.links import pending

HTMX = {"HX-Request": "true"}

MANY_ENTRIES = """
INSERT INTO actionlog_entry (tenant_id, code, result, client, actor_kind, actor_id, actor_label, target_type, target_id,
    target_label, path)
SELECT %s, 'user.session.start', 'done', 'web', 'user', %s, 'Bob', 'users.User', %s, 'Bob', %s
FROM generate_series(1, %s)
"""


def tag(cast: Cast, name: str, where: str = "lumen") -> Tag:
    with staging():
        return Tag.objects.create(tenant=getattr(cast, where).tenant, organization=getattr(cast, where), name=name)


def test_the_header_tells_who_it_is(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        cast.bob.last_sign_in_at = clock.now()
        cast.bob.save(update_fields=["last_sign_in_at"])
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/").content.decode()
    for words in ("Bob Berg", "Active", "User", "Familie Berg", "Europe/Berlin", "same as yours", "Last seen"):
        assert words in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("slug", ["information", "activity", "action-log", "devices", "security"])
def test_every_tab_opens_alone_and_in_the_page(cast: Cast, signed_in: SignedIn, slug: str) -> None:
    browser = signed_in(cast.ada)
    page = browser.get(f"/users/{cast.bob.pk}/{slug}/").content.decode()
    assert "<h1" in page
    assert re.search(rf'id="tab-{slug}"[^>]* aria-current="page"', page)
    part = browser.get(f"/users/{cast.bob.pk}/{slug}/", headers={**HTMX, "HX-Target": "tab"}).content.decode()
    assert part.startswith("<title>Bob Berg")
    assert 'id="tab-body"' in part
    assert "<html" not in part
    assert "profile-header" not in part


def test_there_is_no_tab_of_another_name(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.ada).get(f"/users/{cast.bob.pk}/secrets/").status_code == 404


def test_a_tab_that_needs_more_is_neither_shown_nor_opened(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        cast.dana.role.permissions = ["users.view"]
        cast.dana.role.save(update_fields=["permissions"])
    browser = signed_in(cast.dana)
    assert "tab-action-log" not in browser.get(f"/users/{cast.bob.pk}/").content.decode()
    assert browser.get(f"/users/{cast.bob.pk}/action-log/").status_code == 403


def test_the_page_takes_as_many_queries_whatever_somebody_did(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.get("/roles/")
    counts = []
    for entries in (0, 100_000):
        values: list[Any] = [cast.lumen.pk, str(cast.bob.pk), cast.bob.pk, cast.bob.path, entries]
        with connection.cursor() as cursor:
            cursor.execute(MANY_ENTRIES, values)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/users/{cast.bob.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_why_not_names_every_act_with_its_reasons(cast: Cast, signed_in: SignedIn) -> None:
    drawer = signed_in(cast.dana).get(f"/users/{cast.bob.pk}/why/", headers=HTMX).content.decode()
    for label in ("Edit", "Force log-out", "Delete"):
        assert f"<b>{label}</b>" in drawer
    assert "The role Auditor does not include “Edit users”." in drawer
    assert "is in Lumen Home or below it, where the role Auditor is held." in drawer
    stronger = signed_in(cast.cleo).get(f"/users/{cast.finn.pk}/why/", headers=HTMX).content.decode()
    assert "holds more than the role Staff" in stronger
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    drawer = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/why/", headers=HTMX).content.decode()
    assert "is Disabled." in drawer
    assert "<b>Edit</b>" not in drawer
    assert "Only for people who are Active." in drawer
    assert "Send device log" in drawer


def test_why_not_about_oneself_and_about_an_invited_admin(cast: Cast, signed_in: SignedIn) -> None:
    own = signed_in(cast.ada).get(f"/users/{cast.ada.pk}/why/", headers=HTMX).content.decode()
    assert "You cannot do this to your own account." in own
    admin = pending(cast, "Pia Admin", role="admin")
    drawer = signed_in(cast.cleo).get(f"/users/{admin.pk}/why/", headers=HTMX).content.decode()
    assert "You cannot give a role that holds more than your own." in drawer


def test_a_tag_is_put_on_and_taken_off_with_a_way_back(cast: Cast, signed_in: SignedIn) -> None:
    vip = tag(cast, "VIP")
    browser = signed_in(cast.ada)
    assert "VIP" in browser.get(f"/users/{cast.bob.pk}/tags/", headers=HTMX).content.decode()
    added = browser.post(f"/users/{cast.bob.pk}/tags/{vip.pk}/add/", headers=HTMX)
    assert (added.status_code, "profile:changed" in added["HX-Trigger"]) == (204, True)
    header = browser.get(f"/users/{cast.bob.pk}/header/", headers=HTMX).content.decode()
    assert "Remove tag VIP" in header
    assert "VIP" not in browser.get(f"/users/{cast.bob.pk}/tags/", headers=HTMX).content.decode()
    removed = browser.post(f"/users/{cast.bob.pk}/tags/{vip.pk}/remove/", headers=HTMX)
    assert f"/users/{cast.bob.pk}/tags/{vip.pk}/add/" in removed["HX-Trigger"]
    assert not UserTag.objects.filter(user=cast.bob).exists()


def test_only_tags_from_here_and_above_are_offered_and_taken(cast: Cast, signed_in: SignedIn) -> None:
    tag(cast, "Of Lumen")
    tag(cast, "Of North", "north")
    foreign = [tag(cast, "Of South", "south"), tag(cast, "Of Evil", "evil")]
    browser = signed_in(cast.ada)
    offered = browser.get(f"/users/{cast.bob.pk}/tags/", headers=HTMX).content.decode()
    assert [name for name in ("Lumen", "North", "South", "Evil") if f"Of {name}" in offered] == ["Lumen", "North"]
    found = browser.get(f"/users/{cast.bob.pk}/tags/", {"find": "nör"}, headers=HTMX).content.decode()
    assert [name for name in ("Lumen", "North") if f">Of <mark>{name[:3]}" in found or f"Of {name}" in found] == [
        "North"
    ]
    for one in foreign:
        assert browser.post(f"/users/{cast.bob.pk}/tags/{one.pk}/add/").status_code == 409
    assert not UserTag.objects.filter(user=cast.bob).exists()


def test_who_may_not_edit_sees_tags_without_buttons(cast: Cast, signed_in: SignedIn) -> None:
    vip = tag(cast, "VIP")
    with staging():
        UserTag.objects.create(tenant=cast.lumen, user=cast.bob, tag=vip)
    page = signed_in(cast.dana).get(f"/users/{cast.bob.pk}/").content.decode()
    assert "VIP" in page
    assert "Remove tag" not in page
    assert "add-tag" not in page
    assert signed_in(cast.dana).post(f"/users/{cast.bob.pk}/tags/{vip.pk}/remove/").status_code == 403
    assert UserTag.objects.filter(user=cast.bob).count() == 1
