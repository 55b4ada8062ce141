"""Cities, states and countries, known from lists or from the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.bodies import INSTRUMENT_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.rule import ANNOTATOR, words
from pipeline.deid.rules.states import STATE, STATE_SHORT
from pipeline.note import PhiSpan

_NAMES_TOO = frozenset(
    [
        "chad",
        "jordan",
        "israel",
        "georgia",
        "turkey",
        "guinea",
        "jamaica",
        "kenya",
        "india",
        "china",
        "dominica",
    ]
)
_STATE_CODE = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM"
    " NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR NYS"
)
_WORDS_TOO = frozenset(
    [
        "IN",
        "OR",
        "ID",
        "MD",
        "PA",
        "MA",
        "MS",
        "CT",
        "DC",
        "ME",
        "HI",
        "OK",
        "MI",
        "AL",
        "DE",
        "LA",
        "ND",
        "MO",
        "CO",
        "AR",
        "PR",
        "SC",
    ]
)
_CITY_WORDS = (
    r"[A-Z][A-Za-zÀ-ÿ'’.-]{1,18}(?: (?:[A-Z][A-Za-zÀ-ÿ'’-]{1,18}|of|de|la|del|les|Nos)){0,2}?"
)
_PREPOSITION = re.compile(
    rf"(?<![\w-])(?i:in|from|to|near|of|outside|for|through|via|at|around|born|live[sd]?) "
    rf"(?P<place>{_CITY_WORDS}(?: [A-Z][A-Za-zÀ-ÿ'’-]{{1,18}})?)(?![\w-])"
)
_LOWER = re.compile(
    r"(?<![\w-])(?:in|from|to|near|at) (?P<place>[a-z]{4,14}(?: [a-z]{4,12})?)(?![\w'’-])"
)
_MOVED = re.compile(
    r"\b(?i:born|raised|lives?|lived|living|resid(?:es?|ing)|moved|moving|works?|worked|travel\w*"
    r"|trip|trips|visit\w*|fl[ei]w|flying|drove|driv(?:es?|ing)|home|native|grew up|arrived|came"
    r"|immigrated|emigrated|returned|returning|down|up|over|family|here|years|refugee|camp|school"
    r"|college|job|deployed|stationed|served|sister|brother|daughter|son|aunt|uncle|mother|father"
    r"|cousin|niece|nephew|back|out|widow\w*) (?:up |back |down |over |here |in law )?(?:in|from|to"
    r"|near|of|at|outside) (?P<place>[A-ZÀ-Ý][a-zà-ÿ]{2,14}(?: [A-ZÀ-Ý][a-zà-ÿ]{2,14})?)(?![\w-])"
)
_COUNTRY = re.compile(
    r"(?<![\w'’.-])(?P<place>[A-Z][A-Za-z]{2,12}(?: [A-Z][A-Za-z]{2,12})?)(?![\w'’-])"
)
_CITY_STATE = re.compile(
    rf"(?<![\w'’-])(?P<city>(?:[A-Z][A-Za-z'’.-]{{1,18}} ){{1,3}}) {{0,4}}(?P<state>{_STATE_CODE})"
    rf"(?![\w-])"
)
_STATE_CUE = re.compile(
    rf"(?<![\w-])(?P<state>{_STATE_CODE}|{STATE_SHORT}) (?=(?i:lic|dl|plate|tag|driver|id\b|license"
    rf"|medicaid"
    rf"|reg))"
)
_ZIP = re.compile(r"(?<=[ .:])[0-9OlI]{4}[0-9O](?:-\d{4})?(?![\w-])")
_STATE_BEFORE = re.compile(rf"(?<![\w])(?P<state>{STATE}),?[ .:]{{1,4}}(?:(?i:zip)[ .:]{{0,6}})?$")
_PLACED = re.compile(r"\b(?i:in|from|of|to|at|near)\s$")
_COMMA_STATE = re.compile(rf", ?(?P<state>{STATE})(?![\w])")
_CITY_BEFORE = re.compile(
    r"(?<![\w])(?P<city>(?:(?:St|Ste|Mt|Ft|Pt)\.? |(?:El|La|Las|Los|San|Santa|De|Des"
    r"|Du) )?[A-Z][A-Za-zÀ-ÿ'’-]{1,18}(?: (?:[A-Z][A-Za-zÀ-ÿ'’-]{1,18}|of|de|la"
    r"|del)){0,2})[,.]? {0,3}$"
)
_AFTER_CITY = re.compile(r"(?:[A-ZÀ-Ý][a-zà-ÿ'’-]{2,18}|[Cc]amp|[Cc]ity), $")
_NOT_PLACE = re.compile(
    r"\s?(?:red\b|gambling|verbal|card sort|naming|test|medal|driver|interp|strain|XDR|disease"
    r"|syndrome|sign|grade|criteria|classification|protocol|position|score|scale|fever"
    r"|virus|fracture|heart association)",
    re.I,
)


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
            *self._with_zip(text),
            *self._before_comma(text),
        ]

    def _after_preposition(self, text: str) -> Iterator[PhiSpan]:
        lexicon = self._lexicon
        for match in _PREPOSITION.finditer(text):
            if text[max(0, match.start() - 7) : match.start()].lower() == "circle ":
                continue
            if match[0][:3].lower() == "of " and re.match(
                r" \d{1,3}\b", text[match.end() : match.end() + 5]
            ):
                continue
            if (length := self._longest(match["place"])) and not _NOT_PLACE.match(
                text, match.start("place") + length
            ):
                yield self._span(match.start("place"), length, match["place"][:length])
        for match in _LOWER.finditer(text):
            place = match["place"]
            for value in (place, place.split(" ")[0]):
                first = value.split(" ")[0]
                if first in lexicon.common or first in lexicon.eponyms:
                    continue
                if value in self._lexicon.countries or (
                    value in lexicon.cities and (" " in value or not lexicon.is_name(value))
                ):
                    yield self._span(match.start("place"), len(value), value)
                    break

    def _longest(self, words_: str) -> int:
        """Return the length of the longest run from the start that names a place."""
        parts = words_.split(" ")
        for count in range(len(parts), 0, -1):
            value = " ".join(parts[:count])
            plain = value.lower().rstrip(".")
            if plain in self._lexicon.countries or (
                plain in self._lexicon.cities and plain not in self._lexicon.common
            ):
                if count == 1 and (
                    plain in self._lexicon.eponyms
                    or plain in self._lexicon.languages
                    or plain in self._lexicon.clinical
                    or (value.isupper() and len(value) < 5)
                ):
                    continue
                return len(value.rstrip("."))
        return 0

    def _moved(self, text: str) -> Iterator[PhiSpan]:
        for match in _MOVED.finditer(text):
            for value in (match["place"], match["place"].split(" ")[0]):
                plain = [w.lower() for w in value.split(" ")]
                if not any(
                    w in self._lexicon.common
                    or w in self._lexicon.eponyms
                    or w in self._lexicon.languages
                    or w in self._lexicon.clinical
                    for w in plain
                ):
                    yield PhiSpan(
                        match.start("place"),
                        match.start("place") + len(value),
                        "CITY",
                        0.7,
                        (ANNOTATOR,),
                    )
                    break

    def _countries(self, text: str) -> Iterator[PhiSpan]:
        for match in _COUNTRY.finditer(text):
            if text[match.start() - 2 : match.start()] in ("& ", "- ") or text[
                match.start() - 1 : match.start()
            ] in ("&", "/"):
                continue
            for value in (match["place"], match["place"].split(" ")[0]):
                plain = value.lower()
                if (
                    plain in self._lexicon.countries
                    and (
                        plain not in _NAMES_TOO
                        or _AFTER_CITY.search(text[max(0, match.start() - 24) : match.start()])
                    )
                    and not _NOT_PLACE.match(text, match.start() + len(value))
                ):
                    yield PhiSpan(
                        match.start(), match.start() + len(value), "COUNTRY", 0.85, (ANNOTATOR,)
                    )
                    break

    def _with_state(self, text: str) -> Iterator[PhiSpan]:
        for match in _CITY_STATE.finditer(text):
            parts = match["city"].split()
            if len(parts[-1]) < 4 and parts[-1].isupper():
                continue
            for first in range(len(parts)):
                value = " ".join(parts[first:])
                code = match["state"]
                if INSTRUMENT_AFTER.match(text, match.end()):
                    continue
                if code in _WORDS_TOO and re.match(r" [a-z]", text[match.end() : match.end() + 2]):
                    continue
                known = (
                    value.lower() in self._lexicon.cities
                    and value.lower() not in self._lexicon.common
                )
                if known and (
                    code not in _WORDS_TOO
                    or (match["city"].count(" ") == 1 and not self._lexicon.is_name(value.lower()))
                ):
                    start = match.start() + match["city"].rfind(value)
                    yield PhiSpan(start, start + len(value), "CITY", 0.85, (ANNOTATOR,))
                    yield PhiSpan(*match.span("state"), "STATE", 0.85, (ANNOTATOR,))
                    break
        for match in _STATE_CUE.finditer(text):
            yield PhiSpan(*match.span("state"), "STATE", 0.8, (ANNOTATOR,))

    def _with_zip(self, text: str) -> Iterator[PhiSpan]:
        """Find Springfield, IL 62704 from its end."""
        for match in _ZIP.finditer(text):
            if not any(c.isdigit() for c in match[0]):
                continue
            line = text[max(0, match.start() - 24) : match.start()]
            state = _STATE_BEFORE.search(line)
            if state is None:
                city = self._city_before(text, match.start()) if match[0].isdigit() else None
                if (
                    city
                    and text[slice(*city)].lower().rstrip(".") in self._lexicon.cities
                    and city[1] >= match.start() - 2
                ):
                    yield PhiSpan(*match.span(), "ZIP", 0.85, (ANNOTATOR,))
                    yield PhiSpan(*city, "CITY", 0.85, (ANNOTATOR,))
                continue
            start = match.start() - len(line) + state.start("state")
            yield PhiSpan(*match.span(), "ZIP", 0.95, (ANNOTATOR,))
            yield PhiSpan(start, start + len(state["state"]), "STATE", 0.95, (ANNOTATOR,))
            if city := self._city_before(text, start):
                yield PhiSpan(*city, "CITY", 0.9, (ANNOTATOR,))

    def _before_comma(self, text: str) -> Iterator[PhiSpan]:
        """Find Barre, Vermont; refuse Jane Doe, MD unless Doe is only a city."""
        for match in _COMMA_STATE.finditer(text):
            city = self._city_before(text, match.start())
            if city is None:
                continue
            value = text[slice(*city)].lower()
            if match["state"] == "D.C." and value != "washington":
                continue
            known = value in self._lexicon.cities
            if match["state"] in _WORDS_TOO and (
                not known
                or text[match.end() : match.end() + 1] == "-"
                or (self._lexicon.is_name(value) and not _is_placed(text, city[0]))
            ):
                continue
            last = value.split()[-1]
            if not known and (
                self._lexicon.is_plain_word(last) or last in self._lexicon.credentials
            ):
                continue
            if _NOT_PLACE.match(text, match.end()):
                continue
            yield PhiSpan(*city, "CITY", 0.9, (ANNOTATOR,))
            yield PhiSpan(*match.span("state"), "STATE", 0.9, (ANNOTATOR,))

    def _city_before(self, text: str, end: int) -> tuple[int, int] | None:
        """Return the words before ``end`` that name a city, the longest known run."""
        offset = max(0, end - 48)
        match = _CITY_BEFORE.search(text[offset:end])
        if match is None:
            return None
        parts = match["city"].split(" ")
        for first in range(len(parts)):
            if " ".join(parts[first:]).lower().rstrip(".") in self._lexicon.cities:
                break
        else:
            plain = [self._lexicon.is_plain_word(part.lower()) for part in parts]
            first = len(parts) - plain[::-1].index(True) if True in plain else 0
            if first == len(parts):
                return None
        start = offset + match.start("city") + len(" ".join([*parts[:first], ""]))
        return start, offset + match.end("city")

    def _span(self, start: int, length: int, value: str) -> PhiSpan:
        label = "COUNTRY" if value.lower() in self._lexicon.countries else "CITY"
        return PhiSpan(start, start + length, label, 0.8, (ANNOTATOR,))


def _is_placed(text: str, start: int) -> bool:
    """Say whether a word such as "in" or "from" stands before a name, which makes it a place."""
    return _PLACED.search(text[max(0, start - 8) : start]) is not None
