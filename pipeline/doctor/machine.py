"""The machine: cores, memory, GPUs, disk, and the umask of the user's shell."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.config import Config
from pipeline.doctor.finding import Finding

_GB = 10**9
_LITTLE_DISK = 2 * _GB
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")

Gpu = tuple[str, int]
"""Name and memory in bytes."""


def count_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def measure_memory() -> int:
    """Return the memory in bytes that the machine has, or that its container may use."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):
        memory = min(memory, int(_CGROUP_LIMIT.read_text("ascii")))
    return memory


def find_gpus() -> list[Gpu]:
    """Find the GPUs that torch can use."""
    import torch

    if not torch.cuda.is_available():
        return []
    devices = range(torch.cuda.device_count())
    properties = [torch.cuda.get_device_properties(device) for device in devices]
    return [(p.name, p.total_memory) for p in properties]


def examine_cores(config: Config, cores: int | None = None, memory: int | None = None) -> Finding:
    """Compare cores with workers.

    Args:
        config: ``run.workers`` is examined.
        cores: How many there are; None to count them.
        memory: Bytes; None to measure it.
    """
    cores = cores or count_cores()
    memory = memory or measure_memory()
    message = f"{_number(cores, 'core')}, {memory / _GB:.0f} GB of memory"
    workers = config.run.workers
    if workers <= cores:
        chosen = _number(workers, "worker") if workers else "as many workers as cores, at most 8"
        return Finding("CPU", "ok", f"{message}; {chosen}")
    return Finding(
        "CPU",
        "warning",
        f"{message}, but run.workers = {workers}: they will wait for each other",
        f"set run.workers to {cores}, or to 0 to let chartsift choose",
    )


def examine_gpus(config: Config, gpus: Callable[[], Sequence[Gpu]] = find_gpus) -> Finding:
    """Compare the GPUs with the device that BERT shall run on.

    Args:
        config: ``run.device`` is examined.
        gpus: Finds the GPUs.
    """
    device = config.run.device
    try:
        found = gpus()
    except Exception as error:  # torch and its drivers raise whatever they like
        remedy = "repair torch's installation: pip install --force-reinstall torch"
        return Finding("GPU", "wrong", f"torch can't be asked ({type(error).__name__})", remedy)
    if found:
        listed = ", ".join(f"{name} ({memory / _GB:.0f} GB)" for name, memory in found)
        unused = "; not used, since run.device = cpu" if device == "cpu" else ""
        return Finding("GPU", "ok", f"{listed}{unused}")
    if device == "cuda":
        return Finding(
            "GPU",
            "wrong",
            "run.device = cuda, but torch finds no GPU",
            "install a GPU build of torch and its driver, or set run.device to auto",
        )
    return Finding("GPU", "ok", "none; BERT runs on the CPU")


def examine_disk(subject: str, folder: Path, free: int | None = None) -> Finding:
    """Examine the free space where a folder lies or will lie.

    Args:
        subject: Name of the finding.
        folder: The folder.
        free: Bytes; None to measure them.
    """
    if free is None:
        existing = next(
            path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
        )
        free = shutil.disk_usage(existing).free
    message = f"{free / _GB:,.1f} GB free"
    if free >= _LITTLE_DISK:
        return Finding(subject, "ok", message)
    remedy = "make room: a run writes a copy of the notes to each root"
    return Finding(subject, "warning", message, remedy)


def read_shell_umask() -> int | None:
    """Read the umask of the process that started this one, where Linux tells it."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{os.getppid()}/status").read_text("utf-8").splitlines():
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    return None


def examine_umask(umask: Callable[[], int | None] = read_shell_umask) -> Finding:
    """Examine the umask of the shell; chartsift itself works under 0077.

    Args:
        umask: Reads it; None if it isn't known.
    """
    found = umask()
    runs = "runs write under 0077"
    if found is None:
        return Finding("umask", "ok", runs)
    message = f"{found:04o} in your shell; {runs}"
    if not found & 0o002:
        return Finding(
            "umask", "warning", message, "set umask 0027 or 0077 in your shell's profile"
        )
    return Finding("umask", "ok", message)


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
