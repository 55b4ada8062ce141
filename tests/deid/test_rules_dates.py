from __future__ import annotations

import pytest

from pipeline.deid.rules import RulesAnnotator
from pipeline.note import Note
from pipeline.spans import unite


def find_dates(rules: RulesAnnotator, text: str) -> list[str]:
    [spans] = rules.annotate([Note("n1", text)])
    return [text[s.start : s.end] for s in unite(spans) if s.label == "DATE"]


@pytest.mark.parametrize(
    "date",
    [
        "3/14/19",
        "03/14/2019",
        "3-14-19",
        "03-14-2019",
        "3.14.19",
        "14.3.2019",
        "2019-03-14",
        "2019/3/14",
        "2019-03-14T07:40",
        "20190314",
        "14MAR2019",
        "14-Mar-19",
        "14 Mar",
        "14 March 2019",
        "2019-Mar-14",
        "March 14, 2019",
        "Mar 14 2019",
        "MARCH 14, 2019",
        "Mar. 14th",
        "Mar 3rd",
        "March the 3rd",
        "4th of July",
        "March 2018",
        "Mar '19",
        "May of 2016",
        "Tuesday March 14",
        "Tuesday, March 14th, 2019",
        "Nov 14-18",
        "3 / 14 / 19",
        "l1/O5/20l9",
        "O3/16/1939",
        "12/2019",
        "2019-03",
        "Tuesday",
        "Christmas Eve",
        "Thanksgiving",
        "Labor Day weekend",
        "St. Patrick's Day",
        "Q3 2018",
        "spring of 2012",
        "Fall 2012",
        "1998",
        "'98",
        "3/14",
        "07/22",
        "10/21",
        "14 de marzo de 2019",
    ],
)
def test_finds_dates_in_every_form(rules: RulesAnnotator, date: str) -> None:
    assert find_dates(rules, f"Last seen on {date}, doing well.") == [date]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("DOB...5/5/44... Age", ["5/5/44"]),
        ("DOB: 9 25 13 female", ["9 25 13"]),
        ("Admitted 3/9-3/12.", ["3/9", "3/12"]),
        ("stay from 2003-2008 there", ["2003", "2008"]),
        ("on Tues, fri and sat am", ["Tues", "fri", "sat"]),
        ("return in May or June", ["May", "June"]),
        ("had it in the 1970s", ["1970s"]),
        ("CABG 2008, stent 2011", ["2008", "2011"]),
        ("here on the 14th.", ["14th"]),
        ("due 5-17 for change", ["5-17"]),
        ("6/66-9/69 overseas", ["6/66", "9/69"]),
        ("every Sunday after church", ["Sunday"]),
        ("Signed 3/14/19 0740 by RN", ["3/14/19"]),
        ("culture 2/3 0630 pending", ["2/3"]),
        ("Monday the 16th at noon", ["Monday the 16th"]),
    ],
)
def test_finds_dates_in_context(rules: RulesAnnotator, text: str, dates: list[str]) -> None:
    assert find_dates(rules, text) == dates


@pytest.mark.parametrize(
    "text",
    [
        "pain 8/10",
        "pain is 3/10 at rest",
        "strength 4/5 throughout",
        "5/5 strength",
        "2/6 systolic murmur",
        "BP 120/80 and 98/60",
        "vision 20/40",
        "Apgars 8/9",
        "A&O x3, 3/3 items",
        "10/14 criteria",
        "1/2 ppd, 1/2 tab",
        "4/4 SIRS",
        "1-2 tabs",
        "5-6 beats of clonus",
        "L4-5",
        "25/100 three times",
        "POD 2, HD#3",
        "at 0314 and 2015 hrs",
        "WBC 2000, urine 1950 mL",
        "3 weeks ago",
        "he may be seen and may return",
        "march in place",
        "O2 sat 94%, sats 90s",
        "sat up in chair, she sat down",
        "sun exposure",
        "dec 5 mg to 2 mg",
        "5th toe, 12th rib",
        "ratio 3/4",
        "T 98.6",
        "5.11.2 version",
        "page 1/2",
        "code 12345",
        "newly wed",
    ],
)
def test_leaves_look_alikes_alone(rules: RulesAnnotator, text: str) -> None:
    assert find_dates(rules, text) == []
