"""Occupations of patients and relatives by the nouns that name them."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, text_after, text_before, words

_NOUN = words(
    "accountants? actors? analysts? correspondent trainer package_handler baggage_handler"
    " stockbroker actress actuary agronomist apprentice arborist architects? artists?"
    " assemblers? auctioneer auditor bailiff bakers? barber barista bartenders? beautician"
    " biologist bookkeeper botanist breeder bricklayer brewer broker builder butcher"
    " cabinet_?makers? carman carpenters? cartographer caretaker cashiers? caterer cellist chefs?"
    " chemist chiropractor clerks? cleaners? clergyman comedian commuter contractor cooks?"
    " cosmetologist courier crabber crewman custodians? dancers? deckhands? designers? detailer"
    " developer dishwashers? dispatchers? diver drummer drivers? electricians? engineers?"
    " entrepreneur estimator expediter fabricator falconer farmers? farmhand farrier firefighters?"
    " fishermen fisherman flagger florists? foreman forelady forester framer fruit_picker furrier"
    " gardener geologist glassblower glazier grocer groundskeeper guitarist hairdressers? handyman"
    " hanger hauler housekeepers? housepainter illustrator innkeeper inspectors? instructors?"
    " insurer ironworker janitors? jeweler jockey journalist judge knitter laborers? landscapers?"
    " laundress librarians? lifeguard lineman linemen lobsterman locksmith loggers? longshoreman"
    " machinists? maids? mail_?man mason mechanics? merchant millwright miners? musician nanny"
    " novelist oboist operators? organist packers? painters? paralegals? pastry_chef photographer"
    " pianist picker pilots? pipefitter plasterer plumbers? poet policeman potter printer"
    " professors? programmers? radiographer ranchers? realtor receptionists? reporter riveter"
    " roofers? roustabout saddle_maker sailors? salesman saleswoman salesperson sawyer"
    " schoolteachers? sculptor seamstress secretary server shepherd shipwright shoemaker shrimpers?"
    " silversmith singer sommelier stagehand statistician stenographer stevedore steward stewardess"
    " stockbroker stocker stonemason stylist superintendent surveyor tailors? tattooist taxi_driver"
    " teachers? tellers? tilers? toolmaker translator trapper trappers? trucker truckers"
    " upholsterer underwriter ushers? vendor veterinarians? violist violinist waiters? waitress"
    " waitresses warehouseman watchmaker weavers? welders? woodworker writers? zookeeper"
)
_COMPOUNDS = {
    "workers?": (
        "factory farm mill mine postal auto steel construction dock warehouse oil_?field childcare"
        " day_care sanitation production line plant poultry foundry shipyard garment cannery"
        " orchard field office retail restaurant assembly sheet_metal ranch casino census"
    ),
    "tech(?:nician)?s?": (
        "nail lab pharmacy radiology x-?ray hvac dental vet veterinary auto computer it surgical"
        " surveying test audio"
    ),
    "managers?": (
        "office store plant bank restaurant property project shop sales warehouse hotel stage ranch"
        " kitchen cafeteria case"
    ),
    "attendants?": "flight parking gas_station nursing_home",
    "agents?": "insurance travel real_estate customs border federal ticket union sales",
    "officers?": "police customs corrections? probation parole petty loan security",
    "guards?": "security prison border crossing coast",
    "aides?": "home_health teacher['’]s nurse['’]s nurse kindergarten day_?care",
    "assistants?": "dental administrative medical legal nursing teaching",
    "students?": "college law nursing medical engineering graduate grad high_school art seminary",
    "(?:interpreter|reporter|stenographer)": "court sign_language",
    "(?:biologist|rehabilitator)": "wildlife marine state",
    "(?:brakeman|carman|conductor)": "railroad road",
    "owner": "salon restaurant store shop business farm company day_care gallery",
    "hand": "ranch farm turpentine deck stage",
    "dealer": "blackjack card car art",
    "(?:coach|announcer|clown|rider)": "football basketball hockey soccer track rodeo bull",
    "(?:preparer|collector|assessor)": "tax",
    "(?:warden|reader|lead|stitcher|catcher|boss|man|swimmer)": (
        "game meter line shoe chicken crew boiler smelter rescue"
    ),
    "(?:hygienist|trooper|steward)": "dental state highway shop union",
    "(?:sheriff|marine|seaman|driver|lady|die maker|teacher|maker)": (
        "deputy merchant truck lunch tool_and social_studies home"
    ),
}
_SINGLE = words("nuns? deacon homemaker sharecroppers? schoolteacher trimmer midwives porter")
_COMPOUND = "|".join(f"{words(kinds)} {noun}" for noun, kinds in _COMPOUNDS.items())
_MODIFIER = (
    r"(?:(?!(?:the|a|an|his|her|their|our|my|as|was|is|are|were|be|by|of|to|and|or|with|w|for|in|on"
    r"|at|from|former|retired|ret|now|who|has|had|have|works?|worked|working|been|new|old|young"
    r"|current|one|two|no|not|also|both|this|that|per|then|via|sees|saw|seen|called|former|pt"
    r"|patient|male|female|man|woman|year|yo|lady|guy|wife|husband|son|daughter|mother|father|mom"
    r"|dad|designated|truck|sober|primary|licensed|active|right|left|handed|divorced|married|single"
    r"|widowed|disabled|unemployed|retired|parents|mainly|mostly|usually|herself|himself|later"
    r"|gifted|restr|restrained|belted|drunk|reg|delayed|pathology|freshman|bilingual|turned|will"
    r"|local|another|treating|much|appeared|my|i|you|his|local|lead|former"
    r"|still)\b)[a-z'’-]{3,14}[ ])"
)
_TOOL = re.compile(
    r"\s(?:needle|syringe|drive|screw|port|site|name|signature|note|id|number|assessment|error"
    r"|dependent|mutation|cells?|tube|used)\b",
    re.IGNORECASE,
)
_NOT_JOB = re.compile(
    r"(?:\bcpap|\bvent|pump|needle|screw|clip|nail|image|stimulus|gene|driver|mutation|the|lead"
    r"|anchor|coat)[ -]$",
    re.IGNORECASE,
)


_BESIDE = re.compile(
    r"\b(?:his|her|their|the|by|and|treated by|school|kindergarten)\s$", re.IGNORECASE
)
"""Before a job and a name it is somebody else's: noticed by his teacher, Miss Quill."""


