"""By which way a drug is given, as far as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.medication.phrases import Reading, read_phrase
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import WORD, Token, is_sign, is_word

_BY = frozenset(("by", "in", "per", "through", "via", "with", "w"))
_ARTICLES = frozenset(("a", "an", "the"))
_BELOW_NANOGRAMS = frozenset(("dl", "kg", "l", "ml"))
_BY_DEVICE = frozenset(("neb", "nebs", "nebulizer", "nebuliser", "nebulization"))
_SIDES: Final = {
    "od": "ophthalmic", "os": "ophthalmic", "ou": "ophthalmic",
    "ad": "otic", "as": "otic", "au": "otic",
}  # fmt: skip
_DROPS = frozenset(("drop", "drops", "gtt", "gtts", "ophthalmic", "otic", "eye", "eyes", "ear"))
_FORMS = frozenset(("drop", "drops", "gel", "gtt", "gtts", "ointment", "solution", "suspension"))
ROUTE_WORDS: Final = _BY | frozenset(_SIDES)
"""The words that a route may begin with, besides the table's phrases."""

_NUMBERED = frozenset(("axis", "class", "factor", "grade", "phase", "schedule", "stage", "type"))
_BODY = frozenset(
    ("access", "airway", "bleeding", "bone", "bridge", "cancer", "candidiasis", "cannula",
     "care", "catheter", "cavity", "congestion", "contrast", "delivery", "diet",
     "discharge", "dorsum", "drainage", "dryness", "emphysema", "exam", "examination",
     "fat", "feeding", "feeds", "fluid", "fluids", "fracture", "hydration", "hygiene",
     "infection", "intake", "itching", "layer", "layers", "lesions", "line", "margins",
     "mucosa", "nodule", "nodules", "obstruction", "odor", "packing", "pain", "polyps",
     "prongs", "septum", "site", "sites", "sores", "space", "stuffiness", "surfaces",
     "surgery", "swelling", "temperature", "thrush", "tip", "tissue", "tissues", "tone",
     "ulcer", "ulcers", "vault")
)  # fmt: skip
"""What a word of a route describes when it means no route."""


def read_side(text: str, tokens: Sequence[Token], index: int) -> Reading | None:
    """Read an eye's or ear's abbreviation (OD, OS, OU, AD, AS, AU), which counts beside drops."""
    token = tokens[index]
    if token.form not in _SIDES:
        return None
    side = text[token.start : token.end]
    if not (side.isupper() or "." in side or side == "ou") or not _has_drops(tokens):
        return None
    return Reading(_SIDES[token.form], token.start, token.end, index + 1)


def read_route(tokens: Sequence[Token], index: int) -> Reading | None:
    """Read the route that begins with a token, with its preposition."""
    token = tokens[index]
    routes = load_tables().routes
    if _is_value(tokens, index):
        return None
    found = read_phrase(routes, tokens, index)
    if found is None and token.form in _BY:
        inner = index + 1 + is_word(tokens, index + 1, _ARTICLES)
        if inner < len(tokens) and (
            token.form not in ("in", "with", "w") or _is_device(tokens, inner)
        ):
            found = read_phrase(routes, tokens, inner)
            found = found if found is None else found._replace(start=token.start)
    if found is None or _means_body(tokens, index, found.after):
        return None
    return found


def _is_value(tokens: Sequence[Token], index: int) -> bool:
    """Say whether letters that may be a route's are no word: pO2 79, 0.8 ng/mL."""
    token, after = tokens[index], index + 1
    if token.form == "ng":
        return is_sign(tokens, after, "/") and is_word(tokens, after + 1, _BELOW_NANOGRAMS)
    glued = after < len(tokens) and tokens[after].start == token.end
    return token.form == "po" and glued and tokens[after].form == "2"


def _is_device(tokens: Sequence[Token], index: int) -> bool:
    return is_word(tokens, index, _BY_DEVICE)


def _means_body(tokens: Sequence[Token], first: int, after: int) -> bool:
    if is_word(tokens, after, _BODY) or is_word(tokens, first - 1, _NUMBERED):
        return True
    alone = after == first + 1 and tokens[first].form in ("eye", "ear")
    return alone and not is_word(tokens, after, _FORMS)


def _has_drops(tokens: Sequence[Token]) -> bool:
    return any(token.kind == WORD and token.form in _DROPS for token in tokens)
