"""Child processes that never outlive us: each in a group of its own, tied to this process, logging to a file."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import MEGABYTE

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 20 * MEGABYTE

_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of this machine that a child may run as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, uid: int) -> Account:
        entry = pwd.getpwuid(uid)
        return cls(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


@dataclass(kw_only=True)
class Child:
    """A running child. `polite` is the signal that asks it to end; `log` is where all its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    log_start: int
    polite: signal.Signals = signal.SIGTERM
    asked: bool = field(default=False)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def output(self) -> str:
        """What it has said since it was started: the last 64 kB."""
        with self.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self.log_start, size - 65_536))
            return file.read().decode(errors="replace")

    def ask_to_stop(self) -> None:
        if self.alive and not self.asked:
            self.asked = True
            self.process.send_signal(self.polite)

    def stop(self, *, seconds: float) -> bool:
        """It and its whole group are gone. True if it went by itself within the time, false if it had to be killed."""
        self.ask_to_stop()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            went = False
        else:
            went = True
        # A killed server can leave workers behind that still hold its port.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return went

    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.poll()
        if code is None:
            return "is running"
        if code < 0:
            return f"was killed by signal {-code} ({signal.Signals(-code).name})"
        return f"ended with exit code {code}"


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    account: Account | None = None,
    polite: signal.Signals = signal.SIGTERM,
    orphaned: signal.Signals | None = None,
) -> Child:
    """The command runs in a process group of its own, and gets a signal when this process dies, even by `kill -9`.

    That signal is `orphaned`, or `polite` if that is not given.
    """
    parent = os.getpid()

    def tie() -> None:
        # Not on macOS, where a killed supervisor leaves its children to the clean-up of the next start.
        if sys.platform == "linux":
            _LIBC.prctl(PR_SET_PDEATHSIG, int(orphaned or polite))
            if os.getppid() != parent:
                os._exit(1)
        os.umask(0o077)

    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as output:
        start = output.tell()
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd="/" if account else None,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                process_group=0,
                preexec_fn=tie,  # noqa: PLW1509 - this process has one thread
            )
        except PermissionError as error:
            if account is None:
                raise
            raise CannotStart(cannot_become(account)) from error
    return Child(name=name, process=process, log=log, log_start=start, polite=polite)


def cannot_become(account: Account) -> str:
    return (
        f"PostgreSQL refuses to run as root, and this machine does not let root run it as the user {account.name}. "
        "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server that is already running."
    )


def wait_for_end(children: Sequence[Child]) -> Child:
    """The first of the children that has ended; blocks until then, costs nothing meanwhile."""
    while True:
        for child in children:
            if not child.alive:
                return child
        # WNOWAIT leaves the dead child to its Popen object, which wants to reap it itself.
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def end_process(pid: int, *, polite: signal.Signals, seconds: float) -> None:
    """The process, which need not be a child of ours, is gone: asked first, then killed."""
    for sign, patience in ((polite, seconds), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not is_running(pid):
                return
            time.sleep(0.05)


def is_running(pid: int) -> bool:
    """There is such a process and it is not a dead one whose parent has yet to notice."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except OSError:
        # It went between the two looks; or this system has no /proc, where the first look counts.
        return not Path("/proc/self").exists()


def leftovers(mark: str) -> list[int]:
    """Processes of an earlier run that were started with this mark in their environment, where the system shows it."""
    found = []
    wanted = mark.encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if wanted in environment.split(b"\0") and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
