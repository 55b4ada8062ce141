"""Run a job and kill it, workers and all, at a chosen moment: ``python -m tests.crash ...``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from pipeline import run as run_module
from pipeline.config import Config
from pipeline.job import run_directly
from pipeline.run import Silence
from pipeline.stages import Models
from pipeline.storage.files import Root
from pipeline.storage.staging import _Shuffle
from tests.site import Site
from tests.stub import load_stubs


def kill(*processes: int) -> None:
    for process in processes:
        os.kill(process, signal.SIGKILL)


def load_and_crash(config: Config) -> Models:
    """Load the stubs; the run dies in the middle of its nth file, counted in this worker."""
    countdown = int(os.environ["CRASH_AT_WRITE"])
    original = Path.replace

    def replace(self: Path, target: Any) -> Path:
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            kill(os.getppid(), os.getpid())
        return original(self, target)

    if countdown:
        Path.replace = replace  # type: ignore[assignment,method-assign]
    return load_stubs(config)


def main() -> None:
    folder, moment = sys.argv[1:]
    if moment == "staging":

        def flush(self: _Shuffle) -> None:
            kill(os.getpid())

        _Shuffle._flush = flush  # type: ignore[method-assign]
    if moment == "manifest":

        def write_manifest(out: Root, manifest: Any) -> None:
            kill(os.getpid())

        run_module.write_manifest = write_manifest
    os.environ["CRASH_AT_WRITE"] = moment if moment.isdigit() else "0"
    site = Site(Path(folder))
    run_directly(site.job(load=load_and_crash), Silence())


if __name__ == "__main__":
    main()
