"""Cities, states and countries, known from lists or from the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.rule import ANNOTATOR, words
from pipeline.note import PhiSpan

_COUNTRIES = frozenset(
    country.replace("_", " ")
    for country in (
        "afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh"
        " barbados belarus belgium belize benin bhutan bolivia bosnia botswana brazil bulgaria burkina_faso burma burundi"
        " cambodia cameroon canada cape_verde chad chile china colombia congo costa_rica croatia cuba cyprus czechia"
        " denmark djibouti dominican_republic dominica drc ecuador egypt el_salvador england eritrea estonia ethiopia fiji"
        " finland france gabon gambia germany ghana greece grenada guatemala guinea guyana haiti honduras hong_kong hungary"
        " iceland india indonesia iran iraq ireland israel italy ivory_coast jamaica japan jordan kazakhstan kenya korea"
        " south_korea north_korea kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya lithuania luxembourg"
        " madagascar malawi malaysia maldives mali malta marshall_islands mauritania mauritius mexico micronesia moldova"
        " mongolia montenegro morocco mozambique myanmar namibia nepal netherlands new_zealand nicaragua niger nigeria"
        " northern_ireland norway oman pakistan palestine panama papua_new_guinea paraguay peru philippines poland portugal"
        " qatar romania russia rwanda samoa saudi_arabia scotland senegal serbia sierra_leone singapore slovakia slovenia"
        " somalia south_africa south_sudan spain sri_lanka sudan suriname sweden switzerland syria taiwan tajikistan tanzania"
        " thailand tibet togo tonga trinidad tunisia turkey turkmenistan uganda ukraine united_kingdom united_states usa uk"
        " uruguay uzbekistan vanuatu venezuela vietnam wales west_africa yemen zambia zimbabwe"
    ).split()
)
_NAMES_TOO = frozenset("chad jordan israel georgia turkey guinea jamaica kenya india china dominica".split())
_STATE_CODE = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC"
    " SD TN TX UT VT VA WA WV WI WY DC PR NYS"
)
_CITY_WORDS = r"[A-Z][A-Za-zÀ-ÿ'’.-]{1,18}(?: (?:[A-Z][A-Za-zÀ-ÿ'’-]{1,18}|of|de|la|del|les|Nos)){0,2}?"
_PREPOSITION = re.compile(
    rf"(?<![\w-])(?i:in|from|to|near|of|outside|for|through|via|at|around|born|live[sd]?) (?P<place>{_CITY_WORDS}(?: [A-Z][A-Za-zÀ-ÿ'’-]{{1,18}})?)(?![\w-])"
)
_LOWER = re.compile(r"(?<![\w-])(?:in|from|to|near|at) (?P<place>[a-z]{4,14}(?: [a-z]{4,12})?)(?![\w'’-])")
_MOVED = re.compile(
    r"\b(?i:born|raised|lives?|lived|living|resid(?:es?|ing)|moved|moving|works?|worked|travel\w*|trip|trips|visit\w*|fl[ei]w|flying|drove"
    r"|driv(?:es?|ing)|home|native|grew up|arrived|came|immigrated|emigrated|returned|returning|down|up|over|family|here|years|refugee|camp"
    r"|school|college|job|deployed|stationed|served|sister|brother|daughter|son|aunt|uncle|mother|father|cousin|niece|nephew|back|out|widow\w*)"
    rf" (?:up |back |down |over |here |in law )?(?:in|from|to|near|of|at|outside) (?P<place>[A-ZÀ-Ý][a-zà-ÿ]{{2,14}}(?: [A-ZÀ-Ý][a-zà-ÿ]{{2,14}})?)(?![\w-])"
)
_COUNTRY = re.compile(r"(?<![\w'’.-])(?P<place>[A-Z][A-Za-z]{2,12}(?: [A-Z][A-Za-z]{2,12})?)(?![\w'’-])")
_CITY_STATE = re.compile(rf"(?<![\w'’-])(?P<city>(?:[A-Z][A-Za-z'’.-]{{1,18}} ){{1,3}}) {{0,4}}(?P<state>{_STATE_CODE})(?![\w-])")
_STATE_CUE = re.compile(rf"(?<![\w-])(?P<state>{_STATE_CODE}) (?=(?i:lic|dl|plate|tag|driver|id\b|license|medicaid|reg))")
_NOT_PLACE = re.compile(r"\s?(?:disease|syndrome|sign|grade|criteria|classification|protocol|position|score|scale|fever|virus|fracture|heart association)", re.I)


class PlaceFinder:
    """Finds cities, states and countries."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, text: str) -> list[PhiSpan]:
        """Find places in raw text; the spans may overlap."""
        return [
            *self._after_preposition(text),
            *self._moved(text),
            *self._countries(text),
            *self._with_state(text),
        ]

    def _after_preposition(self, text: str) -> Iterator[PhiSpan]:
        lexicon = self._lexicon
        for match in _PREPOSITION.finditer(text):
            if (length := self._longest(match["place"])) and not _NOT_PLACE.match(text, match.start("place") + length):
                yield self._span(match.start("place"), length, match["place"][:length])
        for match in _LOWER.finditer(text):
            place = match["place"]
            for value in (place, place.split(" ")[0]):
                first = value.split(" ")[0]
                if first in lexicon.common or first in lexicon.eponyms:
                    continue
                if value in _COUNTRIES or (value in lexicon.cities and (" " in value or not lexicon.is_name(value))):
                    yield self._span(match.start("place"), len(value), value)
                    break

    def _longest(self, words_: str) -> int:
        """Return the length of the longest run from the start that names a place."""
        parts = words_.split(" ")
        for count in range(len(parts), 0, -1):
            value = " ".join(parts[:count])
            plain = value.lower().rstrip(".")
            if plain in _COUNTRIES or (plain in self._lexicon.cities and plain not in self._lexicon.common):
                if count == 1 and (plain in self._lexicon.eponyms or (value.isupper() and len(value) < 5)):
                    continue
                return len(value.rstrip("."))
        return 0

    def _moved(self, text: str) -> Iterator[PhiSpan]:
        for match in _MOVED.finditer(text):
            for value in (match["place"], match["place"].split(" ")[0]):
                plain = [w.lower() for w in value.split(" ")]
                if not any(w in self._lexicon.common or w in self._lexicon.eponyms for w in plain):
                    yield PhiSpan(match.start("place"), match.start("place") + len(value), "CITY", 0.7, (ANNOTATOR,))
                    break

    def _countries(self, text: str) -> Iterator[PhiSpan]:
        for match in _COUNTRY.finditer(text):
            for value in (match["place"], match["place"].split(" ")[0]):
                plain = value.lower()
                if plain in _COUNTRIES and plain not in _NAMES_TOO and not _NOT_PLACE.match(text, match.start() + len(value)):
                    yield PhiSpan(match.start(), match.start() + len(value), "COUNTRY", 0.85, (ANNOTATOR,))
                    break

    def _with_state(self, text: str) -> Iterator[PhiSpan]:
        for match in _CITY_STATE.finditer(text):
            parts = match["city"].split()
            for first in range(len(parts)):
                value = " ".join(parts[first:])
                if value.lower() in self._lexicon.cities and (first == len(parts) - 1 or len(value) > 6):
                    start = match.start() + match["city"].rfind(value)
                    yield PhiSpan(start, start + len(value), "CITY", 0.85, (ANNOTATOR,))
                    yield PhiSpan(*match.span("state"), "STATE", 0.85, (ANNOTATOR,))
                    break
        for match in _STATE_CUE.finditer(text):
            yield PhiSpan(*match.span("state"), "STATE", 0.8, (ANNOTATOR,))

    def _span(self, start: int, length: int, value: str) -> PhiSpan:
        label = "COUNTRY" if value.lower() in _COUNTRIES else "CITY"
        return PhiSpan(start, start + length, label, 0.8, (ANNOTATOR,))
