"""Ages of 90 and above in words, decades and birthdays, and digits that were misread.

The whole of what tells the age is marked, "early nineties" and not "nineties": 45 CFR
164.514(b)(2)(i)(C) lets nothing stay but a single category of age 90 or older.
"""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Rule, text_after, text_before

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_BELOW_100 = rf"(?:(?:{_TENS})(?:[- ](?:{_ONES}))?|{_TEENS}|{_ONES})"
_HUNDRED = rf"(?:(?:one|an?|1)[- ])?hundred(?:(?:[- ]and)?[- ](?:{_BELOW_100}|[1-9]\d?)(?!\w))?"
_NINETY = rf"ninety(?:[- ](?:{_ONES}))?"
_OLD = rf"(?:{_NINETY}|{_HUNDRED})"
_WORDS = rf"(?:{_HUNDRED}|{_BELOW_100})"
_DIGITS = r"(?:1[0-2]\d|[1-9]?\d)"
_ORDINAL_WORD = (
    rf"(?:(?:(?:one|a)[- ])?hundredth|(?:(?:one|a)[- ])?hundred[- ]and[- ](?:first|second|third"
    rf"|[a-z]{{4,7}}th)"
    rf"|(?:{_TENS})[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ieth|(?:four|fif|six|seven|eigh|nine)teenth"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth)"
)
_YEARS_OLD = r"[\s-]{0,2}y(?:(?:ea)?rs?\.?)?[\s./-]{0,2}(?:of[\s-]age|olds?|o)(?![a-z])"
_DECADE_OF_LIFE = r"(?:tenth|eleventh|1[01]th)[- ]decade(?:[ ]of(?: (?:his|her|their))? life)?"
_NINETIES = (
    r"(?:(?:early|mid(?:dle)?|late|low|upper|high)(?:[- ](?:to[- ])?(?:mid|late))?[- ]?)?"
    r"(?:nineties|(?:9|1[01])0['’]?s)"
)
_NO_AGE = re.compile(
    r"[- ]?(?:%|percent|per ?cent|degrees?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?"
    r"|months?|mg|mcg|m[lL]|cc|units?|pounds?|lbs?|kg|kilo\w*|miles?|feet|ft|inch\w*|cm|mm|beats"
    r"|bpm|tablets?|tabs?|pills?|capsules?|dollars|times|steps|meters?|pack|capacity|over|on|of"
    r"|thousand|million|dose|doses|day|calories|grams?|liters?)(?!\w)",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"[- ]?(?:[.,;:)!?\n]|$|(?:and|but|or|who|with|when|if|now|years?|yrs?|old|today|last|this"
    r"|in|lives|living)(?!\w))",
    re.IGNORECASE,
)
_VITAL = re.compile(
    r"\b(?:sats?|saturation|saturating|satting|spo2|o2|hr|rate|rates|pulse|bp|sbp|dbp|map|systolics?"
    r"|diastolics?|pressures?|temps?|temperature|glucose|sugars?|bgs?|fsbs|heart|oxygen|percentile"
    r"|oximetry|ef|pao2)\b[^.;\n]{0,40}$",
    re.IGNORECASE,
)


def _is_old_age(match: re.Match[str]) -> bool:
    """Refuse amounts with a unit, vital signs, and a hundred of anything."""
    after = text_after(match, "AGE", 14)
    if "hundred" in match["AGE"].lower() and _NO_NOUN.match(after) is None:
        return False
    return _VITAL.search(text_before(match, "AGE", 60)) is None and _NO_AGE.match(after) is None


def _is_own_decade(match: re.Match[str]) -> bool:
    """Refuse the nineties of the last century, and vital signs."""
    before = text_before(match, "AGE", 60)
    return (
        re.search(r"(?i:the|since|during|through|19) ?$", before) is None
        and _VITAL.search(before) is None
        and _NO_AGE.match(text_after(match, "AGE", 14)) is None
    )


