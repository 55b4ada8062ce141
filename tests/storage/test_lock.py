"""Tests of the lock: one run at a time, and none beside the workers of a killed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import LockedError
from pipeline.storage import lock
from pipeline.storage.files import Root
from pipeline.storage.lock import hold, hold_as_worker
from tests.conftest import REPOSITORY

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
with hold(Root(Path(sys.argv[1])), Root(Path(sys.argv[2]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def out(tmp_path: Path) -> Root:
    return Root(tmp_path / "out", 0o750, 0o640)


@pytest.fixture
def phi(tmp_path: Path) -> Root:
    return Root(tmp_path / "phi")


def test_a_second_run_on_either_root_is_refused(tmp_path: Path, out: Root, phi: Root) -> None:
    with hold(out, phi):
        for roots in (
            (out, phi),
            (out, Root(tmp_path / "other phi")),
            (Root(tmp_path / "other out"), phi),
        ):
            with pytest.raises(LockedError, match="another run holds OUT or PHI"), hold(*roots):
                pytest.fail("held twice")
        with hold(Root(tmp_path / "other out"), Root(tmp_path / "other phi")):
            pass


def test_the_lock_is_let_go_at_the_end_and_after_an_error(out: Root, phi: Root) -> None:
    with pytest.raises(ZeroDivisionError), hold(out, phi):
        raise ZeroDivisionError
    with hold(out, phi):
        pass
    with hold(out, phi):
        pass


def test_a_refused_run_takes_nothing_with_it(tmp_path: Path, out: Root, phi: Root) -> None:
    other = Root(tmp_path / "other out")
    with hold(out, phi):
        with pytest.raises(LockedError), hold(other, phi):
            pass
        with hold(other, Root(tmp_path / "other phi")):
            pass


def test_the_kernel_lets_go_for_a_killed_run(out: Root, phi: Root) -> None:
    command = [sys.executable, "-c", HOLDER, str(out.path), str(phi.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(LockedError), hold(out, phi):
                pass
        finally:
            holder.send_signal(signal.SIGKILL)
            holder.wait()
        with hold(out, phi):
            pass


def test_workers_hold_together_and_no_run_begins_beside_them(
    monkeypatch: pytest.MonkeyPatch, out: Root, phi: Root
) -> None:
    monkeypatch.setattr(lock, "_ORPHANS_WAIT_S", 0.2)
    with hold(out, phi):
        pass
    refused = pytest.raises(LockedError, match="workers of an earlier run")
    with hold_as_worker(phi), hold_as_worker(phi), refused, hold(out, phi):
        pass
    with hold(out, phi), hold_as_worker(phi):
        pass


def test_lock_files_have_their_roots_modes_whatever_the_umask(out: Root, phi: Root) -> None:
    old = os.umask(0o022)
    try:
        with hold(out, phi):
            pass
    finally:
        os.umask(old)

    assert (out.path / ".lock").stat().st_mode & 0o777 == 0o640
    assert (phi.path / ".lock").stat().st_mode & 0o777 == 0o600
    assert (phi.path / ".workers.lock").stat().st_mode & 0o777 == 0o600
