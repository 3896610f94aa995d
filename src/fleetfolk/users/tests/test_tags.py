"""Tags: kept in the settings of an organization, chosen in the lists of people and devices."""

import datetime as dt
from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import DeviceTag
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    CreateTag,
    CreateTagInput,
    DeleteTag,
    DeleteTagInput,
    RestoreTag,
    RestoreTagInput,
)
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.organizations.tag_names import MOST
from fleetfolk.organizations.tasks import TAGS_KEPT, forget_tags
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import TagsKey, User, UserTag

HTMX = {"HX-Request": "true", "HX-Target": "people"}


def tag_in(organization: Organization, name: str = "Vip", colour: int = 3) -> Tag:
    with staging():
        return Tag.objects.create(tenant_id=organization.tenant_id, organization=organization, name=name, colour=colour)


def undo_of(answer: Any) -> str:
    return str(answer.headers["HX-Trigger"].split('"undo": {"url": "')[1].split('"')[0])


def deleted(cast: Cast, tag: Tag) -> Tag:
    perform(DeleteTag, actor=actor(cast.ada), target_id=tag.pk, data=DeleteTagInput())
    return tag


def restore(who: User, tag: Tag) -> None:
    perform(RestoreTag, actor=actor(who), target_id=tag.pk, data=RestoreTagInput())