RULES = (
    Rule(
        "a nonagenarian, two centenarians",
        r"(?<!\w)(?P<AGE>(?i:nonagenarian|centenarian|supercentenarian)s?)(?!\w)",
        0.98,
        leads="non cen sup",
    ),
    Rule(
        "early nineties, mid-nineties, late 90s",
        r"(?<!\w)(?P<AGE>(?i:(?:early|mid|late)(?:[- ](?:to[- ])?(?:mid|late))?[- ]?"
        r"(?:nineties|(?:9|1[01])0['’]?s)))(?!\w)",
        0.95,
        leads="ear mid lat",
        check=_is_own_decade,
    ),
    Rule(
        "in her nineties, his 90s, into their early nineties",
        rf"(?<!\w)(?i:his|her|their|my|your)[ \n](?P<AGE>(?i:{_NINETIES}))(?!\w)",
        0.95,
        leads="his her the my you",
        check=lambda m: _VITAL.search(text_before(m, "AGE", 60)) is None,
    ),
    Rule(
        "in the tenth decade of life",
        rf"(?<!\w)(?P<AGE>(?i:{_DECADE_OF_LIFE}))(?!\w)",
        0.95,
        leads="ten ele 0",
    ),
    Rule(
        "her 95th birthday, his ninety-fifth birthday",
        rf"(?<![\w-])(?P<AGE>{_DIGITS}(?:st|nd|rd|th)|(?i:{_ORDINAL_WORD}))[ ](?i:birthday|b-?day)",
        0.95,
        leads="0 one a hun twe thi for fif six sev eig nin fir sec fou ten ele",
    ),
    Rule(
        "born 94 years ago, born ninety-four years ago",
        rf"\b(?i:born)[ ](?:(?i:about|some|over|almost|nearly|approximately) )?"
        rf"(?P<AGE>{_DIGITS}|(?i:{_WORDS}))[ -](?i:years?|yrs?)[ ](?i:ago)(?!\w)",
        0.95,
        leads="bor",
    ),
    Rule(
        "one hundred and two year old, hundred-year-old",
        rf"(?<![\w-])(?P<AGE>(?i:{_HUNDRED}))(?i:{_YEARS_OLD})",
        0.99,
        leads="one a an hun 0",
    ),
    Rule(
        "94 and a half years old, 2 1/2 yo, ninety-four and a half years old",
        rf"(?<![\w.,/-])(?P<AGE>(?:{_DIGITS}|(?i:{_WORDS}))(?:[ -](?i:and[ -]a[ -]half)"
        rf"|[ -]?[½¼¾]|[ -](?:1/[234]|[23]/[34])))(?i:{_YEARS_OLD})",
        0.99,
        leads="0 one two thr fou fiv six sev eig nin ten ele twe thi for fif a hun",
    ),
    Rule(
        "1O2 yo, l02 y/o, 9 2 year old: misread or torn digits",
        r"(?<![\w.,/-])(?P<AGE>[1lI] ?[0Oo] ?[0-9OlI]|9 [0-9OlI]|1O\d)"
        rf"(?i:{_YEARS_OLD})",
        0.99,
        leads="0 l lo i io o",
    ),
    Rule(
        "over ninety, well past ninety, nearly a hundred",
        rf"\b(?P<AGE>(?i:(?:well )?(?:over|above|past|nearly|almost)[ ](?:age )?{_OLD}))(?![\w-])",
        0.85,
        leads="wel ove abo pas nea alm",
        check=_is_old_age,
    ),
    Rule(
        "he is over 90, pt is now ninety-four",
        r"\b(?i:s?he|they|pt|patient|who|mother|father|grandmother|grandfather)[ ]"
        r"(?i:is|was|are)[ ](?:(?i:now|already|just|only) )?"
        rf"(?P<AGE>(?i:(?:well )?(?:over|above|past) )(?:9\d|1[01]\d)|(?i:{_OLD}))(?![\w/%.-]\w)"
        r"(?!\w)",
        0.85,
        leads="she he the pt pat who mot fat gra",
        check=_is_old_age,
    ),
    Rule(
        "turned ninety-two, lived to be 101, lived to ninety",
        rf"\b(?i:turn(?:s|ed|ing)?|lived to(?: be)?|reached(?: age)?|died at|aged)[ ]"
        rf"(?P<AGE>9\d|1[01]\d|(?i:{_OLD}))(?![\w/%-]|\.\d)",
        0.85,
        leads="tur liv rea die age",
        check=_is_old_age,
    ),
)
