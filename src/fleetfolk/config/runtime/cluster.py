"""The embedded PostgreSQL: a cluster in the data folder, durable, started and stopped with us."""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from fleetfolk.config.runtime.children import Account, Child, cannot_become, end_process, spawn
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import MEGABYTE, write_private
from fleetfolk.config.runtime.ports import free_port, is_free
from fleetfolk.config.runtime.software import Software, unpacked

NAME = "fleetfolk"
LONGEST_RECOVERY = 900.0
UNPRIVILEGED = "nobody"


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """Of the superuser `postgres` and of `fleetfolk`, which owns the database; and the port it had last."""

    superuser: str
    application: str
    port: int

    @classmethod
    def read(cls, path: Path) -> Passwords:
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(superuser=held["superuser"], application=held["application"], port=held["port"])

    def write(self, path: Path) -> None:
        write_private(
            path, json.dumps({"superuser": self.superuser, "application": self.application, "port": self.port})
        )


@dataclass(kw_only=True)
class Cluster:
    """Where a cluster lies, who runs it, and whether it must survive a power cut."""

    home: Path
    passwords: Path
    log: Path
    software_home: Path | None = None
    """Where PostgreSQL is unpacked, if not beside the data; several clusters can share it."""
    durable: bool = True
    may_create_databases: bool = False
    tell: Callable[[str], None] = print

    @property
    def data(self) -> Path:
        return self.home / "data"

    def start(self) -> tuple[Child, str]:
        """The server answers, and the database is there. The child, and the address for DATABASE_URL."""
        account = self._settle()
        software = unpacked(self.software_home or self.home)
        if not (self.data / "PG_VERSION").exists():
            self._initialize(software, account)
        self._require_same_major(software)
        if not self.passwords.exists():
            raise CannotStart(
                f"The passwords of the embedded database are gone ({self.passwords}), its data is in {self.data}. "
                "Put the file back from a backup; or, to start anew without the data, move that folder away."
            )
        passwords = Passwords.read(self.passwords)
        self._end_leftover()
        for _ in range(3):
            port = passwords.port if is_free(passwords.port) else free_port()
            child = spawn(
                "database",
                self._command(software, port),
                log=self.log,
                environment=software.environment(),
                account=account,
                polite=signal.SIGINT,
            )
            if self._wait_until_ready(child, port, passwords.superuser):
                if port != passwords.port:
                    passwords = Passwords(superuser=passwords.superuser, application=passwords.application, port=port)
                    passwords.write(self.passwords)
                try:
                    self._prepare_database(passwords)
                except BaseException:
                    child.stop(seconds=10)
                    raise
                return child, f"postgresql://{NAME}:{passwords.application}@127.0.0.1:{port}/{NAME}"
        raise CannotStart("No port of this machine could be had for the embedded database. Start again.")

    def _settle(self) -> Account | None:
        """The home folder exists and the user that runs the server can get there. That user, where it is not us."""
        if os.geteuid() != 0:
            self.home.mkdir(exist_ok=True)
            if self.software_home:
                self.software_home.mkdir(exist_ok=True)
            if self.data.exists() and self.data.stat().st_uid != os.geteuid():
                raise CannotStart(
                    f"The embedded database in {self.data} belongs to another user (uid {self.data.stat().st_uid}). "
                    "Start as that user or as root, or set FLEETFOLK_DATA to a folder of your own."
                )
            return None
        try:
            account = Account.of(self.data.stat().st_uid) if self.data.exists() else _unprivileged()
        except KeyError:
            raise CannotStart(
                f"PostgreSQL refuses to run as root, and this machine has no user {UNPRIVILEGED!r} to run it as. "
                "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server that is already running."
            ) from None
        if self.home.is_symlink() and not self.home.exists():
            raise CannotStart(
                f"The embedded database is not where {self.home} points to ({self.home.readlink()}). "
                "Put it back; or, to start anew without the data, remove the link."
            )
        self.home = self._enterable(self.home, account)
        if self.software_home:
            self.software_home = self._enterable(self.software_home, account)
        return account

    def _enterable(self, folder: Path, account: Account) -> Path:
        """The folder exists where the user can enter it: here, or elsewhere with a link from here."""
        place = folder.resolve()
        place.mkdir(exist_ok=True)
        place.chmod(0o755)
        if _reaches(account, place):
            return place
        if any(place.iterdir()):
            raise CannotStart(
                f"The user {account.name}, who runs the embedded database, can no longer enter {place}. "
                "Let every user pass through the folders above it (chmod o+x), and start again."
            )
        place.rmdir()
        elsewhere = _reachable_folder(account, durable=self.durable)
        place.symlink_to(elsewhere)
        self.tell(f"The database's files lie in {elsewhere}: its user, {account.name}, cannot enter this folder.")
        return elsewhere

    def _initialize(self, software: Software, account: Account | None) -> None:
        """A new cluster lies in `data`, whole: it is made beside and moved there."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        passwords = Passwords(
            superuser=secrets.token_urlsafe(24), application=secrets.token_urlsafe(24), port=free_port()
        )
        secret = self.home / "password.new"
        write_private(secret, passwords.superuser)
        if account:
            os.chown(fresh, account.uid, account.gid)
            os.chown(secret, account.uid, account.gid)
        try:
            said = ""
            for ctype in ("C.UTF-8", "en_US.UTF-8", "C"):
                # pg_trgm asks the C library what a letter is: under plain C only ASCII would be found by its parts.
                locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}"]
                command: list[str | Path] = [software.program("initdb"), f"--pgdata={fresh}", f"--pwfile={secret}"]
                command += ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
                command += locale if self.durable else [*locale, "--no-sync"]
                done = _run_as(account, command, software.environment())
                if done.returncode == 0:
                    break
                said = done.stderr
                if "locale" not in said:
                    raise CannotStart(_why_not("The embedded database could not be made", said, self.home))
            else:
                raise CannotStart(_why_not("The embedded database could not be made", said, self.home))
        finally:
            secret.unlink()
        passwords.write(self.passwords)
        fresh.rename(self.data)

    def _require_same_major(self, software: Software) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        here = software.version()
        if here.partition(".")[0] != made_by:
            raise CannotStart(
                f"The data in {self.data} was made by PostgreSQL {made_by}, this version of Fleetfolk brings {here}. "
                f"Dump it with PostgreSQL {made_by} (pg_dump) and load it into a server named by DATABASE_URL."
            )

    def _end_leftover(self) -> None:
        """No server of an earlier, killed run is left on the data, and no file that claims so."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if _is_postmaster_of(pid, self.data):
            self.tell("The database of an earlier run is still there; ending it first.")
            end_process(pid, polite=signal.SIGINT, seconds=30)
        # We hold the lock of the data folder, so whoever has that number now is not a server on this data.
        note.unlink(missing_ok=True)

    def _command(self, software: Software, port: int) -> list[str | Path]:
        memory = _memory_megabytes()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": f"{min(max(memory // 4, 128), 4096)}MB",
            "effective_cache_size": f"{max(memory // 2, 256)}MB",
            "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
            "work_mem": "16MB",
            "random_page_cost": "1.1",
            # Compiling costs more than any of our short queries, and its estimate errs with trigrams.
            "jit": "off",
            "max_wal_size": "2GB",
            # A page that changes for the first time after a checkpoint is written whole, and mostly is text.
            "wal_compression": "lz4" if software.knows("lz4") else "pglz",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            "log_min_duration_statement": "1000",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        shared = Path("/dev/shm")  # noqa: S108 - asked for its size only
        if shared.exists() and os.statvfs(shared).f_bavail * os.statvfs(shared).f_frsize < 256 * MEGABYTE:
            # Containers often have 64 MB there, too little for parallel queries.
            settings["dynamic_shared_memory_type"] = "mmap"
        command: list[str | Path] = [software.program("postgres"), "-D", self.data.resolve()]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _wait_until_ready(self, child: Child, port: int, password: str) -> bool:
        """True when it answers; false when another program took the port first."""
        begun = time.monotonic()
        told = False
        try:
            while time.monotonic() - begun < LONGEST_RECOVERY:
                if not child.alive:
                    said = child.output()
                    if "could not bind" in said:
                        return False
                    what = f"The embedded database did not start: it {child.ending()}"
                    raise CannotStart(_why_not(what, said, self.log))  # noqa: TRY301
                try:
                    _connect(port, password).close()
                except psycopg.OperationalError as error:
                    if "password authentication failed" in str(error):
                        raise CannotStart(
                            f"The passwords in {self.passwords} do not fit the embedded database in {self.data}. "
                            "Put the file of that database back; or, to start anew without the data, move both away."
                        ) from None
                else:
                    return True
                if not told and time.monotonic() - begun > 5:
                    told = True
                    self.tell(
                        "The database is putting its data in order after an interrupted run; this can take minutes."
                    )
                time.sleep(0.05)
        except BaseException:
            child.stop(seconds=30)
            raise
        child.stop(seconds=30)
        raise CannotStart(
            f"The embedded database did not become ready in {LONGEST_RECOVERY / 60:.0f} minutes. Its log is {self.log}."
        )

    def _prepare_database(self, passwords: Passwords) -> None:
        """The role and the database exist. The role is no superuser, as it would not be on a server of one's own."""
        with _connect(passwords.port, passwords.superuser) as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(NAME), sql.Literal(passwords.application)
                    )
                )
            if self.may_create_databases:
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(NAME)))
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def _connect(port: int, password: str) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user="postgres",
        password=password,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def _unprivileged() -> Account:
    return Account.of(pwd.getpwnam(UNPRIVILEGED).pw_uid)


