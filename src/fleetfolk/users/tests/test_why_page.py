"""Why can, or can't, this person do this? Asked by who sees both, answered as the gate decides."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase

from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User
from fleetfolk.users.web.why_kinds import KINDS


def said(answer: HttpResponseBase) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def asked(person: User, action: str, target: Any, **more: Any) -> dict[str, Any]:
    return {"person": person.pk, "action": action, "of": target._meta.label, "target": target.pk, **more}


def test_the_reasons_of_a_yes(cast: Cast, signed_in: SignedIn) -> None:
    page = said(signed_in(cast.ada).get("/roles/why/", asked(cast.cleo, "user.disable", cast.bob)))
    assert "Yes: Cleo Staff can do “Disable user”." in page
    answer = signed_in(cast.ada).get("/roles/why/", asked(cast.cleo, "user.disable", cast.bob))
    assert '<option value="user.disable" selected>' in answer.content.decode()
    assert "The role Staff includes “Disable and enable users”." in page
    assert "Bob Berg holds nothing that the role Staff does not." in page


def test_the_reasons_of_a_no(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert "Roles that do: Admin." in said(browser.get("/roles/why/", asked(cast.cleo, "user.delete", cast.bob)))
    stronger = said(browser.get("/roles/why/", asked(cast.cleo, "user.disable", cast.finn)))
    assert "No: Cleo Staff cannot do" in stronger
    assert "holds more than the role Staff" in stronger
    beside = said(browser.get("/roles/why/", asked(cast.sam, "user.disable", cast.bob)))
    assert "Bob Berg is in Familie Berg. The role Admin is held in South, and reaches no further." in beside


def test_what_about_the_target_stands_against_it_is_said_too(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(disabled_at=cast.bob.created_at)
    page = said(signed_in(cast.ada).get("/roles/why/", asked(cast.cleo, "user.disable", cast.bob)))
    assert "No: Cleo Staff cannot do" in page
    assert "Only for people who are" in page


def test_an_account_that_is_out_can_do_nothing(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(disabled_at=cast.cleo.created_at)
    page = said(signed_in(cast.ada).get("/roles/why/", asked(cast.cleo, "user.edit", cast.bob)))
    assert "This account cannot act now" in page


@pytest.mark.parametrize("who", ["sam", "bea", "eve"])
def test_only_who_sees_both_is_told(cast: Cast, signed_in: SignedIn, who: str) -> None:
    person = getattr(cast, who)
    browser = signed_in(person)
    assert browser.get("/roles/why/", asked(cast.cleo, "user.edit", person)).status_code == 404
    assert browser.get("/roles/why/", asked(person, "user.edit", cast.cleo)).status_code == 404
    assert browser.get("/roles/why/", asked(person, "organization.rules.edit", cast.north)).status_code == 404
    assert "Cleo" not in said(browser.get("/roles/why/", {"who": "cleo"}))
    assert "Cleo" not in said(browser.get("/roles/why/found/person/", {"who": "cleo"}))


def test_who_may_not_see_roles_or_people_is_not_told(cast: Cast, signed_in: SignedIn) -> None:
    for path in ("/roles/why/", "/roles/why/found/person/?who=a", "/roles/why/found/target/?action=user.edit"):
        assert signed_in(cast.bob).get(path).status_code == 403


def test_people_and_targets_are_found_by_typing(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert f'name="person" value="{cast.cleo.pk}"' in browser.get("/roles/why/", {"who": "cleo"}).content.decode()
    found = browser.get("/roles/why/found/target/", {"action": "role.edit", "whom": "sta"}).content.decode()
    assert f'name="target" value="{cast.role("staff").pk}"' in found
    assert "Admin" not in found
    assert browser.get("/roles/why/found/target/", {"action": "nothing"}).status_code == 404
    north = browser.get("/roles/why/found/target/", {"action": "user.invite", "whom": "nor"}).content.decode()
    assert f'value="{cast.north.pk}"' in north


def test_what_is_sent_by_hand_breaks_nothing(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    for key in ("x", "9" * 30, "-1", "²"):
        sent = {"person": key, "target": key, "action": "user.edit", "of": "users.User"}
        assert browser.get("/roles/why/", sent).status_code in (200, 404)
    assert browser.get("/roles/why/", {"person": "999999999"}).status_code == 404
    # A target of one kind is none of another.
    mixed = asked(cast.cleo, "organization.rules.edit", cast.bob)
    assert "Choose who, what and to whom" in said(browser.get("/roles/why/", mixed))


def test_every_action_on_what_can_be_asked_about_is_offered(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/roles/why/").content.decode()
    for action in CATALOGUE.values():
        assert (f'value="{action.code}"' in page) == (action.target_model in KINDS)


def test_the_profile_says_what_somebody_may_do(cast: Cast, signed_in: SignedIn) -> None:
    page = said(signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/permissions/"))
    assert "By the role Staff, in North and below it." in page
    assert "Roles that do: Admin." in page
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(disabled_at=cast.cleo.created_at)
    assert "This account cannot act now" in said(signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/permissions/"))
    assert signed_in(cast.sam).get(f"/users/{cast.cleo.pk}/permissions/").status_code == 404
