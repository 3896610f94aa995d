"""Children end when they are asked, when they do not listen, and when we are killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fleetfolk.config.runtime.children import Child, is_running, leftovers, spawn, wait_for_end
from fleetfolk.config.runtime.ports import free_port, holder, is_free

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = """
import os, pathlib, sys, time
from fleetfolk.config.runtime.children import spawn
child = spawn("child", ["sleep", "60"], log=pathlib.Path(sys.argv[1]), environment=os.environ)
print(child.process.pid, flush=True)
time.sleep(60)
"""


def child_of(tmp_path: Path, *command: str, **environment: str) -> Child:
    return spawn("child", command, log=tmp_path / "child.log", environment={**os.environ, **environment})


def wait_for_output(child: Child, words: str) -> None:
    for _ in range(200):
        if words in child.output():
            return
        time.sleep(0.05)
    pytest.fail(f"It never said {words!r}, but: {child.output()}")


def gone(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_child_that_listens_ends_at_once(tmp_path: Path) -> None:
    child = child_of(tmp_path, "sleep", "60")
    assert child.stop(seconds=5)
    assert child.ending() == "was killed by signal 15 (SIGTERM)"


def test_a_child_that_does_not_listen_is_ended_with_its_own_children(tmp_path: Path) -> None:
    child = child_of(tmp_path, "sh", "-c", f'sleep 60 & echo $!; exec {sys.executable} -c "{DEAF}"')
    wait_for_output(child, "deaf")
    grandchild = int(child.output().split()[0])
    assert not child.stop(seconds=0.2)
    assert gone(grandchild)


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert gone(pid)


def test_the_first_child_to_end_is_named_with_what_it_said(tmp_path: Path) -> None:
    lasting = child_of(tmp_path, "sleep", "60")
    brief = child_of(tmp_path, "sh", "-c", "echo out of luck; exit 3")
    try:
        assert wait_for_end([lasting, brief]) is brief
        assert brief.ending() == "ended with exit code 3"
        assert brief.output() == "out of luck\n"
    finally:
        lasting.stop(seconds=5)


def test_a_child_that_was_left_behind_is_found_by_its_mark(tmp_path: Path) -> None:
    child = child_of(tmp_path, "sleep", "60", MARK_OF_THIS_TEST=str(tmp_path))
    try:
        assert leftovers(f"MARK_OF_THIS_TEST={tmp_path}") == [child.process.pid]
        assert leftovers(f"MARK_OF_THIS_TEST={tmp_path}/other") == []
    finally:
        child.stop(seconds=5)


def test_a_taken_port_is_not_free_and_its_holder_is_named(tmp_path: Path) -> None:
    port = free_port()
    assert is_free(port)
    child = child_of(tmp_path, sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    try:
        for _ in range(100):
            if not is_free(port):
                break
            time.sleep(0.05)
        assert not is_free(port)
        assert str(child.process.pid) in (holder(port) or "")
    finally:
        child.stop(seconds=5)
