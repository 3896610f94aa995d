"""Moving in by HTTP from a server with the Platform API: another tenant's world, served by ourselves."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fleetfolk.actionlog.models import Entry
from fleetfolk.api.actions.create_source import CreateSource, CreateSourceInput
from fleetfolk.api.management.commands.move_in import SECRET
from fleetfolk.api.models import Moved, Program
from fleetfolk.api.move_in import moving
from fleetfolk.api.move_in.source import SourceFailed, require_address
from fleetfolk.api.tests.scripts import scene
from fleetfolk.devices.models import Device, Template
from fleetfolk.devices.tokens import secret_hash
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform, perform_together
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.testing.cast import Cast, actor, create_tenant
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_api import program_of, secret_for
from fleetfolk.testing.serving import serving
from fleetfolk.users.models import Invitation, User

READ = ["organizations.view", "users.view", "devices.view", "templates.view"]


@pytest.fixture
def url(cast: Cast) -> Iterator[str]:
    """A server with the cast in it."""
    with serving() as origin:
        yield origin


@pytest.fixture
def there(cast: Cast) -> dict[str, Any]:
    """The world of Lumen Home, with a tag that Cleo's device carries and a fact of it."""
    found = scene(cast)
    perform(CreateTag, actor=actor(cast.ada), target_id=cast.north.pk, data=CreateTagInput(name="Beta"))
    with staging():
        found["device"].device_tags.create(tenant=cast.lumen, tag=Tag.objects.get(name="Beta"))
        Device.objects.filter(pk=found["deviceId"]).update(metadata={str(found["metaFieldId"]): 3.0})
    return found


