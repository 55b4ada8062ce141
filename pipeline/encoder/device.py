"""Where a model computes, and in which type."""

from __future__ import annotations

from contextlib import suppress

import torch

from pipeline.errors import SetupError


def choose_device(name: str) -> torch.device:
    """Return the device of that name; ``auto`` is a GPU if there is one, else the CPU.

    Raises:
        SetupError: There is no such device.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = None
    with suppress(RuntimeError):
        device = torch.device(name)
    absent = device is not None and device.type == "cuda" and (
        not torch.cuda.is_available() or (device.index or 0) >= torch.cuda.device_count()
    )  # fmt: skip
    if device is None or absent:
        raise SetupError(f"there is no device {name!r} here: use auto or cpu")
    return device


def choose_autocast(device: torch.device) -> torch.dtype | None:
    """Return the type to compute in on a device; None is float32."""
    if device.type != "cuda":
        return None
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
