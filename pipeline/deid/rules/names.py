"""Names of patients, relatives and clinicians by title, credential, cue and form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.name_grammar import CREDENTIALS, NameGrammar
from pipeline.deid.rules.rule import ANNOTATOR, words
from pipeline.note import PhiSpan

_DOCTOR_TITLE = words(
    "drs? doctor prof(?:essor)? dra nurse rn lpn lvn cna np pa pa-c crna sw lcsw lmsw msw slp ot pt rt cm ma rd pharmd rph"
    " tech chaplain aide medic emt emt-p paramedic midwife cnm doula therapist counselor pcp attending resident intern"
    " fellow surgeon hospitalist anesthesiologist anes radiologist pathologist cardiologist neurologist nephrologist oncologist"
    " psychiatrist psychologist pediatrician dietitian dietician pharmacist case_manager social_worker charge_nurse charge"
    " scribe interp(?:reter)? pct pca hha phleb attg att hospice_rn charge_rn nurse_practitioner ortho_pa md asst assistant"
)
_PERSON_TITLE = words(
    "mr mrs ms miss mx mme sister brother bro fr father rev reverend pastor rabbi imam deacon sr officer ofc deputy dep det detective"
    " sgt sergeant lt capt captain cpl trooper trp agent judge atty attorney hon coach principal aunt auntie uncle tia tio grandma"
    " grandpa nana papa nurse_mgr lawyer landlord landlady neighbor roommate caseworker teacher se[nñ]or(?:a|ita)? don do[nñ]a"
)
_KIN = words(
    "wife husband husb hubby spouse partner mother father mom mum dad parents? stepmother stepfather stepmom stepdad son sons"
    " daughters? dtr dtrs dau dghtr granddtr granddau grandson granddaughter grandmother grandfather gma gpa gm mgm pgm brothers? bro"
    " sisters? sis sib sibling twin twins aunt uncle cousin niece nephew fianc[eé]e? roommate neighbor friend girlfriend boyfriend bf gf"
    " ex-wife ex-husband ex stepson stepdaughter half-brother half-sister mother-in-law father-in-law sister-in-law brother-in-law mil"
    " daughter-in-law son-in-law dil sil godmother godson goddaughter foster_(?:mother|father|mom|dad) guardian poa hcp nok baby infant"
    " great-grandson great-granddaughter great-niece great-nephew caregiver contact child"
)
_PATIENT_CUE = words(
    "patient(?:['’]s)?(?:_name)? pt(?:_name)? pat(?:ient)?_label name nam_e resident(?:_name)? client child infant baby camper veteran decedent"
    " applicant subject employee worker claimant member insured subscriber guarantor guar mother father last(?:_name)? first(?:_name)?"
    " emergency_contact emerg_contact contact nok next_of_kin re regarding dear aka a\\.k\\.a\\.? goes_by preferred(?:_name)? legal"
    " driver named spouse from to decedent:? donor recipient proband twin_[ab] spoke_w(?:ith|/)? called"
)
_DOCTOR_CUE = words(
    "electronically_signed(?:_by)? e-?signed(?:_by)? signed(?:_by|_elect(?:ronically)?)? sign(?:ature)? sig dictated(?:_by)? dict(?:_by)? authenticated_by"
    " cosigned(?:_by)? co-?sign(?:er|ed)? verified_by reviewed_by prepared_by completed_by reported_by read_by interpreted_by ordered_by ordering"
    " referred_by ref(?:erring)?(?:_(?:md|dr|physician|provider))? seen_by examined_by performed_by transcribed_by evaluated_by prescribed_by"
    " attending(?:_(?:md|physician))? admitting(?:_(?:md|physician))? physician provider prescriber surgeon assistant asst first_asst anesthesia anes"
    " anesthesiologist perfusion scrub circulator cc copy copies pcp operator fellow resident intern author clinician therapist examiner"
    " evaluator interviewer counselor consultant primary d/w discussed_with staffed_with reviewed_with per recorder rn lpn tech scribe team"
    " handoff_to report_(?:called_)?to report_from accepting receiving sending off on off_going oncoming relief witness(?:_by)? wit"
)
_CREDENTIAL = re.compile(
    r"(?<=[\w.\"')”])(?P<gap>,? {0,3}|,)(?P<cred>(?:M\.? ?D|D\.O|Ph\.?D|Psy\.D|D\.D\.S|D\.M\.D|D\.P\.M|O\.D|R\.N|P\.A|D\.C)\.?|"
    + words(
        "DO RN LPN LVN CNA NP PA(?:-C)? CRNA CNM APRN ARNP FNP(?:-BC|-C)? NNP(?:-BC)? PNP AGNP DNP MSN BSN RNC LCSW LMSW LICSW LSW MSW"
        " BSW LPC LMHC LMFT LADC CADC PharmD RPh RD RDN DDS DMD DPM OD DPT PT PTA OTR(?:/L)? OT COTA SLP MS,?_CCC(?:-SLP)? CCC-SLP RRT CRT"
        " RDH EMT(?:-P)? NRP MICT RVT RDCS RDMS AuD MBBS MA CMA PCT PSYD SW PMHNP RPSGT CST LAC FACS FACP CHT HHA CCHT IBCLC ATC MPH"
        " Esq SN CNS LMT CDCES CDRMS MLS MT MD1 rn md np pa lpn cna pa-c lcsw crna msw"
    )
    + r")(?![\w'’])(?!/[A-Z])"
)
_LEADING = re.compile(
    rf"(?<![\w'’])(?:(?P<doctor>(?i:{_DOCTOR_TITLE}))|(?P<person>(?i:{_PERSON_TITLE})))"
    r"(?P<mark>\.?:? ?(?:\(|[\"“])?)(?<=[\s.:(\"“])(?=[^\W\d_])"
)
_KIN_CUE = re.compile(
    rf"(?<![\w'’])(?P<kin>(?i:{_KIN}))(?P<mark>(?:'s name)?(?:,| is| was|:|=| \(| -|/| named)? ?[\"“]?)(?<=[\s:(=\"“/-])(?=[^\W\d_])"
)
_LINE_CUE = re.compile(
    rf"(?<![\w'’])(?:(?P<patient>(?i:{_PATIENT_CUE}))|(?P<doctor>(?i:{_DOCTOR_CUE})))"
    r"(?P<mark> ?(?::|=|#|\.{2,}:?|(?: \.)+|_+| -|\|| {2,}|(?<=[a-z]) )[ .:_|]{0,24}[\"“]?)(?=[^\W\d_])"
)
_LAST_FIRST = re.compile(
    r"(?<![\w'’,-])(?P<last>[^\W\d_a-zß-öø-ÿ][\w'’-]{1,20}(?: (?:JR|Jr|SR|Sr|II|III|IV)\.?)?), ?(?=[^\W\d_a-zß-öø-ÿ][^\W\d_]+)"
)
_FULL = re.compile(r"(?<![\w'’.-])(?P<first>[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-Þ]{2,14}) (?=(?:[^\W\d_a-zß-öø-ÿ]\.? )?[^\W\d_a-zß-öø-ÿ][^\W\d_])")
_NOT_AFTER = re.compile(
    r"[ -](?:disease|syndrome|sign|signs|test|catheter|tube|palsy|score|scale|criteria|fracture|maneuver|lymphoma|esophagus|drain|nodes?"
    r"|procedure|classification|ulcer|hernia|forceps|retractor|stain|index|lines?|valve)\b",
    re.IGNORECASE,
)


class NameFinder:
    """Finds names by the words around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._grammar = NameGrammar(lexicon)

    def find(self, text: str) -> list[PhiSpan]:
        """Find names in raw text; the spans may overlap."""
        spans = [*self._titled(text), *self._credentialed(text), *self._related(text)]
        spans += [*self._cued(text), *self._inverted(text), *self._full(text)]
        return spans

    def _titled(self, text: str) -> Iterator[PhiSpan]:
        for match in _LEADING.finditer(text):
            title = (match["doctor"] or match["person"]).lower()
            sure = title in ("dr", "drs", "doctor", "mr", "mrs", "ms", "miss", "prof", "dra", "mx", "mme")
            label = "DOCTOR" if match["doctor"] else "PATIENT"
            start = match.end()
            end = self._grammar.read(text, start, lower=sure or title in ("nurse", "rn", "np", "sw"), comma=False)
            if end == start or _NOT_AFTER.match(text, end):
                continue
            if not sure and not self._is_likely(text[start:end]):
                continue
            yield PhiSpan(start, end, label, 0.95 if sure else 0.85, (ANNOTATOR,))
            if title == "drs":
                yield from self._listed(text, end, label)

    def _listed(self, text: str, position: int, label: str) -> Iterator[PhiSpan]:
        while match := re.compile(r",? (?:and|&) |, ?|/").match(text, position):
            end = self._grammar.read(text, match.end())
            if end == match.end():
                return
            yield PhiSpan(match.end(), end, label, 0.85, (ANNOTATOR,))
            position = end

    def _credentialed(self, text: str) -> Iterator[PhiSpan]:
        for match in _CREDENTIAL.finditer(text):
            end = match.start()
            start = self._grammar.read_back(text, end)
            if start == end or not self._is_likely(text[start:end]):
                continue
            if match["cred"] in ("MA", "PT", "OT", "DO", "SW", "MT", "SN") and "," not in match["gap"] and " " not in text[start:end]:
                if not self._lexicon.is_name(text[start:end].lower()):
                    continue
            yield PhiSpan(start, end, "DOCTOR", 0.9, (ANNOTATOR,))

    def _related(self, text: str) -> Iterator[PhiSpan]:
        for match in _KIN_CUE.finditer(text):
            start = match.end()
            lower = match["mark"] == " " or ":" in match["mark"]
            end = self._grammar.read(text, start, lower=False, limit=3)
            if end == start and lower and text[start].islower():
                end = self._read_lower(text, start)
            if end == start or not self._is_likely(text[start:end]) or _NOT_AFTER.match(text, end):
                continue
            yield PhiSpan(start, end, "PATIENT", 0.85, (ANNOTATOR,))
            tail = re.compile(r" (?:and|&) ").match(text, end)
            if tail and (last := self._grammar.read(text, tail.end(), limit=3)) > tail.end():
                if self._is_likely(text[tail.end() : last]):
                    yield PhiSpan(tail.end(), last, "PATIENT", 0.8, (ANNOTATOR,))

    def _read_lower(self, text: str, start: int) -> int:
        """Read a first name in lower case, as in "daughter kim"."""
        match = re.compile(r"[a-z]{3,14}(?![\w])").match(text, start)
        if match is None or match[0] in self._lexicon.common:
            return start
        return match.end() if self._lexicon.is_name(match[0]) else start

    def _cued(self, text: str) -> Iterator[PhiSpan]:
        for match in _LINE_CUE.finditer(text):
            start = match.end()
            sure = re.search(r"[:=.|_]", match["mark"]) is not None or "\u0020\u0020" in match["mark"]
            end = self._grammar.read(text, start, comma=True)
            if end == start:
                continue
            value = text[start:end]
            if not self._is_likely(value) or (not sure and not self._is_known(value)):
                continue
            label = "PATIENT" if match["patient"] else "DOCTOR"
            yield PhiSpan(start, end, label, 0.88 if sure else 0.75, (ANNOTATOR,))

    def _inverted(self, text: str) -> Iterator[PhiSpan]:
        """Find "LAST, FIRST M" without a cue, where both are names."""
        for match in _LAST_FIRST.finditer(text):
            last = match["last"].split()[0].lower()
            start = match.start()
            end = self._grammar.read(text, start, comma=True)
            if end <= match.end():
                continue
            first = re.split(r"[ .,]", text[match.end() : end])[0].lower()
            names = (last in self._lexicon.surnames or last not in self._lexicon.common) + 2 * (first in self._lexicon.first_names)
            if names < 3 or first in self._lexicon.common or last in self._lexicon.cities and last not in self._lexicon.surnames:
                continue
            yield PhiSpan(start, end, "PATIENT", 0.8, (ANNOTATOR,))

    def _full(self, text: str) -> Iterator[PhiSpan]:
        """Find a first name before a surname, without a cue."""
        lexicon = self._lexicon
        for match in _FULL.finditer(text):
            first = match["first"].lower()
            if first not in lexicon.first_names or first in lexicon.common or first in lexicon.eponyms:
                continue
            end = self._grammar.read(text, match.start(), limit=3)
            value = text[match.start() : end]
            last = re.split(r"[ .]", value)[-1].lower()
            if " " not in value or last in lexicon.common or _NOT_AFTER.match(text, end):
                continue
            yield PhiSpan(match.start(), end, "PATIENT", 0.75, (ANNOTATOR,))

    def _is_likely(self, value: str) -> bool:
        """Refuse a single word that is a credential, an acronym or a common word and no name."""
        parts = [p for p in re.split(r"[\s,.]+", value) if p]
        long = [p for p in parts if len(p) > 1]
        if not long:
            return len(parts) >= 2
        if len(long) == 1 and len(parts) == 1:
            word = long[0].lower()
            if word in CREDENTIALS or (long[0].isupper() and len(word) <= 4 and not self._lexicon.is_name(word)):
                return False
            return not (word in self._lexicon.common and not self._lexicon.is_name(word))
        return True

    def _is_known(self, value: str) -> bool:
        """Say whether a word of the name stands in the lists of names and is no common word."""
        parts = [p.lower() for p in re.split(r"[\s,.-]+", value) if len(p) > 2]
        return any(self._lexicon.is_name(p) and p not in self._lexicon.common and p not in self._lexicon.eponyms for p in parts)
