"""The states of the USA by name, abbreviation and code."""

from __future__ import annotations

import re

from pipeline.deid.rules.bodies import INSTRUMENT_AFTER
from pipeline.deid.rules.rule import Rule, leads_of, text_after, words

_NAMES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia"
    " Hawai['’]?i Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland"
    " Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada New_Hampshire"
    " New_Jersey New_Mexico New_York North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania"
    " Rhode_Island South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia Washington"
    " West_Virginia Wisconsin Wyoming Puerto_Rico Guam"
)
_STATE_NAME = words(_NAMES)
_STATE_CAPITALS = words(_NAMES.upper().replace("HAWAI['’]?I", "HAWAII"))
_STATE_CODE = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM"
    " NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU 0H"
)
STATE_SHORT = words(
    "Ala\\. Ariz\\. Ark\\. Calif\\. Colo\\. Conn\\. Del\\. Fla\\. Ga\\. Ill\\. Ind\\. Kans?\\."
    " Ky\\. La\\. Md\\. Mass\\. Mich\\.? Minn\\. Miss\\. Mo\\. Mont\\. Neb\\. Nev\\. N\\.H\\."
    " N\\.J\\. N\\.M\\. N\\.Y\\. N\\.C\\. N\\.D\\. Okla\\. Ore\\. Pa\\. R\\.I\\. S\\.C\\. S\\.D\\."
    " Tenn\\. Tex\\. Vt\\. Va\\. Wash\\. W\\.?_?Va\\. W\\.V\\. Wis\\. Wyo\\. P\\.R\\. D\\.C\\."
)
STATE = rf"(?:{_STATE_CODE}(?![A-Za-z])|{STATE_SHORT}|(?i:{_STATE_NAME})(?![A-Za-z]))"

_NOT_STATE = re.compile(
    r"\s(?:heart association|dissector|forceps|tube|verbal|pouch|scale|criteria|retractor|method"
    r"|score|neck|protocol|gambling|card sort|verbal|multiphasic|fas\b)",
    re.IGNORECASE,
)


def _is_state(match: re.Match[str]) -> bool:
    after = text_after(match, "STATE", 60)
    return _NOT_STATE.match(after) is None and INSTRUMENT_AFTER.match(after) is None


RULES = (
    Rule(
        "in Ohio, New Mexico",
        rf"(?<![\w-])(?P<STATE>(?:{_STATE_NAME}|{_STATE_CAPITALS}))(?!\w|-)",
        0.85,
        check=_is_state,
        leads=leads_of(_NAMES),
    ),
    Rule(
        "ST: OH, state OH, from OH",
        rf"(?:\b(?i:state|st|in|from|to|of)[ .:_]{{1,5}})(?P<STATE>{STATE_SHORT}|(?<=[.:_])"
        rf"(?:{_STATE_CODE}))(?![\w])",
        0.8,
        leads="sta st in fro to of",
    ),
)
