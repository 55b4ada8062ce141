from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.date_forms import Granularity
from pipeline.deid.date_reading import parse_written_date
from pipeline.deid.readable_dates import readable_text
from pipeline.deid.written_dates import WrittenDate

NEAR = date(2019, 3, 20)
MONTHS = tuple(f"{date(2000, month, 1):%B}" for month in range(1, 13))


def read(surface: str) -> WrittenDate:
    written = parse_written_date(surface, latest_year=2026)
    assert written is not None
    return written


def shift(surface: str, weeks: int) -> str | None:
    shifted = read(surface).shifted(weeks, NEAR)
    return shifted and readable_text(shifted, latest_year=2026)


@pytest.mark.parametrize(
    ("surface", "released"),  # two weeks after 14 March 2019 is 28 March 2019
    [
        ("3/14/2019", "3/28/2019"),
        ("3/14/19", "3/28/19"),
        ("03-14-19", "03-28-19"),
        ("3.14.19", "3.28.19"),
        ("3 / 14 / 19", "3 / 28 / 19"),
        ("3\\14\\19", "3\\28\\19"),
        ("3/14/'19", "3/28/'19"),
        ("2019-03-14", "2019-03-28"),
        ("2019/3/14", "2019/3/28"),
        ("20190314", "20190328"),
        ("03142019", "03282019"),
        ("2019-03-14T08:30", "2019-03-28T08:30"),
        ("2019-03-14T08:30:15Z", "2019-03-28T08:30:15Z"),
        ("201903140830", "201903280830"),
        ("MAR 14, 2019@08:30", "MAR 28, 2019@08:30"),
        ("3/14/19 at 8:30 am", "3/28/19 at 8:30 am"),
        ("14-Mar-2019", "28-Mar-2019"),
        ("14MAR2019", "28MAR2019"),
        ("2019-Mar-14", "2019-Mar-28"),
        ("14 March 2019", "28 March 2019"),
        ("March 14, 2019", "March 28, 2019"),
        ("march 14th, 2019", "march 28th, 2019"),
        ("March the 14th 2019", "March the 28th 2019"),
        ("Thursday, March 14, 2019", "Thursday, March 28, 2019"),
        ("3/14/19 (Thu)", "3/28/19 (Thu)"),
        ("14 de marzo de 2019", "28 de marzo de 2019"),
        ("Mar. 14th", "Mar. 28th"),
        ("the 14th of March", "the 28th of March"),
        ("3/14", "3/28"),
        ("3-14", "3-28"),
        ("Thu 3/14", "Thu 3/28"),
        (" 3/14/19\n", " 3/28/19\n"),
        ("14/3/19", "28/3/19"),
    ],
)
def test_a_day_is_shifted_in_its_format(surface: str, released: str) -> None:
    assert read(surface).text == surface
    assert shift(surface, 2) == released


@pytest.mark.parametrize(
    ("surface", "weeks", "released"),
    [
        ("12/30/2018", 1, "01/06/2019"),
        ("12/30/18", 1, "1/6/19"),
        ("2018-12-30", 1, "2019-01-06"),
        ("20181230", 1, "20190106"),
        ("30-Dec-2018", 1, "06-Jan-2019"),
        ("12/30/1999", 1, "01/06/2000"),
        ("2/23/20", 1, "3/1/20"),  # 2020 is a leap year
        ("2/23/19", 1, "3/2/19"),
        ("May 22, 2019", 2, "June 5, 2019"),  # May is long beside blanks ...
        ("22-May-2019", 2, "05-Jun-2019"),  # ... and short between hyphens
        ("Sept 24", 2, "Oct 8"),
        ("24 SEPT 2019", 2, "8 OCT 2019"),
        ("March 8th", 2, "March 22nd"),
        ("MARCH 8TH", 2, "MARCH 22ND"),
        ("March 21st", 1, "March 28th"),
        ("March 4th", 1, "March 11th"),
        ("4/02/19", 1, "4/09/19"),
        ("March 3st", 1, "March 10th"),
    ],
)
def test_padding_months_and_ordinals_follow_the_surface(
    surface: str, weeks: int, released: str
) -> None:
    assert shift(surface, weeks) == released


