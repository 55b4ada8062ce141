"""What is tried again: I/O errors, a few times, and nothing else."""

from __future__ import annotations

from typing import Any, cast

import pytest

import pipeline.job
from pipeline.errors import ChartsiftError, QuarantineError, StageError
from pipeline.run import Run
from pipeline.workers import TransientError, _ours


class Flaky:
    """Stands in for a run whose unit fails some times before it succeeds."""

    def __init__(self, *errors: ChartsiftError) -> None:
        self.errors = list(errors)
        self.calls = 0

    def process(self, unit: int) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("pipeline.job.time.sleep", found.append)
    return found


def insist(flaky: Flaky, retries: int) -> None:
    pipeline.job._insist(cast(Run, flaky), 0, retries)


def test_a_transient_error_is_retried_after_growing_pauses(pauses: list[float]) -> None:
    flaky = Flaky(TransientError("disk"), TransientError("disk"))
    insist(flaky, 2)

    assert flaky.calls == 3
    assert 2.0 <= pauses[0] <= 4.0
    assert 4.0 <= pauses[1] <= 8.0


def test_retries_end(pauses: list[float]) -> None:
    flaky = Flaky(*(TransientError("disk") for _ in range(3)))
    with pytest.raises(TransientError):
        insist(flaky, 2)
    assert flaky.calls == 3


@pytest.mark.parametrize("error", [StageError("model"), QuarantineError("too many")])
def test_other_errors_are_not_retried(pauses: list[float], error: ChartsiftError) -> None:
    flaky = Flaky(error)
    with pytest.raises(type(error)):
        insist(flaky, 2)
    assert (flaky.calls, pauses) == (1, [])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(28, "No space left on ZQXMARKER"), TransientError),
        (ValueError("can't parse ZQXMARKER"), StageError),
        (QuarantineError("too many"), QuarantineError),
    ],
)
def test_errors_of_workers_keep_their_kind_and_lose_their_text(
    error: Exception, kind: type[ChartsiftError]
) -> None:
    ours = _ours(error, 7)

    assert type(ours) is kind
    assert "ZQXMARKER" not in str(ours)


def test_prefect_retries_what_is_transient() -> None:
    from flows.etl import _is_transient, process_unit

    class Failed:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def result(self, raise_on_failure: bool) -> Any:
            return self.error

    assert process_unit.retry_condition_fn is _is_transient
    assert _is_transient(None, None, Failed(TransientError("disk")))
    assert not _is_transient(None, None, Failed(StageError("model")))
