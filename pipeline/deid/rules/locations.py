"""Rooms, counties and landmarks by their form."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, text_after


def _not_measure(match: re.Match[str]) -> bool:
    after = text_after(match, "LOCATION_OTHER", 10)
    return (
        re.match(r"\s?(?:[:/]\d|%|mg|ml|mm|cm|\.\d|air|hours?|days?|min|x\d)", after, re.I) is None
    )


def _is_in_a_list(match: re.Match[str]) -> bool:
    """Accept a name between a room and an age: no 12 Foley 16F."""
    word, lexicon = match["PATIENT"].lower(), load_lexicon()
    return not (
        word in lexicon.clinical or word in lexicon.device_eponyms or lexicon.is_plain_word(word)
    )


RULES = (
    Rule(
        "Rm 512B, room 6C-11, Suite 9, rm ICU 3",
        r"(?<![A-Za-z])(?P<LOCATION_OTHER>(?i:r[o0]{2}ms?|rm)(?:\.{1,3}:?[ ]?|:[ ]{1,3}|[ ])?#?[ ]?"
        r"(?:[A-Z][A-Za-z]{0,4}[- ]?)?(?:\d{1,5}[A-Za-z]{0,2}|(?=[OlI]{0,2}\d)[\dOlI]{2,4})"
        r"(?:-[A-Za-z0-9]{1,4})?)(?!\w)",
        0.85,
        cues=("room", "rm", "ro0m", "r0om", "r00m"),
        check=_not_measure,
        leads="roo rm rms r ro",
    ),
    Rule(
        "518 Obara 61F, 12-2 Quill 80M in a list of patients",
        r"(?m)^[ \t]*(?P<LOCATION_OTHER>\d{2,4}[A-D]?(?:-\d)?|[A-Z]?\d{1,2}[A-Z]?-\d{1,3})[ \t]+"
        r"(?P<PATIENT>[A-Z][a-z'’]{2,14}(?:-[A-Z][a-z]{1,14})?)[ ,\t]{1,3}(?P<AGE>\d{1,2}) ?[MF]"
        r"(?![\w'])",
        0.8,
        check=_is_in_a_list,
    ),
    Rule(
        "MICU 7, ED 17, OR 6, LDR 5, Bay 3, Pod C",
        r"(?<![\w-])(?P<LOCATION_OTHER>(?:MICU|SICU|CVICU|NICU|PICU|CCU|ICU|NCCU|LDR|PACU|OBS|CCL"
        r"|EXAM|Endo|Procedure R(?:oo)?m|Consult Room|Trauma Bay|Bay|BAY|Hall|HALL|POD|Pod|CT|Lab"
        r"|Lane|Dock|DOCK|Cabin|cabin|OR|ED|ER|L&D OR)[ -]{0,1}#?(?:[A-Z]-?)?\d{1,3}[A-Z]?|"
        r"(?:Pod|Bay|POD) [A-H]|L&D OR [A-H])(?![\w%]|\.\d|-\d{2,}|/\d)",
        0.7,
        check=lambda m: (
            not (
                m[0].startswith(("OR ", "POD", "CT", "Lab", "BAY"))
                and not re.match(r"OR[ -]?#?\d{1,2}\b|Lab \d\b|BAY", m[0])
            )
            and _not_measure(m)
            and not m[0].startswith("ER ")
            and re.match(
                r" ?(?:d|wks?|weeks?|x)\b|\s?[/(]\s?\d{3}", text_after(m, "LOCATION_OTHER", 8)
            )
            is None
        ),
        leads=(
            "mic sic cvi nic pic ccu icu ncc ldr pac obs ccl exa end pro con tra bay hal pod ct lab"
            " lan doc cel cab or ed er l"
        ),
    ),
    Rule(
        "trauma bay 2, ed 5, picu 4, hall 4, Suite 3A, window 3, ward 7, unit 4C, terminal E",
        r"(?<![\w-])(?P<LOCATION_OTHER>(?i:trauma bay|bay|ed|micu|sicu|picu|nicu|icu|hall|pod|ward"
        r"|window|gate|terminal|courtroom|cabin|dock|cell|procedure (?:room|rm)|consult room)[ -]#?"
        r"(?:[A-Z]-?)?\d{1,3}[A-Z]?|Suite \d{1,4}-?[A-Z]?)(?![\w%/]|\.\d|-\d|'|\s?(?:mg|ml|days?"
        r"|hrs?"
        r"|x\d))",
        0.7,
        leads="tra bay ed mic sic pic nic icu hal pod war win gat ter cou cab doc cel pro con sui",
        check=lambda m: (
            not re.match(r"(?i:pod|cell \d{3} |bay t\b)", m.string[m.start() : m.end() + 1])
            and re.match(r" ?(?:d|x|min|hours?)\b", text_after(m, "LOCATION_OTHER", 6)) is None
        ),
    ),
    Rule(
        "Alder County, Larch Co., St. Alma Parish",
        r"(?<!\w)(?P<LOCATION_OTHER>(?:(?:St|San|Santa|New|Mc)\.? ?)?[A-Z][\w'’-]{2,15}"
        r"(?: [A-Z][\w'’-]{2,15})? (?:County|COUNTY|Co\.|Parish))(?!\w)",
        0.85,
        cues=("county", " co.", "parish"),
        check=lambda m: m[0].split()[0] not in ("The", "Per", "Via", "Our"),
    ),
    Rule(
        "Lake Corvina, Fort Wendell, Mt. Tabor Cemetery, Larkway Bridge, Heron State Park, exit"
        " 104, mile marker 77",
        r"(?<!\w)(?!(?:Lived?|In|At|From|To|The) )(?P<LOCATION_OTHER>(?:Lake|Mount|Mt\.|Fort|Camp"
        r"|Lago|Isla) "
        r"(?:St\. )?[A-Z][\w'’-]{2,15}(?: [A-Z][\w'’-]{2,15})?|(?:[A-Z][\w'’-]{1,15} ){1,3}(?:Park"
        r"|Lake|Bridge|River|Mountains?(?! [Ss]potted)|Mtns|Island|Beach|Airport|Cemetery|Stadium"
        r"|Arena|Harbor"
        r"|Canyon|Creek|Prison|Jail|Fairgrounds|fairgrounds|airport|cemetery|Speedway|Plaza"
        r"|Barracks|Reservation|Overpass|Falls|Courthouse|Fountain|Valley|Forest|Butte|Mine|Pier"
        r"|Building|Motel|Inn|Motor Inn|Hotel|Casino|Mall|camp)|(?i:mile(?: marker|post)|milepost"
        r"|mm|MP) \d{1,3}(?! ?(?:x|in|long|wide))|(?i:exit) \d{1,3}[A-Z]?)(?!\w)",
        0.75,
        cues=(
            "lake",
            "mount",
            "mt.",
            "fort",
            "camp",
            "lago",
            "isla",
            "park",
            "bridge",
            "river",
            "mtns",
            "island",
            "beach",
            "airport",
            "cemetery",
            "stadium",
            "courthouse",
            "fountain",
            "valley",
            "forest",
            "butte",
            "mine",
            "pier",
            "building",
            "arena",
            "harbor",
            "canyon",
            "creek",
            "prison",
            "jail",
            "fairgrounds",
            "speedway",
            "plaza",
            "barracks",
            "reservation",
            "overpass",
            "falls",
            "motel",
            "inn",
            "hotel",
            "casino",
            "mall",
            "mile",
            "mm",
            "mp",
            "exit",
        ),
        check=lambda m: (
            m[0].split()[0].lower()
            not in (
                "the",
                "multiple",
                "operating",
                "mechanical",
                "history",
                "falls",
                "no",
                "recent",
                "multi",
                "mm",
            )
            and not re.match(r"(?i)mm \d", m[0])
        ),
    ),
)
