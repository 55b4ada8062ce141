"""Text of notes as HTML that can only be read: escaped, nothing hidden, spans marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from pipeline.review.alignment import LINE_END, Line, Piece, Replaced
from pipeline.review.leftovers import Suspicion

LABEL_COLOURS = {
    "PATIENT": "#ffc9c9",
    "DOCTOR": "#ffdcb0",
    "USERNAME": "#ffcfe6",
    "PROFESSION": "#eed9c4",
    "HOSPITAL": "#c6ebc0",
    "ORGANIZATION": "#d5edb4",
    "STREET": "#b5e6d6",
    "CITY": "#bfe9e6",
    "STATE": "#c5e4da",
    "COUNTRY": "#cde6cf",
    "ZIP": "#b9e0cc",
    "LOCATION-OTHER": "#d4ead8",
    "AGE": "#dcd6ff",
    "DATE": "#cbe0ff",
    "PHONE": "#fff0a3",
    "FAX": "#f7e9a0",
    "EMAIL": "#fdf3bd",
    "URL": "#f3ecb0",
    "IPADDR": "#f4e4a8",
    "SSN": "#e6c8f2",
    "MEDICALRECORD": "#ecd0f5",
    "HEALTHPLAN": "#e2cdf0",
    "ACCOUNT": "#ead5ee",
    "LICENSE": "#e9cfe9",
    "VEHICLE": "#dfd0e8",
    "DEVICE": "#e5d6f0",
    "BIOID": "#eed8ee",
    "IDNUM": "#e8d2f6",
}
"""Label → background; each kind of label has a hue: people, places, times, contacts, numbers."""

OTHER = "other"
"""The class of a label without a colour of its own."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""What a browser would obey or drop instead of show; joiners and selectors of emoji stay."""


def show_text(text: str) -> str:
    """Make text of a note fit for an HTML element: what can't be seen stands as ``U+202E``."""
    return _expose(text, lambda code: f'<span class="code">{code}</span>')


def show_attribute(text: str) -> str:
    """Make text of a note fit for a quoted HTML attribute."""
    return _expose(text, lambda code: f"⟨{code}⟩")


def _expose(text: str, show: Callable[[str], str]) -> str:
    lines = LINE_END.sub("\n", text)
    return _INVISIBLE.sub(lambda match: show(f"U+{ord(match[0]):04X}"), escape(lines))


def label_class(label: str) -> str:
    """Return the CSS class of a label."""
    return label if label in LABEL_COLOURS else OTHER


def colour_rules() -> str:
    """Write the CSS rules that give labels their colours."""
    colours = {**LABEL_COLOURS, OTHER: "#dddddd"}
    return "\n".join(f".{label}{{background:{colour}}}" for label, colour in colours.items())


def describe(piece: Piece, found: Replaced) -> str:
    """Say in words what a span is, who found it and what was released of it."""
    finders = ", ".join(found.span.annotators) or "nobody"
    only = " only" if found.has_one_finder else ""
    released = "kept as it is" if piece.is_kept else f"released as {found.replacement}"
    return f"{found.span.label}; found by {finders}{only}; score {found.span.score:.2f}; {released}"


def line_row(line: Line, suspicion: Suspicion) -> str:
    """Lay a line's raw and released text side by side, as a row of a table."""
    raw = "".join(_raw(piece) for piece in line.pieces)
    released = "".join(_released(piece, suspicion) for piece in line.pieces)
    number = f"{line.first}" if line.first == line.last else f"{line.first}–{line.last}"
    kind = "changed" if any(piece.found for piece in line.pieces) else "same"
    return (
        f'<tr class="{kind}"><th scope="row">{number}</th>'
        f'<td class="raw">{raw}</td><td class="released">{released}</td></tr>'
    )


def _raw(piece: Piece) -> str:
    if piece.found is None:
        return show_text(piece.raw)
    told = show_attribute(describe(piece, piece.found))
    return (
        f'<mark class="{_classes(piece, piece.found)}" title="{told}">{show_text(piece.raw)}'
        f'<span class="told"> ({told})</span></mark>'
    )


def _released(piece: Piece, suspicion: Suspicion) -> str:
    if piece.found is None:
        return _with_leftovers(piece.released, suspicion)
    label = piece.found.span.label
    told = show_attribute(describe(piece, piece.found))
    # A tag says its label itself; a surrogate, a shifted date or a kept age is given it.
    caption = "" if piece.released == f"[{label}]" else f' data-label="{show_attribute(label)}"'
    return (
        f'<mark class="{_classes(piece, piece.found)}" title="{told}"{caption}>'
        f"{show_text(piece.released)}</mark>"
    )


def _classes(piece: Piece, found: Replaced) -> str:
    classes = [label_class(found.span.label)]
    classes += ["doubtful"] * found.is_doubtful + ["kept"] * piece.is_kept
    return " ".join(classes)


def _with_leftovers(text: str, suspicion: Suspicion) -> str:
    parts: list[str] = []
    last = 0
    for leftover in suspicion.find_leftovers(text):
        parts += (
            show_text(text[last : leftover.start]),
            f'<u title="Check: {leftover.reason}">{show_text(text[leftover.start : leftover.end])}'
            f'<span class="told"> (check: {leftover.reason})</span></u>',
        )
        last = leftover.end
    return "".join([*parts, show_text(text[last:])])
