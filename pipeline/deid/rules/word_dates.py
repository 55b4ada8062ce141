"""Dates written with words: months, weekdays, holidays, seasons, quarters and years."""

from __future__ import annotations

import re

from pipeline.deid.rules.numeric_dates import read_digits
from pipeline.deid.rules.rule import Rule, text_after, text_before, words
from pipeline.deid.rules.years import AMOUNT

_MONTH_NAME = words(
    "[Jj]anuary [Ff]ebruary [Mm]arch [Aa]pril [Mm]ay [Jj]une [Jj]uly [Aa]ugust [Ss]eptember"
    " [Oo]ctober [Nn]ovember [Dd]ecember JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST"
    " SEPTEMBER OCTOBER NOVEMBER DECEMBER Ju1y Jnne Apri1 ene(?:ro)? febrero marzo abril mayo junio"
    " julio agosto septiembre octubre noviembre diciembre"
)
_MONTH = (
    f"(?:{_MONTH_NAME}|"
    + words(
        "[Jj]an [Ff]eb [Mm]ar [Aa]pr [Jj]un [Jj]ul [Aa]ug [Ss]ept? [Oo]ct [Nn]ov [Dd]ec JAN FEB MAR"
        " APR JUN JUL AUG SEPT? OCT NOV DEC"
    )
    + r"(?![a-z])\.?)"
)
_WEEKDAY = (
    r"(?:(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)days?)|"
    + words(
        "[Mm]on [Tt]ues? [Ww]eds? [Tt]hu(?:rs?)? [Ff]ri [Ss]at [Ss]un MON TUES? WEDS? THU(?:RS?)?"
        " FRI SAT SUN"
    )
    + r"(?![a-z])\.?)"
)
_MONTH_LEADS = "jan feb mar apr may jun jul aug sep oct nov dec ene abr ago dic ju jnn"
_WEEKDAY_LEADS = "mon tue wed thu fri sat sun"
_HOLIDAY_LEADS = (
    "chu tet sha dor nat eka vai bai now nav jan ash obo pon pen tha chr x xma hal eas pal goo ash"
    " hol mar fat cin jun mem lab vet pre col ind mlk fla gro ele"
    " der box pat pio kam thr all mot fat gra val new st sai arm asc ear arb can aus bas sup kwa"
    " han cha pas ros yom suk pur ram eid diw lun chi apr fou spr"
)
_SPOKEN = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|hundred|thousand|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
_TH = r"(?:st|nd|rd|th|ST|ND|RD|TH)"
_YEAR = r"(?:[12lI][890Oo][0-9OolI]{2}|['’][0-9OolI]{2}|[4-9]\d(?![\d:.,/]))"
_DAY = r"[0-3OolI]?[0-9OolI]"
_CLOCK = r"(?:@\d\d?:\d\d(?::\d\d)?)"
_LEFT = r"(?<![\w'’/])"
_RIGHT = r"(?![\w]|['’]\w)"

