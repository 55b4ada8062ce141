"""Tests of where a model computes."""

from __future__ import annotations

import pytest
import torch

from pipeline.encoder.device import choose_autocast, choose_device
from pipeline.errors import SetupError


@pytest.mark.parametrize(("present", "expected"), [(True, "cuda"), (False, "cpu")])
def test_auto_takes_a_gpu_if_there_is_one(
    present: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: present)

    assert choose_device("auto") == torch.device(expected)
    assert choose_device("cpu") == torch.device("cpu")


def test_a_gpu_has_a_number_below_their_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)

    assert choose_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(SetupError, match="no device 'cuda:2' here: use auto or cpu"):
        choose_device("cuda:2")


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "abacus", ""])
def test_an_absent_device_is_explained(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    with pytest.raises(SetupError, match=f"no device '{name}' here: use auto or cpu"):
        choose_device(name)


@pytest.mark.parametrize(
    ("supported", "expected"), [(True, torch.bfloat16), (False, torch.float16)]
)
def test_half_precision_on_a_gpu_only(
    supported: bool, expected: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: supported)

    assert choose_autocast(torch.device("cuda")) is expected
    assert choose_autocast(torch.device("cpu")) is None
