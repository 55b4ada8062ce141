"""Dates written in digits: with and without a year, in ISO, compact, and misread by a scanner."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Rule, text_after, text_before, words

_OCR = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_D = r"[0-9OolI]"
"""A digit as scanners read it: O for 0, l or I for 1."""
_WEEKDAY = (
    r"(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)\.?"
)
_DIGIT_LEADS = "0 l o i ll lo ol oo li il"
_LEFT = r"(?<![A-Za-z0-9/\\,#$'’-])(?<!\d\.)"
_RIGHT = r"(?![A-Za-z0-9/\\]|\.\d|-\d(?!\d?[/.]\d))"
_CLOCK = r"(?:[T@]\d\d?:?\d\d(?::?\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?)"

_AMOUNT_AFTER = re.compile(
    r"\s?(?:-|–|to)?\s?(?:[+%]|(?:\d*\s?)?"
    + words(
        "mg mcg ml cc kg lbs? gm? units? tabs? tablets? caps? pills? puffs? cm mm mmhg in"
        " inch(?:es)? ns ppd packs? ppw bpm hrs? h hours? min(?:utes)? days? weeks? wks? mos?"
        " months? years? yrs? x times pts? points? beats? fr gauge ga degrees? meals cups? bottles?"
        " glasses pints? beers? drinks? portions? visits sessions episodes strength systolic"
        " diastolic holosystolic sem murmur pulses? power motor reflex(?:es)? dtrs? pain severity"
        " intensity scale criteria bilat(?:eral)?(?:ly)? b/l throughout"
        " in_(?:all|the|both|his|her|upper|lower|right|left|strength) all_ext of_(?:the|a|an) full"
        " correct items words? recall steps positive negative nodes? cores lymph sirs jvd quadrants"
        " leads? out_of grade crescendo early_peaking blowing apical thickness sutures? cuff inner"
        " middle outer cells marrow fraction sibs? brothers sisters plates? trials? usual u bid tid"
        " qid daily o['’]?clock left right meth? at_rest worksheets? authorized doorways lpf hpf"
    )
    + r"\b)",
    re.IGNORECASE,
)
_SCORE_BEFORE = re.compile(
    r"(?:^|\W)"
    + words(
        "pain strength motor power rated? ratings? apgars?(?:_scores?)? grade score[sd]? mmt"
        " pulses? gcs vision va ratio mallampati timi mrc level scale severity intensity aox? a&o"
        " ox oriented alert x murmur sem phq-?\\d? gad-?\\d? grip flexion extension abduction"
        " adduction dorsiflexion plantarflexion reflex(?:es)? dtrs? patellar biceps triceps"
        " deltoids? quads? hamstrings? df pf ehl tone dilat(?:ed|ion) cervix sve mood anxiety"
        " depression rue lue rle lle ue le ext facial nrs vas flacc painad abi fraction about"
        " approximately approx nearly almost only least than recall distally proximally worst usual"
        " baseline average avg best bipap cpap suboxone advair ishihara bims sjc tjc anisocoria"
        " pupils? harada pg page part discomfort ache headache ha gleason bishop braden nihss ecog"
        " tab take every q bp sbp map hr od os ou jaeger ph iv_d5 d5 half another lev hgb hct h/h"
        " allred katz lawton tinetti beighton ghent gracey schirmer mmse moca slums berg fim cam"
        " session"
        " day"
        " completed glasgow mood sleep nottingham total pod hd lpf vision walk ishihara drift"
        " h&h hg qol psa syntax ca125"
    )
    + r"\s?(?:is|was|are|were|at|of|an?|[=:~-]|to|now|still|about|scored?|scale|down to|up to)?\s?"
    r"\(?[+~<>=]{0,2}$",
    re.IGNORECASE,
)
_CLOCK_AFTER = re.compile(r",? @?(?:[01]\d|2[0-3])[0-5]\d(?![\w/%-])|,? \d\d?(?::\d\d|\s?[ap]m?\b)")
_NEARBY = 1_500
"""How far, in code points, a surer date of the same month may stand."""
_FRACTIONS = frozenset({(1, 1), (1, 2), (1, 3), (2, 3), (1, 4), (3, 4)})
_SURE_BEFORE = re.compile(
    r"(?:(?:^|\W)"
    + words(
        "on since until till? by dated? as_of due d/c['’]?d next start(?:ed|ing|s)? beginning"
        " end(?:ed|ing|s)? thru admitted adm admit admission discharged dob lmp edd born died"
        " week_of mon tues? weds? thu(?:rs?)? fri sat sun"
        " (?:mon|tues|wednes|thurs|fri|satur|sun)day"
    )
    + r"[.,:=]?\s?\(?|\d\d?/\d\d?\s?(?:-|–))$",
    re.IGNORECASE,
)
_COURSE_BEFORE = re.compile(r"/(\d+) ?(?:->|→|=>|-|–|to) ?$")
"""What a score changed from: 8/10 -> 3/10."""
_DATE_BEFORE = re.compile(
    r"(?:(?:^|\W)"
    + words(
        "from last begun ends? through d/c(?:'d)? dc seen visit eff(?:ective)? exp(?:ires?)? signed"
        " drawn collected rec(?:'?d|eived) done cx cultures? dos doi dob appt appointment f/u fu"
        " follow-?up rtc recheck re-?eval echo mri ct cta cxr us ekg ecg eeg emg labs? biopsy bx"
        " surgery procedure inserted placed removed replaced changed injection shot dose edc d\\."
        " note wk_of before after around circa called faxed mailed sent printed reviewed refilled"
        " filled fill given repeat intubated extubated transferred arrived returned? cath clinic"
        " date dtd ordered pending s/p neg tap"
    )
    + r"[.,:=]?\s?\(?|(?:->|→|=>|\u2014)\s?|^\s*|\d\d?/\d\d?\s?(?:-|–|to|and|&|,|vs\.?|/)\s?)$",
    re.IGNORECASE,
)
_DASH_CUE = re.compile(
    r"(?:^|\W)"
    + words(
        "on since dated? due until till? called drawn last_fill mtg appt rtc recheck f/u seen d/c"
        " dc adm mon tues? weds? thu(?:rs?)? fri sat sun (?:mon|tues|wednes|thurs|fri|satur|sun)day"
    )
    + r"[.,:]?\s?\(?$",
    re.IGNORECASE,
)


def is_amount(text: str, start: int, end: int) -> bool:
    """Say whether the words around a fraction or range make it a score, an amount or a dose.

    Args:
        text: Raw text.
        start: Its first code point.
        end: One past its last code point.
    """
    before = text[max(0, start - 28) : start].rpartition("\n")[2]
    after = text[end : end + 28].partition("\n")[0]
    return _AMOUNT_AFTER.match(after) is not None or _SCORE_BEFORE.search(before) is not None


def read_digits(text: str) -> str:
    """Return the text with scanners' letters turned back into digits."""
    return text.translate(_OCR)


