from __future__ import annotations

import pytest

from pipeline.medication.procedures import is_care, is_operation


@pytest.mark.parametrize(
    "words",
    ["spinal fusion", "Laminectomy", "removal of the uterus", "CABG x", "total knee replacement",
     "suture", "chest tube drain", "PDS", "adhesiolysis", "lysis of adhesions"],
)  # fmt: skip
def test_operations_and_devices(words: str) -> None:
    assert is_operation(words)


@pytest.mark.parametrize(
    "words",
    ["hormone replacement", "thrombolysis", "hemodialysis", "urinalysis", "steroids for the graft",
     "IV fluids", "oxygen", "", "10"],
)  # fmt: skip
def test_what_may_have_a_dose(words: str) -> None:
    assert not is_operation(words)


def test_care_gives_no_substance() -> None:
    assert is_care("occupational therapy")
    assert is_care("low sodium diet")
    assert is_care("Hemodialysis")
    assert not is_care("Plan B")
    assert not is_care("antibiotic therapy")
    assert not is_care("")
