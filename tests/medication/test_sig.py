from __future__ import annotations

import pytest

from pipeline.medication.sig import Sig


@pytest.mark.parametrize(
    ("dose", "low", "high"),
    [("40", 40, 40), ("0.5-1", 0.5, 1), ("5/500", None, None), (None, None, None)],
)
def test_dose_as_numbers(dose: str | None, low: float | None, high: float | None) -> None:
    sig = Sig(dose=dose, dose_span=None if dose is None else (0, 1))
    assert (sig.dose_low, sig.dose_high) == (low, high)


@pytest.mark.parametrize(
    ("frequency", "times"),
    [
        ("once a day", 1),
        ("twice a day", 2),
        ("3 times a day", 3),
        ("every 8 hours", 3),
        ("every 30 minutes", 48),
        ("every other day", 0.5),
        ("every 4 days", 0.25),
        ("once a week", 1 / 7),
        ("3 times a week", 3 / 7),
        ("every 2 weeks", 1 / 14),
        ("once a month", 1 / 30),
        ("every 3 months", 1 / 90),
        ("every morning", 1),
        ("at bedtime", 1),
        ("every 4-6 hours", None),
        ("1-2 times a day", None),
        ("with meals", None),
        ("once", None),
        ("continuous", None),
    ],
)
def test_times_per_day(frequency: str, times: float | None) -> None:
    sig = Sig(frequency=frequency, frequency_span=(0, 1))
    assert sig.times_per_day == (None if times is None else pytest.approx(times))


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        ("10 days", 10),
        ("1 week", 7),
        ("5-7 days", 7),
        ("2 months", 60),
        ("5 years", 1825),
        ("36 hours", 1.5),
        ("3 doses", None),
    ],
)
def test_duration_in_days(duration: str, days: float | None) -> None:
    assert Sig(duration=duration, duration_span=(0, 1)).duration_days == days


def test_an_empty_sig_is_false_and_one_field_makes_it_true() -> None:
    assert not Sig()
    assert Sig(prn=True, prn_span=(3, 6))


@pytest.mark.parametrize(
    "fields",
    [{"dose": "40"}, {"dose_span": (0, 2)}, {"prn": True}, {"route": "oral", "route_span": (4, 4)}],
)
def test_a_value_needs_its_span(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="span"):
        Sig(**fields)  # type: ignore[arg-type]
