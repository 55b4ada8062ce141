"""What a note prescribes of one drug, in normal forms, and where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.medication.durations import days_of
from pipeline.medication.frequencies import times_per_day_of
from pipeline.medication.tokens import Place

FIELDS: Final = ("dose", "unit", "route", "frequency", "duration", "prn")
"""The fields of a sig, in the order that a prescription has them."""


@dataclass(frozen=True, slots=True)
class Sig:
    """What stands beside one mention of a drug. What isn't written is None.

    Attributes:
        dose: Digits: ``40``, ``0.5``, a range ``1-2`` or a combination ``5/500``.
        unit: What the dose counts: ``mg``, ``mg/mL``, ``tablet``.
        route: ``oral``, ``intravenous`` and so on.
        frequency: ``twice a day``, ``every 6 hours``, ``at bedtime``, ``once``.
        duration: ``10 days``, ``5-7 days``, ``3 doses``.
        prn: It is taken as needed.
        dose_span: Where the dose stands, ``[start, end)`` in **released** text, as all spans.
        unit_span: Where the unit stands.
        route_span: Where the route stands, with its preposition.
        frequency_span: Where the frequency stands.
        duration_span: Where the duration stands, without a leading ``x`` or ``for``.
        prn_span: Where PRN stands.
    """

    dose: str | None = None
    unit: str | None = None
    route: str | None = None
    frequency: str | None = None
    duration: str | None = None
    prn: bool = False
    dose_span: Place | None = None
    unit_span: Place | None = None
    route_span: Place | None = None
    frequency_span: Place | None = None
    duration_span: Place | None = None
    prn_span: Place | None = None

    def __post_init__(self) -> None:
        for field in FIELDS:
            said = getattr(self, field) not in (None, False)
            span = getattr(self, f"{field}_span")
            if said != (span is not None):
                raise ValueError(f"a sig has a {field} and its span, or neither")
            if span is not None and not 0 <= span[0] < span[1]:
                raise ValueError(f"the span of a {field} needs 0 <= start < end")

    def __bool__(self) -> bool:
        return any(getattr(self, field) for field in FIELDS)

    @property
    def dose_low(self) -> float | None:
        """The dose as a number, a range's lower end; None of combinations."""
        return self._dose_ends()[0]

    @property
    def dose_high(self) -> float | None:
        """The dose as a number, a range's upper end; None of combinations."""
        return self._dose_ends()[1]

    @property
    def times_per_day(self) -> float | None:
        """How often a day, where the frequency says it."""
        return None if self.frequency is None else times_per_day_of(self.frequency)

    @property
    def duration_days(self) -> float | None:
        """The duration in days, a range's upper end, where it is one of time."""
        return None if self.duration is None else days_of(self.duration)

    def span_of(self, field: str) -> Place | None:
        """Return where one of ``FIELDS`` stands."""
        place: Place | None = getattr(self, f"{field}_span")
        return place

    def _dose_ends(self) -> tuple[float | None, float | None]:
        if self.dose is None or "/" in self.dose:
            return None, None
        low, _, high = self.dose.partition("-")
        return float(low), float(high or low)
