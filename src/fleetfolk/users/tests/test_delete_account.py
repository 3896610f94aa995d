"""Deleting one's own account: the word, the password, and a link that brings it back once, while it lasts."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.actions.delete_account import DeleteAccount, DeleteAccountInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.restore_account import RestoreAccount, UndoSecretInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.models import RESTORABLE_FOR, State, User
from fleetfolk.users.models_privacy import Deletion, Suppression

FORM = {"word": "DELETE", "own_password": PASSWORD}


def left(cast: Cast) -> str:
    """Bob has deleted his account; the path of the link in his mail."""
    perform(DeleteAccount, actor=actor(cast.bob), target_id=cast.bob.pk, data=DeleteAccountInput())
    tasks.send_undo_link(user_id=cast.bob.pk, tenant_id=cast.bob.tenant_id)
    assert mail.outbox[-1].to == [cast.bob.email]
    found = re.search(r"https?://\S+/account/undo/\S+", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return urlsplit(found[0]).path


def kept(browser: Client, link: str) -> int:
    """The link opened and the button pressed: what the last answer was."""
    if browser.get(link).status_code != 302:
        return 404
    return browser.post(reverse("users:undo-form")).status_code


def test_the_account_is_out_at_once(cast: Cast, signed_in: SignedIn) -> None:
    browser, other = signed_in(cast.bob), signed_in(cast.bob)
    answer = browser.post(reverse("account:delete"), FORM)
    assert (answer.status_code, answer["Location"]) == (302, reverse("users:account-gone"))
    assert fresh(cast.bob).state == State.DELETION_PENDING
    assert other.get("/account/").status_code == 302
    assert Client().get(reverse("users:account-gone")).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"word": "DELETE"},
        {"word": "delete", "own_password": PASSWORD},
        {"word": "DELETE", "own_password": "wrong one"},
        {"word": "DELETE", "own_password": ""},
    ],
)
def test_without_the_word_and_the_password_nothing_happens(
    cast: Cast, signed_in: SignedIn, form: dict[str, str]
) -> None:
    """Also a moment after signing in: the password is asked for in any case."""
    assert signed_in(cast.bob).post(reverse("account:delete"), form).status_code == 422
    assert fresh(cast.bob).state == State.ACTIVE


def test_looking_at_the_form_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.bob).get(reverse("account:delete")).status_code == 200
    assert fresh(cast.bob).state == State.ACTIVE


def test_the_last_admin_stays(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        perform(DeleteAccount, actor=actor(cast.finn), target_id=cast.finn.pk, data=DeleteAccountInput())
    assert refusal.value.reason == "last_admin"


def test_the_link_brings_the_account_back_once(cast: Cast) -> None:
    link = left(cast)
    browser = Client()
    assert browser.get(link)["Location"] == reverse("users:undo-form")
    assert fresh(cast.bob).state == State.DELETION_PENDING, "looking changes nothing"
    assert "Keep my account" in browser.get(reverse("users:undo-form")).content.decode()
    assert fresh(cast.bob).state == State.DELETION_PENDING
    assert browser.post(reverse("users:undo-form")).status_code == 200
    assert fresh(cast.bob).state == State.ACTIVE
    assert kept(Client(), link) == 404
    assert Entry.objects.get(code="user.account.restore", result="done").actor_id == str(cast.bob.pk)


def test_a_used_link_undoes_no_later_deletion(cast: Cast) -> None:
    first = left(cast)
    assert kept(Client(), first) == 200
    second = left(cast)
    assert kept(Client(), first) == 404
    assert fresh(cast.bob).state == State.DELETION_PENDING
    assert kept(Client(), second) == 200


def test_of_two_mails_the_later_link_works(cast: Cast) -> None:
    first = left(cast)
    tasks.send_undo_link(user_id=cast.bob.pk, tenant_id=cast.bob.tenant_id)
    assert kept(Client(), first) == 404


def test_after_the_days_of_grace_it_is_too_late(cast: Cast) -> None:
    link = left(cast)
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(deletion_requested_at=clock.now() - RESTORABLE_FOR)
    assert kept(Client(), link) == 404
    tasks.erase_deleted(timestamp=0)
    assert not User.objects.filter(pk=cast.bob.pk).exists()
    assert kept(Client(), link) == 404


def test_whom_others_deleted_has_no_link_and_makes_none(cast: Cast) -> None:
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=DeleteUserInput())
    tasks.send_undo_link(user_id=cast.bob.pk, tenant_id=cast.bob.tenant_id)
    assert not [sent for sent in mail.outbox if "undo" in str(sent.body)]
    for presented in ("", "0" * 64):
        with pytest.raises(Denied):
            perform(
                RestoreAccount,
                actor=actor(cast.bob),
                target_id=cast.bob.pk,
                data=UndoSecretInput(secret_hash=presented),
            )
    assert fresh(cast.bob).state == State.DELETION_PENDING


def test_the_link_of_one_person_is_nothing_to_another(cast: Cast) -> None:
    left(cast)
    presented = Deletion.objects.get().secret_hash
    perform(DeleteAccount, actor=actor(cast.sue), target_id=cast.sue.pk, data=DeleteAccountInput())
    with pytest.raises(Denied):
        perform(
            RestoreAccount, actor=actor(cast.sue), target_id=cast.sue.pk, data=UndoSecretInput(secret_hash=presented)
        )


def test_staff_can_restore_it_too_and_the_link_is_void_then(cast: Cast) -> None:
    link = left(cast)
    perform(RestoreUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    assert fresh(cast.bob).state == State.ACTIVE
    assert kept(Client(), link) == 404


def test_a_wrong_link_tells_nothing(cast: Cast) -> None:
    left(cast)
    answers = [Client().get(reverse("users:undo-deletion", args=[secret])) for secret in ("x", "y" * 43)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'content="\w{64}"', "", answer.content.decode()) for answer in answers}) == 1


def test_the_wish_not_to_be_added_again_is_kept_until_the_end(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.bob).post(reverse("account:delete"), {**FORM, "suppress": "on"})
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(
            deletion_requested_at=clock.now() - RESTORABLE_FOR - dt.timedelta(hours=1)
        )
    tasks.erase_deleted(timestamp=0)
    assert Suppression.objects.count() == 1


def test_the_page_of_ones_data_is_the_persons_alone(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.bob).get(reverse("account:data"))
    assert page.status_code == 200
    assert "Request the file" in page.content.decode()
    assert Client().get(reverse("account:data")).status_code == 302
    assert signed_in(cast.bob).get(reverse("account:export-data")).status_code == 405
