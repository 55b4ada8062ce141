from __future__ import annotations

import pytest

from pipeline.deid.note_types import release_note_type


@pytest.mark.parametrize(
    "kind",
    [
        "Discharge summary",
        "H&P",
        "DS",
        "RR",
        "ED note",
        "CT CHEST",
        "44814637",
        "Follow-up / Visit",
    ],
)
def test_common_kinds_are_released(kind: str) -> None:
    assert release_note_type(kind) == kind


@pytest.mark.parametrize(
    "kind",
    [
        "Letter to Dr. Hollerer",
        "adaeze discharge",
        "progress_note_adebayo",
        "HÖLLERER letter",
        "Note 3/14/2024",
        "MRN 123456",
        "12345678901",
        "",
        "...",
    ],
)
def test_what_could_name_somebody_is_withheld(kind: str) -> None:
    assert release_note_type(kind) is None


def test_a_missing_kind_stays_missing() -> None:
    assert release_note_type(None) is None


def test_a_site_s_own_kinds() -> None:
    assert release_note_type("Hollerer protocol", ["HOLLERER PROTOCOL"]) == "Hollerer protocol"