@pytest.fixture
def moved(cast: Cast, there: dict[str, Any], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Any":
    """Moving Lumen Home into Evil Corp, as Eve: what the report says."""
    program: Program = program_of(cast.lumen, by=cast.ada, rights=READ)
    monkeypatch.setenv(SECRET, secret_for(program, by=cast.ada))

    def run(*words: str, fails: bool = False) -> list[dict[str, str]]:
        report = tmp_path / "report.csv"
        asked = ("--from", url, "--client-id", program.client_id, "--as", cast.eve.email, "--report", str(report))
        if fails:
            with pytest.raises(SystemExit):
                call_command("move_in", *asked, *words)
        else:
            call_command("move_in", *asked, *words)
        assert report.stat().st_mode & 0o777 == 0o600
        with report.open(newline="") as file:
            return list(csv.DictReader(file))

    return run


def results(lines: list[dict[str, str]], kind: str) -> dict[str, str]:
    return {line["name"]: line["result"] for line in lines if line["kind"] == kind}


def test_a_dry_run_makes_nothing(cast: Cast, moved: Any) -> None:
    before = Entry.objects.count()
    lines = moved("--dry-run")
    assert results(lines, "organization") == dict.fromkeys(["North", "South", "Empty", "Familie Berg"], "would be made")
    assert results(lines, "device") == {"Cellar": "would be made", "In the box": "would be made"}
    assert results(lines, "user")["Cleo Staff"] == "would be made"
    assert Entry.objects.count() == before
    assert not Organization.objects.filter(parent=cast.evil).exists()


def test_everything_is_here_and_a_second_time_makes_nothing(cast: Cast, there: dict[str, Any], moved: Any) -> None:
    # Accounts are one for an address: those who have one there come as people without one.
    lines = moved()
    assert set(results(lines, "organization").values()) == {"made"}
    berg = Organization.objects.select_related("parent").get(tenant=cast.evil, name="Familie Berg")
    assert (berg.parent is not None and berg.parent.name, berg.parent and berg.parent.parent_id) == (
        "North",
        cast.evil.pk,
    )
    template = Template.objects.get(tenant=cast.evil)
    assert template.public_id == there["device"].template.public_id
    assert template.datastreams.count() == 7
    cleo = User.objects.get(tenant=cast.evil, email=cast.cleo.email)
    assert (cleo.organization.name, cleo.role.builtin, cleo.is_active) == ("North", "staff", False)
    assert not Invitation.objects.filter(user__tenant=cast.evil, user__created_at__gt=cast.eve.created_at).exists()
    device = Device.objects.get(tenant=cast.evil, name="Cellar")
    assert (device.organization.name, list(device.metadata.values())) == ("North", [3.0])
    assert [tag.name for tag in device.tags.all()] == ["Beta"]
    (line,) = [one for one in lines if one["name"] == "Cellar"]
    assert device.token_hash == secret_hash(line["token"])
    assert "has no account yet" in line["detail"]
    entries = Entry.objects.count()
    again = moved()
    assert {line["result"] for line in again} == {"there already"}
    assert Entry.objects.count() == entries
    assert not [line["token"] for line in again if line["token"]]
    assert Device.objects.filter(tenant=cast.evil).count() == 2


def test_what_was_broken_off_goes_on(cast: Cast, moved: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = perform_together, 0

    def breaks(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count > 6:
            raise KeyboardInterrupt
        return real(*given, **named)

    monkeypatch.setattr(moving, "perform_together", breaks)
    with pytest.raises(KeyboardInterrupt):
        moved()
    assert 0 < Moved.objects.filter(tenant=cast.evil).count() < 8
    monkeypatch.setattr(moving, "perform_together", real)
    lines = moved()
    assert {line["result"] for line in lines} == {"made", "there already"}
    assert Organization.objects.filter(tenant=cast.evil).count() == 5
    assert Device.objects.filter(tenant=cast.evil).count() == 2
    assert Tag.objects.filter(tenant=cast.evil).count() == 1


def test_a_token_that_is_told_comes_along(
    cast: Cast, there: dict[str, Any], moved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "kept-by-the-device_0123456789ABC"
    real = moving.Moving._device

    def told(self: moving.Moving, row: dict[str, Any]) -> moving.Line:
        return real(self, {**row, "token": token} if row["name"] == "Cellar" else row)

    monkeypatch.setattr(moving.Moving, "_device", told)
    lines = moved()
    assert Device.objects.get(tenant=cast.evil, name="Cellar").token_hash == secret_hash(token)
    assert [line["token"] for line in lines if line["name"] == "Cellar"] == [""]


def test_whoever_may_not_moves_nothing_in(cast: Cast, there: dict[str, Any], moved: Any) -> None:
    stranger = create_tenant("Third")
    with staging():
        User.objects.filter(pk=cast.eve.pk).update(role=cast.role("user", cast.evil))
    lines = moved(fails=True)
    assert {line["result"] for line in lines} == {"left out"}
    assert not Organization.objects.filter(parent=cast.evil).exists()
    with pytest.raises(CommandError, match="no organization"):
        moved("--into", str(stranger.pk))


def test_an_owner_who_has_an_account_by_then_gets_the_device(cast: Cast, there: dict[str, Any], moved: Any) -> None:
    moved()
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(activated_at=None)
        User.objects.filter(tenant=cast.evil, email=cast.cleo.email).update(activated_at=cast.cleo.activated_at)
        Device.objects.filter(tenant=cast.evil).update(owner=None)
    lines = moved()
    owner = Device.objects.select_related("owner").get(tenant=cast.evil, name="Cellar").owner
    assert owner is not None
    assert owner.email == cast.cleo.email
    assert not [line["detail"] for line in lines if line["name"] == "Cellar" and line["detail"]]


@pytest.mark.parametrize("address", ["http://blynk.example.com", "ftp://x.example", "https://", "https://x.example/a"])
def test_the_secret_goes_nowhere_else(address: str) -> None:
    with pytest.raises(SourceFailed):
        require_address(address)


def test_a_wrong_secret_is_one_sentence(cast: Cast, moved: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "ffs_wrong")
    with pytest.raises(CommandError, match="Client ID is not found or password is wrong"):
        moved()


def test_the_note_is_kept_by_nobody_elses_tenant(cast: Cast) -> None:
    note = CreateSourceInput(source="blynk.example", kind="device", source_key="7", made_id=1)
    perform(CreateSource, actor=actor(cast.ada), target_id=cast.lumen.pk, data=note)
    perform(CreateSource, actor=actor(cast.eve), target_id=cast.evil.pk, data=replace(note, made_id=2))
    assert Moved.objects.count() == 2
    with pytest.raises(Refused, match="moved_already"):
        perform(CreateSource, actor=actor(cast.ada), target_id=cast.north.pk, data=note)
