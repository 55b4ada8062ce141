"""Dates as clinicians write them: shifted by whole weeks, and written in the same format.

How each kind of date is shifted:

- A full date is shifted; its format, weekday and time of day stay.
- A day without a year is the one nearest to the note's time; it is written without a year again.
- Of a month the 15th is shifted, of a quarter or season the middle, of a year 2 July, and the
  month, quarter, season or year that this gives is written. It may be the same as before.
- A weekday and a decade stay: whole weeks keep the one, and a year hardly moves the other.
- The dates of a range are shifted alike.
- A holiday has no other day's name to be replaced by: it is not shifted.

Numbers are read month first; day first where the month would be above 12. Such a date whose
shifted day is not above 12 is written month first, so that it reads as what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.deid.date_forms import Granularity
from pipeline.deid.date_words import (
    season_of,
    write_month,
    write_ordinal,
    write_quarter,
    write_season,
)


class Point(NamedTuple):
    """A day, or the day that stands for a month, quarter, season or year; its year if known."""

    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a written date that changes when the date does.

    Attributes:
        kind: ``year``, ``month``, ``day``, ``quarter``, ``season``, or ``lead`` and ``tail``: the
            month that a range leaves out, before or after its day.
        point: Which date of a range it belongs to, 0 or 1.
        sample: What was written there (for ``lead`` and ``tail``, at the other date).
        short: Whether a month is written as in ``14-May-2019``: abbreviated.
        padded: Whether a number below 10 is written with a leading zero.
    """

    kind: str
    point: int
    sample: str = field(repr=False)
    short: bool = False
    padded: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date, or a range of two, and how it is written.

    Attributes:
        granularity: How exact it is.
        points: The date, or the two of a range.
        pieces: Literal text and the parts that depend on the points, in order.
        day_first: Whether the numbers of the day stand before those of the month.
    """

    granularity: Granularity
    points: tuple[Point, ...] = field(repr=False)
    pieces: tuple[str | Part, ...] = field(repr=False)
    day_first: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are written, earliest first; empty if none is."""
        return tuple(sorted({point.year for point in self.points if point.year is not None}))

    @property
    def text(self) -> str:
        """The date in its format."""
        return "".join(
            piece if isinstance(piece, str) else self._write(piece) for piece in self.pieces
        )

    def shifted(self, weeks: int, near: date) -> WrittenDate | None:
        """Shift the date by whole weeks.

        Args:
            weeks: How many; negative is into the past.
            near: A date without a year is taken to be the occurrence nearest to this day.

        Returns:
            The later or earlier date in the same format, its year known; None for a named day,
            which another day's name would have to replace, and outside of the years 1 to 9999.
        """
        if self.granularity in (Granularity.WEEKDAY, Granularity.DECADE):
            return self
        if self.granularity is Granularity.NAMED_DAY:
            return None
        points: list[Point] = []
        try:
            for point in self.points:
                near = _resolved(point, near, after=bool(points))
                moved = near + timedelta(weeks=weeks)
                points.append(Point(moved.year, moved.month, moved.day))
        except (OverflowError, ValueError):
            return None
        return replace(self, points=tuple(points))

    def _write(self, part: Part) -> str:
        point, kind, sample = self.points[part.point], part.kind, part.sample
        if self.day_first and point.day <= 12:
            kind = {"day": "month", "month": "day"}.get(kind, kind)
        if kind in ("lead", "tail"):
            if self.points[0].month == self.points[1].month:
                return ""
            month = write_month(sample, point.month, short=part.short)
            return f"{month} " if kind == "lead" else f" {month}"
        if kind == "year":
            in_winter = self.granularity is Granularity.SEASON and point.month == 12
            return _write_year(sample, (point.year or 0) + in_winter)
        if kind == "month" and sample[0].isalpha():
            return write_month(sample, point.month, short=part.short)
        if kind == "quarter":
            return write_quarter(sample, (point.month + 2) // 3)
        if kind == "season":
            return write_season(sample, season_of(point.month))
        number = point.month if kind == "month" else point.day
        if sample[-1].isalpha():
            return write_ordinal(number, upper=sample.isupper(), padded=part.padded)
        return f"{number:0{2 if part.padded else 1}d}"


def _resolved(point: Point, near: date, *, after: bool) -> date:
    """Return the point's day; without a year the one nearest to ``near``, or not before it."""
    if point.year is not None:
        return date(point.year, point.month, point.day)
    days: list[date] = []
    for year in range(max(near.year - 8, 1), min(near.year + 8, 9999) + 1):
        if point[1:] != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
            days.append(date(year, point.month, point.day))
    if after:
        return min(day for day in days if day >= near)
    return min(days, key=lambda day: (abs(day - near), day.year != near.year))


def _write_year(sample: str, year: int) -> str:
    if len(sample) == 4 and sample.isdigit():
        return f"{year:04d}"
    return f"{sample[:-2]}{year % 100:02d}"
