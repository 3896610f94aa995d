"""The link of an export works once, for whom it was made, for a day."""

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.actions.read_data import ReadData
from fleetfolk.users.actions.read_export import ExportSecretInput
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.tests.exports import READY, download, link, made, opened

pytestmark = pytest.mark.usefixtures("data_folder")

# The link


def test_the_link_works_once(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    browser = signed_in(cast.bob)
    opened(download(browser, link()))
    again = download(browser, link())
    assert again.status_code == 410
    assert "downloaded already" in again.content.decode()
    assert Entry.objects.filter(code="user.data.read", result="done").count() == 1
    assert Entry.objects.filter(code="user.data.read", result="refused", reason="export_taken").count() == 1


def test_of_two_at_the_same_moment_one_is_refused(cast: Cast) -> None:
    """Both have looked; whoever writes second finds that it is taken."""
    export = made(cast, by=cast.bob)
    path = link()
    data = ExportSecretInput(secret_hash=secret_hash(path.rstrip("/").rpartition("/")[2]))
    perform(ReadData, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)
    taken = Export.objects.get(pk=export.pk).taken_at
    with staging(), pytest.raises(Refused) as refusal:
        ReadData().apply(actor=actor(cast.bob), target=cast.bob, data=data)
    assert refusal.value.reason == "export_taken"
    assert Export.objects.get(pk=export.pk).taken_at == taken


@pytest.mark.parametrize("who", ["ada", "bea", "eve", "sue"])
def test_the_link_is_nothing_to_anybody_else(cast: Cast, signed_in: SignedIn, who: str) -> None:
    made(cast, by=cast.bob)
    path = link()
    browser = signed_in(getattr(cast, who))
    browser.get(path)
    assert browser.get(READY).status_code == 404
    answer = browser.post(READY)
    assert answer.status_code == 404
    assert "Bob" not in answer.content.decode()
    assert Export.objects.get().taken_at is None
    opened(download(signed_in(cast.bob), path))


def test_the_link_needs_a_sign_in_and_the_password_anew(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    path = link()
    assert Client().get(path).status_code == 302
    assert Client().post(READY).status_code == 302
    browser = signed_in(cast.bob, minutes_ago=30)
    answer = download(browser, path)
    assert answer.status_code == 422
    assert Export.objects.get().taken_at is None


def test_the_link_leads_nowhere_after_a_day(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    path = link()
    with staging():
        Export.objects.update(expires_at=clock.now())
    answer = download(signed_in(cast.bob), path)
    assert answer.status_code == 410
    assert Entry.objects.filter(code="user.data.read", reason="export_over").exists()


def test_who_has_lost_the_right_meanwhile_gets_nothing(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.finn)
    path = link()
    with staging():
        User.objects.filter(pk=cast.finn.pk).update(role=cast.role("staff"))
    answer = download(signed_in(User.objects.get(pk=cast.finn.pk)), path)
    assert answer.status_code == 404
    assert Entry.objects.filter(code="user.export.read", result="denied").exists()


def test_a_second_mail_voids_the_link_of_the_first(cast: Cast, signed_in: SignedIn) -> None:
    export = made(cast, by=cast.bob)
    first = link()
    tasks.send_export_link(export_id=export.pk, tenant_id=export.tenant_id)
    assert download(signed_in(cast.bob), first).status_code == 404
    opened(download(signed_in(cast.bob), link()))


def test_the_link_is_made_from_the_origin_alone(cast: Cast, settings: Settings) -> None:
    settings.FLEETFOLK_ORIGIN = "https://console.example.com"
    made(cast, by=cast.bob)
    assert "https://console.example.com/exports/" in str(mail.outbox[-1].body)


def test_the_link_says_nothing_to_caches_and_referrers(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    answer = signed_in(cast.bob).get(link())
    assert answer["Location"] == READY
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
