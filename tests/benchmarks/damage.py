"""What de-identification takes from the mentions: gold mentions that a PHI span overlaps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.evaluate.evaluation import find_all
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import PhiAnnotator, PhiSpan
from pipeline.storage.files import PRIVATE_FILE


@dataclass(frozen=True)
class Damaged:
    """A gold mention that PHI spans overlap.

    Attributes:
        note_id: The note's id.
        label: The mention's label.
        finders: Who marked it, by alphabet; of overlapping spans with different labels only the
            surer one's finder is told.
        phi_labels: What they took it for, each once, by alphabet.
        mention: The mention's text.
        phi: The marked texts.
    """

    note_id: str
    label: str
    finders: tuple[str, ...]
    phi_labels: tuple[str, ...]
    mention: str = field(repr=False)
    phi: tuple[str, ...] = field(repr=False)


def find_damaged(
    documents: Sequence[GoldDocument], annotators: Sequence[PhiAnnotator]
) -> list[Damaged]:
    """Find the gold mentions that PHI overlaps, as a run would find it."""
    found = find_all(documents, annotators)
    return [
        damaged
        for document, spans in zip(documents, found, strict=True)
        for damaged in _of_document(document, spans)
    ]


def _of_document(document: GoldDocument, found: Sequence[PhiSpan]) -> Iterator[Damaged]:
    text = document.note.text
    for mention in document.spans:
        hits = [span for span in found if span.overlaps(mention)]
        if hits:
            yield Damaged(
                document.note.note_id,
                mention.label,
                tuple(sorted({name for span in hits for name in span.annotators})),
                tuple(sorted({span.label for span in hits})),
                text[mention.start : mention.end],
                tuple(dict.fromkeys(text[span.start : span.end] for span in hits)),
            )


def summarise(documents: Sequence[GoldDocument], damaged: Sequence[Damaged]) -> dict[str, Any]:
    """Count the damage by finders, by what it was taken for and by the mention's label."""
    mentions = sum(len(document.spans) for document in documents)
    by_label = Counter(span.label for document in documents for span in document.spans)
    hit = Counter(d.label for d in damaged)
    return {
        "notes": len(documents),
        "mentions": mentions,
        "overlapped": len(damaged),
        "share": round(len(damaged) / max(mentions, 1), 5),
        "finders": dict(Counter("+".join(d.finders) for d in damaged).most_common()),
        "taken_for": dict(Counter("+".join(d.phi_labels) for d in damaged).most_common()),
        "mention_labels": {
            label: [hit[label], round(hit[label] / n, 5)] for label, n in sorted(by_label.items())
        },
    }


def write_damaged(path: Path, damaged: Sequence[Damaged]) -> None:
    """Write the overlapped texts, the most frequent first, as JSON lines (mode 0600)."""
    counts = Counter(
        (d.mention.lower(), d.label, d.phi, d.phi_labels, d.finders) for d in damaged
    ).most_common()
    path.touch(mode=PRIVATE_FILE)
    with path.open("w", encoding="utf-8") as file:
        for (mention, label, phi, phi_labels, finders), n in counts:
            row = {"n": n, "mention": mention, "label": label, "phi": phi}
            row |= {"taken_for": phi_labels, "finders": finders}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
