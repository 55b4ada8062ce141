"""The page: one HTML file that needs nothing else and sends nothing anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.manifest import Manifest
from pipeline.page import private_head
from pipeline.review.alignment import align
from pipeline.review.leftovers import Suspicion, suspect
from pipeline.review.markup import colour_rules, line_row, show_text
from pipeline.review.preface import definitions, preface
from pipeline.review.sample import Drawn, Sample

_WARNING = (
    "Contains protected health information. This page never leaves the PHI root: don't copy, mail "
    "or upload it; a print of it is PHI too. Delete it when the review is done."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and what it holds.

    Attributes:
        html: The page.
        doubtful: Spans with one finder or a low score.
        leftovers: Words to check in the released texts.
    """

    html: str = field(repr=False)
    doubtful: int
    leftovers: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A note's place on the page."""

    place: int
    drawn: Drawn
    rows: str = field(repr=False)
    leftovers: int

    @property
    def doubtful(self) -> int:
        return sum(found.is_doubtful for found in self.drawn.note.spans)


def render(sample: Sample, lexicon: Lexicon, read: datetime, manifest: Manifest | None) -> Page:
    """Render a sample.

    Args:
        sample: The notes.
        lexicon: Names and common words, to look for leftovers.
        read: When the run read its input (UTC).
        manifest: What the run says of itself, if the sample was compared with OUT.
    """
    suspicion = suspect((p for drawn in sample.drawn for p in drawn.note.pieces), lexicon)
    entries = [_entry(n, drawn, suspicion) for n, drawn in enumerate(sample.drawn, start=1)]
    body = [
        f'<p class="warning">{_WARNING}</p>',
        "<main>",
        preface(sample, read, manifest),
        _contents(entries),
        *(_note(entry, len(entries)) for entry in entries),
        '<p class="signature"><span>Reviewed by</span><span>Date</span><span>Decision</span></p>',
        "</main>",
    ]
    return Page(
        _head() + "\n".join(body) + "\n</body></html>\n",
        sum(entry.doubtful for entry in entries),
        sum(entry.leftovers for entry in entries),
    )


def _head() -> str:
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    return private_head("Review of de-identification (contains PHI)", f"{style}{colour_rules()}")


def _contents(entries: Sequence[_Entry]) -> str:
    rows = "".join(
        f'<tr><td class="n"><a href="#note-{e.place}">{e.place}</a></td>'
        f'<th scope="row" class="id">{show_text(e.drawn.note.note_id)}</th>'
        f"<td>{show_text(e.drawn.note.raw.note_type or '—')}</td><td>{e.drawn.reason}</td>"
        f'<td class="n">{e.drawn.note.words:,}</td><td class="n">{len(e.drawn.note.spans):,}</td>'
        f'<td class="n">{e.doubtful:,}</td><td class="n">{e.leftovers:,}</td></tr>'
        for e in entries
    )
    heads = ("", "note", "type", "why it is here", "words", "spans", "look first", "to check")
    numeric = {"", "words", "spans", "look first", "to check"}
    head = "".join(
        f'<th scope="col"{" class=n" if name in numeric else ""}>{name}</th>' for name in heads
    )
    return (
        f'<h2 id="contents">The notes</h2><div class="scroll"><table class="contents">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _entry(place: int, drawn: Drawn, suspicion: Suspicion) -> _Entry:
    lines = list(align(drawn.note.pieces))
    texts = (p.released for line in lines for p in line.pieces if p.found is None)
    leftovers = sum(len(suspicion.find_leftovers(text)) for text in texts)
    rows = "\n".join(line_row(line, suspicion) for line in lines)
    return _Entry(place, drawn, rows, leftovers)


def _note(entry: _Entry, last: int) -> str:
    note, place = entry.drawn.note, entry.place
    links = [
        f'<a href="#note-{place - 1}">previous</a>' if place > 1 else "",
        '<a href="#contents">all notes</a>',
        f'<a href="#note-{place + 1}">next</a>' if place < last else "",
    ]
    time = note.raw.note_time
    facts = definitions(
        [
            ("Raw id", f'<span class="id">{show_text(note.note_id)}</span>'),
            ("Id in OUT", f'<span class="id">{show_text(note.pseudonym)}</span>'),
            ("Type", show_text(note.raw.note_type or "—")),
            ("Time", "—" if time is None else show_text(time.isoformat(" "))),
            ("Here because", f"{entry.drawn.reason}"),
            ("Words", f"{note.words:,}"),
            ("Look first", f"{entry.doubtful:,} of {len(note.spans):,} spans"),
            ("To check", f"{entry.leftovers:,} underlined"),
        ]
    )
    return (
        f'<section class="note" id="note-{place}" aria-labelledby="title-{place}"><header>'
        f'<nav aria-label="Notes">{" · ".join(link for link in links if link)}</nav>'
        f'<h3 id="title-{place}">Note {place} of {last}</h3>{facts}</header>'
        '<table class="text"><colgroup><col class="number"><col><col></colgroup><thead><tr>'
        '<th scope="col">line</th><th scope="col">raw: PHI</th><th scope="col">released</th>'
        f"</tr></thead><tbody>\n{entry.rows}\n</tbody></table>"
        '<p class="signature"><span>Nothing left that identifies</span>'
        "<span>Leak in line</span></p></section>"
    )
