"""What medicine knows everywhere and identifies nobody: its bodies, instruments and peoples.

Guideline bodies, agencies and payers (AHA, American College of Radiology, Medicare), instruments
named after places (Edinburgh Postnatal Depression Scale), ethnic groups.
"""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import words

_ACRONYM = words(
    "AHA ACC ASA HFSA HRS SCAI ESC EAS ESH ISH EACTS STS NCCN ASCO ESMO SITC ASTRO USPSTF FDA EMA"
    " MHRA WHO CDC ACIP NIH NHLBI NCI NIDDK NICE SIGN BTS BSG GOLD GINA KDIGO KDOQI NKF ERA ADA"
    " EASD AACE ATA ACP AAFP AAP ACOG SMFM ASRM IDSA SHEA ATS ERS CHEST ACCP SCCM ESICM PADIS"
    " AASLD EASL ACG AGA ASGE AAN AES ILAE NCS ASH ISTH AABB ACR EULAR ASHP AGS AMDA AAO AAD AUA"
    " EAU ACEP ACS EAST ASRA ERAS CMS OSHA DEA FMCSA AHRQ HRSA HHS HEDIS NCQA TJC JCAHO UNOS OPTN"
    " ICER ISMP NIOSH EPA ECDC PHQ MELD HIPAA EMTALA ACA"
)
_NATION = (
    r"(?:American|British|European|Canadian|Scottish|Australian|Asian|World|International|National"
    r"|Global|Royal|U\.?S\.?|United States)"
)
_FIELD = (
    r"(?i:(?:\w*(?:olog|iatr|cardi|thora|gastro|hepat|neuro|nephr|surg|medic|physic|radi|anesth"
    r"|obstet|gynec|pathol|nutri|diabet|endocr|rheum|immun|transplant|genet|epilep|infect|disease"
    r"|sclerosis|arthrit|pharm|vascul|toxic|osteopor|allerg|ophthal|palliat|nurs|psych)\w*)"
    r"|cancer|kidney|liver|lung|heart|stroke|thyroid|chest|headache|sleep|pain|health|critical"
    r"|care|emergency|family|preventive|prevention|clinical|comprehensive|bone|blood|marrow|asthma"
    r"|services?|control|drug|food|excellence|hypertension|fertility|menopause|sepsis|surviving"
    r"|resuscitation|spine|trauma|burn|sports|advisory|practices|safety|quality)"
)
_KIND = (
    r"(?:Society|Association|Academy|College|Foundation|Federation|Institutes?|Organi[sz]ation"
    r"|Task Force|Network|Council|Committee|Agency|Campaign|Initiative|Administration|Centers"
    r"|Collaboration|Working Group)"
)
_OF = rf"(?: (?:of|for|on|in|and|&|the|America|Europe|{_FIELD}))"
_BODY = re.compile(
    rf"(?:[Tt]he )?(?:{_ACRONYM}(?:[/-]{_ACRONYM}){{0,4}}|"
    rf"{_NATION} (?:{_FIELD} (?:and )?){{0,3}}{_KIND}{_OF}{{0,8}}|"
    rf"(?:{_FIELD} (?:and )?){{1,4}}{_KIND}{_OF}{{0,8}}|Society (?:of|for){_OF}{{1,6}}|"
    r"(?:Institute of Medicine|Joint Commission|Choosing Wisely|Cochrane|Leapfrog(?: Group)?"
    r"|UpToDate|DynaMed|PubMed|Medicare (?:Advantage|Part [A-D])|Medicare|Medicaid"
    r"|Affordable Care Act|Women['’]s Health Initiative|Nurses['’] Health Study"
    r"|Framingham(?: Heart Study)?|Beers))"
    r"(?:['’]s?)?(?: (?:19|20)\d\d)?(?: (?:guid\w+|criteria|advice|statement|recommendations?"
    r"|(?:step|stage|grade|group|class|category) [0-9A-EIV]+"
    r"|standards?|report|update|consensus|label|schedule|review))*"
)
_EMPLOYED = re.compile(
    r"\b(?:work(?:s|ed|ing)?|employ\w+|volunteer\w*|job|jobs|president|director|board|member"
    r"|donat\w+|retired|manager|clerk|secretary) [^.;\n]{0,24}$",
    re.IGNORECASE,
)
_INSTRUMENT = (
    r"(?i:criteria|classifications?|scores?|scales?|systems?|protocols?|guidelines?|rules?|version"
    r"|grades?(?! school)|grading|index|formula|statement|consensus|collars?|questionnaire"
    r"|inventory|checklist|algorithm|equation|staging|definition|nomogram|stool|cohort)"
)
_NAMED = (
    r"(?:[A-Z][\w-]*|(?i:stool|triage|syncope|fall|risk|pain|sleep|coma|consensus|verbal|hand|hip"
    r"|head|ankle|knee|heart|lung|bleeding|severity|system|learning|depression|postnatal|cognitive))"
)
INSTRUMENT_AFTER = re.compile(
    rf"(?:['’]s)?[ -](?:{_NAMED}[ -]){{0,3}}{_INSTRUMENT}(?!\w)"
    r"|['’]s (?:[a-z-]+ ){1,3}(?:criteria|classification|score|staging|inventory|scale|tool"
    r"|calculator|index)\b| (?:[a-z-]+ )?(?:[a-z-]+ (?:tool|calculator)|type|stand|model"
    r"|spotted fever|wort|[A-Z][a-z]+ Experiment|Study|Studies|Trial)\b"
)
"""What makes a place's name an instrument's: Boston criteria, San Francisco Syncope Rule."""
_INSTRUMENT_END = re.compile(rf"[ -]{_INSTRUMENT}$")
_OWNER = re.compile(r"['’]s ")
_PEOPLE = re.compile(
    words(
        "american african asian european hispanic latino latina latinx caucasian black white"
        " chinese japanese korean indian mexican canadian british ashkenazi sephardic jewish"
        " mediterranean scandinavian arab filipino vietnamese polynesian native alaska han thai"
        " pacific islander south east southeast southern northern western eastern non middle"
        " us usa uk eu hemisphere sub saharan ancestry descent"
    )
)


def end_of_body(text: str, start: int, end: int) -> int:
    """Return where the public body ends with which a stretch of text begins.

    Args:
        text: Raw text.
        start: Its first code point.
        end: One past its last code point.

    Returns:
        ``start`` if it begins with none, or if somebody is said to work for it.
    """
    body = _BODY.match(text, start, end)
    if body is None or text[body.end() : body.end() + 1].isalnum():
        return start
    if _EMPLOYED.search(text[max(0, start - 40) : start]):
        return start
    return body.end()


def is_instrument(text: str, start: int, end: int) -> bool:
    """Say whether a stretch of text is, or begins, the name of a score, rule or device."""
    if ends_as_instrument(text[start:end]) or INSTRUMENT_AFTER.match(text, end):
        return True
    owner = _OWNER.search(text, start, end)
    return owner is not None and INSTRUMENT_AFTER.match(text, owner.start()) is not None


def ends_as_instrument(surface: str) -> bool:
    """Say whether words end as the name of a score or rule does."""
    return _INSTRUMENT_END.search(surface) is not None


def is_people(said: list[str]) -> bool:
    """Say whether words, in lower case, are an ethnic group or a part of the world."""
    return bool(said) and all(
        (_PEOPLE.fullmatch(word) or _PEOPLE.fullmatch(word.removesuffix("s"))) for word in said
    )
