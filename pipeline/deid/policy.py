"""Release policies: what stays of a date, an age and a ZIP code under HIPAA (45 CFR 164.514)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from pipeline.deid.date_forms import Granularity
from pipeline.deid.date_reading import parse_written_date
from pipeline.deid.readable_dates import readable_text
from pipeline.deid.written_dates import WrittenDate

ASSUMED_LATEST_YEAR: Final = 2026
"""The least latest year of a patient whose notes have no time: such notes may be recent."""
OLD_AGE: Final = 90
MOST_WEEKS: Final = 52

_FOUR_DIGITS: Final = re.compile(r"(?<![0-9])(?:19[0-9]{2}|20[0-9]{2}|2100)(?![0-9])")
_PLAUSIBLE: Final = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a release keeps of what identifies a patient.

    Attributes:
        name: As the configuration gives it.
        dates: ``shift`` moves each date of a patient by the same whole number of weeks; ``year``
            leaves its year only.
        standing: What the release is under the Privacy Rule.
        date_rows: How dates are released, field to words, for the README's table.
    """

    name: str
    dates: Literal["shift", "year"]
    standing: str
    date_rows: Mapping[str, str]


_LIMITED: Final = Policy(
    name="limited_dates",
    dates="shift",
    standing="never Safe Harbor, as shifted dates are dates: a data use agreement (164.514(e))"
    " or an expert's determination (164.514(b)(1)) has to cover it",
    date_rows=MappingProxyType(
        {
            "text dates": "shifted by a whole number of weeks, -52 to 52 and never 0, the same for"
            " all notes of a patient; the format, weekday and time of day stay; of a month the"
            " 15th is shifted, of a quarter or season its middle, of a year 2 July; a day without a"
            " year is taken for the one nearest to the note, and stays without; decades stay;"
            " holidays, a bare day of the month and what can't be read become `[DATE]`",
            "note_time": "shifted by the same weeks; the time of day stays",
            "valid cohort windows": "intervals between any two dates of one patient, exact to the"
            " day; weekdays; seasons nearly. Not calendar years: counts by calendar year and trends"
            " over time are blurred by up to a year",
        }
    ),
)
_SAFE_HARBOR: Final = Policy(
    name="safe_harbor",
    dates="year",
    standing="meant for Safe Harbor (164.514(b)(2)), as far as all PHI is found",
    date_rows=MappingProxyType(
        {
            "text dates": "the year in four digits where one is written; all else becomes `[DATE]`;"
            " decades stay",
            "note_time": "1 January of its year, 00:00",
            "valid cohort windows": "calendar years only: differences of years are exact to within"
            " a year",
        }
    ),
)
POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {policy.name: policy for policy in (_LIMITED, _SAFE_HARBOR)}
)
"""The policies by name; ``limited_dates`` is the default of the configuration."""

_TAGGED: Final = "replaced by its tag, or by a surrogate if the configuration asks for surrogates"
_IN_ALL: Final = {
    "birth years and years that reveal an age of 90 or more": "removed: a year 90 or more years"
    " before the latest one that the patient's notes show becomes `[DATE]`, its day and month too",
    "ages": "below 90 as written, else `90+`; what can't be read becomes `[AGE]`",
    "ZIP": "first three digits, as in `021**`; `000**` where at most 20,000 people live",
    "ids and numbers": _TAGGED,
    "names": _TAGGED,
    "professions": _TAGGED,
    "doctors": _TAGGED,
    "hospitals": _TAGGED,
    "states and countries": _TAGGED,
}
"""What is the same under every policy."""
_ROWS: Final = ("text dates", "note_time", *_IN_ALL, "valid cohort windows")


