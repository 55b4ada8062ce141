"""Ages: only the digits or words of the age are marked."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, leads_of, text_after, text_before, words

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?i:(?:{_TENS})(?:[- ](?:{_ONES}|something))?|{_TEENS}|{_ONES})"
_N = r"(?:1[0-2]\d|[1-9]?[0-9OlI])"
_YEARS = (
    r"[\s-]{0,2}(?:(?:y(?:ea)?r?s?\.?|Y(?:EA)?R?S?\.?|Years?)[\s./-]{0,2}(?:of[\s-]age|o(?:ld|\."
    r"|lds)?|O(?:LD)?)(?![a-z])\.?)"
)
_KIN_WORDS = (
    "wife husband spouse partner mother father mom dad parents? son sons daughter daughters dtr dau"
    " brothers? sisters? sibs? siblings twins? aunt uncle cousin niece nephew grandmother"
    " grandfather grandson granddaughter gma gpa child children kids boys? girls? fianc[eé]e?"
    " roommate neighbor friend girlfriend boyfriend ex-wife ex-husband stepson stepdaughter"
    " stepfather stepmother"
)
_ONSET_WORDS = (
    "died die dies dec(?:eased)? d\\. passed(?:_away)? onset mi cva stroke ca cancer dx dx['’]?d"
    " diagnosed menarche menopause married widowed orphaned quit started began begin came left"
    " moved born arrested retired drinking smoking killed chd cad breast colon lost admission"
    " hysterectomy first since"
)
_LIFE = re.compile(
    rf"\b(?:{words(_KIN_WORDS)}|died|death|diagnos\w+|onset|began|started|ran away|left|quit|moved"
    r"|married|sent|attempt\w*|drowned|excised|school|emigrat\w*|immigrat\w*|arrested"
    r"|spells|seizures|menopause|hysterectomy|overdose|suicide|menarche|cancer|stroke|mi|lymphoma"
    r"|paget)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?:rate|sats?|hr|bpm|ml|cc|mg|units?|o2|liters?|vent|peep|fio2|rass|temp|infus\w+|drip|gtt"
    r"|tube|feeds?|held|set|stable|running|bp|map|glucose|score|bpm|level)\b[^.]{0,30}$",
    re.IGNORECASE,
)
UNIT_AFTER = re.compile(
    r"\s?(?:%|/|mg|mcg|ml|cc|kg|lbs?|cm|mm|mmhg|units?|hrs?|hours?|weeks?|wks?|min|am|pm|degrees?"
    r"|french|fr|beats|bpm|[.:]\d|-\d|ft|feet|meters?|steps|pack|ppd|l/|liters?|x|percent"
    r"|o['’]?clock|#|\+|mo(?:nths?)? pregnant|wks? pregnant)(?![a-z])",
    re.IGNORECASE,
)


def text_before_match(match: re.Match[str]) -> str:
    """Return the few characters before the whole match."""
    return match.string[max(0, match.start() - 8) : match.start()].lower()


def _no_unit(match: re.Match[str]) -> bool:
    if re.match(r"(?i)(?:kids|children|parents?|twins?) \d", match[0]):
        return False
    return UNIT_AFTER.match(text_after(match, "AGE", 12)) is None


def _of_kin(match: re.Match[str]) -> bool:
    """Accept "at 58" where the sentence speaks of a person's life: rates and doses have none."""
    if match[0][:2].lower() not in ("at", "@ "):
        return True
    sentence = re.split(r"[.;\n]", match.string[max(0, match.start() - 70) : match.start()])[-1]
    life = _LIFE.search(sentence) is not None
    return life and _RATE.search(sentence) is None and _no_unit(match)


def _after_a_name(match: re.Match[str]) -> bool:
    """Accept the number after a capitalised name that is no word, drug or eponym."""
    name = re.search(r"([A-Z][\w'’-]+)$", match.string[max(0, match.start() - 24) : match.start()])
    if name is None or not _no_unit(match):
        return False
    word, lexicon = name[1].split("-")[-1].lower(), load_lexicon()
    plain = word in lexicon.common or word in lexicon.eponyms or word in lexicon.not_names
    return lexicon.is_name(word) and not plain


