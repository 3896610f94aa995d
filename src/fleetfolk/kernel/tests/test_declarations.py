"""What is declared wrongly is found when it is declared: Actions, permissions, reasons, moments, secrets."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models
from django.utils.functional import lazystr

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE, Action, SetAction
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.joined import Joined
from fleetfolk.kernel.permissions import PERMISSIONS, Permission
from fleetfolk.kernel.reasons import REASONS, say, sentence_for
from fleetfolk.kernel.sealing import Unreadable, opened, sealed
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class LampInput:
    """Nothing."""


COMPLETE: dict[str, Any] = {
    "code": "lamp.create",
    "label": "Create lamp",
    "said": "created %(target)s",
    "permission": EDIT_ORGANIZATIONS,
    "target_model": "organizations.Organization",
    "input_type": LampInput,
}


def declared(name: str = "CreateLamp", **said: Any) -> Any:
    """An Action of this name; it never stays in the catalogue."""
    before = dict(CATALOGUE)
    try:
        return type(name, (Action,), {**COMPLETE, **said})
    finally:
        CATALOGUE.clear()
        CATALOGUE.update(before)


@pytest.mark.parametrize(
    ("name", "said", "problem"),
    [
        ("CreateLamp", {"code": "Lamp.create"}, "noun.part.verb"),
        ("CreateLamp", {"code": "lamp.polish"}, "a verb of the list"),
        ("CreateLamp", {"code": "one.too.many.create"}, "noun.part.verb"),
        ("MakeLamp", {}, "begins with its verb"),
        ("CreateLamp", {"input_type": dict}, "frozen dataclass"),
        ("DisableUser", {"code": "user.disable"}, "used twice"),
    ],
)
def test_an_action_that_is_declared_wrongly_is_found_at_once(name: str, said: dict[str, Any], problem: str) -> None:
    assert "user.disable" in CATALOGUE
    with pytest.raises(TypeError, match=problem):
        declared(name, **said)


@pytest.mark.parametrize("missing", COMPLETE)
def test_an_action_says_all_of_it(missing: str) -> None:
    with pytest.raises(TypeError, match=f"does not say its {missing}"):
        type("CreateLamp", (Action,), {name: value for name, value in COMPLETE.items() if name != missing})


def test_an_action_without_a_change_is_none() -> None:
    lamp = declared()()
    assert lamp.check(actor=None, target=None, data=LampInput()) is None
    for call in (
        lambda: lamp.apply(actor=None, target=None, data=LampInput()),
        lambda: lamp.apply_alike(actor=None, ids=[1], data=LampInput()),
        lambda: SetAction.apply_set(lamp, actor=None, target=None, data=LampInput()),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotImplementedError):
            call()


def test_nobody_fits_unless_an_action_says_who() -> None:
    assert declared()().fitting(actor=None, targets=Organization.objects.all(), data=LampInput()).query.is_empty()


@pytest.mark.parametrize("code", ["Lamps.View", "lamps", "lamps view"])
def test_a_permission_has_a_code_of_dots(code: str) -> None:
    with pytest.raises(TypeError, match="is not a permission code"):
        Permission(code=code, label=lazystr("View"), sentence=lazystr("See them."), group=lazystr("Lamps"))
    assert code not in PERMISSIONS


def test_a_permission_is_declared_once() -> None:
    with pytest.raises(TypeError, match="declared twice"):
        Permission(code="users.view", label=lazystr("View"), sentence=lazystr("See them."), group=lazystr("Lamps"))
    assert repr(PERMISSIONS["users.view"]) == "<Permission users.view>"


def test_a_reason_has_one_sentence_with_what_it_is_about() -> None:
    with pytest.raises(TypeError, match="has a sentence already"):
        say({"tag_name_taken": lazystr("Once more.")})
    assert "Once more" not in str(REASONS["tag_name_taken"])
    assert "“Blue”" in sentence_for(Refused("tag_name_taken", name="Blue"))


def test_a_moment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(dt.datetime(2026, 1, 1)):  # noqa: DTZ001
        raise AssertionError
    with clock.at(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        assert clock.now().year == 2026


def test_a_secret_is_opened_for_its_own_purpose_alone(settings: Any) -> None:
    kept = sealed("whsec_1", purpose="webhooks")
    assert "whsec_1" not in kept
    assert opened(kept, purpose="webhooks") == "whsec_1"
    with pytest.raises(Unreadable):
        opened(kept, purpose="factors")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" * 8
    assert opened(kept, purpose="webhooks") == "whsec_1"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        opened(kept, purpose="webhooks")


def test_a_row_of_a_statement_begins_with_its_key() -> None:
    class Keyless(models.Model):  # noqa: DJ008 - nobody reads it
        name = models.TextField()
        key = models.BigIntegerField(primary_key=True)

        class Meta:
            app_label = "organizations"
            managed = False

    try:
        with pytest.raises(TypeError, match="does not begin with its key"):
            Joined(lamp=Keyless).columns  # noqa: B018 - reading it would ask
    finally:
        del Organization._meta.apps.all_models["organizations"]["keyless"]
        Organization._meta.apps.clear_cache()
