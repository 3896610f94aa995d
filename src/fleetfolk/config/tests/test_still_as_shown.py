"""Of two people who change one thing in a dialog, the second is told, and what the first did stays."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples import OPERATORS, SAMPLES, Sample
from fleetfolk.users.actions.edit_sso import EditSso
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn

DIALOGS = {
    "program.edit": "programs:edit",
    "scim.client.edit": "scim:edit",
    "webhook.edit": "webhooks:edit",
    "template.edit": "templates:edit",
    "template.datastream.edit": "templates:edit-datastreams",
    "template.metadata.edit": "templates:edit-metadata",
    "template.event.edit": "templates:edit-events",
    "location.edit": "places:edit",
    "tag.edit": "settings:edit-tag",
    "field.edit": "settings:edit-field",
    "plan.edit": "plans:edit",
    "message.template.edit": "messages:edit-template",
}
TOLD = "Somebody changed this while you had it open: Name."


class Filled(HTMLParser):
    """What a browser sends of a page's form that carries what it showed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._list = self._text = ""
        self.feed(page)

    @property
    def sent(self) -> dict[str, list[str]]:
        (one,) = [form for form in self.forms if "seen" in form]
        return one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "input" and name and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            self.forms[-1].setdefault(name, []).append(said.get("value") or "")
        if tag == "select":
            self._list = name
        if tag == "option" and "selected" in said:
            self.forms[-1].setdefault(self._list, []).append(said.get("value") or "")
        if tag == "textarea":
            self._text = name
            self.forms[-1][name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][self._text][0] += data.removeprefix("\n")


def who_may(sample: Sample) -> User:
    """The person of the sample's actor."""
    assert sample.permitted.user_id is not None
    return User.objects.get(pk=sample.permitted.user_id)


@pytest.mark.parametrize("code", DIALOGS)
def test_who_saves_second_is_told_and_undoes_nothing(cast: Cast, signed_in: SignedIn, code: str) -> None:
    sample = (SAMPLES | OPERATORS)[code](cast)
    browser = signed_in(who_may(sample))
    rows: Any = apps.get_model(CATALOGUE[code].target_model)._default_manager.filter(pk=sample.target_id)
    path = reverse(DIALOGS[code], args=[sample.target_id])
    sent = Filled(browser.get(path).content.decode()).sent
    with staging():
        rows.update(name="Another name")

    late = browser.post(path, sent)

    assert late.status_code == 422
    assert TOLD in late.content.decode()
    assert rows.get().name == "Another name"
    again = Filled(late.content.decode()).sent
    assert again["name"] == sent["name"]
    assert browser.post(path, again).status_code == 302
    assert rows.get().name == sent["name"][0]


@pytest.mark.parametrize("code", DIALOGS)
def test_who_is_alone_just_saves(cast: Cast, signed_in: SignedIn, code: str) -> None:
    sample = (SAMPLES | OPERATORS)[code](cast)
    browser = signed_in(who_may(sample))
    path = reverse(DIALOGS[code], args=[sample.target_id])
    sent = Filled(browser.get(path).content.decode()).sent
    assert browser.post(path, {**sent, "name": ["New name"]}).status_code == 302


def test_single_sign_on_is_not_put_back_by_who_opened_it_before(cast: Cast, signed_in: SignedIn) -> None:
    sample = SAMPLES["organization.sso.edit"](cast)
    perform(EditSso, actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    browser, path = signed_in(who_may(sample)), reverse("settings:sso-of", args=[sample.target_id])
    sent = Filled(browser.get(path).content.decode()).sent
    with staging():
        SingleSignOn.objects.update(is_on=False)

    late = browser.post(path, sent)

    assert late.status_code == 422
    assert "Somebody changed this while you had it open: Switched on." in late.content.decode()
    assert not SingleSignOn.objects.get().is_on
    assert Filled(late.content.decode()).sent["seen"] != sent["seen"]


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"name":1}', "7", "null"])
def test_what_a_stranger_writes_there_breaks_nothing(cast: Cast, signed_in: SignedIn, seen: str) -> None:
    sample = SAMPLES["tag.edit"](cast)
    path = reverse("settings:edit-tag", args=[sample.target_id])
    answer = signed_in(cast.ada).post(path, {"name": "Green", "colour": "2", "seen": seen})
    assert answer.status_code == (422 if "name" in seen else 302)