_HOLIDAY_DAY = words(
    "memorial labor veterans?['’]?s? presidents?['’]?s? columbus indigenous_peoples['’]? mlk"
    " martin_luther_king(?:,?_jr\\.?)? flag groundhog election derby boxing independence"
    " patriots['’]? pioneer kamehameha three_kings all_(?:saints|souls)['’]? mother['’]?s"
    " father['’]?s grandparents['’]? valentine['’]?s new_year['’]?s new_yrs"
    " (?:st\\.?|saint)_(?:patrick|john)['’]?s armistice ascension earth arbor canada australia"
    " christmas x-?mas thanksgiving bastille"
)
_HOLIDAY = (
    rf"(?i:{_HOLIDAY_DAY} (?:day|eve)(?: weekend)?|"
    + words(
        "thanksgiving(?:_weekend)? christmas(?:time)? x-?mas hall?owe['’]?en"
        " easter(?:_(?:sunday|monday|weekend))? palm_sunday good_friday ash_wednesday"
        " holy_(?:week|thursday|saturday) mardi_gras fat_tuesday cinco_de_mayo juneteenth"
        " (?:st\\.?_|saint_)?valentine['’]?s new_year['’]?s new_yrs super_?bowl(?:_sunday)?"
        " (?:st\\.?|saint)_(?:patrick|pat)['’]?s kwanzaa hanukk?ah chanukah passover rosh_hashanah"
        " yom_kippur sukkot purim ramadan eid(?:_al-(?:fitr|adha))? diwali"
        " chuseok (?-i:Tet) shabbat dormition(?:_fast)? nativity_fast ekadashi vaisakhi baisakhi"
        " nowruz navratri janmashtami ashura obon pongal shavuot pentecost"
        " (?:lunar|chinese)_new_(?:year|yr) april_fool['’]?s(?:_day)? fourth_of_july spring_break"
    )
    + ")"
)
_IN_TIME = re.compile(
    r"\b(?:in|since|last|this|next|until|till?|by|of|early|late|mid|from|through|thru|to|during"
    r"|after|before|on|around|about|between|missed|ended|back in|starting|beginning|effective|visit"
    r"|due|was|ago|and|or|rtc|f/u|fu|for|recall|eval|back|\d\.\d)[,:-]?\s?$",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\s(?:be|have|not|need|use|take|also|want|require|benefit|consider|continue|return|shower"
    r"|resume|well|include|represent|reflect|help|go|come|start|stop|try|see|call|give|repeat|leave"
    r"|still|now|cause|occur|experience|increase|decrease|remove|drive|eat|bear|begin|wean|advance"
    r"|proceed|apply|surprise|mean|indicate|show|develop|worsen|reduce|alternate|offer|ride|visit"
    r"|god"
    r"|miss|feel|find|get|keep|want|increase|add|switch|just|only)\b",
    re.IGNORECASE,
)


_ACRONYMS = frozenset(("OCT", "DEC", "JAN", "SEP", "APR", "MAR", "NOV"))
"""Months in capitals that are also a scan, an operation or a list of drugs."""


def _lone_month(match: re.Match[str]) -> bool:
    """Accept a month's name as a noun: not the modal may, the verb march, dec for decreased."""
    word = match["DATE"].rstrip(".").lower()
    before, after = text_before(match, "DATE", 20), text_after(match, "DATE", 20)
    cued = _IN_TIME.search(before) is not None
    if word in ("may", "march", "mar", "april", "june", "august"):
        if _MODAL.match(after):
            return False
        if word in ("april", "june", "august", "march") and re.match(r"\s*(?:$|[.,;)])", after):
            return cued or (
                match["DATE"][0].isupper() and re.search(r"[a-z] $", before) is not None
            )
        if word != "march" and re.match(r"['’]s\b|\s[A-Z][a-z]+", after):
            return re.search(r"\b(?:in|since|last|until|by|of)\s$", before) is not None
        return cued
    if word == "dec" and re.match(r"\s(?:[LRBlrb]|bs|breath|bases|sens|rom|uop)\b", after):
        return False
    return (
        cued
        or word == "july"
        or (not match["DATE"].islower() and match["DATE"].rstrip(".") not in _ACRONYMS)
    )


def _month_day(match: re.Match[str]) -> bool:
    """Accept a month with a day; refuse OCT 3 the scan, dec 5 mg and may 2 the modal."""
    after = text_after(match, "DATE", 14)
    if AMOUNT.match(after) or (match["DATE"].endswith("may") and _MODAL.match(after)):
        return False
    if re.search(r"(?i)\b(?:bundle|measure|cms)\s$", text_before(match, "DATE", 9)):
        return False
    if not any(char.isdigit() for char in match["day"]):
        return False
    if re.search(r"(?i)\b(?:pod|hd|day|#)\s?#?$", text_before(match, "day", 6)):
        return False
    if match["DATE"].endswith("may") and re.match(r"\s[a-z]{3}(?<! at)(?<! for)(?<! and)", after):
        return re.match(r"\s(?:at|and|for|with|from|when|after|visit|appt)\b", after) is not None
    day = read_digits(re.sub(r"[^0-9OolI]", "", match["day"]))
    return day.isdigit() and 1 <= int(day) <= 31


def _weekday(match: re.Match[str]) -> bool:
    """Accept a weekday; its short forms where they are no saturation, sunlight or verb."""
    word = match["DATE"].rstrip(".").lower()
    before, after = text_before(match, "DATE", 16), text_after(match, "DATE", 14)
    if word == "sat":
        part_of_day = re.match(
            r"\s(?:\d\d?(?::\d\d)?\s?[ap]|\d\d?/\d\d?(?:/\d|\W*$|[ ,;])|[ap]\.?m|morning|night|nite"
            r"|noon|eve|afternoon)\b",
            after,
        )
        if part_of_day or re.search(r"\b(?:on|last|next|since|this|by|until|til)\s$", before):
            return True
        return not (
            re.match(
                r"\s?(?:[:=~>(%\d]|of\b|was\b|is\b|on\b|ra\b|drop|prob|ok|low|stable|good|up\b"
                r"|down\b|in\b|with\b|for\b|quietly|outside|by\b|there|w/|at\b|goal|probe|monitor"
                r"|phone|radio"
                r"|reading)",
                after,
            )
            or re.search(
                r"(?:o2|spo2|sao2|venous|iron|transferrin|oxygen|%|desat|\b(?:he|she|who|pt|patient"
                r"|they|and|then|i|we|mom|dad|no|his|her))\s?$",
                before,
                re.IGNORECASE,
            )
        )
    if word == "sun":
        return not (
            re.match(
                r"[\s-]?(?:expos|screen|block|burn|damage|protect|sens|rash|lamp|down|avoid)", after
            )
            or re.search(
                r"\b(?:arctic|the|in|of|dr\.?|ms\.?|mr\.?|mrs\.?|w/o|no)\s$", before, re.IGNORECASE
            )
        )
    if word == "wed":
        return not re.search(r"\b(?:newly|was|were|un)[\s-]$", before)
    return True


def _ordinal(match: re.Match[str]) -> bool:
    """Accept "the 14th" where no noun follows, as in the 5th toe."""
    return 1 <= int(match["day"]) <= 31 and bool(
        re.match(
            r"\s*(?:$|[.,;:)(|&/?!]|(?:at|and|for|with|w/|or|to|in|she|he|pt|after|before|by|per|if"
            r"|but|when|noon|am|pm|morning|evening|-)(?!\w)|\d{4}\b)",
            text_after(match, "DATE", 16),
        )
    )


RULES = (
    Rule(
        "Mar 3rd, March 14, 2019, Tuesday March 14th '19, JAN 30, 2017@14:20, Nov 14-18",
        rf"{_LEFT}(?P<DATE>(?:{_WEEKDAY},? )?{_MONTH}(?: the)?[ -]?(?P<day>{_DAY}){_TH}?(?![\w:]"
        rf"|[./]\d)(?:\s?(?:-|–|to|and|&)\s?(?=[\dOl]){_DAY}{_TH}?(?![\w/:]|\.\d))?"
        rf"(?:,?[ -]?\s?{_YEAR}"
        rf"(?!\w))?{_CLOCK}?){_RIGHT}",
        0.97,
        check=_month_day,
        leads=f"{_MONTH_LEADS} {_WEEKDAY_LEADS}",
    ),
    Rule(
        "14 March 2019, 14MAR2019, 14-Mar-19, the 4th of July, 13-14 May, 2019-Mar-14",
        rf"(?<![\w/.])(?P<DATE>(?:{_WEEKDAY},? )?(?:\d\d?(?:[-,–] ?| and | & )){{0,3}}"
        rf"(?P<day>{_DAY}){_TH}?(?: of "
        rf"| day of | de |[ ./-])?{_MONTH}(?![a-z])(?:(?: of| de|,)?[ ./-]?{_YEAR}(?!\w)|[-/ ]?\d\d"
        rf"(?![\w:/.-]))?{_CLOCK}?){_RIGHT}",
        0.95,
        check=_month_day,
        leads=f"0 {_WEEKDAY_LEADS}",
    ),
    Rule(
        "2019-Mar-14",
        rf"(?<![\w/.])(?P<DATE>(?:19|20)\d\d[-/ ]{_MONTH}[-/ ]\d\d?)(?!\w)",
        0.97,
        leads="0",
    ),
    Rule(
        "March 2018, Mar '19, May of 2016, JAN-2020",
        rf"{_LEFT}(?P<DATE>{_MONTH}(?:,? of |, |[ -])?{_YEAR})(?!\w)",
        0.95,
        leads=_MONTH_LEADS,
    ),
    Rule(
        "in March, last May, October",
        rf"{_LEFT}(?P<DATE>{_MONTH}){_RIGHT}",
        0.85,
        check=_lone_month,
        leads=_MONTH_LEADS,
    ),
    Rule(
        "Tuesday, Tues., fri, Monday the 16th",
        rf"(?<![\w'’])(?P<DATE>{_WEEKDAY}(?:,? the \d\d?{_TH}| \d\d?{_TH}(?= |\.|,))?)(?![\w]"
        rf"|['’][a-rt-z])",
        0.85,
        check=_weekday,
        leads=_WEEKDAY_LEADS,
    ),
    Rule(
        "Christmas Eve, Labor Day weekend, Easter",
        rf"(?<!\w)(?P<DATE>{_HOLIDAY}){_RIGHT}(?!-tree)",
        0.9,
        leads=_HOLIDAY_LEADS,
    ),
    Rule(
        "spring of 2012, Q3 2018, Thanksgiving 2015, FY19",
        rf"(?<!\w)(?P<DATE>(?:(?i:spring|summer|fall|autumn|winter)(?: term| semester)?(?: of|,)? |"
        rf"(?i:[1-4]Q|Q[1-4]|FY)[ -]?|{_HOLIDAY},? (?:of )?){_YEAR})(?!\w)",
        0.95,
        leads=f"spr sum fal aut win q fy 0 {_HOLIDAY_LEADS}",
    ),
    Rule(
        "3Q19, Q3 '19, FY19",
        r"(?<![\w/])(?P<DATE>[1-4]Q ?['’]?[0-3]\d|Q[1-4] ['’][0-3]\d|Q[1-4]FY\d\d|FY ?['’]?[0-3]\d)"
        r"(?![\w/]|\.\d)",
        0.85,
        leads="0 q fy",
    ),
    Rule(
        "last spring, until summer",
        r"\b(?i:last|this|next|since|until|til|till|early|late) "
        r"(?P<DATE>(?i:spring|summer|winter|autumn))(?![\w-]| (?:of|19|20))",
        0.75,
        leads="las thi nex sin unt til ear lat",
    ),
    Rule(
        "DOB nine fourteen sixty three",
        rf"\b(?i:dob|d\.o\.b\.?|date of birth|birth ?da(?:y|te)|born(?: on)?)(?: is| was|:|,)? "
        rf"(?P<DATE>(?i:{_SPOKEN})(?:[ -](?i:{_SPOKEN}|and|oh)){{2,7}})(?!\w)",
        0.9,
        leads="dob d dat bir bor",
    ),
    Rule(
        "on the 14th",
        rf"\b(?:on|by|until|til|till|since|from|the) (?:the )?(?P<DATE>(?P<day>\d\d?){_TH})(?!\w)",
        0.7,
        check=_ordinal,
        leads="on by unt til sin fro the",
    ),
)
