"""Time systems in turn, so that what else the machine does falls on all alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping


def use_one_core() -> None:
    """Keep this process on one core, whatever else there is."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def time_rounds(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Call each system once a round.

    Args:
        calls: Name to what is timed; call it once before, to warm it up.
        rounds: Number of rounds.

    Returns:
        Name to the seconds of the process's own CPU time that each round took.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.process_time()
            call()
            seconds[name].append(time.process_time() - start)
    return seconds