def _run_as(
    account: Account | None, command: list[str | Path], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            env=environment,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        if account is None:
            raise
        raise CannotStart(cannot_become(account)) from error


def _reaches(account: Account, folder: Path) -> bool:
    return _run_as(account, ["/bin/sh", "-c", 'test -x "$1"', "sh", folder], {"PATH": os.defpath}).returncode == 0


def _reachable_folder(account: Account, *, durable: bool) -> Path:
    """A new folder that the user can get to: under /var/lib, or among temporary files if it ends with the run."""
    places = ["/var/lib", "/opt", "/srv"] if durable else ["/var/tmp", tempfile.gettempdir()]  # noqa: S108
    for place in places:
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="fleetfolk-", dir=place))
            folder.chmod(0o755)
            if _reaches(account, folder):
                return folder
            folder.rmdir()
    raise CannotStart(
        f"PostgreSQL refuses to run as root, and the user {account.name} can enter neither this folder nor "
        f"{', '.join(places)}. Set FLEETFOLK_DATA to a folder that every user may enter, or start as an ordinary user."
    )


def _is_postmaster_of(pid: int, data: Path) -> bool:
    if sys.platform == "linux":
        try:
            said = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
        except OSError:
            return False
    else:
        said = subprocess.run(
            ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
    return "postgres" in said and str(data.resolve()) in said


def _memory_megabytes() -> int:
    """The memory of this machine, or of the container that we are in."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    with suppress(OSError, ValueError):
        megabytes = min(megabytes, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")) // MEGABYTE)
    return megabytes


def _why_not(what: str, said: str, where: Path) -> str:
    """A sentence out of what a program of PostgreSQL printed."""
    if "No space left on device" in said:
        return f"{what}: the disk is full ({where}). Free some space and start again. Nothing that was saved is lost."
    reasons = re.findall(r"(?:FATAL|PANIC|error):\s*(.+)", said)
    reason = reasons[-1] if reasons else (said.strip().splitlines() or ["it said nothing"])[-1]
    return f"{what}: {reason}. More is in {where}."