def _is_day_of_month(month: str, day: str) -> bool:
    month, day = read_digits(month), read_digits(day)
    return month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _full(match: re.Match[str]) -> bool:
    """Accept month-day-year or day-month-year of plausible numbers."""
    first, second, year = match["first"], match["second"], read_digits(match["year"].lstrip("'’"))
    if not _has_digit(match["DATE"]) or (len(year) == 4 and not 1880 <= int(year) <= 2099):
        return False
    if match["mark"] == "." and len(year) == 2 and text_after(match, "DATE", 2).lstrip()[:1] == "%":
        return False
    return _is_day_of_month(first, second) or _is_day_of_month(second, first)


def _year_first(match: re.Match[str]) -> bool:
    year = int(read_digits(match["year"]))
    return 1880 <= year <= 2099 and _is_day_of_month(match["first"], match["second"])


def _partial(match: re.Match[str]) -> bool:
    """Accept month/day where it is not a score, a fraction, a ratio or a dose."""
    first, second = match["first"], match["second"]
    if not _has_digit(match["DATE"]) or not _is_day_of_month(first, second):
        return False
    before, after = text_before(match, "DATE"), text_after(match, "DATE")
    if _AMOUNT_AFTER.match(after) or _SCORE_BEFORE.search(before):
        return False
    if (course := _COURSE_BEFORE.search(before)) and course[1] == second:
        return False
    month, day = int(read_digits(first)), int(read_digits(second))
    if _is_one_of_scores(match, second):
        return False
    if "0" in (first[0], second[0]) or _SURE_BEFORE.search(before) or _CLOCK_AFTER.match(after):
        return True
    if re.search(r"(?:^|\D)\d{1,2} $", before) or (month <= day and (month, day) in _FRACTIONS):
        return False
    if day > 12 or month > day or _DATE_BEFORE.search(before):
        return True
    return day in (7, 8, 9, 11, 12) or _has_sibling(match, month)


