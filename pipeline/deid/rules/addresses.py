"""Streets, post boxes and ZIP codes by their form."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Rule, words

_SUFFIX = words(
    "Street Str St Avenue Ave?n? Road Rd Boulevard Blvd Lane Ln Drive Dr Court Ct Circle Cir Place"
    " Pl Parkway Pkwy Highway Hwy Terrace Terr? Way Trail Trl Square Sq Plaza Plz Loop Pike"
    " Turnpike Alley Crescent Cres Row Path Walk Wharf Crossing Xing Ridge Bend Bluff Hollow"
    " Heights Hts Aly Tpke Trce Byp Xing Point Pt Ctr Expressway Expy Causeway Run Crest Commons"
    " Cove Grove Landing Manor"
    " Meadows? Park Pass Hill View Vista Isle Mews Dock Camino Grade Cutoff Extension Spur Rdg"
)
_LOWER_SUFFIX = words(
    "street st avenue ave road rd boulevard blvd lane ln drive court parkway pkwy hwy terrace trail"
)
_SIDE = r"(?:[NSEW]{1,2}\.?|North|South|East|West|NORTH|SOUTH|EAST|WEST)"
_UNIT = (
    r"(?:,? ?\(?(?i:apt|apartment|suite|ste|unit|bldg|building|lot|trlr|trailer|space|spc|fl|floor"
    r"|rm|room|level|bsmt|no)\.?[ ]?#?[A-Za-z]?\d{0,5}[-A-Za-z]{0,3}\d{0,3}(?![\w])"
    r"|,? ?# ?[A-Za-z]?-?\d{0,5}[A-Za-z]?(?!\w)|(?:, | )\(?(?i:bsmt|upper|lower|rear|[1-9]\d?(?:st"
    r"|nd|rd"
    r"|th) fl(?:oor)?(?: (?:rear|front))?)(?!\w))"
)
_NAME_WORD = r"(?:[A-Z0-9][\w'’.-]{0,16}|of|de|la|del|the)"


def _numbered_street(match: re.Match[str]) -> bool:
    """Accept 12 Elm St; refuse 2 Puffs Dr and 81 Mg Ave."""
    body = match["body"].lower()
    if re.search(
        r"\b(?:mg|ml|mcg|units?|tabs?|days?|am|pm|ho?u?rs?|min|mins|minutes|weeks?|months?|mo|yo"
        r"|years?|yrs|see|per|with|by|seen|she|he|will|pt|in|to|and|dr|mile|miles|block|chamber"
        r"|rbcs?"
        r"|wbcs?|head|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b",
        body,
    ):
        return False
    return (
        match["STREET"].isupper() is False
        or re.search(r"\b(?:CT|PT|DR|ST|PL|PASS|RUN|WAY|VIEW|BEND|MEADOWS?)\b", match["STREET"])
        is None
        or re.search(r"\d{2,5} [A-Z]{4,} (?:CT|DR|ST|PL|WAY)\b", match["STREET"]) is not None
    )


def _road(match: re.Match[str]) -> bool:
    first = match["STREET"].split()[0]
    return first.lower() not in (
        "on",
        "the",
        "this",
        "a",
        "wall",
        "main-line",
        "airway",
        "via",
        "per",
        "by",
        "his",
        "her",
    )


RULES = (
    Rule(
        "12 Elm St, Apt 4; 1500 E. Harbor Street; 31-205 Plumeria Hwy; 46 1/2 Larch Street",
        rf"(?<![\w./$-])(?P<STREET>(?:\d[0-9OlI]{{0,5}}(?:-\d{{1,4}})?[A-Z]?|One|Two)(?: 1/2)? "
        rf"(?P<body>(?:{_SIDE} )?(?:{_NAME_WORD} ){{1,4}}?)(?:{_SUFFIX}|{_SUFFIX.upper()})"
        rf"(?![A-Za-z]| (?:Way|St|Street|Road|Rd|Ave|Avenue|Dr|Drive|Lane|Ln|Ct|Court|Blvd"
        rf"|Pkwy)\b)\.?"
        rf"(?: {_SIDE}(?![\w]))?{_UNIT}{{0,2}})",
        0.93,
        check=_numbered_street,
        leads="0 one two",
    ),
    Rule(
        "12 elm st apt 4, nw 83rd st",
        rf"(?<![\w./$-])(?P<STREET>(?:\d{{1,5}} (?:[nsew]{{1,2}} )?|[ns][ew] )(?P<body>"
        rf"(?:[a-z0-9'’-]{{2,14}} ){{1,2}}){_LOWER_SUFFIX}(?!\w){_UNIT}{{0,2}})",
        0.8,
        cues=(
            "st",
            "ave",
            "road",
            "rd",
            "blvd",
            "lane",
            "ln",
            "drive",
            "court",
            "pkwy",
            "hwy",
            "terrace",
            "trail",
        ),
        check=_numbered_street,
        leads="0 nw ne sw se",
    ),
    Rule(
        "2718 Harrow, Ste 940; on 5th ave; 16th and W Street",
        r"(?<![\w./$-])(?P<STREET>\d{2,5} (?:[NSEW]\.? )?[A-Z][a-z]{2,14}(?: [A-Z][a-z]{2,14})?,? "
        r"(?:Ste|Suite|Apt|Unit)\.? #?[A-Z]?-?\d{1,5}[A-Z]?|(?<=on )\d{1,3}(?:st|nd|rd|th) (?i:ave?"
        r"|st|street|avenue))(?!\w)",
        0.85,
        leads="0",
    ),
    Rule(
        "Quarry Gap Road, Orchard Ave, K Street, Fifth Avenue",
        rf"(?<![\w-])(?P<STREET>(?:{_SIDE} )?(?:[A-Z][\w'’-]{{1,15}} |[A-Z] |\d{{1,3}}(?:st|nd|rd"
        rf"|th) ){{1,3}}"
        r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy|Pike"
        r"|Turnpike)(?![A-Za-z])\.?(?: [NSEW]{1,2}(?!\w))?)",
        0.85,
        cues=(
            "st",
            "ave",
            "road",
            "rd",
            "boulevard",
            "blvd",
            "lane",
            "ln",
            "pkwy",
            "parkway",
            "hwy",
            "highway",
            "pike",
        ),
        check=_road,
    ),
    Rule(
        "Hwy 31, Route 12, County Road 240, I-84, RR 3 Box 46, HC 61 Box 240, FM 2040",
        r"(?<![\w-])(?P<STREET>(?:\d{1,5} )?(?:(?i:hwy|highway|state route|route|rte|interstate"
        r"|county (?:road|rd)|co\.? (?:road|rd)|forest road|farm road|star rte"
        r"|rural route)\.? \d{1,4}[A-Z]?(?:,? (?i:box|bx) \d{1,5}(?:-?[A-Z])?)?(?: [NSEW](?!\w))?|"
        r"(?:RR|HC|R\.R\.|Rt|Rte?\.?|hc|rr) ?\d{1,3},? (?i:box|bx) \d{1,5}[A-Z]?|I-\d{1,2}"
        r"(?:/\d{1,2})?(?![\d-])|FM \d{3,4}(?: Mile \d+ [NSEW])?)"
        rf"{_UNIT}?)(?!\w)",
        0.88,
        cues=(
            "hwy",
            "highway",
            "rout",
            "rt",
            "interstate",
            "road",
            "rd",
            "rr",
            "hc",
            "r.r",
            "i-",
            "fm ",
        ),
        leads="hwy hig sta rou rte rt int cou co for far sta rur rr r hc i fm 0",
    ),
    Rule(
        "PO Box 412, P.O. Box 4120",
        r"(?<!\w)(?P<STREET>(?i:p\.? ?o\.? ?box|post office box|lock ?box"
        r"(?= \d{2,})) ?#?[A-Z]?\d{1,7})(?!\w)",
        0.97,
        cues=("box",),
        leads="p po pos loc",
    ),
    Rule(
        "Calle Amapola, Avenue du Lac, Camino Real",
        r"(?<!\w)(?P<STREET>(?:\d{1,5} )?(?:Calle|Cll\.|Camino|Avenida|Rue|Via|Paseo|Avenue (?:du"
        r"|de|des))(?: (?:de|la|las|los|del))? [A-ZÀ-Ý][\w'’-]{2,15}(?: [A-ZÀ-Ý][\w'’-]{2,15})?)",
        0.8,
        cues=("calle", "cll.", "camino", "avenida", "rue ", "via ", "paseo", "avenue d"),
        leads="cal cll cam ave rue via pas 0",
    ),
    Rule(
        "zip 62704",
        r"\b(?i:zip(?: ?code)?)(?: is)?[ .:#_]{1,8}(?P<ZIP>\d{5}(?:-?\d{4})?)(?!\w)",
        0.97,
        cues=("zip",),
        leads="zip",
    ),
)
