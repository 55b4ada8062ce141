"""Numbers that name a person, an account, a device, a vehicle or a document."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Check, Rule, text_after, text_before, words

_CODE = r"[A-Za-z0-9]{1,24}(?:[-./:_][A-Za-z0-9]{1,16}){0,5}"
_SPACED = r"(?: [0-9A-Z]{0,4}[0-9OlI][0-9A-Z]{0,6}(?![\w/.:]| ?(?:y|yo|M|F|kg|mg|ml)\b|\s?-)){0,3}"
_PREFIX = r"(?:[A-Z]{1,5} (?=[\dOl]))?"
_MARK = (
    r"(?:[ ]?(?i:#s?|nos?\.?|n0\.?|num(?:ber)?\.?|nbr|id|is|was|=))?[ ]?(?:#|(?i:id|no\.?"
    r"|is))?[ .:#=_|*~\t(-]{0,14}"
)
_VOWELED = re.compile(r"[a-z]{3,}|^\d{1,2}/\d{1,2}|^\d{1,2}[-/]\d{1,2}[-/]\d{2,4}$")
_QUANTITY = re.compile(
    r"\s?(?:%|mg|mcg|ml|cc|kg|g|lbs?|cm|mm|units?|hrs?|hours?|days?|weeks?|wks?|months?|mos?|years?"
    r"|yrs?|yo|y/o|minutes?|min|times|x|am|pm|beats|bpm|degrees?|of|french|fr|pills?|tabs?|l\b)\b",
    re.IGNORECASE,
)


def _is_number(label: str, digits: int) -> Check:
    def check(match: re.Match[str]) -> bool:
        value = match[label]
        if _VOWELED.search(value) or sum(c.isdigit() for c in value) < digits:
            return False
        if label == "IDNUM" and re.match(r"[\w ,;.-]{0,24}\blot\b", text_after(match, label), re.I):
            return False
        return not _QUANTITY.match(text_after(match, label, 12))

    return check


def _cued(
    source: str,
    label: str,
    cues: str,
    *,
    digits: int = 3,
    score: float = 0.9,
    spaced: bool = False,
) -> Rule:
    value = f"{_PREFIX}{_CODE}{_SPACED}" if spaced else f"{_PREFIX}{_CODE}"
    pattern = rf"(?<![A-Za-z])(?i:{words(cues)})(?![A-Za-z]){_MARK}(?P<{label}>{value})(?![\w])"
    leads = {m[0][:3].lower() for cue in cues.split() if (m := re.match("[a-z]+", cue))}
    leads |= {"rec", "hos", "uni", "cli", "reg", "pt", "pat"} if label == "MEDICALRECORD" else set()
    leads |= {"rxb", "rxg", "rxp", "rxi", "m", "mr", "mrn", "med", "sn", "s"} | {
        m[0][:2] for cue in cues.split() if (m := re.match("[a-z]{2}", cue))
    }
    return Rule(source, pattern, score, " ".join(sorted(leads)), (), _is_number(label, digits))


def has_dea_checksum(number: str) -> bool:
    """Say whether seven digits pass the check of the US drug enforcement agency's numbers."""
    digits = [int(c) for c in number[-7:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def has_npi_checksum(number: str) -> bool:
    """Say whether ten digits pass the Luhn check of a US provider's number (prefix 80840)."""
    total = 0
    for place, char in enumerate(reversed("80840" + number)):
        digit = int(char)
        if place % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def _plain_number(match: re.Match[str]) -> bool:
    """Accept a long number or a code of letters and digits that is no drug, gene or model."""
    value = match["IDNUM"]
    return (
        not _QUANTITY.match(text_after(match, "IDNUM", 12))
        and (
            re.search(
                r"(?:cpt|icd|ndc|hcpcs|ref(?![a-z])|model|loinc|snomed|rxnorm|code|manual|product"
                r"|wac|fish by|trial of|prepro)[-\s:#.,A-Z0-9]{0,10}$",
                text_before(match, "IDNUM", 18),
                re.IGNORECASE,
            )
            is None
        )
        and re.fullmatch(
            r"(?:[01]\d|2[0-4])[0-5]\d-(?:[01]\d|2[0-4])[0-5]\d|(?:19|20)\d\d-(?:19|20)\d\d"
            r"|CMS-\d{3,4}|[RW]BCs?-?\d+|HEK-?\d+|GM\d{5}|COVID-\d+|ORG\d+|I-\d{3}",
            value,
        )
        is None
    )


RULES = (
    Rule(
        "123-45-6789",
        r"(?<![\w-])(?P<SSN>[\dO]{3}[- ][\dOlI]{2}[- ][\dOlI]{4})(?![\w]|-\d)",
        0.9,
        check=lambda m: "-" in m[0] or "ss" in text_before(m, "SSN", 10).lower(),
    ),
    Rule("xxx-xx-6789, ***-**-6789", r"(?P<SSN>[xX*]{3}-?[xX*]{2}-?\d{4})(?!\w)", 0.97),
    Rule(
        "SSN 123456789, last four of SSN 6789",
        r"(?i:\bssn?\b|\bss ?#|social(?: security)?(?: (?:no|number|num))?|last (?:four|4)(?: "
        r"(?:ssn|of ssn|social))?)[^\d\n]{0,18}(?P<SSN>[\dOlI]{3}[- ]?[\dOlI]{2}[- ]?[\dOlI]{4}"
        r"|\d{4})(?![\w/]|-\d)",
        0.9,
        cues=("ss", "social", "last four", "last 4"),
        leads="ss ssn soc las",
    ),
    _cued(
        "MRN 1234567, Med Rec # 12-34-56, chart no. AB-1234, Pt ID 12345",
        "MEDICALRECORD",
        "mrn m\\.r\\.n?\\.? mr(?=[#:._\\s]|\\d{5}) med(?:ical)?\\.?_rec(?:ord)?s?\\.? m_r_n"
        " (?:record|hosp(?:ital)?|unit|clinic|reg(?:istration)?)_(?:no\\.?|number|#) chart"
        " (?:pt|patient|client)\\.?_(?:id|no\\.?|number|#|rec(?:ord)?) ucc hh# ei# e# u#",
        spaced=True,
        score=0.93,
    ),
    _cued(
        "S/N 1234, serial no. AB1234, lot 81F40K",
        "DEVICE",
        "s/?n ser serials? serial_(?:no|number|num)\\.? lot lots udi ser\\.",
        digits=1,
        spaced=True,
    ),
    _cued(
        "NPI 1234567893, DEA AB1234563, Lic. 12345, CLIA 12D1234567, passport AB12345",
        "LICENSE",
        "npi np1 dea clia lic license(?!_plate) licen[sc]e_(?:no|number) lic\\. oln dl cdl"
        " driver['’]?s?_lic(?:ense)?\\.? passport(?:_(?:no|number))? cert(?:ificate)?\\.? asclp"
        " ascp ardms registry registration visa ead",
        spaced=True,
    ),
    _cued(
        "member ID ABC123456, policy 1234, group 1234, Medicare 1EG4-TE5-MK72, Medicaid 123",
        "HEALTHPLAN",
        "member mem memb policy subscriber subsc sub group(?=_?[#:.]|_\\d{4,}) grp mbi hicn?"
        " medicare medicaid mcare mcaid ins(?:urance)?(?:_(?:id|no|#))? plan_id beneficiary"
        " rx_?(?:grp|group|pcn|id) pcn(?=_?[:#])"
        " ma_plan m# hic payer_id",
        digits=4,
        spaced=True,
    ),
    Rule(
        "1EG4-TE5-MK72",
        r"(?<!\w)"
        r"(?P<HEALTHPLAN>[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d\d)(?!\w)",
        0.97,
    ),
    _cued(
        "acct 1234567, FIN 1234, CSN 1234, encounter 1234, claim # 1234",
        "ACCOUNT",
        "acct acct\\. account fin csn har enc(?:ounter)? visit(?=_?(?:#|no|id)|_\\d{5})"
        " guar(?:antor)? billing claim invoice_",
        digits=3,
        spaced=True,
    ),
    _cued(
        "accession 20-12345, case # 12, study ID 12, job 1234, ref 1234, auth # 12, badge 12",
        "IDNUM",
        "acc acc# accession access\\.? case(?=_?[#:.]|_(?:no|id|num)|_[A-Z]{0,4}-?\\d\\d)"
        " study(?=_?(?:id|#|no)) subject(?=_(?:id|no|#|\\d)) order(?=_?(?:#|no|id))"
        " job(?=_?(?:#|id|no|\\d{4})|_[A-Z]*-?\\d) jb dict_id ref ref\\."
        " reference(?:_(?:no|number|#))? auth(?:orization)?\\.? incident booking badge"
        " conf(?:irmation)?\\.? rx(?=_?#) ticket meeting_id irb protocol(?=_?#) req(?:uisition)?"
        " specimen sample(?=_\\d) din interp(?:reter)?(?:_id|_#)? run(?=_?#) event(?=_[A-Z#])"
        " file_(?:no|number|#) docket tracking_(?:no|number|#)? ups fedex batch txn"
        " transaction(?:_no)? permit po(?=_?#) emp(?:loyee)?\\.?_(?:no|id|#|number)\\.? invoice"
        " report(?=_(?:no|#|\\d{5})|_?#) warrant hold_no\\.? session(?!_(?:#|ip)) registry_subject"
        " kit(?=_?#)"
        " exam_?# sid crossmatch typenex armband band(?=_[#A-Z\\d]) envelope env voucher rcpt"
        " receipt barcode bands?(?=_?#|_\\d{4}) census(?=_#) a-?number alien_no\\.? uscis"
        " c-file mission roi subj(?:ect)?_no\\.? ctl pin(?=_\\d{4}) share_code clinic_code"
        " meeting(?=_\\d{3})"
        " path(?=_[A-Z]+\\d) crash_rpt slides?(?=_[A-Z]+\\d) unit(?=_[A-Z]-?\\d)"
        " eeg_(?:no\\.?|number) card_no\\.? key_box_code query_id"
        " person_letter encounter_no case_number pcr id(?=_?[#:]|_[A-Z]{0,4}[-_]?\\d{3,}) enr# a#"
        " sheet doc= voice_job bracelet(?:_no)?\\.? referral(?=_\\d) trial_id screening_(?:no|#)"
        " rga",
        digits=2,
        spaced=True,
        score=0.85,
    ),
    Rule(
        "bed 12, bed 9-A, bed C, chair 4, isolette D-31",
        r"(?<![A-Za-z])(?i:bed|chair|crib|bassinet|isolette|incubator|kennel|bunk|cot)[ ]?"
        r"(?i:#|no\.?)?[ :#]{0,2}(?P<IDNUM>"
        r"(?:[A-Z]{1,5}[- ]?)?\d{1,4}[A-Za-z]?(?:-[A-Za-z0-9]{1,4})?|[A-H])(?![\w/]|\.\d)",
        0.8,
        cues=(
            "bed",
            "chair",
            "crib",
            "bassinet",
            "isolette",
            "incubator",
            "kennel",
            "bunk",
            "cot",
        ),
        check=lambda m: (
            not _QUANTITY.match(text_after(m, "IDNUM", 10)) and not re.fullmatch(r"\dx", m["IDNUM"])
        ),
        leads="bed cha cri bas iso inc ken bun cot",
    ),
    Rule(
        "fingerprint FP-1234, iris template IR-1234, palm scan 12",
        r"(?i:finger ?prints?|thumb ?prints?|foot ?prints?|palm(?:[- ]vein)?|iris|retina(?:l)? scan"
        r"|template|voice(?:print| sample| verified)?|afis|biometric|prints|live ?scan"
        r"|enrollment)[^\d\n]{0,32}?(?P<BIOID>(?:(?!ID )[A-Z]{2,5}[ :])?"
        r"(?=[\w.-]{0,12}\d)[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,12}){1,5}(?:\.[a-z]{3})?"
        r"|[A-Z]{2,4}\d{4,}[A-Z]?)(?!\w)",
        0.85,
        cues=(
            "print",
            "palm",
            "iris",
            "retina",
            "template",
            "voice",
            "afis",
            "biometric",
            "scan",
            "enroll",
        ),
        leads="fin thu foo pal iri ret tem voi afi bio pri liv enr",
    ),
    Rule(
        "| 6620-K-417 | QR83D | in a table of implants",
        r"\|[ ]{0,8}\d{4,5}-(?:[A-Z]-)?\d{3,4}[ ]{0,12}\|[ ]{0,4}(?P<DEVICE>[A-Z0-9]{4,9}"
        r"(?:-\d{1,4})?)"
        r"(?:, ?(?P<DEVICE_2>[A-Z0-9]{4,9}))?[ ]{0,20}\|",
        0.85,
        cues=("|",),
    ),
    Rule(
        "(01)00812345678906(17)200131(10)AB1234",
        r"\(01\) ?(?P<DEVICE>\d{14}(?: ?\(\d\d\) ?[A-Z0-9-]{1,20}){0,4})(?!\w)",
        0.95,
        cues=("(01)",),
    ),
    Rule(
        "S12-12345, MR19-7021, 20-114-20931, AB1234567",
        r"(?<![\w./+-])(?P<IDNUM>[A-Z]{1,5}-?\d{2,4}-\d{3,8}(?:-[A-Z0-9]{1,6})?"
        r"|\d{2}[A-Z]{0,2}-\d{4,7}|\d{4}-\d{4,9}|[A-Z]{1,5}-?\d{5,12}[A-Z]{0,2}|[A-Z]{1,4}-\d{4,8}"
        r"(?:-[A-Z0-9]{1,6})?|\d{2,4}-\d{2,4}-\d{3,6}|[A-Z]{2,6}(?:-[A-Z0-9]{1,8}){1,3}-\d{3,12})"
        r"(?![\w/]|\.\d|-\d)",
        0.75,
        check=_plain_number,
    ),
    Rule(
        "1234567893, a provider's number by its check digit",
        r"(?<![\w./,$-])(?P<LICENSE>[12]\d{9})(?![\w/]|[.,-]\d)",
        0.85,
        check=lambda m: has_npi_checksum(m["LICENSE"]),
        leads="0",
    ),
    Rule(
        "AB1234563, a DEA number by its check digit",
        r"(?<![\w./-])(?P<LICENSE>[A-HJ-MPRSTUX][A-Z9]\d{7})(?![\w/]|[.,-]\d)",
        0.85,
        check=lambda m: has_dea_checksum(m["LICENSE"]),
    ),
    Rule(
        "123456789",
        r"(?<![\w./,$-])(?P<IDNUM>\d{7,18}[A-Z]?)(?![\w/]|[.,-]\d)",
        0.75,
        check=_plain_number,
    ),
    Rule(
        "#1234567",
        r"(?<!\w)#[ ]?(?P<IDNUM>[A-Z]{0,5}-?\d{4,12}[A-Z]?(?:-[\w]{1,8}){0,3}"
        r"|[A-Z]{1,3}\d{1,3}-\d{3,8})(?![\w/])",
        0.85,
        cues=("#",),
        check=lambda m: (
            re.search(
                r"(?i)(?:model|product|lot|catalog|cat|size|part)\s?$",
                text_before(m, "IDNUM", 14).rstrip("# "),
            )
            is None
        ),
    ),
    Rule(
        "W0507 22 118204, A310 552 908",
        r"(?<![\w-])(?P<IDNUM>[A-Z]\d{4} \d\d \d{6}|A-?\d{3} \d{3} \d{3})(?!\w)",
        0.9,
    ),
    Rule(
        "Harvard Pilgrim (QX2048116-01), BlueCross QRT 310882046, insurance ... ID KV 0311 620 94",
        r"(?i:\b(?:ins(?:urance|urer)?|plan|medicaid|medicare|tr[i1]care|blue ?(?:cross|shield)"
        r"|bcbs|payor|payer|carrier|recip(?:ient)?|fund|health|healthcare|pilgrim|humana|aetna"
        r"|cigna|anthem|molina|premera|advantage|care|coverage))\b[.:]?(?: [A-Z][\w-]{2,14}| "
        r"(?i:hmo|ppo|plan|card|new)){0,3}[:,]?[ (]{1,2}(?i:ids?|no\.?|#|number)?[ :#]{0,3}"
        r"(?P<HEALTHPLAN>[A-Z]{0,4} ?\d[\dA-Z]{2,12}(?:[- ][\dA-Z]{1,7}){0,4})(?![\w/])",
        0.8,
        leads="ins pla med tri tr blu bcb pay car rec fun hea pil hum aet cig ant mol pre adv cov",
        check=lambda m: (
            sum(c.isdigit() for c in m["HEALTHPLAN"]) >= 7
            and not _QUANTITY.match(text_after(m, "HEALTHPLAN", 10))
        ),
    ),
)