def _is_one_of_scores(match: re.Match[str], out_of: str) -> bool:
    """Say whether other scores out of the same number stand beside it: 2/5, 3/5; 7/10 -> 4/10."""
    beside = rf"[\d+-]{{1,3}}/{out_of}(?![\d/])"
    before = text_before(match, "DATE", 24)
    if re.search(r"\d/\d{1,2}[/-]\d", before):
        return False
    return out_of in ("4", "5", "10") and (
        re.search(rf"(?<![\d/]){beside}[^./]{{0,14}}$", before) is not None
        or re.match(rf"[^./]{{0,14}}(?<![\d/]){beside}", text_after(match, "DATE", 24)) is not None
    )


def _has_sibling(match: re.Match[str], month: int) -> bool:
    """Say whether a surer date in the text is of the same month."""
    pattern = (
        rf"(?<![\d/.-])0?{month}(?:[/-]\d\d?[/-]\d\d(?:\d\d)?|/(?:1[3-9]|2\d|3[01]|0\d))(?![\d/-])"
    )
    start = max(0, match.start() - _NEARBY)
    return re.search(pattern, match.string[start : match.end() + _NEARBY]) is not None


def _month_year(match: re.Match[str]) -> bool:
    return 1 <= int(read_digits(match["first"])) <= 12 and 1900 <= int(match["year"]) <= 2099


def _dashed(match: re.Match[str]) -> bool:
    if "." in match["DATE"] and re.search(r"(?i)recheck\W*$", text_before(match, "DATE", 20)):
        return False
    return (
        _is_day_of_month(match["first"], match["second"])
        and _DASH_CUE.search(text_before(match, "DATE", 20)) is not None
        and not _AMOUNT_AFTER.match(text_after(match, "DATE"))
    )


def _compact(match: re.Match[str]) -> bool:
    year, month, day = match["year"], match["first"], match["second"]
    return 1900 <= int(year) <= 2049 and _is_day_of_month(month, day)


