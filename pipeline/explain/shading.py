"""The colours of weights: blue for, red against, told apart by people who see no red or green."""

from __future__ import annotations

_FOR = (94, 160, 255)
_AGAINST = (255, 128, 112)


def shade(relative: float, faintest: float = 0.05) -> str | None:
    """Return a weight's background as ``#rrggbb``, light enough for black text.

    Args:
        relative: A word's weight as a share of the largest, −1 to 1.
        faintest: A smaller share has no colour.

    Returns:
        The colour, deeper for a larger weight; None for one too small to matter.
    """
    share = abs(relative)
    if share < faintest:
        return None
    full = _FOR if relative > 0 else _AGAINST
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in full)


def tell_weight(weight: float) -> str:
    """Write a weight with its sign: ``+1.25``, ``−0.50``."""
    return f"{round(weight, 2) + 0.0:+.2f}".replace("-", "−")  # no "−0.00"


def tell_place(place: int) -> str:
    """Say where a word stands: ``in the mention``, ``1 word before``, ``3 words after``."""
    if not place:
        return "in the mention"
    number = abs(place)
    return f"{number:,} word{'s' * (number > 1)} {'before' if place < 0 else 'after'}"
