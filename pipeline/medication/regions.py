"""Where the words on one drug end."""

from __future__ import annotations

from pipeline.medication.amounts import NO_DOSE
from pipeline.medication.surroundings import Surroundings
from pipeline.medication.tokens import BREAK, NUMBER, WORD, is_dotted, is_sign, is_word

GAP = 14
"""Parts of a sig have at most this many other tokens between them."""

_SEPARATORS = frozenset(("and", "plus", "then", "with", "or", "by"))
_ORDERS = frozenset(
    ("apply", "chew", "directions", "disp", "dispense", "dissolve", "dose", "for", "give", "inhale",
     "inject", "insert", "instill", "place", "qty", "quantity", "refill", "refills", "sig", "spray",
     "swish", "take", "takes", "to", "use")
)  # fmt: skip
"""Words that a further sentence on the same drug begins with."""


def region_end(around: Surroundings) -> int:
    """Return the token at which the words on a drug end.

    They end with the sentence or list item, where another drug begins, and where nothing on the
    drug has stood for a while. A sentence that begins as an order does (Take one tablet ...) goes
    on with the drug, unless it names another.
    """
    tokens = around.tokens
    index, seen, idle, bracket = _name_end(around), False, 0, False
    while index < len(tokens):
        part = around.starts.get(index)
        if part is not None:
            seen, idle = seen or part.kind != NO_DOSE, 0
            if _ends_after(around, part.after):
                return part.after
            index = part.after
            continue
        idle += 1
        if idle > GAP:
            return index
        bracket = (bracket or is_sign(tokens, index, "(")) and not is_sign(tokens, index, ")")
        if _ends_at(around, index, seen=seen, bracket=bracket):
            return index
        if is_dotted(around.text, tokens[index]) and _ends_after(around, index + 1):
            return index + 1
        index += 1
    return index


def _name_end(around: Surroundings) -> int:
    """Return the token after the rest of a name of several drugs: aspirin/dipyridamole."""
    tokens = around.tokens
    joined = is_sign(tokens, 0, "/-") and len(tokens) > 1 and tokens[1].kind == WORD
    return 2 if joined and 1 not in around.starts and tokens[0].end == tokens[1].start else 0


def _ends_at(around: Surroundings, index: int, *, seen: bool, bracket: bool) -> bool:
    """Say whether the words on the drug end before a token that is in no part."""
    tokens = around.tokens
    if tokens[index].kind == BREAK:
        return _breaks(around, index) or around.begins_other(index + 1)
    if is_sign(tokens, index, ".!?"):
        return _stops(around, index + 1)
    if not bracket and (is_sign(tokens, index, ",;/+&-") or is_word(tokens, index, _SEPARATORS)):
        return around.begins_other(index + 1)
    return seen and tokens[index].kind == WORD and around.begins_unmarked(index)


def _ends_after(around: Surroundings, after: int) -> bool:
    """Say whether a sentence ends with an abbreviation's own full stop, before a token."""
    tokens = around.tokens
    if not is_dotted(around.text, tokens[after - 1]) and not is_sign(tokens, after - 1, "."):
        return False
    return after < len(tokens) and tokens[after].kind == WORD and _stops(around, after)


def _stops(around: Surroundings, index: int) -> bool:
    """Say whether a full stop before a token ends what is said of the drug."""
    tokens = around.tokens
    if index >= len(tokens):
        return True
    token = tokens[index]
    if token.kind == BREAK:
        return _breaks(around, index)
    if token.kind == NUMBER:
        return is_sign(tokens, index + 1, ".)") and index + 1 not in around.starts
    if index in around.starts or token.kind != WORD or not around.text[token.start].isupper():
        return False
    if token.form in _ORDERS:
        return around.begins_name(index + 1)
    return not (around.capitals and tokens[index - 1].kind == WORD)


def _breaks(around: Surroundings, index: int) -> bool:
    """Say whether a line's end ends what is said of the drug."""
    tokens, text = around.tokens, around.text
    token = tokens[index]
    index += 1
    if index >= len(tokens) or text.count("\n", token.start, token.end) > 1:
        return True
    following = tokens[index]
    if following.kind == NUMBER:
        return is_sign(tokens, index + 1, ".)") or index not in around.starts
    if following.kind != WORD:
        return not is_sign(tokens, index, "(/")
    if index in around.starts or following.form in _ORDERS:
        return is_sign(tokens, index + 1, ":") and following.form != "sig"
    return not text[following.start].islower()
