"""An assistance, request by request: rules 5, 6, 8, 9, 11, 12 and 13."""

import itertools
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.models import Assistance
from fleetfolk.assistance.tests.scenes import ASSISTABLE, HTMX, PARTS_TO_SEE, Scene, addresses, helped
from fleetfolk.config.tests.test_attack_table_of_actions import fingerprint, nothing_inside_an_assistance
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Attachment, Item
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.testing.cast import PASSWORD, Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import OPERATORS, SAMPLES
from fleetfolk.users.models import User

OPEN_TO_SEE = {
    *("home", "account:profile", "account:action-log", "actionlog:own-entry", "assistance:own"),
    *(f"mydevices:{page}" for page in ("detail", "timeline", "people", "about", "history")),
    "sharing:panel",
    *PARTS_TO_SEE,
}
"""Every page that an assistant may look at. What is not here answers 403."""

OPEN_TO_ACT = {
    "account:profile",
    *("mydevices:about", "mydevices:command"),
    *(f"devices:{act}-event" for act in ("archive", "comment", "reset", "resolve", "restore")),
}


# Rule 5: view-only is enforced in one place, for every address.


def test_the_agent_sees_the_customers_own_page(viewing: Scene) -> None:
    page = viewing.get()
    assert page.status_code == 200
    body = page.content.decode()
    assert "Carl" in body
    assert viewing.address in body  # Its links stay inside.


def test_rule_05_no_address_takes_anything_but_looking(viewing: Scene) -> None:
    """Every address is posted to and asked by one of the other methods, each of them in its turn."""
    others = itertools.cycle(["put", "patch", "delete", "options", "trace"])
    before, entries = changed(), Entry.objects.count()
    wrong = {}
    for name, path in addresses(viewing.carl).items():
        for method in ("post", next(others)):
            answer = getattr(viewing.agent, method)(viewing.address + path)
            if answer.status_code != 403:
                wrong[name, method] = answer.status_code
    assert not wrong
    assert changed() == before
    assert Entry.objects.count() == entries


def changed() -> str:
    """The fingerprint, but for the stamp that somebody was at it."""
    with staging():
        Assistance.objects.update(seen_at=F("started_at"))
    return fingerprint()


def test_rule_05_looking_changes_nothing_anywhere(viewing: Scene) -> None:
    before, entries = changed(), Entry.objects.count()
    answers = {}
    for name, path in addresses(viewing.carl).items():
        answers[name] = viewing.get(path).status_code
    assert changed() == before
    assert Entry.objects.count() == entries
    opened = {name for name, status in answers.items() if status not in (403, 405)}
    assert opened <= OPEN_TO_SEE, sorted(opened - OPEN_TO_SEE)
    assert {name for name in OPEN_TO_SEE if answers.get(name) == 200} >= {"home", "account:profile", "assistance:own"}


def test_rule_05_acting_opens_only_what_says_so(acting: Scene) -> None:
    open_to_act = set()
    for name, path in addresses(acting.carl).items():
        if name not in OPEN_TO_ACT and acting.post(path).status_code != 403:
            open_to_act.add(name)
    assert not open_to_act, sorted(open_to_act)
    answer = acting.post("account/", {"nickname": "Carlo", "time_zone": "", "language": "en"})
    assert answer.status_code in (200, 302), answer.content.decode()[-2000:]
    assert fresh(acting.carl).nickname == "Carlo"


def test_rule_05_a_refusal_names_what_to_do(viewing: Scene) -> None:
    page = viewing.post("account/", {"nickname": "Carlo"})
    assert page.status_code == 403
    assert "You are only looking." in page.content.decode()
    assert f'action="/assistance/{viewing.row.public_id}/act/"' in page.content.decode()
    partly = viewing.post("account/", {"nickname": "Carlo"}, headers=HTMX)
    assert "data-refusal" in partly.content.decode()
    assert fresh(viewing.carl).nickname == ""


def test_rule_06_these_and_no_others_are_assistable() -> None:
    assert {code for code, action in CATALOGUE.items() if action.assistable} == ASSISTABLE
    assert not [code for code in ASSISTABLE if CATALOGUE[code].risk.needs_proof]


@pytest.mark.parametrize("code", sorted(OPERATORS))
def test_rule_06_no_other_action_is_possible(cast: Cast, code: str) -> None:
    """Of those at the shell; all others are in the attack table."""
    sample, before = OPERATORS[code](cast), fingerprint()
    nothing_inside_an_assistance(cast, code, sample)
    assert fingerprint() == before


def test_rule_06_what_is_assistable_is_denied_where_only_looking_was_chosen(viewing: Scene) -> None:
    sample = SAMPLES["user.profile.edit"](viewing.cast)
    by = helped(viewing.cast.cleo, viewing.cast.ada, AssistMode.VIEW)
    with pytest.raises(Denied) as caught:
        perform(CATALOGUE["user.profile.edit"], actor=by, target_id=sample.target_id, data=sample.data)
    assert caught.value.reason == "assist_view_only"


@pytest.mark.parametrize("field", ["first_name", "last_name", "phone", "email", "role", "password", "theme"])
def test_rule_06_no_harmful_field_of_the_profile(acting: Scene, field: str) -> None:
    before: dict[str, Any] = {**User.objects.filter(pk=acting.carl.pk).values().get()}
    value = {"phone": "+4915112345678", "theme": "dark"}.get(field, "x@evil.example")
    acting.post("account/", {"nickname": "", "time_zone": "", "language": "en", field: value})
    after: dict[str, Any] = {**User.objects.filter(pk=acting.carl.pk).values().get()}
    assert {key for key in before if before[key] != after[key]} <= {"language"}


@pytest.mark.parametrize("page", ["account/messages/", "account/messages/count/", "account/security/"])
def test_rule_06_messages_are_not_read_and_ways_in_are_not_seen(acting: Scene, page: str) -> None:
    assert acting.customer.get(f"/{page}").status_code == 200
    assert acting.get(page).status_code == 403


def test_rule_06_not_one_message_of_theirs_is_read_or_touched(acting: Scene) -> None:
    message = sent(acting.cast, acting.carl, subject="Between us")
    key = Item.objects.get(message=message).pk
    with staging():
        about = {"name": "a.png", "media_type": "image/png", "size": 3, "file": uuid4()}
        file = Attachment.objects.create(tenant_id=message.tenant_id, message=message, **about)
    paths = [f"account/messages/{key}/", f"messages/files/{file.pk}/"]
    answers = [acting.get(path) for path in paths]
    answers += [acting.post(f"account/messages/{key}/{act}/", {"text": "Yes"}) for act in ("reply", "archive")]
    assert {answer.status_code for answer in answers} == {403}
    for page in ("", "account/", "account/action-log/"):
        assert "Between us" not in acting.get(page).content.decode()
    item = Item.objects.get(pk=key)
    assert (item.read_at, item.archived_at, item.message.replies.count()) == (None, None, 0)


def test_rule_06_no_password_is_tried_in_the_customers_name(acting: Scene) -> None:
    """Not even in act mode, where a form may carry one along."""
    said = {"nickname": "Carlo", "time_zone": "", "language": "en"}
    right = acting.post("account/", {**said, "own_password": PASSWORD})
    wrong = acting.post("account/", {**said, "own_password": "not the password"})
    assert right.status_code == wrong.status_code
    assert not Entry.objects.filter(reason__startswith="proof").exists()
    # Nor is it counted as a guess: ten would keep the customer from signing in on a new browser.
    for _ in range(11):
        acting.post("account/", {**said, "own_password": "not the password"})
    signing_in = {"login": acting.row.user.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), signing_in).status_code == 302
