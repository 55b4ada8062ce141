from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.policy import (
    POLICIES,
    policy_table,
    reference_year,
    release_date,
    release_note_time,
    weeks_of,
)

LIMITED, SAFE_HARBOR = POLICIES["limited_dates"], POLICIES["safe_harbor"]
NOTE_TIME = datetime(2024, 3, 20, 9, 15)


def limited(surface: str, weeks: int = 3, latest_year: int = 2024) -> str | None:
    return release_date(
        surface, policy=LIMITED, weeks=weeks, note_time=NOTE_TIME, latest_year=latest_year
    )


def safe_harbor(surface: str) -> str | None:
    return release_date(surface, policy=SAFE_HARBOR, weeks=3, note_time=NOTE_TIME, latest_year=2024)


@pytest.mark.parametrize(
    ("surface", "released"),
    [
        ("3/14/2024", "2024"),
        ("3/14/24", "2024"),
        ("12/5/98", "1998"),
        ("2019-03-14T08:30", "2019"),
        ("14MAR2019", "2019"),
        ("March 14-17, 2019", "2019"),
        ("12/28/19 - 1/2/20", "2019-2020"),
        ("Mar '19", "2019"),
        ("'19", "2019"),
        ("FY19", "2019"),
        ("Q3 2019", "2019"),
        ("summer of 2018", "2018"),
        ("Halloween 2015", "2015"),
        ("2003-2008", "2003-2008"),
        ("the 1990s", "the 1990s"),
        ("3/14", None),
        ("March", None),
        ("Tuesday", None),
        ("Christmas", None),
        ("Q3", None),
        ("l1/23/l949", None),
    ],
)
def test_safe_harbor_leaves_the_year_only(surface: str, released: str | None) -> None:
    assert safe_harbor(surface) == released


@pytest.mark.parametrize(
    ("surface", "released"),
    [
        ("3/14/24", "4/4/24"),
        ("3/14", "4/4"),
        ("12/30", "1/20"),  # 2023: nearer to March 2024 than 30 December 2024
        ("Tuesday", "Tuesday"),
        ("the 1990s", "the 1990s"),
        ("Christmas", None),
        ("Halloween 2015", None),
        ("the 3rd", None),
        ("l1/23/l949", None),
        ("Sun", None),
    ],
)
def test_limited_dates_shifts(surface: str, released: str | None) -> None:
    assert limited(surface) == released


@pytest.mark.parametrize("release", [limited, safe_harbor])
@pytest.mark.parametrize(
    "surface", ["1934", "'34", "6/1/1934", "6/1/34", "Jun 1930", "10/5/29", "1902", "the 1930s",
                "1934-1990", "Christmas Day 1925", "summer of 1934"],
)  # fmt: skip
def test_a_year_that_reveals_an_age_of_90_goes_whole(release, surface: str) -> None:
    assert release(surface) is None


def test_a_year_89_before_the_latest_one_stays() -> None:
    assert limited("6/1/1935") == "6/22/1935"
    assert safe_harbor("6/1/1935") == "1935"


def test_a_year_that_a_shift_makes_90_years_old_goes() -> None:
    assert limited("1935", weeks=-40) is None


def test_without_a_note_time_a_day_is_of_the_latest_year() -> None:
    def release(surface: str, latest_year: int) -> str | None:
        return release_date(
            surface, policy=LIMITED, weeks=1, note_time=None, latest_year=latest_year
        )

    assert release("2/23", 2020) == "3/1"
    assert release("2/23", 2019) == "3/2"
    assert release("12/30", 2019) == "1/6"


@pytest.mark.parametrize(
    ("times", "surfaces", "year"),
    [
        ([datetime(2021, 5, 1), datetime(2019, 1, 1), None], ["3/4/18"], 2021),
        ([datetime(2021, 5, 1)], ["3/4/22"], 2022),
        ([datetime(2024, 5, 1)], ["10/5/29"], 2024),  # two digits far ahead are of the past
        ([datetime(2024, 5, 1)], ["10/5/2029"], 2029),
        ([datetime(1900, 1, 1)], ["20190314", "3/14"], 2019),
        ([datetime(1900, 1, 1)], ["seen 2017 or so?!"], 2017),
        ([datetime(2021, 5, 1)], ["1899", "2101", "3/14", "Tuesday"], 2021),
        ([], ["12/1/19", "5/5/44", "2015"], 2026),  # undated notes may be recent
        ([None], ["10/5/29"], 2026),
        ([], ["11/30/2028", "3/1/28"], 2028),
        ([], [], 2026),
    ],
)
def test_the_reference_is_the_latest_plausible_year(times, surfaces, year) -> None:
    assert reference_year(times, surfaces) == year


def test_a_note_time_is_shifted_or_cut_to_its_year() -> None:
    assert release_note_time(NOTE_TIME, LIMITED, -2) == datetime(2024, 3, 6, 9, 15)
    assert release_note_time(NOTE_TIME, SAFE_HARBOR, -2) == datetime(2024, 1, 1)
    assert release_note_time(None, LIMITED, -2) is None
    assert release_note_time(None, SAFE_HARBOR, -2) is None
    assert release_note_time(datetime.max, LIMITED, 1) is None
    assert release_note_time(datetime.min, LIMITED, -1) is None


def test_weeks_are_all_of_a_year_but_zero_and_equally_likely() -> None:
    weeks = [weeks_of(number) for number in range(208)]
    assert sorted(weeks) == sorted([*range(-52, 0), *range(1, 53)] * 2)
    assert weeks_of((104 * 7 + 3).to_bytes(8, "big")) == weeks_of(3)


@given(st.text(max_size=40), st.integers(1900, 2100), st.integers(0, 2**64 - 1))
def test_no_text_is_too_strange(surface: str, latest: int, number: int) -> None:
    for policy in POLICIES.values():
        for note_time in (None, NOTE_TIME, datetime.min, datetime.max):
            released = release_date(
                surface,
                policy=policy,
                weeks=weeks_of(number),
                note_time=note_time,
                latest_year=latest,
            )
            assert released != ""
    reference_year([NOTE_TIME], [surface])


@given(st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)), st.integers(0, 2**64 - 1))
def test_a_date_and_the_note_time_move_together(time: datetime, number: int) -> None:
    weeks = weeks_of(number)
    released = release_date(
        f"{time:%Y-%m-%d}", policy=LIMITED, weeks=weeks, note_time=time, latest_year=time.year
    )
    moved = release_note_time(time, LIMITED, weeks)
    assert moved is not None
    assert released == f"{moved:%Y-%m-%d}"
    assert moved - time == timedelta(weeks=weeks)


def test_the_table_names_each_field_once_and_both_policies() -> None:
    lines = policy_table().splitlines()
    assert lines[0] == "| field | `limited_dates` | `safe_harbor` |"
    assert lines[1] == "| --- | --- | --- |"
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines[2:]}
    assert list(rows) == [
        "standing", "text dates", "note_time",
        "birth years and years that reveal an age of 90 or more", "ages", "ZIP",
        "ids and numbers", "names", "professions", "doctors", "hospitals",
        "states and countries", "valid cohort windows",
    ]  # fmt: skip
    assert all(line.count(" | ") == 2 for line in lines)
    assert "never Safe Harbor" in rows["standing"]
