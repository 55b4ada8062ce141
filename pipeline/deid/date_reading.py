"""Read a date as it stands in a note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from pipeline.deid.date_forms import BETWEEN, FORMS, NAMED, Form, Granularity
from pipeline.deid.date_words import read_month, read_quarter, season_middle
from pipeline.deid.written_dates import Part, Point, WrittenDate

_MOST_CHARACTERS: Final = 64
_PART: Final = re.compile(r"([a-z]+)([01])")
_RANGED: Final = frozenset(Granularity) - {
    Granularity.DECADE,
    Granularity.WEEKDAY,
    Granularity.NAMED_DAY,
}


def parse_written_date(surface: str, *, latest_year: int) -> WrittenDate | None:
    """Read a date as it stands in a note.

    Args:
        surface: What a finder marked as a date, white space around it included.
        latest_year: Years of two digits are the latest ones that are not after it.

    Returns:
        The date, whose text is the surface; None for what is no date in a known form: a holiday
        or a day of the month alone, spelled-out numbers, a scanner's misreadings.
    """
    if len(surface) > _MOST_CHARACTERS or not surface.strip():
        return None
    core = surface.strip()
    head, _, tail = surface.partition(core)
    written = (
        _parse(core, FORMS, latest_year)
        or _parse_range(core, latest_year)
        or _parse(core, NAMED, latest_year)
    )
    return written and replace(written, pieces=(head, *written.pieces, tail))


def _parse(core: str, forms: Iterable[Form], latest_year: int) -> WrittenDate | None:
    for form in forms:
        match = form.pattern.fullmatch(core)
        if match is not None:
            written = _from_match(match, form.granularity, latest_year)
            if written is not None:
                return written
    return None


def _from_match(
    match: re.Match[str], granularity: Granularity, latest_year: int
) -> WrittenDate | None:
    parts = _with_padding(list(_parts(match)))
    values: list[dict[str, int]] = [{}, {}]
    for _, _, part in parts:
        values[part.point].update(_value(part, latest_year))
    values = [value for value in values if value]
    if len(values) == 2:
        values = [values[1] | values[0], values[0] | values[1]]
        if "year" in values[1] and match.groupdict().get("year1") and "month" not in values[0]:
            values[1]["year"] = _not_before(values[0]["year"], values[1]["year"])
        if granularity is Granularity.DAY and values[0]["day"] >= values[1]["day"]:
            return None
    points = tuple(
        Point(value.get("year"), value.get("month", 7), value.get("day", _middle(granularity)))
        for value in values
    )
    if not all(_exists(point) for point in points):
        return None
    pieces: list[str | Part] = []
    last = match.start()
    for start, end, part in parts:
        if part.kind != "decade":
            pieces += (match.string[last:start], part)
            last = end
    pieces.append(match.string[last : match.end()])
    numbers = [part for _, _, part in parts if part.kind in ("day", "month")]
    return WrittenDate(
        granularity,
        points,
        tuple(pieces),
        day_first=len(numbers) == 2 and numbers[0].kind == "day" and numbers[1].sample.isdigit(),
    )


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int, Part]]:
    """Yield the start, end and part of each group that took part in a match, in text order."""
    found = []
    for name, sample in match.groupdict().items():
        named = _PART.fullmatch(name)
        if named is None or sample is None:
            continue
        start, end = match.span(name)
        kind, point = named[1], int(named[2])
        if kind in ("lead", "tail"):
            other = f"month{1 - point}"
            sample, (first, last) = match[other], match.span(other)
        else:
            first, last = start, end
        around = match.string[max(0, first - 1) : first] + match.string[last : last + 1]
        short = any(char in "-/." or char.isdigit() for char in around)
        found.append((start, end, Part(kind, point, sample, short)))
    return iter(sorted(found, key=lambda item: item[:2]))


def _with_padding(parts: list[tuple[int, int, Part]]) -> list[tuple[int, int, Part]]:
    """Decide for each number of a date whether it is padded; 10/14 alone doesn't tell.

    A number of one digit is not, and one that begins with 0 is. Others are as their neighbours;
    if these tell nothing either, they are padded where the year stands first, nothing stands
    between, a month is abbreviated without blanks, or a day and a year of four digits stand beside.
    """
    numbers = [part for _, _, part in parts if part.sample[0].isdigit() and part.kind != "year"]
    samples = [re.sub(r"[^0-9]", "", part.sample) for part in numbers]
    if any(len(sample) == 1 or sample[0] == "0" for sample in samples):
        default = any(sample[0] == "0" for sample in samples)
    else:
        years = [part for _, _, part in parts if part.kind == "year"]
        kinds = {part.kind for part in numbers}
        default = bool(years) and (
            parts[0][2].kind == "year"
            or any(part.short and part.sample.isalpha() for _, _, part in parts)
            or ({"day", "month"} <= kinds and len(years[0].sample) == 4)
        )
    padded: list[tuple[int, int, Part]] = []
    for start, end, part in parts:
        digits = re.sub(r"[^0-9]", "", part.sample)
        is_padded = default if len(digits) == 2 else False
        if digits.startswith("0"):
            is_padded = True
        padded.append((start, end, replace(part, padded=is_padded)))
    return padded


def _value(part: Part, latest_year: int) -> dict[str, int]:
    sample = part.sample
    match part.kind:
        case "year" | "decade":
            year = int(sample.lstrip("'’"))
            if len(sample) == 4 and sample.isdigit():
                return {"year": year}
            if part.kind == "decade":
                return {"year": (2000 if year < 20 else 1900) + year}
            return {"year": latest_year - (latest_year - year) % 100}
        case "month":
            return {"month": read_month(sample) if sample[0].isalpha() else int(sample)}
        case "day":
            return {"day": int(re.sub(r"[^0-9]", "", sample))}
        case "quarter":
            return {"month": read_quarter(sample) * 3 - 1}
        case "season":
            return {"month": season_middle(sample)}
        case _:
            return {}


def _middle(granularity: Granularity) -> int:
    return 2 if granularity in (Granularity.YEAR, Granularity.DECADE) else 15


def _not_before(first: int, second: int) -> int:
    """Return the first year not before ``first`` with the last two digits of ``second``."""
    return first + (second - first) % 100


def _exists(point: Point) -> bool:
    try:
        date(2000 if point.year is None else point.year, point.month, point.day)
    except ValueError:
        return False
    return True


def _parse_range(core: str, latest_year: int) -> WrittenDate | None:
    for match in BETWEEN.finditer(core):
        first = _parse(core[: match.start()], FORMS, latest_year)
        second = first and _parse(core[match.end() :], FORMS, latest_year)
        if not first or not second or first.granularity is not second.granularity:
            continue
        if first.granularity not in _RANGED or len(first.points + second.points) != 2:
            continue
        points = _with_years(first.points[0], second.points[0])
        if not all(_exists(point) for point in points):
            continue
        moved = (p if isinstance(p, str) else replace(p, point=1) for p in second.pieces)
        return WrittenDate(
            first.granularity,
            points,
            (*first.pieces, match[0], *moved),
            day_first=first.day_first or second.day_first,
        )
    return None


def _with_years(first: Point, second: Point) -> tuple[Point, Point]:
    """Give a range's date without a year the year that the other has, in the order of time."""
    turns = first[1:] > second[1:]
    if first.year is None and second.year is not None:
        first = first._replace(year=second.year - turns)
    elif second.year is None and first.year is not None:
        second = second._replace(year=first.year + turns)
    return first, second