def test_a_tag_is_created_renamed_and_coloured(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert "No tags yet" in browser.get("/settings/tags/").content.decode()
    answer = browser.post("/settings/tags/new/", {"name": "  Heat   pump ", "colour": "4"})
    assert answer["Location"] == "/settings/tags/"
    tag = Tag.objects.get()
    assert (tag.name, tag.colour, tag.created_by_id) == ("Heat pump", 4, cast.ada.pk)
    page = browser.get("/settings/tags/").content.decode()
    assert '<span class="ff-tag t4">Heat pump</span>' in page
    assert "by Ada Lindqvist · not in use" in page
    browser.post(f"/settings/tags/{tag.pk}/", {"name": "Boiler", "colour": "2"})
    entry = Entry.objects.filter(code="tag.edit").latest("at")
    assert [(change["field"], change["after"]) for change in entry.changes] == [("name", "Boiler"), ("colour", 2)]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "", "colour": "1"}, "Give the tag a name."),
        ({"name": "x" * 25, "colour": "1"}, "at most 24 characters"),
        ({"name": "Vip", "colour": "1"}, "There is a tag called “Vip” here already."),
        ({"name": "Other", "colour": "7"}, "7 is not one of the available choices"),
    ],
)
def test_what_is_no_tag_is_refused_in_its_form(
    cast: Cast, signed_in: SignedIn, said: dict[str, str], sentence: str
) -> None:
    tag_in(cast.lumen)
    answer = signed_in(cast.ada).post("/settings/tags/new/", said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Tag.objects.count() == 1


def test_the_action_refuses_what_no_form_lets_through(cast: Cast) -> None:
    for said in (CreateTagInput(name=" "), CreateTagInput(name="x" * 25), CreateTagInput(name="x", colour=7)):
        with pytest.raises(Refused, match="tag_unfit"):
            perform(CreateTag, actor=actor(cast.ada), target_id=cast.lumen.pk, data=said)


def test_an_organization_has_so_many_tags_at_most(cast: Cast) -> None:
    with staging():
        Tag.objects.bulk_create(
            Tag(tenant=cast.lumen, organization=cast.lumen, name=f"Tag {number}") for number in range(MOST)
        )
    with pytest.raises(Refused, match="too_many_tags"):
        perform(CreateTag, actor=actor(cast.ada), target_id=cast.lumen.pk, data=CreateTagInput(name="One more"))


def test_what_is_in_use_is_asked_about_before_it_is_deleted(cast: Cast, signed_in: SignedIn) -> None:
    tag = tag_in(cast.north)
    device, _token = device_of(cast.north)
    with staging():
        UserTag.objects.create(tenant=cast.lumen, user=cast.cleo, tag=tag)
        DeviceTag.objects.create(tenant=cast.lumen, device=device, tag=tag)
    browser = signed_in(cast.ada)
    page = browser.get(f"/organizations/{cast.north.pk}/settings/tags/").content.decode()
    assert f' href="/users/?tag={tag.pk}">1 user</a>' in page
    assert f' href="/devices/?tag={tag.pk}">1 device</a>' in page
    unsure = browser.post(f"/settings/tags/{tag.pk}/delete/", {}).content.decode()
    assert "1 user carries it," in unsure
    assert "and 1 device." in unsure
    assert Tag.objects.filter(pk=tag.pk).exists()
    answer = browser.post(f"/settings/tags/{tag.pk}/delete/", {"sure": "1"}, headers={"HX-Request": "true"})
    assert not UserTag.objects.exists()
    entry = Entry.objects.filter(code="tag.delete").latest("at")
    assert entry.target_label == "Vip"
    assert (entry.facts["people"], entry.facts["devices"]) == (1, 1)
    again = browser.post(undo_of(answer), {}, headers={"HX-Request": "true"})
    assert "The tag \\u201cVip\\u201d is restored." in again["HX-Trigger"]
    assert Tag.objects.get().pk == tag.pk
    assert UserTag.objects.get().user_id == cast.cleo.pk
    assert DeviceTag.objects.get().device_id == device.pk
    assert TagsKey.objects.get(user=cast.cleo).tags_key == "vip"
    entry = Entry.objects.filter(code="tag.restore").latest("at")
    assert (entry.target_label, entry.target_id, entry.organization_id) == ("Vip", tag.pk, cast.north.pk)
    assert (entry.facts["people"], entry.facts["devices"]) == (1, 1)


def test_what_is_not_in_use_is_deleted_at_once_and_comes_again(cast: Cast, signed_in: SignedIn) -> None:
    tag = tag_in(cast.lumen, "A&B é", 5)
    browser = signed_in(cast.ada)
    answer = browser.post(f"/settings/tags/{tag.pk}/delete/", {}, headers={"HX-Request": "true"})
    assert not Tag.objects.exists()
    assert browser.post(undo_of(answer), {}, headers={"HX-Request": "true"}).status_code == 204
    again = Tag.objects.get()
    assert (again.name, again.colour, again.organization_id) == ("A&B é", 5, cast.lumen.pk)


def test_a_tag_is_changed_by_who_may_edit_its_organization_alone(cast: Cast, signed_in: SignedIn) -> None:
    tag = tag_in(cast.north)
    for who, status in (("eve", 404), ("sam", 404), ("bea", 404), ("cleo", 403), ("dana", 403), ("finn", 200)):
        browser = signed_in(getattr(cast, who))
        assert browser.get(f"/settings/tags/{tag.pk}/").status_code == status, who
        assert browser.get(f"/settings/tags/{tag.pk}/delete/").status_code == status, who
    assert signed_in(cast.cleo).post(f"/settings/tags/{tag.pk}/delete/", {"sure": "1"}).status_code == 403
    assert Entry.objects.filter(code="tag.delete", result="denied").exists()
    assert Tag.objects.filter(pk=tag.pk).exists()


def test_one_s_own_page_shows_the_tags_of_those_above_and_changes_none(cast: Cast, signed_in: SignedIn) -> None:
    above, beside = tag_in(cast.lumen, "Above"), tag_in(cast.south, "Beside")
    page = signed_in(cast.finn).get("/settings/tags/").content.decode()
    assert "Above" in page
    assert f'id="edit-tag-{above.pk}"' not in page
    assert "from Lumen" in page
    assert "Beside" not in page
    assert signed_in(cast.finn).post(f"/settings/tags/{beside.pk}/", {"name": "x", "colour": "1"}).status_code == 404


def test_people_are_filtered_by_tag(cast: Cast, signed_in: SignedIn) -> None:
    mine, above, theirs = tag_in(cast.north, "Mine"), tag_in(cast.lumen, "Above"), tag_in(cast.south, "Theirs")
    with staging():
        UserTag.objects.create(tenant=cast.lumen, user=cast.cleo, tag=mine)
        UserTag.objects.create(tenant=cast.lumen, user=cast.sam, tag=theirs)
    browser = signed_in(cast.finn)
    page = browser.get("/users/", {"tag": mine.pk}, headers=HTMX).content.decode()
    assert "Cleo" in page
    assert "Finn" not in page
    assert "Mine" in page
    assert "Sam" not in browser.get("/users/", {"tag": theirs.pk}, headers=HTMX).content.decode()
    words = browser.get("/users/", {"tag": str(mine.pk), "q": "zzz"}, headers=HTMX).content.decode()
    assert "Cleo" not in words
    offered = browser.get("/users/choices/tag/").content.decode()
    assert [name in offered for name in ("Mine", "Above", "Theirs")] == [True, True, False]
    devices = browser.get("/devices/choices/tag/").content.decode()
    assert [name in devices for name in ("Mine", "Above", "Theirs")] == [True, True, False]
    for sort in ("name", "tags", "last_sign_in", "status"):
        found = browser.get("/users/", {"tag": [mine.pk, above.pk], "sort": sort}, headers=HTMX).content.decode()
        assert "Cleo" in found, sort


def test_deleting_forgets_the_tag_in_the_sort_of_people(cast: Cast) -> None:
    tag = tag_in(cast.north)
    with staging():
        UserTag.objects.create(tenant=cast.lumen, user=cast.cleo, tag=tag)
    assert TagsKey.objects.get(user=cast.cleo).tags_key == "vip"
    perform(DeleteTag, actor=actor(cast.finn), target_id=tag.pk, data=DeleteTagInput())
    assert TagsKey.objects.get(user=cast.cleo).tags_key == ""


def test_words_of_tags_find_people_and_devices_wherever_they_are_looked_for(cast: Cast, signed_in: SignedIn) -> None:
    tag, theirs = tag_in(cast.lumen, "Night shift"), tag_in(cast.evil, "Night watch")
    first = tag_in(cast.lumen, "Annual")
    device, _token = device_of(cast.north, name="Cellar pump")
    with staging():
        for each in (tag, first):
            UserTag.objects.create(tenant=cast.lumen, user=cast.cleo, tag=each)
        UserTag.objects.create(tenant=cast.evil, user=cast.eve, tag=theirs)
        DeviceTag.objects.create(tenant=cast.lumen, device=device, tag=tag)
    ada, sam = signed_in(cast.ada), signed_in(cast.sam)
    marked = '<span class="ff-tag t3"><mark>Night</mark> shift</span>'
    people = ada.get("/users/", {"q": "night"}, headers=HTMX).content.decode()
    assert "Cleo" in people
    assert marked in people
    assert "Bob" not in people
    hidden = ada.get("/users/", {"q": "night", "columns": "role"}, headers=HTMX).content.decode()
    assert "Cleo" in hidden
    assert "Cleo" in ada.get("/users/", {"q": "cle night"}, headers=HTMX).content.decode()
    assert "Cleo" not in ada.get("/users/", {"q": "bob night"}, headers=HTMX).content.decode()
    devices = ada.get("/devices/", {"q": "shift"}, headers={"HX-Request": "true"}).content.decode()
    assert "Cellar pump" in devices
    assert '<span class="ff-tag t3">Night <mark>shift</mark></span>' in devices
    palette = ada.get("/find/", {"q": "night"}, headers={"HX-Request": "true"}).content.decode()
    assert "Cleo" in palette
    assert "Cellar pump" in palette
    lookup = ada.get("/lookup/", {"q": "night"}, headers={"HX-Request": "true"}).content.decode()
    assert '<div class="why">Tag <mark>Night</mark> shift</div>' in lookup
    # Sam is in the south: who is tagged in the north is not found there, nor who is another tenant's.
    for path in ("/users/", "/find/", "/devices/"):
        page = sam.get(path, {"q": "night"}, headers={"HX-Request": "true"}).content.decode()
        assert "Cleo" not in page, path
        assert "Cellar pump" not in page, path
    assert "Eve" not in people


def test_the_name_of_a_deleted_tag_is_free_at_once_and_restoring_it_waits_for_the_name(cast: Cast) -> None:
    tag = deleted(cast, tag_in(cast.north))
    other = tag_in(cast.north)
    with pytest.raises(Refused, match="tag_name_taken"):
        restore(cast.ada, tag)
    deleted(cast, other)
    restore(cast.ada, tag)
    assert Tag.objects.get().pk == tag.pk
    assert DeletedTag.objects.get().pk == other.pk
    with staging():
        Tag.objects.bulk_create(
            Tag(tenant=cast.lumen, organization=cast.north, name=f"Tag {number}") for number in range(MOST - 1)
        )
        DeletedTag.objects.update(name="Another")
    with pytest.raises(Refused, match="too_many_tags"):
        restore(cast.ada, other)


def test_only_those_who_are_still_there_get_a_restored_tag_again(cast: Cast) -> None:
    tag = tag_in(cast.north)
    stays, (gone, _), (moved, _) = device_of(cast.north)[0], device_of(cast.north), device_of(cast.north)
    with staging():
        for device in (stays, gone, moved):
            DeviceTag.objects.create(tenant=cast.lumen, device=device, tag=tag)
        UserTag.objects.create(tenant=cast.lumen, user=cast.cleo, tag=tag)
    deleted(cast, tag)
    with staging():
        gone.delete()
        moved.organization = cast.south
        moved.save()
        User.objects.filter(pk=cast.cleo.pk).update(organization=cast.south)
    restore(cast.ada, tag)
    assert [one.device_id for one in DeviceTag.objects.all()] == [stays.pk]
    assert not UserTag.objects.exists()


def test_a_deleted_tag_is_restored_by_who_may_edit_its_organization_alone(cast: Cast, signed_in: SignedIn) -> None:
    tag = deleted(cast, tag_in(cast.north))
    for who in (cast.eve, cast.sam, cast.bea):
        with pytest.raises(TargetNotFound):
            restore(who, tag)
    with pytest.raises(Denied):
        restore(cast.cleo, tag)
    assert "Restore Vip" not in signed_in(cast.sam).get("/settings/tags/").content.decode()
    browser = signed_in(cast.finn)
    assert 'aria-label="Restore Vip"' in browser.get("/settings/tags/").content.decode()
    browser.post(f"/settings/tags/{tag.pk}/restore/")
    page = browser.get("/settings/tags/").content.decode()
    assert "Restore Vip" not in page
    assert '<span class="ff-tag t3">Vip</span>' in page


def test_a_deleted_tag_is_kept_for_a_week(cast: Cast) -> None:
    tag = deleted(cast, tag_in(cast.north))
    forget_tags(0)
    assert DeletedTag.objects.exists()
    with staging():
        DeletedTag.objects.update(deleted_at=clock.now() - TAGS_KEPT - dt.timedelta(minutes=1))
    forget_tags(0)
    assert not DeletedTag.objects.exists()
    with pytest.raises(TargetNotFound):
        restore(cast.ada, tag)
