"""Write a shifted date only if it then reads as the day that it is."""

from __future__ import annotations

from pipeline.deid.date_forms import Granularity
from pipeline.deid.date_reading import parse_written_date
from pipeline.deid.date_words import season_of
from pipeline.deid.written_dates import WrittenDate


def readable_text(written: WrittenDate, *, latest_year: int) -> str | None:
    """Return a date's text if a reader finds the same date in it.

    Args:
        written: A date, usually a shifted one.
        latest_year: See :func:`pipeline.deid.date_reading.parse_written_date`.

    Returns:
        The text; None if its format can't express the date: 1/32, January 1932, a year earlier
        would be 1/31, which reads as a day.
    """
    text = written.text
    again = parse_written_date(text, latest_year=latest_year)
    if again is None or _readings(again, again) != _readings(written, again):
        return None
    return text


def _readings(written: WrittenDate, like: WrittenDate) -> list[tuple[object, ...]]:
    """Return what a reader learns of the dates: the year, without century, only if ``like`` tells.

    Args:
        written: The date or range.
        like: The same, as read from its text.
    """
    grain = written.granularity
    readings: list[tuple[object, ...]] = []
    for (year, month, day), other in zip(written.points, like.points, strict=False):
        if grain is Granularity.SEASON and month == 12 and year is not None:
            year += 1  # A winter has the year of its January.
        exact = {
            Granularity.DAY: (month, day),
            Granularity.MONTH: (month,),
            Granularity.QUARTER: ((month + 2) // 3,),
            Granularity.SEASON: (season_of(month),),
        }.get(grain)
        known = None if year is None or other.year is None else year % 100
        readings.append((grain, known, exact))
    return readings
