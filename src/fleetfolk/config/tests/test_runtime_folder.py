"""The data folder: one holder, private files, room to work."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import DataFolder, data_folder, find_database, held, require_space, write_private

HOLD = """
import pathlib, sys, time
from fleetfolk.config.runtime.folder import held
with held(pathlib.Path(sys.argv[1]), says="process 7, at home", refusal="taken by {holder}"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, lock], stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with (
            pytest.raises(CannotStart, match="taken by process 7, at home"),
            held(lock, says="", refusal="taken by {holder}"),
        ):
            pytest.fail("Two hold the lock.")
        other.send_signal(signal.SIGKILL)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, lock], stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        other.send_signal(signal.SIGKILL)
    with held(lock, says="me", refusal="taken"):
        assert lock.read_text() == "me"


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "word")
    assert (tmp_path / "secret").read_text() == "word"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_too_little_room_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"Only \d+ MB are free .* needs 99999999 MB .* Free some space"):
        require_space(tmp_path / "not" / "yet" / "there", megabytes=99_999_999)


def test_others_may_pass_through_the_folder_but_not_look_into_the_logs(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.make()
    assert folder.root.stat().st_mode & 0o777 == 0o711
    assert folder.logs.stat().st_mode & 0o777 == 0o700


def test_other_commands_find_the_database_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEETFOLK_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert find_database() is None
    write_private(data_folder().database_url, "postgresql://embedded/one")
    assert find_database() == "postgresql://embedded/one"
    monkeypatch.setenv("DATABASE_URL", "postgresql://given/one")
    assert find_database() == "postgresql://given/one"