RULES = (
    Rule(
        "3/14/19, 03-14-2019, 14.3.2019, 3 / 14 / 19, l1/O5/20l9",
        rf"{_LEFT}(?P<DATE>(?P<first>{_D}{{1,2}})(?P<mark>\s?[/\\]\s?|[.-])(?P<second>{_D}{{1,2}})"
        rf"(?P=mark)(?P<year>[12lI][089Oo]{_D}{_D}|['’]?{_D}{{2}}){_CLOCK}?){_RIGHT}",
        0.97,
        check=_full,
        leads=_DIGIT_LEADS,
    ),
    Rule(
        "6/30/22 in 5/2/22-6/30/22",
        rf"(?<=\d/\d\d-|\d\d\d\d-)(?P<DATE>(?P<first>{_D}{{1,2}})(?P<mark>/)"
        rf"(?P<second>{_D}{{1,2}})/"
        rf"(?P<year>[12lI][089Oo]{_D}{_D}|{_D}{{2}})){_RIGHT}",
        0.95,
        check=_full,
        leads=_DIGIT_LEADS,
    ),
    Rule(
        "2019-03-14, 2019/3/14, 2019-03-14T07:40",
        rf"{_LEFT}(?P<DATE>(?P<year>[12lI][089Oo]{_D}{_D})(?P<mark>[-/.])(?P<first>{_D}{{1,2}})"
        rf"(?P=mark)(?P<second>{_D}{{1,2}}){_CLOCK}?){_RIGHT}",
        0.97,
        check=_year_first,
        leads=_DIGIT_LEADS,
    ),
    Rule(
        "20190314, 20190314074000, 2019-03",
        r"(?<![\w/.-])(?P<DATE>(?P<year>(?:19|20)\d\d)(?P<first>[01]\d)(?P<second>[0-3]\d)"
        r"(?:T?[0-2]\d[0-5]\d(?:[0-5]\d)?Z?)?)(?![\w/-])",
        0.85,
        check=_compact,
        leads="0",
    ),
    Rule(
        "2019-03",
        r"(?<![\w/.-])(?P<DATE>(?:19[3-9]|20[0-4])\d-(?:0[1-9]|1[0-2]))(?![\w/-])",
        0.85,
        leads="0",
    ),
    Rule(
        "3/14 and not 3/5 strength",
        rf"(?<![A-Za-z0-9/,#$^+'’])(?<!\d[.-])(?P<DATE>(?P<first>{_D}{{1,2}})/"
        rf"(?P<second>{_D}{{1,2}}))"
        r"(?![A-Za-z0-9/%^+]|[.,:]\d|'s|\s?%)",
        0.85,
        check=_partial,
        leads=_DIGIT_LEADS,
    ),
    Rule(
        "until 3/14 in 3/10-3/14",
        rf"(?<=\d/\d-|/\d\d-)(?P<DATE>(?P<first>{_D}{{1,2}})/(?P<second>{_D}{{1,2}}))(?![\w/%^+]"
        rf"|[.,:]\d)",
        0.8,
        check=_partial,
        leads=_DIGIT_LEADS,
    ),
    Rule(
        "12/2019, 3-2019",
        r"(?<![\w/.,-])(?P<DATE>(?P<first>\d{1,2})\s?[/-]\s?(?P<year>(?:19|20)\d\d))(?![\w/]"
        r"|[.-]\d)",
        0.9,
        check=_month_year,
        leads="0",
    ),
    Rule(
        "in 11/90",
        r"(?<=\bin )(?P<DATE>(?:0?[1-9]|1[0-2])/[4-9]\d)(?![\w/%]|[.-]\d)",
        0.85,
        leads="0",
    ),
    Rule(
        "6/66-9/69",
        r"(?<![\w/.,-])(?P<DATE>(?:0?[1-9]|1[0-2])/[4-9]\d)\s?(?:-|–|to)\s?(?P<DATE_2>(?:0?[1-9]"
        r"|1[0-2])/[4-9]\d)(?![\w/]|[.-]\d)",
        0.85,
        leads="0",
    ),
    Rule(
        "on 3-14, Tue 3-14, due 10.21",
        r"(?<![\w/.,-])(?P<DATE>(?P<first>\d{1,2})[-.](?P<second>\d{1,2}))(?![\w/%]|[.,:-]\d)",
        0.75,
        check=_dashed,
        leads="0",
    ),
    Rule(
        "DOB 9 25 13",
        r"(?i:dob|birth ?date|date of birth)[.:\s]{1,8}(?P<DATE>\d{1,2} \d{1,2} (?:19|20)?\d\d)"
        r"(?!\w)",
        0.9,
        cues=("dob", "birth"),
        leads="dob bir dat",
    ),
)
