"""Registered addresses: street, city and ZIP, with abbreviations either way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_ANNOTATORS = ("known",)
_SYNONYMS = tuple(
    frozenset(group.split())
    for group in (
        "street st str",
        "avenue ave av",
        "road rd",
        "boulevard blvd boul",
        "lane ln",
        "drive dr",
        "court ct crt",
        "circle cir",
        "place pl",
        "parkway pkwy pky",
        "highway hwy",
        "terrace ter terr",
        "trail trl",
        "square sq",
        "plaza plz",
        "heights hts",
        "mount mt",
        "saint st",
        "fort ft",
        "north n",
        "south s",
        "east e",
        "west w",
        "northeast ne",
        "northwest nw",
        "southeast se",
        "southwest sw",
        "apartment apt unit #",
        "suite ste",
        "building bldg",
        "floor fl",
        "county co",
        "route rt rte",
        "first 1st",
        "second 2nd",
        "third 3rd",
        "fourth 4th",
        "fifth 5th",
    )
)
_KINDS = frozenset(
    [
        "street",
        "st",
        "str",
        "avenue",
        "ave",
        "av",
        "road",
        "rd",
        "boulevard",
        "blvd",
        "lane",
        "ln",
        "drive",
        "dr",
        "court",
        "ct",
        "circle",
        "cir",
        "place",
        "pl",
        "parkway",
        "pkwy",
        "highway",
        "hwy",
        "terrace",
        "ter",
        "terr",
        "trail",
        "trl",
        "square",
        "sq",
        "plaza",
        "plz",
        "way",
        "loop",
        "pike",
        "county",
        "route",
        "rural",
        "north",
        "south",
        "east",
        "west",
        "n",
        "s",
        "e",
        "w",
    ]
)
_UNIT = re.compile(
    r"[\s,]+(?:apt|apartment|unit|suite|ste|bldg|floor|fl|lot|trlr|#).*$", re.IGNORECASE
)
_UNIT_NUMBER = re.compile(r"(?:apt|apartment|unit|lot|trlr|#)\.?\s?#?\s?(\w{1,5})\b", re.IGNORECASE)
_BOX = re.compile(r"\bbox\s?#?\s?(\w{1,6})\b", re.IGNORECASE)
_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")
_STATE = re.compile(r"[\s,]+(?:[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\.?\s*$")


class AddressIndex:
    """A patient's addresses, made ready to search."""

    def __init__(self, addresses: Sequence[str], lexicon: Lexicon) -> None:
        self._patterns = [
            (re.compile(pattern, flags), label)
            for address in addresses
            for pattern, label, flags in _patterns(address, lexicon)
        ]

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find streets, cities and ZIP codes of the addresses in raw text."""
        for regex, label in self._patterns:
            for match in regex.finditer(text):
                group = "state" if "state" in regex.groupindex else 0
                yield PhiSpan(*match.span(group), label, 1.0, _ANNOTATORS)


def _patterns(address: str, lexicon: Lexicon) -> Iterator[tuple[str, str, int]]:
    rest = address.strip()
    zip_code = _ZIP.search(rest)
    if zip_code:
        yield rf"(?<![\w-]){zip_code[1]}(?:[- ]?\d{{4}})?(?![\w-])", "ZIP", 0
        rest = rest[: zip_code.start()].rstrip(" ,")
    pieces = [piece.strip() for piece in rest.split(",") if piece.strip()]
    if not pieces:
        return
    yield from _street_patterns(pieces[0], lexicon)
    for unit in _UNIT_NUMBER.finditer(rest):
        kinds = r"(?:apt|apartment|lot|trlr|trailer|spc)"
        yield rf"(?<!\w){kinds}\.?\s?#?\s?{re.escape(unit[1])}(?!\w)", "STREET", re.IGNORECASE
    if len(pieces) < 2:
        return
    city, state = pieces[-1], None
    if len(pieces) > 2 and _is_state(city):
        city, state = pieces[-2], pieces[-1]
    elif not _is_state(city) and (found := _STATE.search(city)):
        city, state = city[: found.start()] or city, found[0]
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*\.?", city)
    if words and not _UNIT.search(" " + city) and len(city) > 2:
        plain = all(w.lower() in lexicon.common for w in words)
        pattern = r"[\s.-]{1,2}".join(_word(w) for w in words)
        yield rf"(?<!\w){pattern}(?!\w)", "CITY", 0 if plain else re.IGNORECASE
        if state is not None and (name := state.strip(" ,.")):
            between = r"[\s,.|^]{1,4}(?:St\.?:?[. ]{0,3})?"
            own = rf"(?P<state>{re.escape(name)})(?!\w)"
            yield rf"(?<!\w)(?i:{pattern}){between}{own}", "STATE", 0
            yield rf"(?<!\w){re.escape(name)}(?=[\s,.^]{{1,4}}\d{{5}}(?!\d))", "STATE", 0


def _is_state(piece: str) -> bool:
    return re.fullmatch(r"[A-Z]{2}\.?", piece) is not None


def _street_patterns(piece: str, lexicon: Lexicon) -> Iterator[tuple[str, str, int]]:
    if box := _BOX.search(piece):
        yield rf"(?<!\w)(?:P\.?\s?O\.?\s?)?Box\s?#?\s?{box[1]}(?!\w)", "STREET", re.IGNORECASE
    street = _UNIT.sub("", " " + piece).strip()
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", street)
    if not words:
        return
    body = r"[\s.,#-]{1,3}".join(_word(w) for w in words)
    unit = r"(?:\.?,?\s(?:(?:apt|apartment|unit|suite|ste|bldg)\.?\s?#?|#\s?)\w{1,5})?"
    if len(words) > 1 and any(c.isdigit() for c in street):
        yield rf"(?<!\w){body}(?!\w){unit}", "STREET", re.IGNORECASE
    name = words[1:] if words[0][0].isdigit() else words
    own = [w for w in name if w.lower() not in _KINDS and len(w) > 2]
    if len(name) > 1 and own:
        joined = r"[\s.]{1,2}".join(_word(w) for w in name)
        yield rf"(?<!\w){joined}(?!\w)", "STREET", re.IGNORECASE
    plain = all(w.lower() in lexicon.common for w in own)
    if own and words[0][0].isdigit() and (not plain or len(words[0]) > 2):
        steps = (
            rf"[\s.,-]{{1,3}}{_word(w)}" if w in own else rf"(?:[\s.,-]{{1,3}}{_word(w)})?"
            for w in name
        )
        yield rf"(?<!\w){words[0]}{''.join(steps)}(?!\w)", "STREET", re.IGNORECASE


def _word(word: str) -> str:
    plain = word.lower().rstrip(".")
    for group in _SYNONYMS:
        if plain in group:
            forms = sorted(
                {form for g in _SYNONYMS if plain in g for form in g}, key=len, reverse=True
            )
            return "(?:" + "|".join(re.escape(form) for form in forms) + r")\.?"
    return re.sub(r"['’]", "['’]?", re.escape(word))
