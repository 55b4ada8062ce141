"""Telephone and fax numbers, e-mail, web and network addresses, and user names."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, leads_of, text_after, text_before, words

_D = r"[0-9OolIS]"
"""A digit as scanners read it: O for 0, l or I for 1, S for 5."""
_NUMBER = (
    rf"(?:\+?[1l][ .-]{{0,2}})?(?:\({_D}{{3}}\)"
    rf"|{_D}{{3}})[ ]?[-./ ]?[ ]?{_D}{{3}}[ ]?[-. ][ ]?{_D}{{4}}"
)
_EXTENSION = r"(?:,?\s?(?:(?i:ext(?:ension)?\.?|x)\s?#?|#)\s?(?P<PHONE_2>\d{1,6}))"
_NOT_IN_WORD = r"(?<![A-Za-z0-9+/$-])(?<!\d\.)"
_PHONE_CUES = (
    "ph phone phones? tel telephone cell mobile home work call(?:ed)? called_at callback contact"
    " pager? pgr pgd? paged pg beeper bpr bp# vocera ascom spectralink office desk line nurse_line"
    " reached_at number(?:_is)? text at on page o p m h c w"
)
_TLD = (
    r"(?:com|org|net|edu|gov|mil|io|info|us|health|co|care|app|me|biz|ca|uk|example)(?![\w-])(?:\."
    r"(?:com|org|net|edu|gov|mil))?"
)


_SPOKEN = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
"""A digit as people dictate it."""


def _seven_digits(match: re.Match[str]) -> bool:
    before, after = text_before(match, "PHONE", 20), text_after(match, "PHONE", 12)
    if re.match(r"\s?(?:mg|ml|mcg|cells|units?|cc|%|-\d|/\d)", after, re.IGNORECASE):
        return False
    return (
        re.search(
            r"(?:\b(?:zip|mrn|mr#|acct|range|ref|lot|s/?n)|normal|case|#|chart)[\s.:#]{0,3}$",
            before,
            re.I,
        )
        is None
    )


def _extension(match: re.Match[str]) -> bool:
    """Accept x310 after a name or a number; refuse 2 x 100 mg."""
    before, after = text_before(match, "PHONE", 12), text_after(match, "PHONE", 8)
    amount = re.match(r"\s?(?:mg|ml|cc|mm|cm|units?|days?|doses?|x|ms|min)\b", after, re.IGNORECASE)
    product = re.search(r"(?<!\d{4})\d[ )]*[xX] ?$", before) is not None and not before.endswith(
        " x"
    )
    return amount is None and not product


def _has_three_digits(match: re.Match[str]) -> bool:
    return sum(char.isdigit() for char in match[0]) >= 5


def _address(match: re.Match[str]) -> bool:
    return all(int(octet) <= 255 for octet in match["IPADDR"].split("."))


def _six(match: re.Match[str]) -> bool:
    value = match["IPADDR"]
    return ("::" in value or value.count(":") >= 4) and any(c in "abcdefABCDEF" for c in value)


_GENE = re.compile(
    words(
        "MLH1 MSH2 MSH6 PMS2 BRCA1 BRCA2 PALB2 CHEK2 TP53 RAD51 PCSK9 JAK2 FLT3 NPM1 IDH1 IDH2 ESR1"
        " FGFR3 HER2 CD\\d{1,2} IL\\d{1,2} SGLT2 GLP1 PD1 PDL1 H1N1 COVID19 B12"
    )
)


def _is_login(match: re.Match[str]) -> bool:
    letters = match["USERNAME"].rstrip("0123456789")
    lexicon = load_lexicon()
    return letters not in lexicon.common and letters not in lexicon.first_names


def _is_login_of_surname(match: re.Match[str]) -> bool:
    """Accept an initial or two with a surname (jdoe, abdoe); refuse words."""
    login, lexicon = match["USERNAME"], load_lexicon()
    if login in lexicon.common or login in lexicon.clinical or lexicon.is_name(login):
        return False
    return login[1:] in lexicon.surnames or login[2:] in lexicon.surnames


RULES = (
    Rule(
        "fax (555) 201-0143, F 555.201.0143, facsimile +1 555 201 0143",
        r"(?i:\bfax(?:ed|es)?(?: (?:no|number|#|to|it|at|copy to|results to|labs to|line))?"
        r"|\bfacsimile|\bfx"
        rf"|(?<![A-Za-z])f)[ .:#)=]{{1,6}}(?P<FAX>{_NUMBER})(?!\d)",
        0.97,
        check=_has_three_digits,
        leads="fax fac fx f",
    ),
    Rule(
        "(555) 201-0143, 555.201.0143 x12, +1 555 201 0143, 5S5-2O1-O143",
        rf"{_NOT_IN_WORD}(?P<PHONE>{_NUMBER})(?![A-Za-z0-9]|-\d){_EXTENSION}?",
        0.93,
        check=_has_three_digits,
    ),
    Rule(
        "cell 5552010143",
        rf"(?<![A-Za-z])(?i:{words(_PHONE_CUES)}|fax)[ .:#]{{0,6}}(?P<PHONE>(?:\+?1 ?)?\d{{10}}"
        rf"|\d{{3}}[ -]\d{{7}})(?!\w)",
        0.93,
        leads=f"{leads_of(_PHONE_CUES)} fax",
    ),
    Rule(
        "(555)2010143, 555 2010143",
        r"(?<![\w(])(?P<PHONE>\(\d{3}\) ?\d{7}|\d{3}[ ]\d{7})(?!\w)",
        0.85,
    ),
    Rule(
        "+44 20 7946 0143, 011-44-20-7946-0143",
        r"(?<![\w])(?P<PHONE>(?:\+|011[ -])\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?!\d))",
        0.9,
        cues=("+", "011"),
        check=_has_three_digits,
    ),
    Rule(
        "201-0143",
        rf"{_NOT_IN_WORD}(?<!\d[ .])(?P<PHONE>(?:[2-9]\d\d|[2-9]{_D}{_D})-{_D}{{4}}){_EXTENSION}?"
        rf"(?![\w/-]|\.\d)",
        0.75,
        check=_seven_digits,
    ),
    Rule(
        "ext. 2218, x2218, pager 4471, pgr #81-3306, vocera 5-3307",
        r"(?<![A-Za-z])(?i:ext(?:ension|n)?|x(?= ?\d{4})|pager|pgr|pgd|pg(?= ?\d{4})|beeper|bpr"
        r"|vocera|ascom|spectralink|voalte|phone|tel(?:ephone)?|ph|cell|desk|nurses?['’]? station"
        r"|call(?= x))(?: (?:no|number|is|at))?[ .:#x]{0,4}(?P<PHONE>\d{1,3}-\d{3,4}|\d{2,6})"
        r"(?![\w/%]|[.,:-]\d)",
        0.85,
        cues=(
            "ext",
            "x",
            "pager",
            "pgr",
            "pg",
            "beeper",
            "bpr",
            "vocera",
            "ascom",
            "spectralink",
            "voalte",
            "ph",
            "tel",
            "cell",
            "desk",
            "station",
            "call",
        ),
        check=lambda m: (
            re.match(r"\s?(?:mg|ml|cc|units?|/|yo\b|days?|weeks?)", text_after(m, "PHONE", 8))
            is None
        ),
        leads="ext x pag pgr pgd pg bee bpr voc asc spe voa pho tel ph cel des nur cal",
    ),
    Rule(
        "p31209, x2218, x4-3306",
        r"(?<![\w-])(?:p ?(?=\d{4,5}(?!\w)|\d-\d{4})|[xX] ?(?=\d{3,5}(?!\w)|\d-\d{4}))"
        r"(?P<PHONE>\d-\d{4}|\d{3,5})(?![\w/%]|[.,]\d)",
        0.75,
        check=_extension,
        leads="p x",
    ),
    Rule(
        "stroke pager 4-0188, fr 6-3372",
        r"(?<![\w/.,:$#-])(?P<PHONE>[2-9]-\d{4})(?![\w-]|[.,]\d)",
        0.7,
        check=_seven_digits,
    ),
    Rule(
        "four one nine five five five oh one four three",
        rf"(?<!\w)(?P<PHONE>(?i:{_SPOKEN})(?:[ -]{{1,2}}(?i:{_SPOKEN})){{6,11}})(?!\w)",
        0.85,
        leads="zer oh one two thr fou fiv six sev eig nin",
    ),
    Rule(
        "someone@mail.example.org",
        r"(?<![\w+-])(?<![\w+-]\.)(?P<EMAIL>[A-Za-z0-9](?:[\w+-]|\.(?!\.)){0,63}@[\w-]{1,63}"
        r"(?:\.[\w-]{1,63}){0,4}\.[A-Za-z0-9]{0,8}[A-Za-z]{2,12})",
        0.99,
        cues=("@",),
        check=lambda m: re.search(r"\.\d*(?:ms|mv|ma|cm|mm|hz)$", m["EMAIL"], re.I) is None,
    ),
    Rule(
        "https://portal.example.org/x, www.example.org",
        r"(?P<URL>(?:(?i:https?|ftp)://|(?<![\w.@])(?i:www)\.)[^\s<>\"'’”)|,;]{2,200}(?<![.,:]))",
        0.99,
        cues=("://", "www."),
    ),
    Rule(
        "portal.example.org/x",
        rf"(?<![\w.@/-])(?P<URL>(?:[a-zA-Z0-9-]{{1,63}}\.){{1,4}}{_TLD}"
        rf"(?:/[^\s<>\"'’”)|,;]{{0,200}}(?<![.,:]))?)",
        0.9,
        cues=(
            ".com",
            ".org",
            ".net",
            ".edu",
            ".gov",
            ".mil",
            ".io",
            ".info",
            ".us",
            ".health",
            ".co",
            ".care",
            ".app",
            ".me",
            ".biz",
            ".ca",
            ".uk",
            ".example",
        ),
    ),
    Rule(
        "10.20.30.40",
        r"(?<![\w.])(?P<IPADDR>\d{1,3}(?:\.\d{1,3}){3})(?![\w]|\.\d)",
        0.95,
        check=_address,
    ),
    Rule(
        "fe80::1c2b:77ff",
        r"(?<![\w:])(?P<IPADDR>[0-9A-Fa-f]{1,4}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4})"
        r"(?![\w:])",
        0.9,
        check=_six,
    ),
    Rule(
        "user: jdoe2, login jdoe2, logged in as jdoe2, username jdoe",
        r"(?i:\b(?:user(?: ?name| ?id)?|login|log-?in id|logged (?:in|on)(?: as)?|user=|portal id"
        r"|mychart (?:user|name|id))(?: is| name)?)[ :=#]{1,4}"
        r"(?P<USERNAME>[A-Za-z][\w.-]{2,30}[A-Za-z0-9_])(?![\w@])",
        0.9,
        cues=("user", "log", "portal id", "mychart"),
        check=lambda m: (
            not m["USERNAME"].isalpha() or m["USERNAME"].isupper() or "=" in m[0] or ":" in m[0]
        ),
        leads="use log por myc",
    ),
    Rule(
        "rn_jdoe, jdoe_md",
        r"(?<![\w./@-])(?P<USERNAME>[A-Za-z]{2,12}_[A-Za-z]{2,14}\d{0,4})(?![\w@/])",
        0.8,
        cues=("_",),
        check=lambda m: m[0].isupper() or m[0].islower(),
    ),
    Rule(
        "printed by jdoe2, e-sig jdoe, closed jdoe2, ABC/jdoe2",
        r"(?<![A-Za-z])(?:(?i:by|sig|signature|closed|clerk|edit|verified|join|transcr|filed"
        r"|printed|scanned|trans|tech|op)[ :]{1,3})"
        r"(?P<USERNAME>[a-z]{2,12}\.[a-z]{2,12}\d{0,3}|[A-Za-z]{2,14}\d{1,4})(?![\w@./])",
        0.85,
        check=lambda m: _GENE.fullmatch(m["USERNAME"]) is None,
        leads="by sig clo cle edi ver joi tra fil pri sca tec op",
    ),
    Rule(
        "jdoe12",
        r"(?<![\w./@-])(?P<USERNAME>[a-z]{5,14}\d{1,4})(?![\w@-]|/\d)",
        0.6,
        check=_is_login,
    ),
    Rule(
        "ABC/jdoe2, HT:ab1234 at the foot of a report",
        r"(?m)^[ \t]*[A-Z]{2,4}[/:]\n?(?P<USERNAME>[a-z]{2,12}\d{1,4})(?![\w@.])",
        0.8,
    ),
    Rule(
        "printed by jdoe, clerk: jdoe, user jdoe",
        r"\b(?i:(?:printed|scanned|uploaded|e-?signed|verified|filed|exported|entered|locked"
        r"|amended|witness(?:ed)?|witness"
        r"|signature)(?: by)?|clerk|auth|user|editor|scribe|opened by|by) ?:? {0,2}"
        r"(?P<USERNAME>[a-z]{5,12})(?=[).,;]?(?:[ \t]*$|\n"
        r"| {1,2}(?:from|on|at|host|ws|ip|WS|IP)\b| \d))",
        0.75,
        check=_is_login_of_surname,
        leads="pri sca upl e es ver fil exp ent loc ame wit sig cle aut use edi scr ope by",
    ),
    Rule(
        "Ada Quill, MD aquill",
        r"(?m)(?<=[A-Za-z.,] )(?:MD|DO|RN|NP|PA-C|PharmD|RPh|DPM|CRNA) {1,3}"
        r"(?P<USERNAME>[a-z]{5,12})(?=[ \t]*$| \d{4})",
        0.75,
        check=_is_login_of_surname,
        leads="md do rn np pa pha rph dpm crn",
    ),
    Rule(
        "13:05 jdoe: thanks",
        r"(?m)^(?:\d\d:\d\d )?(?P<USERNAME>[a-z]{4,14}\d{0,3}): (?=[a-z])",
        0.6,
        check=_is_login,
    ),
)
