"""The demo world is what its story tells, and every bit of it went through the door."""

import re
from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.hashers import check_password
from django.test import Client
from django.test.utils import override_settings
from django.urls import resolve

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.build import MAILS_STAY, begin_world, build_world
from fleetfolk.demo.events import Event, Kind
from fleetfolk.demo.models import Mail, World
from fleetfolk.demo.places import ORGANIZATIONS, TAGS
from fleetfolk.demo.signins import PASSWORD, SIGN_INS
from fleetfolk.demo.tests.small import NOW, small_people, small_story
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client as Through
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.users.models import Invitation, State, Status, User, status_of
from fleetfolk.users.secret import secret_hash

_CODES = {
    Kind.INVITE: "user.invite",
    Kind.OPEN_INVITATION: "user.invitation.read",
    Kind.RESEND_INVITATION: "user.invitation.send",
    Kind.ACCEPT: "user.invitation.accept",
    Kind.SIGN_IN: "user.session.start",
    Kind.EDIT: "user.edit",
    Kind.RESET_PASSWORD: "user.password.reset",
    Kind.ASSIGN_PASSWORD: "user.password.assign",
    Kind.END_SESSIONS: "user.sessions.end",
    Kind.DISABLE: "user.disable",
    Kind.ENABLE: "user.enable",
    Kind.TRANSFER: "user.transfer",
    Kind.DELETE: "user.delete",
    Kind.RESTORE: "user.restore",
    Kind.ASSIGN_TAG: "user.tag.assign",
}
_STATUSES = {
    "active": Status.ACTIVE,
    "inactive": Status.INACTIVE,
    "pending": Status.PENDING,
    "disabled": Status.DISABLED,
    "deletion_pending": Status.DELETION_PENDING,
}


def _root() -> Organization:
    return Organization.objects.get(parent=None, name="Lumen Home")


def _told(event: Event) -> tuple[datetime, str, str, str, str | None]:
    through = {"Web": Through.WEB, "Android": Through.ANDROID, "iOS": Through.IOS, "Shell": Through.SHELL}
    return event.at, _CODES[event.kind], event.expected, through[event.device.client], event.device.address


def test_everybody_is_as_the_story_leaves_them(built: World) -> None:
    people = {user.email: user for user in User.objects.filter(tenant=_root()).select_related("organization", "role")}
    assert set(people) == {person.email for person in small_people()}
    for person in small_people():
        user = people[person.email]
        status = status_of(user.state, user.last_sign_in_at, now=NOW)
        assert (status, user.role.builtin, user.phone) == (_STATUSES[person.ending], person.role, person.phone)
        assert {link.tag.name for link in user.user_tags.all()} == {
            each.name for each in TAGS if each.key in person.tags
        }


def test_every_event_left_its_entry_with_its_time_and_client(built: World) -> None:
    events = [event for event in small_story() if event.kind is not Kind.IMPORT]
    kept = Counter(
        (entry.at, entry.code, entry.result, entry.client, entry.address)
        for entry in Entry.objects.filter(tenant=_root(), code__in=_CODES.values())
    )
    missing = [event for event in events if not kept[_told(event)]]
    assert missing == []


def test_nothing_in_the_log_happened_outside_the_story(built: World) -> None:
    first, last = small_story()[0].at, NOW
    moments = Entry.objects.filter(tenant=_root()).values_list("at", flat=True)
    assert first <= min(moments) <= max(moments) <= last


def test_what_was_made_shows_the_time_at_which_it_was_made(built: World) -> None:
    invited = {event.target: event.at for event in small_story() if event.kind is Kind.INVITE}
    for user in User.objects.filter(tenant=_root(), email__in=invited).select_related("invitation"):
        assert user.created_at == user.invitation.created_at == invited[user.email]
    for model in (Organization, Location, Job):
        assert all(each.created_at < NOW for each in model._default_manager.filter(tenant=_root()))


def test_places_and_tags_are_all_there(built: World) -> None:
    root = _root()
    assert Organization.objects.filter(tenant=root).count() == len(ORGANIZATIONS)
    assert Location.objects.filter(tenant=root).count() == sum(len(each.sites) for each in ORGANIZATIONS)
    assert Tag.objects.filter(tenant=root).count() == len(TAGS)


def test_east_asian_names_read_as_their_bearers_write_them(built: World) -> None:
    ogasawara = User.objects.get(email="k.ogasawara@lumenhome.example")
    assert (ogasawara.name, ogasawara.first_name) == ("小笠原 健太郎", "健太郎")


def test_lists_were_imported_by_the_real_import(built: World) -> None:
    imports = [event for event in small_story() if event.kind is Kind.IMPORT]
    jobs = Job.objects.filter(tenant=_root())
    assert {job.title for job in jobs} == {f"Import of {event.data['file']}" for event in imports}
    assert {job.state for job in jobs} == {JobState.DONE}
    assert sum(job.counts["new"] for job in jobs) == sum(len(event.rows) for event in imports)


def test_whoever_has_an_account_has_the_password_of_the_demo(built: World) -> None:
    hashes = set(User.objects.filter(tenant=_root(), state=State.ACTIVE).values_list("password", flat=True))
    (only,) = hashes
    assert check_password(PASSWORD, only)


def test_mails_are_of_the_last_days_or_still_needed(built: World) -> None:
    pending = User.objects.filter(tenant=_root(), state=State.PENDING).values_list("email", flat=True)
    assert Mail.objects.exists()
    for mail in Mail.objects.all():
        assert mail.sent_at >= NOW - MAILS_STAY or mail.to in pending


def test_the_links_of_pending_people_work(built: World) -> None:
    for user in User.objects.filter(tenant=_root(), state=State.PENDING):
        (link,) = re.findall(r"http\S+", Mail.objects.filter(to=user.email).latest("sent_at").text)
        secret = resolve(urlsplit(link).path).kwargs["secret"]
        assert Invitation.by_secret_hash(secret_hash(secret)) == user.invitation


def test_a_second_build_changes_nothing(built: World) -> None:
    before = Entry.objects.count(), Mail.objects.count()
    build_world(begin_world(clock.now()), small_story())
    assert (Entry.objects.count(), Mail.objects.count()) == before


def test_the_sign_in_page_shows_the_people_and_the_password(built: World) -> None:
    with override_settings(MODE="demo"):
        page = Client().get("/sign-in/").content.decode()
    assert all(each.email in page for each in SIGN_INS)
    assert PASSWORD in page