def policy_table() -> str:
    """Return the table of fields by policies in Markdown, without a line end after it."""
    policies = list(POLICIES.values())
    lines = [
        ["field", *(f"`{policy.name}`" for policy in policies)],
        ["---"] * (len(policies) + 1),
        ["standing", *(policy.standing for policy in policies)],
        *(
            [row, *(policy.date_rows.get(row) or _IN_ALL[row] for policy in policies)]
            for row in _ROWS
        ),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def weeks_of(number: int | bytes) -> int:
    """Map a keyed number to a whole number of weeks, -52 to 52 and never 0.

    Args:
        number: A non-negative number, evenly distributed over at least 64 bits, or its bytes; the
            104 results are then equally likely to within one in 10^17.
    """
    value = int.from_bytes(number, "big") if isinstance(number, bytes) else number
    weeks = value % (2 * MOST_WEEKS) - MOST_WEEKS
    return weeks if weeks < 0 else weeks + 1


def release_note_time(note_time: datetime | None, policy: Policy, weeks: int) -> datetime | None:
    """Return when a note was written as it may be released.

    Args:
        note_time: When it was written.
        policy: The release policy.
        weeks: The patient's shift; not used where the policy leaves the year only.

    Returns:
        The shifted time, or 1 January of its year; None if that is outside of the years 1 to 9999
        or there is no time.
    """
    if note_time is None:
        return None
    if policy.dates == "year":
        return datetime(note_time.year, 1, 1, tzinfo=note_time.tzinfo)
    try:
        return note_time + timedelta(weeks=weeks)
    except OverflowError:
        return None


def release_date(
    surface: str,
    *,
    policy: Policy,
    weeks: int,
    note_time: datetime | None,
    latest_year: int,
) -> str | None:
    """Return a date of a note as it may be released.

    Args:
        surface: What a finder marked as a date.
        policy: The release policy.
        weeks: The patient's shift in whole weeks; not used where the policy leaves the year only.
        note_time: When the note was written: a date without a year is the nearest one to it.
        latest_year: The latest year that the patient's notes show, as :func:`reference_year` finds
            it; without a note time a date without a year is of this year.

    Returns:
        The released text; None if the date is to be replaced by its tag: it reveals an age of 90
        or more, is a holiday, a day of the month alone or in no known form, or the policy leaves
        nothing of it.
    """
    turn = latest_year if note_time is None else min(latest_year, note_time.year + 1)
    written = parse_written_date(surface, latest_year=turn)
    if written is None or _reveals_age(written, latest_year):
        return None
    if written.granularity is Granularity.DECADE:
        return surface
    if policy.dates == "year":
        years = written.years
        return "-".join(dict.fromkeys(f"{year:04d}" for year in (*years[:1], *years[-1:]))) or None
    near = date(min(max(latest_year, 1), 9999), 7, 2) if note_time is None else note_time.date()
    shifted = written.shifted(weeks, near)
    if shifted is None or (written.years and _reveals_age(shifted, latest_year)):
        return None
    return readable_text(shifted, latest_year=turn)


def reference_year(note_times: Iterable[datetime | None], surfaces: Iterable[str]) -> int:
    """Return the latest year that a patient's notes show, from which ages are reckoned.

    Years outside of 1900 to 2100 are no evidence. Without any note time it is at least
    ``ASSUMED_LATEST_YEAR``. A year of two digits is the latest such year that is at most one year
    after the last note (without note times: not after the latest year otherwise known), so that
    '31 in a note of 2024 is 1931. A year in the future counts: it hides more.

    Args:
        note_times: When the patient's notes were written.
        surfaces: All spans marked as dates in them.
    """
    surfaces = list(surfaces)
    written = {time.year for time in note_times if time is not None and time.year in _PLAUSIBLE}
    years = {int(year) for surface in surfaces for year in _FOUR_DIGITS.findall(surface)}
    years |= written or {ASSUMED_LATEST_YEAR}
    turn = max(written) + 1 if written else max(years)
    for surface in surfaces:
        if (read := parse_written_date(surface, latest_year=turn)) is not None:
            years |= {year for year in read.years if year in _PLAUSIBLE}
    return max(years)


def _reveals_age(written: WrittenDate, latest_year: int) -> bool:
    return any(year <= latest_year - OLD_AGE for year in written.years)
