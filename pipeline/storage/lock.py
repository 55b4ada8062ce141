"""One run at a time holds OUT and PHI, and no worker of a killed run outlives it there."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import LockedError
from pipeline.storage.files import Root

_ORPHANS_WAIT_S = 60.0


@contextmanager
def hold(*roots: Root) -> Iterator[None]:
    """Hold the roots for one run; the kernel lets go when the process ends, however it ends.

    Raises:
        LockedError: Another run, or a worker that survives a killed one, is at work there.
    """
    descriptors: list[int] = []
    try:
        for root in roots:
            descriptor = _open(root.folder() / ".lock", root.file_mode)
            descriptors.append(descriptor)
            if not _lock(descriptor, fcntl.LOCK_EX, wait_s=0.0):
                raise LockedError(
                    "another run holds OUT or PHI; wait for its end, or stop its process"
                )
        with hold_as_worker(roots[-1], exclusive=True):
            pass
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


@contextmanager
def hold_as_worker(phi: Root, *, exclusive: bool = False) -> Iterator[None]:
    """Hold PHI as one of a run's workers, beside others; a new run waits for all to let go.

    Raises:
        LockedError: The lock isn't had within a minute.
    """
    descriptor = _open(phi.path / ".workers.lock", phi.file_mode)
    try:
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        if not _lock(descriptor, kind, wait_s=_ORPHANS_WAIT_S):
            raise LockedError("workers of an earlier run are still alive; stop their processes")
        yield
    finally:
        os.close(descriptor)


def _open(path: Path, mode: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    os.fchmod(descriptor, mode)  # whatever the umask made of it
    return descriptor


def _lock(descriptor: int, kind: int, wait_s: float) -> bool:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True