_KNOWN_BY_JOB = frozenset(
    ["teacher", "foreman", "lifeguard", "firefighter", "courier", "coach", "driver"]
)


def _is_job(match: re.Match[str]) -> bool:
    """Accept an occupation; refuse the needle driver and the operator of a device."""
    noun = match["noun"].lower().rstrip("s")
    before, after = text_before(match, "PROFESSION", 16), text_after(match, "PROFESSION", 14)
    if _TOOL.match(after) or (
        noun in load_lexicon().job_roles and match["PROFESSION"].lower().rstrip("s") == noun
    ):
        return False
    if re.match(r"(?:needle|screw|nail|pin|wire|image|laser|suture|clip)\b", match["PROFESSION"]):
        return False
    if (
        noun in _KNOWN_BY_JOB
        and re.match(
            r"[,:]? (?:(?:Mr|Mrs|Ms|Miss|Dr|Sgt|Sgto)\b|[A-Z][a-z]+(?: [A-Z][a-z]+)?[ ,.](?!at\b))",
            after,
        )
        and _BESIDE.search(before)
    ):
        return False
    if noun == "cook" and re.search(
        r"(?i)\b(?:to|i|will|can|could|not|sister|mom|she|he|they|parents)\s$", before
    ):
        return False
    return _NOT_JOB.search(before) is None and not after.startswith((":", "'s", "’s", "-"))


RULES = (
    Rule(
        "school bus driver, line cook, dairy farmer",
        rf"(?<![\w-])(?P<PROFESSION>{_MODIFIER}{{0,2}}(?P<noun>{_NOUN}|{_SINGLE}|{_COMPOUND}))"
        r"(?!\w)",
        0.75,
        check=_is_job,
    ),
    Rule(
        "she is a nurse; wife (RN)",
        r"(?:(?i:\b(?:is|was|as|works?|retired|former|ret\.?|mom|mother|wife|sister|daughter"
        r"|husband|trained|licensed|student)(?: (?:an?|her|his))?(?: (?:retired|former))?) )"
        r"(?P<PROFESSION>(?:(?:ICU|ER|ED|OR|psych|school|home health|charge|hospice|travel"
        r"|respiratory|physical|occupational|speech|massage|corrections) )?(?:nurse(?: midwife"
        r"| anesthetist)?|pharmacist|phlebotomist|paramedic|midwife|therapist|dentist|physician"
        r"|surgeon|social worker|CNA|LPN|STNA|RN|EMT|attorney|lawyer|pastor|preacher|soldier"
        r"|veterinarian))(?!\w)",
        0.75,
        leads="is was as wor ret for mom mot wif sis dau hus tra lic stu",
        check=lambda m: (
            re.match(
                r"[ ,]*(?:[A-Z][a-z]|at bedside|notified|aware|spoke|to )",
                text_after(m, "PROFESSION"),
            )
            is None
        ),
    ),
    Rule(
        "waits tables, laid brick, grooms dogs",
        r"(?<![\w-])(?P<PROFESSION>(?i:waits?(?:ed|ing)? tables|l(?:ays?|aid|aying) bricks?|groom"
        r"(?:s|ed|ing)? dogs|cleans?(?:ed|ing)?"
        r" (?:houses|offices|hotel rooms)|stock(?:s|ed|ing)? shelves"
        r"|tends? bar|mow(?:s|ed|ing) lawns|hangs? drywall))(?!\w)",
        0.75,
        leads="wai lay lai gro cle sto ten mow han",
    ),
    Rule(
        "Occupation: roofer; retired welder",
        r"(?i:occ(?:upation)?|profession|job title|line of work)[ ]?[.:_]{1,8}[ ]?(?:(?i:retired"
        r"|ret\.|former)[ ])?(?P<PROFESSION>[A-Za-z][A-Za-z'’-]{2,14}(?: [A-Za-z'’-]{3,14}){0,3})"
        r"(?![\w])",
        0.85,
        leads="occ pro job lin",
        check=lambda m: (
            m["PROFESSION"].lower().split()[0]
            not in ("none", "retired", "unknown", "disabled", "unemployed", "student", "not")
        ),
    ),
)
