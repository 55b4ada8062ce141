"""Draw a sample from a PHI root and write its page there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.errors import InputError
from pipeline.manifest import Manifest
from pipeline.released import Found, Released
from pipeline.review.notes import check_phi_root, read_input_time, read_units
from pipeline.review.page import render
from pipeline.review.sample import Sample, draw
from pipeline.schema import NOTE
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
from pipeline.storage.staging import unit_file


@dataclass(frozen=True, slots=True)
class Review:
    """A written page, in numbers.

    Attributes:
        page: Its path.
        notes: Notes in the PHI root.
        sampled: Notes on the page.
        spans: Spans on the page.
        doubtful: Those with one finder or a low score.
        leftovers: Words to check in the released texts.
        unfinished: Notes that the last run read but did not finish.
    """

    page: Path = field(repr=False)
    notes: int
    sampled: int
    spans: int
    doubtful: int
    leftovers: int
    unfinished: int


def write_review(
    phi: Path, size: int, seed: int, labels: Collection[str] = (), out: Path | None = None
) -> Review:
    """Write ``PHI/review/index.html``: a sample of notes, raw beside released.

    Args:
        phi: The PHI root of a run.
        size: How many notes to show.
        seed: Decides which ones are drawn at random.
        labels: Draw only notes with a span of one of these labels; empty: any note.
        out: The OUT of the run, to compare the released texts with what lies there.

    Raises:
        InputError: There is no run, no such note, or OUT holds other texts.
        LockedError: A run is at work.
        SetupError: Others can read the PHI root.
    """
    root = Root(phi.absolute())
    check_phi_root(root)
    with hold(root):
        read = read_input_time(root)
        sample = draw(read_units(root), size, seed, {label.upper() for label in labels})
        manifest = None if out is None else _compare(sample, Released(out))
        page = render(sample, load_lexicon(), read, manifest)
        path = root.folder("review") / "index.html"
        root.write_text(path, page.html)
    return Review(
        phi / "review" / "index.html",
        sample.everything.notes,
        len(sample.drawn),
        sample.counts.labels.total(),
        page.doubtful,
        page.leftovers,
        sample.unfinished,
    )


def _compare(sample: Sample, released: Released) -> Manifest:
    """Compare the sample with OUT and read what the run says of itself."""
    different = 0
    for drawn in sample.drawn:
        found = Found(drawn.note.pseudonym, unit_file(drawn.note.unit))
        texts = [row["text"] for row in released.rows(NOTE, found)]
        different += texts != [drawn.note.released]
    if different:
        raise InputError(
            f"{different} of the {len(sample.drawn)} notes of the sample are not in OUT as PHI has "
            "them; give the OUT that belongs to PHI, and if the last run did not complete, run it "
            "again"
        )
    manifest = released.last_manifest()
    if manifest is None:
        raise InputError("no run has finished in OUT; give the same `chartsift run` again")
    return manifest