def _sex(match: re.Match[str]) -> bool:
    """Accept 67F and 67 M; refuse 16 F catheters, 99 F and walks of 40 m."""
    before, after = text_before(match, "AGE", 22), match.string[match.end() : match.end() + 18]
    if re.search(
        r"(?:(?:\b(?:t|temp|tmax|fridge|freezer|outside|outdoors|furnace|suprapubic|radial|femoral"
        r"|spt|foley|cath\w*|tube|drain|fr|gauge|size|fever|sheath|of|to|x|amb\w*"
        r"|walk\w*|wt|bmi|distance|at|than|about|approx)|[@<>=~+*])[\s:]{0,2}|[-/.])$",
        before,
        re.IGNORECASE,
    ):
        return False
    if re.match(
        r"(?:\.\d|/|\s?(?:foley|cath|sheath|tube|drain|chest|pigtail|walk|x\s?\d|max|oral|rectal"
        r"|temp|glidesheath|slender|introducer|pigtail|changed|exchanged|wire|guide|stent|catheter"
        r"|and|w/ (?:rw|fww|walker))\b)",
        after,
        re.IGNORECASE,
    ):
        return False
    if match["sex"] == "F" and 95 <= int(match["AGE"]) <= 107:
        return re.search(r"[a-z]{2}\W*$", before, re.IGNORECASE) is None or not match["gap"]
    if match["sex"].islower():
        return int(re.sub(r"\D", "", match["AGE"]) or 0) >= 14 or before.strip() == ""
    return True


