"""The embedded database keeps what was saved, whatever happened to it before."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fleetfolk.config.runtime.cluster import Cluster
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.throwaway import remove


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    yield Cluster(
        home=tmp_path / "postgres",
        passwords=tmp_path / "postgres.json",
        log=tmp_path / "database.log",
        tell=lambda _: None,
    )
    # As root the files may lie elsewhere, with a link here.
    remove(tmp_path)


def test_it_is_durable_speaks_every_script_and_gives_no_more_rights_than_needed(cluster: Cluster) -> None:
    child, url = cluster.start()
    try:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            connection.execute("CREATE EXTENSION btree_gin")
            row = connection.execute(
                """
                SELECT current_setting('fsync'), current_setting('synchronous_commit'),
                       current_setting('full_page_writes'), current_setting('wal_compression') IN ('lz4', 'pglz'),
                       current_setting('server_encoding'), lower('ŁÄΣ'),
                       array_length(show_trgm('田中'), 1), rolsuper, datlocprovider
                FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()
                """
            ).fetchone()
        assert row == ("on", "on", "on", True, "UTF8", "łäσ", 3, False, "b")
        assert cluster.passwords.stat().st_mode & 0o777 == 0o600
        assert child.process.pid != os.getpid()
        assert Path(f"/proc/{child.process.pid}").stat().st_uid != 0
    finally:
        assert child.stop(seconds=30)


def test_what_was_saved_survives_a_killed_server_and_a_stale_pid_file(cluster: Cluster) -> None:
    child, url = cluster.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE saved AS SELECT 42 AS answer")
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()
    note = cluster.data / "postmaster.pid"
    # The number may by now belong to somebody else: here, to this test.
    note.write_text(f"{os.getpid()}\n" + note.read_text().split("\n", 1)[1])
    child, again = cluster.start()
    try:
        assert again == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT answer FROM saved").fetchone() == (42,)
    finally:
        child.stop(seconds=30)


def test_a_server_that_was_left_behind_is_ended_first(cluster: Cluster) -> None:
    left, _ = cluster.start()
    child, _ = cluster.start()
    try:
        assert not left.alive
        assert child.alive
    finally:
        child.stop(seconds=30)


def test_lost_passwords_and_data_of_another_version_are_said_in_sentences(cluster: Cluster) -> None:
    child, _ = cluster.start()
    child.stop(seconds=30)
    kept = cluster.passwords.rename(cluster.passwords.with_name("kept"))
    with pytest.raises(CannotStart, match=r"passwords of the embedded database are gone .* Put the file back"):
        cluster.start()
    kept.rename(cluster.passwords)
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 17, this version of Fleetfolk brings 18"):
        cluster.start()


def test_a_making_that_was_interrupted_starts_anew(cluster: Cluster) -> None:
    child, _ = cluster.start()
    child.stop(seconds=30)
    half = cluster.data.rename(cluster.home / "data.new")
    (half / "half").write_text("made")
    (half / "PG_VERSION").unlink()
    child, _ = cluster.start()
    child.stop(seconds=30)
    assert not (cluster.data / "half").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root runs the database as another user.")
def test_a_folder_that_the_databases_user_cannot_enter_is_no_hindrance(cluster: Cluster, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster.home = closed / "postgres"
    child, url = cluster.start()
    try:
        psycopg.connect(url).close()
        link = closed / "postgres"
        assert link.is_symlink()
        assert link.resolve().is_relative_to("/var/lib")
    finally:
        child.stop(seconds=30)
        shutil.rmtree(cluster.home.resolve())