@pytest.mark.parametrize(
    ("surface", "weeks", "released"),
    [
        ("3/14-3/17", 2, "3/28-3/31"),
        ("3/14/19 - 3/17/19", 2, "3/28/19 - 3/31/19"),
        ("3/14 - 3/17/19", 52, "3/12 - 3/15/20"),
        ("12/28-1/2/20", 1, "1/4-1/9/20"),  # 28 December 2019
        ("March 14-17", 2, "March 28-31"),
        ("March 14-17", 1, "March 21-24"),
        ("March 14-20", 2, "March 28-April 3"),
        ("14-20 March 2019", 2, "28 March-3 April 2019"),
        ("March 14 to 17, 2019", 2, "March 28 to 31, 2019"),
        ("3/14 and 3/17", 2, "3/28 and 3/31"),
        ("2003-2008", 52, "2004-2009"),  # 2 July 2003 + 364 days is 30 June 2004
        ("2012-16", 52, "2013-17"),
        ("March-April 2019", 4, "April-May 2019"),
    ],
)
def test_both_dates_of_a_range_are_shifted(surface: str, weeks: int, released: str) -> None:
    assert read(surface).text == surface
    assert shift(surface, weeks) == released


@pytest.mark.parametrize(
    ("surface", "weeks", "released"),
    [
        ("03/2019", 4, "04/2019"),  # the 15th + 28 days
        ("3/2019", 2, "3/2019"),  # 29 March: the month may stay
        ("2019-12", 4, "2020-01"),
        ("Mar '19", -12, "Dec '18"),
        ("March 2019", 4, "April 2019"),
        ("MARCH of 2019", 4, "APRIL of 2019"),
        ("March", 4, "April"),
        ("mid-March 2019", 4, "mid-April 2019"),
        ("Nov 67", 8, "Jan 68"),
        ("2019", 25, "2019"),  # 2 July + 175 days is 24 December
        ("2019", 27, "2020"),
        ("'19", -27, "'18"),
        ("FY19", 52, "FY20"),
        ("Q3 2019", 8, "Q4 2019"),
        ("3Q19", 8, "4Q19"),
        ("third quarter of 2019", 26, "first quarter of 2020"),
        ("Q4", 8, "Q1"),
        ("summer of 2018", 13, "fall of 2018"),
        ("Autumn 2019", 13, "Winter 2020"),  # January 2020
        ("winter 2020", -4, "winter 2020"),  # December 2019 belongs to the winter of 2020
        ("spring", -13, "winter"),
        ("the 1990s", 52, "the 1990s"),
        ("Tuesday", 5, "Tuesday"),
        ("Mon-Fri", 5, "Mon-Fri"),
        ("MWF", 5, "MWF"),
    ],
)
def test_what_stands_for_a_coarse_date_is_shifted(surface: str, weeks: int, released: str) -> None:
    assert read(surface).text == surface
    assert shift(surface, weeks) == released


@pytest.mark.parametrize(
    ("surface", "years"),
    [
        ("3/19", ()),
        ("03/2019", (2019,)),
        ("1/5/31", (1931,)),
        ("1/5/26", (2026,)),
        ("3/14/19 - 3/17/20", (2019, 2020)),
        ("12/28-1/2/20", (2019, 2020)),
        ("the '80s", (1980,)),
        ("6/66", (1966,)),
        ("Halloween 2015", (2015,)),
    ],
)
def test_years_are_those_that_are_written(surface: str, years: tuple[int, ...]) -> None:
    assert read(surface).years == years