RULES = (
    Rule(
        "67-year-old, 67 yo, 67 y.o., 67yoM, 67 years of age",
        rf"(?<![\w.,/-])(?P<AGE>{_N}){_YEARS}",
        0.98,
        check=lambda m: any(c.isdigit() for c in m["AGE"]),
        leads="0 l o ol",
    ),
    Rule(
        "3 of 3 and 5 year olds",
        r"(?<![\w.,/-])(?P<AGE>[1-9]\d?)(?:,| and| or| &)? (?:and |or |& )?(?=[1-9]\d?[\s-]?(?:year"
        r"|yr|y/?o)(?![\w]*s? (?:ago|later|hx|history)))",
        0.8,
        leads="0",
        check=lambda m: re.search(r"and|or|&|,", m[0]) is not None,
    ),
    Rule(
        "sixty-two y/o, twelve-year-old, three months old",
        rf"(?<![\w-])(?P<AGE>{_WORD})(?:{_YEARS}|[\s-](?i:months?|weeks?|days?)[\s-](?i:old))",
        0.97,
        cues=("y", "old"),
        leads="one two thr fou fiv six sev eig nin ten ele twe thi for fif",
    ),
    Rule(
        "3 day old, 18-month-old, 6 wk old",
        rf"(?<![\w.,/-])(?P<AGE>{_N})[\s-]{{0,2}}(?i:months?|mos?\.?|weeks?|wks?\.?|days?|d|hours?"
        rf"|hrs?)[\s./-]{{1,2}}"
        r"(?i:old|o)(?![a-z])",
        0.95,
        check=lambda m: any(c.isdigit() for c in m["AGE"]),
        leads="0 l",
    ),
    Rule(
        "67y, 67 yr M, 63yr",
        rf"(?<![\w.,/-])(?P<AGE>{_N})\s?(?:y|Y|yr|YR)(?:[ /]?(?P<sex>[MFmf])(?![a-z]))?"
        rf"(?![\w/'’-])",
        0.85,
        check=lambda m: (
            (
                re.search(
                    r"(?:\bx|hx|h/o|for|\bq|over|past|last|every|about|in|battery|life|pk"
                    r"|since)\s?$",
                    text_before(m, "AGE", 10),
                    re.I,
                )
                is None
                and re.match(
                    r"\s(?:w/|f/u|fu\b|ago|follow|later|post|supply|of\b|hx|history|prior|apart"
                    r"|before"
                    r"|after|from|out\b)",
                    m.string[m.end() : m.end() + 9],
                )
                is None
            )
            or m["sex"] is not None
        ),
        leads="0 l",
    ),
    Rule(
        "92F, 92 M, 67/F, 51m",
        r"(?<![\w.,/$#-])(?P<AGE>1[01]\d|[1-9]\d?)(?P<gap>[ /]{0,2})(?P<sex>[MF]|(?<=\d)[mf])"
        r"(?![\w'’&]|\.\d|/[A-Z0-9])",
        0.85,
        check=_sex,
        leads="0",
    ),
    Rule(
        "54 male, 8 week female, 34 yo F",
        rf"(?<![\w.,/-])(?P<AGE>{_N})[\s,-]{{1,2}}(?i:male|female|man|woman|boy|girl|gentleman"
        rf"|lady)(?!\w)",
        0.9,
        check=lambda m: any(c.isdigit() for c in m["AGE"]),
        leads="0 l",
    ),
    Rule(
        "M/67, F 70, male, 45",
        r"(?<![\w.'’/])(?P<sex>[MF]|(?i:male|female))[ ]?[/, ][ ]{0,4}(?P<AGE>1[01]\d|[1-9]?\d)"
        r"(?![\w/%.:-]|,\d| ?(?:kg|cm|lb|mg))",
        0.7,
        check=lambda m: (
            not (
                len(m["sex"]) == 1 and re.search(r"[\d°][ ]?$|[A-Za-z]$", text_before(m, "sex", 6))
            )
        ),
        leads="m f mal fem",
    ),
    Rule(
        "age 67, aged 4, Age: 67, Age..: 67, ages 9 and 11",
        r"(?<![A-Za-z])(?i:ages?|aged|ag e|edad)(?:(?i:/sex|/gender))?(?P<sep>[ .:_*|=\t]{0,12})(?:"
        r"(?i:of|at|is|about|~|approximately|est(?:imated)?)[ ]?)?"
        rf"(?P<AGE>{_N}(?!\d)|{_WORD}(?!\w))(?:(?:,| and| &|,? or| to|/|-)[ ]?(?P<AGE_2>\d{{1,2}})"
        rf"(?![\w/]))?"
        r"(?:(?:,| and| &|, and) ?(?P<AGE_3>\d{1,2})(?![\w/]))?",
        0.95,
        check=lambda m: (
            bool(m["sep"])
            and re.search(r"\b(?:by|after|over|under|before|until|for|of) $", text_before_match(m))
            is None
            and not re.match(r"[./:]\d|\d|\s?%", text_after(m, "AGE", 3))
        ),
        leads="age ag eda",
    ),
    Rule(
        "in his early 90s, her mid-40s, in their 70s",
        r"\b(?i:his|her|their|my|your|late|early|mid|pt|pts|in|f|m|age|male|female)[\s-](?:"
        r"(?i:early|late|mid"
        r"|middle|upper|low)[\s-])?(?P<AGE>[1-9]0['’]?s)(?!\w)",
        0.85,
        check=lambda m: (
            re.search(r"\b(?:his|her|their|f|m|early|late|mid|age|male|female)\b", m[0], re.I)
            is not None
            and re.search(
                r"(?:sats?|hr|rate|bp|sbp|temps?|glucose|spo2|o2|in the|fhts?)\s?$",
                text_before(m, "AGE", 24),
                re.I,
            )
            is None
        ),
        leads="his her the my you lat ear mid pt pts in f m age mal fem",
    ),
    Rule(
        "wife (44), son Max, 12, brothers 9 and 11",
        rf"\b(?i:{words(_KIN_WORDS)})(?P<name>(?:,? [A-Z][\w'’-]{{1,14}}){{0,3}})(?:,? \(?|\()(?:"
        rf"(?i:age|now|is|who is|x) )?(?P<AGE>[1-9]?\d)"
        r"(?:(?:,| &| and|, and) (?P<AGE_2>[1-9]?\d)(?![\w/]))?(?![\w/%:+#-]|[.,]\d)",
        0.85,
        check=_no_unit,
        leads=leads_of(_KIN_WORDS),
    ),
    Rule(
        "died at 58, MI @ 47, diagnosed at age 12, d. 71",
        rf"(?<![A-Za-z])(?i:{words(_ONSET_WORDS)})(?:,? (?i:at|@)(?: age)?| age)[ ]?"
        rf"(?P<AGE>[1-9]?\d)(?![\w/%:]|\.\d|,\d)",
        0.85,
        check=_no_unit,
        leads=leads_of(_ONSET_WORDS),
    ),
    Rule(
        "sister Agnes had a stroke at 58, since she was 21",
        r"(?i:\b(?:at|@|since (?:s?he|they|i) was|when (?:s?he|i) was|until age|until"
        r"|from birth to))"
        r"(?: about| age)? (?P<AGE>[1-9]\d)(?=[.;,)\n]| (?:from|of|with|after|by|in [A-Z]"
        r"|to be)\b)",
        0.7,
        leads="at sin whe unt fro",
        check=_of_kin,
    ),
    Rule(
        "since he was 2",
        r"\b(?i:since|when) (?i:s?he|they|i|pt) (?i:was|were) (?:about |only )?(?P<AGE>[2-9])"
        r"(?=[.;,)\n])",
        0.8,
        leads="sin whe",
    ),
    Rule(
        "uncle d. 47, dx 37, died 58",
        r"(?<![A-Za-z])(?i:d\.|died|dx) (?P<AGE>[1-9]\d)(?![\w/%:-]|[.,]\d)",
        0.8,
        check=_no_unit,
        leads="d die dx",
    ),
    Rule(
        "She is 49.",
        r"\b(?:She|He|Pt|Patient) is (?:now |only )?(?P<AGE>[1-9]\d)(?=[.,;]| and | today|$)",
        0.85,
        leads="she he pt pat",
    ),
    Rule(
        "Orla (now 4)",
        r"(?<=[a-z])(?:,| \() ?now (?P<AGE>[1-9]?\d)(?=[,;)]|\.(?!\d))",
        0.75,
        check=_no_unit,
    ),
    Rule(
        "turned 65, turning 16",
        r"\b(?i:turn(?:s|ed|ing)?|will be|now age)[ ](?P<AGE>[1-9]?\d)(?![\w/%:]|\.\d)",
        0.75,
        cues=("turn", "will be"),
        check=_no_unit,
        leads="tur wil now",
    ),
    Rule(
        "Ada, 34, a baker; Ada (34)",
        r"(?<=[a-z])(?:, (?=\d{1,3}[,.;)\n])| \((?=\d{1,3}[);,])(?!0)|, (?=\d\d, (?:a|an|is|was|who"
        r"|of"
        r"|and)\b))(?P<AGE>1[01]\d|[1-9]\d|(?<=\()[1-9])",
        0.7,
        check=_after_a_name,
    ),
    Rule(
        "DOB 5/22/36 (82), DOB / Age | 2/5/1976 / 47, 06/06/1970  48 y",
        r"(?P<date>\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)|[A-Z][a-z]+ \d{1,2}, \d{4})[ ]{0,4}(?:\("
        r"|/ |\| |, | )(?P<AGE>1[01]\d|[1-9]?\d)(?=[ ]?(?:\)|y|Y|\||$|\n)|  )",
        0.75,
        check=lambda m: (
            re.search(r"(?:d\.?o\.?b|born|birth|age)\b.{0,20}$", text_before(m, "date", 30), re.I)
            is not None
        ),
        leads="0 jan feb mar apr may jun jul aug sep oct nov dec",
    ),
    Rule(
        "15 mo well child, 8 mo m",
        r"(?<![\w.,/-])(?P<AGE>\d{1,2}) ?(?:mo|mos|month|months|wk|wks|week)\.? (?:[mf](?![\w'/])"
        r"|[MF](?!\w)|male|female|boy|girl|well|WELL|infant|baby)",
        0.85,
        leads="0",
    ),
)
