"""Streets, ZIP codes, states, rooms and landmarks by their form."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, text_after, text_before, words

_STATE_NAME = words(
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawai['’]?i"
    " Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan"
    " Minnesota Mississippi Missouri Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico"
    " New_York North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania Rhode_Island"
    " South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia Washington West_Virginia"
    " Wisconsin Wyoming Puerto_Rico Guam"
)
_STATE_CODE = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC"
    " ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU 0H"
)
_STATE_SHORT = words(
    "Ala\\. Ariz\\. Ark\\. Calif\\. Colo\\. Conn\\. Del\\. Fla\\. Ga\\. Ill\\. Ind\\. Kans?\\. Ky\\. La\\. Md\\."
    " Mass\\. Mich\\.? Minn\\. Miss\\. Mo\\. Mont\\. Neb\\. Nev\\. N\\.H\\. N\\.J\\. N\\.M\\. N\\.Y\\. N\\.C\\. N\\.D\\."
    " Okla\\. Ore\\. Pa\\. R\\.I\\. S\\.C\\. S\\.D\\. Tenn\\. Tex\\. Vt\\. Va\\. Wash\\. W\\.?_?Va\\. W\\.V\\. Wis\\."
    " Wyo\\. P\\.R\\. D\\.C\\."
)
_STATE = rf"(?:{_STATE_CODE}(?![A-Za-z])|{_STATE_SHORT}|(?i:{_STATE_NAME})(?![A-Za-z]))"
_ZIP = r"[0-9OlI]{4}[0-9O](?:-\d{4})?"
_PLACE = r"(?:(?:St|Ste|Mt|Ft|Pt)\.? |(?:El|La|Las|Los|San|Santa|De|Des|Du) )?[A-Z][A-Za-zÀ-ÿ'’.-]{1,18}(?: (?:[A-Z][A-Za-zÀ-ÿ'’-]{1,18}|of|de|la|del)){0,2}"
_SUFFIX = words(
    "Street Str St Avenue Ave?n? Road Rd Boulevard Blvd Lane Ln Drive Dr Court Ct Circle Cir Place Pl"
    " Parkway Pkwy Highway Hwy Terrace Terr? Way Trail Trl Square Sq Plaza Plz Loop Pike Turnpike"
    " Alley Crescent Cres Row Path Walk Wharf Crossing Xing Ridge Bend Bluff Hollow Heights Hts Point"
    " Pt Ctr Expressway Expy Causeway Run Crest Commons Cove Grove Landing Manor Meadows? Park Pass"
    " Hill View Vista Isle Mews Dock Camino Grade Cutoff Extension Spur Rdg"
)
_LOWER_SUFFIX = words("street st avenue ave road rd boulevard blvd lane ln drive court parkway pkwy hwy terrace trail")
_SIDE = r"(?:[NSEW]{1,2}\.?|North|South|East|West|NORTH|SOUTH|EAST|WEST)"
_UNIT = (
    r"(?:,? ?\(?(?i:apt|apartment|suite|ste|unit|bldg|building|lot|trlr|trailer|space|spc|fl|floor|rm|room|level|bsmt"
    r"|no)\.?[ ]?#?[A-Za-z]?\d{0,5}[-A-Za-z]{0,3}\d{0,3}(?![\w])|,? ?# ?[A-Za-z]?-?\d{0,5}[A-Za-z]?(?!\w)"
    r"|, (?:bsmt|upper|lower|rear|[1-9]\d?(?:st|nd|rd|th) fl(?:oor)?(?: (?:rear|front))?))"
)
_NAME_WORD = r"(?:[A-Z0-9][\w'’.-]{0,16}|of|de|la|del|the)"

_CREDENTIALS_TOO = frozenset(("MD", "PA", "MA", "DC", "MS", "CT", "OR", "ID", "IN", "DE", "D.C.", "ND", "AL"))
_NOT_STATE = re.compile(
    r"\s(?:heart association|dissector|forceps|tube|verbal|pouch|scale|criteria|retractor|method|score|neck|protocol|gambling|card sort)",
    re.IGNORECASE,
)


def _numbered_street(match: re.Match[str]) -> bool:
    """Accept 12 Elm St; refuse 2 Puffs Dr and 81 Mg Ave."""
    body = match["body"].lower()
    return re.search(r"\b(?:mg|ml|mcg|units?|tabs?|day|days|am|pm|hours?|weeks?|yo|year|see|per|with|by|seen)\b", body) is None


def _road(match: re.Match[str]) -> bool:
    first = match["STREET"].split()[0]
    return first.lower() not in ("the", "this", "a", "wall", "main-line", "airway", "via", "per", "by", "his", "her")


def _city_state(match: re.Match[str]) -> bool:
    """Accept Barre, VT; refuse Jane Doe, MD unless Doe is a city."""
    if re.search(r"\d$|\b(?:dr|mr|mrs|ms)\.? $", text_before(match, "CITY", 5), re.IGNORECASE):
        return False
    city = match["CITY"].lower()
    if match["STATE"] in _CREDENTIALS_TOO:
        return city in load_lexicon().cities and not re.match(r"-", text_after(match, "STATE", 1))
    last = city.split()[-1]
    return city in load_lexicon().cities or not load_lexicon().is_plain_word(last)


def _state_alone(match: re.Match[str]) -> bool:
    return _NOT_STATE.match(text_after(match, "STATE", 24)) is None


def _not_measure(match: re.Match[str]) -> bool:
    after = text_after(match, "LOCATION_OTHER", 10)
    return re.match(r"\s?(?:[:/]\d|%|mg|ml|mm|cm|\.\d|air|hours?|days?|min|x\d)", after, re.I) is None


RULES = (
    Rule(
        "12 Elm St, Apt 4; 1400 E. Superior Street; 49-479 Kamehameha Hwy; 66 1/2 Tolles Street",
        rf"(?<![\w./$-])(?P<STREET>(?:\d[0-9OlI]{{0,5}}(?:-\d{{1,4}})?[A-Z]?|One|Two)(?: 1/2)? (?P<body>(?:{_SIDE} )?(?:{_NAME_WORD} ){{1,4}}?)"
        rf"(?:{_SUFFIX}|{_SUFFIX.upper()})(?![A-Za-z])\.?(?: {_SIDE}(?![\w]))?{_UNIT}{{0,2}})",
        0.93,
        check=_numbered_street,
    ),
    Rule(
        "12 elm st apt 4, nw 79th st",
        rf"(?<![\w./$-])(?P<STREET>(?:\d{{1,5}} (?:[nsew]{{1,2}} )?|[ns][ew] )(?P<body>(?:[a-z0-9'’-]{{2,14}} ){{1,2}}){_LOWER_SUFFIX}(?!\w)"
        rf"{_UNIT}{{0,2}})",
        0.8,
        cues=("st", "ave", "road", "rd", "blvd", "lane", "ln", "drive", "court", "pkwy", "hwy", "terrace", "trail"),
        check=_numbered_street,
    ),
    Rule(
        "Pryor Gap Road, Western Ave, W Street, Fifth Avenue",
        rf"(?<![\w-])(?P<STREET>(?:{_SIDE} )?(?:[A-Z][\w'’-]{{1,15}} |[A-Z] |\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}"
        r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy|Pike|Turnpike)(?![A-Za-z])\.?(?: [NSEW]{1,2}(?!\w))?)",
        0.85,
        cues=("st", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "pkwy", "parkway", "hwy", "highway", "pike"),
        check=_road,
    ),
    Rule(
        "Hwy 52, Route 9, County Road 118, I-84, RR 2 Box 88, HC 66 Box 119, FM 1015",
        r"(?<![\w-])(?P<STREET>(?:\d{1,5} )?(?:(?i:hwy|highway|state route|route|rte|interstate|county (?:road|rd)|co\.? (?:road|rd)|forest road"
        r"|farm road|star rte|rural route)\.? \d{1,4}[A-Z]?(?:,? (?i:box|bx) \d{1,5}(?:-?[A-Z])?)?(?: [NSEW](?!\w))?"
        r"|(?:RR|HC|R\.R\.|Rt|Rte?\.?|hc|rr) ?\d{1,3},? (?i:box|bx) \d{1,5}[A-Z]?|I-\d{1,2}(?:/\d{1,2})?(?![\d-])|FM \d{3,4}(?: Mile \d+ [NSEW])?)"
        rf"{_UNIT}?)(?!\w)",
        0.88,
        cues=("hwy", "highway", "rout", "rt", "interstate", "road", "rd", "rr", "hc", "r.r", "i-", "fm "),
    ),
    Rule(
        "PO Box 77, P.O. Box 3317",
        r"(?<!\w)(?P<STREET>(?i:p\.? ?o\.? ?box|post office box|lock ?box(?= \d{2,})) ?#?[A-Z]?\d{1,7})(?!\w)",
        0.97,
        cues=("box",),
    ),
    Rule(
        "Calle Encanto, Avenue du Large, Camino Real",
        r"(?<!\w)(?P<STREET>(?:\d{1,5} )?(?:Calle|Cll\.|Camino|Avenida|Rue|Via|Paseo|Avenue (?:du|de|des))(?: (?:de|la|las|los|del))? [A-ZÀ-Ý][\w'’-]{2,15}(?: [A-ZÀ-Ý][\w'’-]{2,15})?)",
        0.8,
        cues=("calle", "cll.", "camino", "avenida", "rue ", "via ", "paseo", "avenue d"),
    ),
    Rule(
        "Springfield, IL 62704; White Stone VA 22578",
        rf"(?<![\w])(?P<CITY>{_PLACE})(?:,|\.)? ?[ ]{{0,2}}(?P<STATE>{_STATE}),?[ ]{{1,4}}(?P<ZIP>{_ZIP})(?![\w-])",
        0.97,
    ),
    Rule(
        "IL 62704",
        rf"(?<![\w])(?P<STATE>{_STATE}),?[ .:]{{1,4}}(?:(?i:zip)[ .:]{{0,6}})?(?P<ZIP>{_ZIP})(?![\w-])",
        0.93,
        check=lambda m: any(c.isdigit() for c in m["ZIP"]),
    ),
    Rule("zip 62704", r"\b(?i:zip(?: ?code)?)(?: is)?[ .:#_]{1,8}(?P<ZIP>\d{5}(?:-?\d{4})?)(?!\w)", 0.97, cues=("zip",)),
    Rule(
        "Springfield, IL; Barre, Vermont; Moab, Utah",
        rf"(?<![\w])(?P<CITY>{_PLACE}), ?(?P<STATE>{_STATE})(?![\w])",
        0.9,
        check=_city_state,
    ),
    Rule(
        "in Ohio, New Mexico",
        rf"(?<![\w-])(?P<STATE>(?:{_STATE_NAME}|{_STATE_NAME.upper().replace('[”]', '')}))(?!\w|-)",
        0.85,
        check=_state_alone,
    ),
    Rule(
        "ST: OH, state OH, from OH",
        rf"(?:\b(?i:state|st|in|from|to|of)[ .:_]{{1,5}})(?P<STATE>{_STATE_SHORT}|(?<=[.:_])(?:{_STATE_CODE}))(?![\w])",
        0.8,
    ),
    Rule(
        "Rm 412B, room 5C-03, Suite 6, rm ICU 3",
        r"(?<![A-Za-z])(?P<LOCATION_OTHER>(?i:rooms?|rm)\.?[ ]?#?[ ]?(?:[A-Z]{1,5}[- ]?)?\d{1,5}[A-Za-z]{0,2}(?:-[A-Za-z0-9]{1,4})?)(?!\w)",
        0.85,
        cues=("room", "rm"),
        check=_not_measure,
    ),
    Rule(
        "MICU 8, ED 17, OR 6, LDR 5, Bay 3, Pod C",
        r"(?<![\w-])(?P<LOCATION_OTHER>(?:MICU|SICU|CVICU|NICU|PICU|CCU|ICU|NCCU|LDR|PACU|OBS|CCL|EXAM|Endo|Procedure R(?:oo)?m|Consult Room|Trauma Bay"
        r"|Bay|BAY|Hall|HALL|POD|Pod|CT|Lab|Lane|Dock|DOCK|Cell|Cabin|cabin|OR|ED|ER|L&D OR)[ -]{0,1}#?(?:[A-Z]-?)?\d{1,3}[A-Z]?|(?:Pod|Bay|POD) [A-H])"
        r"(?![\w.%]|-\d{2,}|/\d)",
        0.7,
        check=lambda m: not (m[0].startswith(("OR ", "POD", "CT", "Lab", "BAY")) and not re.match(r"OR[ -]?#?\d{1,2}\b|Lab \d\b|BAY", m[0]))
        and _not_measure(m) and not m[0].startswith("ER "),
    ),
    Rule(
        "Preston County, Geneva Co., St. Martin Parish",
        r"(?<!\w)(?P<LOCATION_OTHER>(?:(?:St|San|Santa|New|Mc)\.? ?)?[A-Z][\w'’-]{2,15}(?: [A-Z][\w'’-]{2,15})? (?:County|COUNTY|Co\.|Parish))(?!\w)",
        0.85,
        cues=("county", " co.", "parish"),
        check=lambda m: m[0].split()[0] not in ("The", "Per", "Via", "Our"),
    ),
    Rule(
        "Lake Pueblo, Fort McPherson, Mt. Olive Cemetery, Skyway Bridge, Point State Park, exit 104, mile marker 62",
        r"(?<!\w)(?P<LOCATION_OTHER>(?:Lake|Mount|Mt\.|Fort|Camp|Lago|Isla) (?:St\. )?[A-Z][\w'’-]{2,15}(?: [A-Z][\w'’-]{2,15})?"
        r"|(?:[A-Z][\w'’-]{1,15} ){1,3}(?:Park|Lake|Bridge|River|Mountains?|Mtns|Island|Beach|Airport|Cemetery|Stadium|Arena|Harbor|Canyon|Creek"
        r"|Prison|Jail|Fairgrounds|fairgrounds|airport|cemetery|Speedway|Plaza|Barracks|Reservation|Overpass|Falls|Motel|Inn|Motor Inn|Hotel|Casino|Mall|camp)"
        r"|(?i:mile(?: marker|post)|milepost|mm|MP) \d{1,3}(?! ?(?:x|in|long|wide))|(?i:exit) \d{1,3}[A-Z]?)(?!\w)",
        0.75,
        cues=("lake", "mount", "mt.", "fort", "camp", "lago", "isla", "park", "bridge", "river", "mtns", "island", "beach", "airport", "cemetery",
              "stadium", "arena", "harbor", "canyon", "creek", "prison", "jail", "fairgrounds", "speedway", "plaza", "barracks", "reservation",
              "overpass", "falls", "motel", "inn", "hotel", "casino", "mall", "mile", "mm", "mp", "exit"),
        check=lambda m: m[0].split()[0].lower() not in ("the", "multiple", "mechanical", "history", "falls", "no", "recent", "multi", "mm")
        and not re.match(r"(?i)mm \d", m[0]),
    ),
)