@pytest.mark.parametrize(
    ("near", "released"),
    [
        (date(2019, 1, 5), "1/6"),  # 30 December 2018 is the nearest
        (date(2019, 12, 1), "1/6"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(near: date, released: str) -> None:
    shifted = read("12/30").shifted(1, near)
    assert shifted is not None
    assert shifted.text == released
    assert abs(shifted.points[0].year - near.year) <= 1  # type: ignore[operator]


def test_29_february_without_a_year_is_of_the_nearest_leap_year() -> None:
    shifted = read("2/29").shifted(1, date(2019, 3, 1))
    assert shifted is not None
    assert shifted.points[0] == (2020, 3, 7)


def test_a_day_first_date_is_written_month_first_where_it_would_be_misread() -> None:
    assert shift("15/11/21", 1) == "22/11/21"
    assert shift("15/11/21", 3) == "12/6/21"


def test_a_format_that_cannot_express_the_shifted_date_is_refused() -> None:
    assert shift("1/32", -52) is None  # 1/31 would read as a day


@pytest.mark.parametrize(
    "surface",
    ["Christmas", "the 3rd", "16th", "l1/23/l949", "2/30/19", "13/13/19", "Sun", "14", "", " ",
     "Th urs", "3/14/2019 3/15/2019 and so on until the end of the whole long treatment"],
)  # fmt: skip
def test_other_surfaces_are_no_date(surface: str) -> None:
    assert parse_written_date(surface, latest_year=2026) is None


def test_a_holiday_with_a_year_is_read_and_not_shifted() -> None:
    assert read("Halloween 2015").granularity is Granularity.NAMED_DAY
    assert read("Halloween 2015").shifted(3, NEAR) is None


def test_a_shift_out_of_the_calendar_gives_none() -> None:
    written = read("3/14")
    assert written.shifted(-52, date(1, 3, 14)) is None
    assert written.shifted(52, date(9999, 3, 14)) is None


DAYS = st.dates(date(1930, 1, 1), date(2025, 12, 31))
WEEKS = st.integers(-52, 52).filter(bool)
STYLES = (
    lambda d: f"{d.month}/{d.day}/{d.year}",
    lambda d: f"{d.month:02d}-{d.day:02d}-{d.year % 100:02d}",
    lambda d: f"{d.month}.{d.day}.{d.year % 100:02d}",
    lambda d: f"{d:%Y-%m-%d}T08:30",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%m%d%Y}",
    lambda d: f"{d.day:02d}-{MONTHS[d.month - 1][:3]}-{d.year}",
    lambda d: f"{d.day:02d}{MONTHS[d.month - 1][:3].upper()}{d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"the {d.day} of {MONTHS[d.month - 1].lower()} {d.year}",
)


@given(DAYS, st.sampled_from(STYLES), WEEKS)
def test_a_full_date_comes_back_when_it_is_shifted_back(day, style, weeks) -> None:
    surface = style(day)
    shifted = read(surface).shifted(weeks, NEAR)
    assert shifted is not None
    assert shifted.text != surface
    back = shifted.shifted(-weeks, NEAR)
    assert back is not None
    assert back.text == surface


@given(DAYS, st.sampled_from(STYLES), WEEKS)
def test_a_shifted_full_date_reads_as_its_day_in_the_same_kind_of_format(day, style, weeks) -> None:
    text = shift(style(day), weeks)
    assert text is not None
    again = read(text)
    year, month, number = again.points[0]
    moved = day + timedelta(weeks=weeks)
    assert (year % 100, month, number) == (moved.year % 100, moved.month, moved.day)
    assert _kind(text) == _kind(style(day))


def _kind(text: str) -> str:
    words = re.sub(r"[A-Z]+(?![a-z])", "WORD", re.sub(r"[a-z]{2,}", "ord", text))
    return re.sub(r"[0-9]+", "9", re.sub(r"[A-Z]ord", "Word", words))


@given(DAYS, DAYS, st.sampled_from(STYLES[:1]), st.sampled_from(STYLES[3:6]), WEEKS)
def test_the_interval_of_two_dates_stays(first, second, style, other, weeks) -> None:
    points = []
    for surface in (style(first), other(second)):
        shifted = read(surface).shifted(weeks, NEAR)
        assert shifted is not None
        points.append(date(*read(shifted.text).points[0]))  # type: ignore[arg-type]
    assert points[1] - points[0] == second - first


@given(st.dates(date(2000, 1, 1), date(2025, 12, 31)), DAYS, WEEKS)
def test_a_day_without_a_year_is_never_released_as_it_was(day, near, weeks) -> None:
    for surface in (f"{day.month}/{day.day}", f"{MONTHS[day.month - 1]} {day.day}"):
        shifted = read(surface).shifted(weeks, near)
        assert shifted is not None
        assert shifted.text != surface


DATE_LIKE = st.text(
    st.sampled_from("0123456789/-.,'’ tThndrsMarchQFY’lO@:–\u017f\u212a\uff11²"), max_size=24
)


@given(st.one_of(st.text(max_size=40), DATE_LIKE), WEEKS, st.dates())
def test_no_text_is_too_strange(surface, weeks, near) -> None:
    written = parse_written_date(surface, latest_year=2026)
    if written is not None:
        assert len(written.text) == len(surface)  # the same but for the slip in 3st
        shifted = written.shifted(weeks, near)
        if shifted is not None:
            readable_text(shifted, latest_year=2026)


def test_texts_are_kept_out_of_repr() -> None:
    assert "14" not in repr(read("3/14/19"))
