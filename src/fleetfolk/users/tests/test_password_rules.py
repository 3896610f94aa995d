"""What a password must be like: as the organization asks, wherever one is chosen or set, and said beside the field."""

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import PASSWORD, Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.models import User
from fleetfolk.users.password_rules import password_hint, require_fit
from fleetfolk.users.secret import PasswordLinks
from fleetfolk.users.tests.links import invitation_link, pending

LONG, MIXED = "seventeen lanterns at sea", "17 lanterns at sea"


def say(by: User, where: Organization, **rules: object) -> None:
    perform(EditRules, actor=actor(by), target_id=where.pk, data=EditRulesInput(**rules))  # type: ignore[arg-type]


def person(of: User) -> User:
    return User.objects.select_related("organization").get(pk=of.pk)


@pytest.mark.parametrize(
    ("rules", "unfit", "fit"),
    [
        ({}, "q7 lantern"[:7], "q7 lante"),
        ({"password_length": 16}, "fifteen letters", "sixteen lanterns"),
        ({"password_mixed": True}, LONG, MIXED),
        ({"password_mixed": True}, "8305 1746 9920", "8305 1746 992o"),
        ({}, "password1", LONG),
        ({}, "Brightwater", LONG),
    ],
)
def test_what_is_asked(cast: Cast, rules: dict[str, object], unfit: str, fit: str) -> None:
    cleo = person(cast.cleo)
    cleo.last_name = "Brightwater"
    say(cast.ada, cast.lumen, **rules)
    with pytest.raises(Refused, match="password_unfit"):
        require_fit(unfit, cleo)
    require_fit(fit, cleo)


def test_the_nearest_upwards_decides(cast: Cast) -> None:
    say(cast.ada, cast.lumen, password_length=20)
    say(cast.ada, cast.north, password_length=8, password_mixed=True)
    finn = person(cast.finn)
    require_fit("17 lante", finn)
    with pytest.raises(Refused):
        require_fit(LONG, finn)
    with pytest.raises(Refused):
        require_fit("seventeen lantern", person(cast.ada))
    require_fit("lanterns", person(cast.eve))


def test_no_action_takes_another(cast: Cast) -> None:
    """The rule is the Action's own, whoever calls it."""
    say(cast.ada, cast.lumen, password_mixed=True)
    data = AssignPasswordInput(password=LONG)
    with pytest.raises(Refused, match="password_unfit"):
        perform(AssignPassword, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)
    own = EditPasswordInput(password=LONG)
    with pytest.raises(Refused, match="password_unfit"):
        perform(EditPassword, actor=actor(cast.cleo), target_id=cast.cleo.pk, data=own)
    assert User.objects.get(pk=cast.cleo.pk).check_password(PASSWORD)


def test_the_pages_say_it_and_say_what_is_missing(cast: Cast, signed_in: SignedIn) -> None:
    say(cast.ada, cast.lumen, password_length=14, password_mixed=True)
    hint = "At least 14 characters, with a letter and a digit."
    assert password_hint(cast.lumen).startswith(hint)
    ada = signed_in(cast.ada)
    set_for = f"/users/{cast.cleo.pk}/password/"
    assert hint in ada.get(set_for).content.decode()
    short = ada.post(set_for, {"password": "17 lanterns"})
    assert short.status_code == 422
    assert "It must contain at least 14 characters." in short.content.decode()
    assert ada.post(set_for, {"password": MIXED}).status_code == 302
    assert User.objects.get(pk=cast.cleo.pk).check_password(MIXED)

    own = signed_in(cast.finn)
    assert hint in own.get("/password/change/").content.decode()
    typed = {"oldpassword": PASSWORD, "password1": LONG, "password2": LONG}
    page = own.post("/password/change/", typed).content.decode()
    assert "at least one letter and one digit" in page
    assert User.objects.get(pk=cast.finn.pk).check_password(PASSWORD)


def test_a_link_from_the_mail_asks_the_same(cast: Cast) -> None:
    say(cast.ada, cast.lumen, password_mixed=True)
    cleo = person(cast.cleo)
    browser = Client()
    key = f"{user_pk_to_url_str(cleo)}-{PasswordLinks().make_token(cleo)}"
    answer = browser.get(f"/password/new/{key}/", follow=True)
    where = answer.request["PATH_INFO"]
    assert "with a letter and a digit" in answer.content.decode()
    browser.post(where, {"password1": LONG, "password2": LONG})
    assert User.objects.get(pk=cast.cleo.pk).check_password(PASSWORD)
    browser.post(where, {"password1": MIXED, "password2": MIXED})
    assert User.objects.get(pk=cast.cleo.pk).check_password(MIXED)


def test_whoever_accepts_an_invitation_is_asked_the_same(cast: Cast) -> None:
    say(cast.ada, cast.lumen, password_length=14)
    paul = pending(cast)
    browser = Client()
    assert "At least 14 characters." in browser.get(invitation_link(paul), follow=True).content.decode()
    assert browser.post("/join/", {"password": "17 lanterns"}).status_code == 422
    assert User.objects.get(pk=paul.pk).activated_at is None
    browser.post("/join/", {"password": MIXED})
    assert User.objects.get(pk=paul.pk).activated_at is not None
