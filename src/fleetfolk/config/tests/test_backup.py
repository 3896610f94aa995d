"""A backup and what comes back of it: the real commands, on a real database, with PostgreSQL's own programs."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from fleetfolk.actionlog.models import Entry
from fleetfolk.config.runtime import backup, restore
from fleetfolk.config.runtime.backup_file import DATABASE, fingerprint_of, reading, writing
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import DataFolder
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, find_cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.races import own_copy_of_the_database
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.erase_user import EraseUser, EraseUserInput
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.erased import keep_erasure
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.models_privacy import Erasure


@dataclass(kw_only=True)
class Here:
    """An installation: a folder and a database of its own."""

    folder: DataFolder
    url: str
    cast: Cast
    more: dict[str, str] = field(default_factory=dict)

    def fleetfolk(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """What the command says, when nobody of this process uses the database."""
        connection.close()
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "FLEETFOLK_DATA": str(self.folder.root),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **self.more,
        }
        command = [sys.executable, "-m", "fleetfolk.config.cli", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def here(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path, settings: object, programs: Path
) -> Iterator[Here]:
    """The cast, in a database in which commits count, with an uploaded picture."""
    folder = DataFolder(tmp_path / "data")
    folder.make()
    (folder.root / "postgres").symlink_to(programs)
    settings.FLEETFOLK_DATA = folder.root  # type: ignore[attr-defined]
    picture = folder.root / "device-uploads" / "7" / "door.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    with django_db_blocker.unblock(), own_copy_of_the_database():
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        yield Here(folder=folder, url=url, cast=find_cast())


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where PostgreSQL's programs are unpacked, once for all tests."""
    return tmp_path_factory.mktemp("programs")


def erased(cast: Cast) -> None:
    """Sue is gone for good, and that is known outside the database."""
    with staging():
        User.objects.filter(pk=cast.sue.pk).update(deletion_requested_at=clock.now() - RESTORABLE_FOR)
    caretaker = system_actor("caretaker", tenant_id=cast.lumen.pk)
    perform(EraseUser, actor=caretaker, target_id=cast.sue.pk, data=EraseUserInput())
    keep_erasure(Erasure.objects.get())


def test_everything_is_as_it_was_but_for_who_was_erased_since(here: Here, tmp_path: Path) -> None:
    cast, file = here.cast, tmp_path / "kept.backup"
    with staging():
        users, entries = User.objects.count(), Entry.objects.count()
    said = here.fleetfolk("backup", file)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(f"Backed up: {file}, ")
    assert said.stdout.endswith("and 1 files.\n")
    assert file.stat().st_mode & 0o777 == 0o600

    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason="left"))
    erased(cast)
    picture = here.folder.root / "device-uploads" / "7" / "door.jpg"
    picture.write_bytes(b"another")
    (picture.parent / "later.jpg").write_bytes(b"later")

    refused = here.fleetfolk("restore", file)
    assert refused.returncode == 1
    assert "already holds an installation" in refused.stderr
    assert fresh(cast.bob).disabled_at

    for _again in range(2):
        said = here.fleetfolk("restore", "--replace", file)
        assert said.returncode == 0, said.stderr
        assert "Erased again: 1 of 1" in said.stdout
        assert fresh(cast.bob).disabled_at is None
        assert not User.objects.filter(pk=cast.sue.pk).exists()
        assert User.objects.count() == users - 1
        assert Erasure.objects.get().again
        assert not Entry.objects.filter(code="user.disable").exists()
        assert Entry.objects.count() == entries + 1
        assert [(path.name, path.read_bytes()) for path in picture.parent.iterdir()] == [("door.jpg", b"a picture")]
    # What guards the log came back, too.
    with pytest.raises(Exception, match="append"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM actionlog_entry")


def test_a_database_that_somebody_uses_is_left_alone(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "kept.backup"
    assert here.fleetfolk("backup", file).returncode == 0
    users = User.objects.count()
    with pytest.raises(CannotStart, match="1 connections use the database"):
        restore._require_nobody(here.url)
    assert User.objects.count() == users


def test_a_restore_that_fails_in_the_middle_leaves_all_as_it_was(here: Here, tmp_path: Path) -> None:
    file, cut = tmp_path / "kept.backup", tmp_path / "cut.backup"
    assert here.fleetfolk("backup", file).returncode == 0
    # Half a dump whose checksum fits: what would come of a defect of ours or of pg_dump's.
    with zipfile.ZipFile(file) as whole, writing(cut) as half:
        content = whole.read(DATABASE)
        with (tmp_path / "half").open("wb+") as part:
            part.write(content[: len(content) // 2])
            part.seek(0)
            half.add(DATABASE, part)
        half.finish({"at": "2026-01-01T00:00:00", "secret": ""})
    users = User.objects.count()
    said = here.fleetfolk("restore", "--replace", cut)
    assert said.returncode == 1
    assert "is as it was before" in said.stderr
    assert User.objects.count() == users


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda content: content[:-200], "is no backup of Fleetfolk, or is not whole"),
        (lambda content: b"PK" + content[10:100], "is no backup of Fleetfolk, or is not whole"),
        (lambda content: content.replace(b"people", b"peeple"), r"was damaged \(database.dump is not as it was"),
    ],
)
def test_a_file_that_is_not_whole_changes_nothing(
    tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    file = tmp_path / "kept.backup"
    written(tmp_path, file, secret="")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CannotStart, match=sentence), reading(file):
        pass


def test_a_backup_of_another_secret_key_is_refused_and_one_without_any_brings_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "kept.backup", DataFolder(tmp_path / "data")
    folder.make()
    written(tmp_path, file, secret=fingerprint_of("theirs"))
    monkeypatch.setenv("FLEETFOLK_SECRET_KEY", "mine")
    with reading(file) as found:
        with pytest.raises(CannotStart, match="made with another secret key"):
            restore._require_the_key(found, folder)
        monkeypatch.setenv("FLEETFOLK_SECRET_KEY_FALLBACKS", "older,theirs")
        restore._require_the_key(found, folder)
        monkeypatch.delenv("FLEETFOLK_SECRET_KEY")
        with pytest.raises(CannotStart, match="Set FLEETFOLK_SECRET_KEY to the key"):
            restore._require_the_key(found, folder)


def test_a_name_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kept.backup"
    written(tmp_path, file, secret="", also="files/../../outside")
    with reading(file) as found, pytest.raises(CannotStart, match="outside of its folder"):
        found.unpack("files", tmp_path / "data" / "files")
    assert not (tmp_path / "outside").exists()


def test_what_was_at_the_path_stays_where_a_backup_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.backup"
    file.write_bytes(b"the one of yesterday")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none")
    monkeypatch.setenv("FLEETFOLK_DATA", str(tmp_path / "data"))
    assert backup.run([str(file)]) == 1
    assert file.read_bytes() == b"the one of yesterday"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("kept")] == ["kept.backup"]


def written(scratch: Path, file: Path, *, secret: str, also: str = "") -> None:
    """A small file of the form of a backup."""
    part = scratch / "part"
    part.write_bytes(b"many people" * 100)
    with writing(file) as made:
        for name in filter(None, (DATABASE, also)):
            with part.open("rb") as source:
                made.add(name, source)
        made.finish({"at": "2026-01-01T00:00:00", "secret": secret})
