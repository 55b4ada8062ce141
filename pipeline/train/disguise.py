"""Make training notes look like de-identified ones: tags and surrogates where PHI may stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from random import Random

from pipeline.note import Span
from pipeline.train.edits import Edit, apply_edits

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:, \d{{4}})?\b"
    r"|\b(?:19|20)\d\d\b"
)
_AGE = r"\b\d{1,3}(?=[ -](?:year|yr|month|week)s?[ -]old\b)"
_DOCTOR = r"(?<=\bDr\. )[A-Z]\w*(?: [A-Z]\w+)?|\bDr\. [A-Z]\w*"
_PATIENT = r"\b(?:Mr|Mrs|Ms|Miss)\.? [A-Z]\w*|\b(?:[Tt]he|[Tt]his) patient\b(?!')"
_HOSPITAL = r"\b(?:[Tt]he|[Tt]his) (?:hospital|clinic|emergency room|emergency department)\b"
_BLANK = r"\*{2,}|_{2,}|\b[XY]{2,5}\b"
_IDENTIFIERS = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        ("DATE", _DATE),
        ("AGE", _AGE),
        ("DOCTOR", _DOCTOR),
        ("PATIENT", _PATIENT),
        ("HOSPITAL", _HOSPITAL),
        ("", _BLANK),
    )
)
"""What may stand for PHI in notes that were blanked by hand; the last kind is of any label."""

_TAGS = ("PATIENT", "DOCTOR", "DATE", "HOSPITAL", "AGE", "CITY", "STATE", "ID", "MEDICALRECORD",
         "PHONE", "PROFESSION", "USERNAME", "LOCATION-OTHER", "ORGANIZATION")  # fmt: skip
_FIRST = ("Marta", "Devon", "Aiko", "Leroy", "Priya", "Tomas", "Grace", "Ivan", "Rosa", "Neil",
          "Wanda", "Omar", "June", "Hector", "Lena", "Basil")  # fmt: skip
_LAST = ("Okafor", "Lindqvist", "Marsh", "Delgado", "Novak", "Whitfield", "Tanaka", "Pruitt",
         "Abara", "Koenig", "Stone", "Moreau", "Castellan", "Byrd", "Singh", "Foley")  # fmt: skip
_PLACES = ("Fairmont General Hospital", "St. Brigid Medical Center", "Lakeview Clinic",
           "Mercy Valley Hospital", "Northgate Rehabilitation Center")  # fmt: skip
_MONTHS = ("January", "March", "May", "June", "August", "October", "December")


def disguise(text: str, spans: Sequence[Span], rng: Random) -> tuple[str, list[Span]]:
    """Replace strings that look like PHI by tags or invented surrogates, at random.

    Args:
        text: A note.
        spans: Its mentions; no replacement touches one.
        rng: Where the choices come from.

    Returns:
        The new text and the same mentions at their new offsets.
    """
    share = rng.uniform(0.2, 1.0)
    found = [
        (*match.span(), label)
        for label, pattern in _IDENTIFIERS
        for match in pattern.finditer(text)
    ]
    edits: list[Edit] = []
    for start, end, label in sorted(found):
        free = not edits or start >= edits[-1].end
        if free and not _touches(spans, start, end) and rng.random() < share:
            edits.append(Edit(start, end, _stand_in(label, text[start:end], rng)))
    return apply_edits(text, spans, edits)


def _touches(spans: Sequence[Span], start: int, end: int) -> bool:
    index = bisect_right(spans, end, key=lambda span: span.start)
    return any(span.end >= start for span in spans[max(0, index - 4) : index])


def _stand_in(label: str, found: str, rng: Random) -> str:
    if not label:
        return f"[{rng.choice(_TAGS)}]"
    if rng.random() < 0.6:
        return f"[{label}]"
    name = rng.choice(_LAST)
    if label == "AGE":
        return str(rng.randint(1, 89))
    if label == "DATE":
        month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1990, 2030)
        written = (
            f"{month}/{day}/{year}",
            f"{month:02}/{day:02}/{year % 100:02}",
            f"{rng.choice(_MONTHS)} {day}, {year}",
            f"{year}-{month:02}-{day:02}",
        )
        return rng.choice(written)
    if label == "HOSPITAL":
        return rng.choice(_PLACES)
    if label == "DOCTOR":
        title = "Dr. " if found.startswith("Dr.") else ""
        return title + rng.choice((name, f"{rng.choice(_FIRST)} {name}", "[DOCTOR]"))
    title = rng.choice(("Mr. ", "Ms. ", "Mrs. ", ""))
    return title + rng.choice((name, f"{rng.choice(_FIRST)} {name}", "[PATIENT]"))
