from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.written_ages import release_age


@pytest.mark.parametrize(
    "surface",
    ["0", "3", "67", "89", "80s", "80's", "sixty-two", "Fifty-eight", "seventy-something", "67 F",
     "67-year-old", "67 y/o", "67yo", "4 1/2", "18 months", "95 days", "95-day-old", "ninety days",
     "100 weeks", "88-89", "89 years 11 months", "early 80s", "eighties", ">85", "1 and 3",
     "12th", "eighty-ninth", "89th birthday", "89 and a half", "89 1/2", "2-1/2", "2½",
     "ninth decade", "octogenarians", "1 year 2 months", "nearly eighty"],
)  # fmt: skip
def test_ages_below_90_stay(surface: str) -> None:
    assert release_age(surface) == surface


@pytest.mark.parametrize(
    "surface",
    ["90", "92", "102", "125", "90s", "90's", "early 90s", "nineties", "ninety", "Ninety-Two",
     "ninety two", "92-year-old", "92 y.o.", "92yo", "91M", "88-91", "12 and 91", "a hundred",
     "one hundred and two", "hundred one", "nonagenarian", "1100 months", ">89", "89+", "over 89",
     "one hundred and one", "one-hundred-and-four", "nonagenarians", "centenarians",
     "supercentenarian", "early nineties", "mid-nineties", "late 90s", "tenth decade of life",
     "10th decade", "tenth decade of her life", "eleventh decade", "95th", "91st birthday",
     "ninetieth", "ninety-fifth", "hundredth", "one hundred and third", "over ninety",
     "well past ninety", "94 and a half", "ninety-four and a half", "94½", "94 1/2", "94-1/2"],
)  # fmt: skip
def test_ages_of_90_and_above_become_one(surface: str) -> None:
    assert release_age(surface) == "90+"


@pytest.mark.parametrize(
    "surface",
    ["9O", "l1", "6O", "126", "920", "91-3 months", "x92", "92x", "\uff19\uff12", "9²", "", " ",
     "-", "old", "Rosa", "67 Rosa", "9 2", "9\n2", "9\u00a02", "89,5", "9, 2", "9 , 2", "1 0 2",
     "nine two", "9 2 years", "1O2", "midnineties", "half", "two hundred", "one hundred ninety"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(surface: str) -> None:
    assert release_age(surface) is None


@given(st.text(max_size=80))
def test_no_text_is_too_strange(surface: str) -> None:
    assert release_age(surface) in (surface, "90+", None)


@given(st.integers(90, 10**12), st.sampled_from(["{}", "{}-year-old", "age {}", "{} yo", "{}s"]))
def test_no_age_of_90_or_more_years_stays(age: int, form: str) -> None:
    assert release_age(form.format(age)) == ("90+" if age <= 125 else None)
