"""What the page says before the notes: the run, the sample, how to read it, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipeline.manifest import Manifest
from pipeline.review.alignment import LOW_SCORE
from pipeline.review.markup import label_class, show_text
from pipeline.review.sample import Counts, Sample

_CONFIDENCE = 0.95


def preface(sample: Sample, read: datetime, manifest: Manifest | None) -> str:
    """Write all that stands before the notes.

    Args:
        sample: The notes.
        read: When the run read its input (UTC).
        manifest: What the run says of itself, if the sample was compared with OUT.
    """
    counts = sample.counts
    return "\n".join(
        [
            "<header><h1>Review of de-identification</h1>",
            _facts(sample, counts, read, manifest),
            "</header>",
            _sampling(sample),
            _reading(),
            _leaks(),
            _counts(counts, sample.everything),
        ]
    )


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a list of terms and what they are, both HTML."""
    items = "".join(f"<dt>{term}</dt><dd>{what}</dd>" for term, what in pairs)
    return f'<dl class="facts">{items}</dl>'


def _facts(sample: Sample, counts: Counts, read: datetime, manifest: Manifest | None) -> str:
    pairs = [("Input read", f"{read:%Y-%m-%d %H:%M} UTC")]
    if manifest is None:
        pairs.append(
            (
                "Released texts",
                "rebuilt from the PHI root, not compared with OUT; <code>--out OUT</code> does",
            )
        )
    else:
        finished = show_text(manifest.finished.replace("T", " ").removesuffix("+00:00"))
        pairs += [
            ("Run", f"{show_text(manifest.run_id)}, {show_text(manifest.status)}"),
            ("Finished", f"{finished} UTC"),
            (
                "Policy",
                f"{show_text(manifest.policy)}, replacement by {show_text(manifest.replacement)}",
            ),
            ("Released texts", "compared with OUT: all notes below are in OUT exactly so"),
        ]
    pairs += [
        ("Notes in PHI", f"{sample.everything.notes:,}"),
        ("Notes below", f"{counts.notes:,}"),
        ("Spans below", f"{counts.labels.total():,} of {sample.everything.labels.total():,}"),
    ]
    alert = (
        f'<p class="alert">The last run read {sample.unfinished:,} more notes but did not finish '
        "them. They could not be drawn; run it again until it completes.</p>"
        if sample.unfinished
        else ""
    )
    return definitions(pairs) + alert


def _sampling(sample: Sample) -> str:
    among = f"{sample.eligible:,} notes"
    if sample.labels:
        among += f" that have a span labelled {' or '.join(map(show_text, sample.labels))}"
    n, n_risk = sample.n_random, len(sample.drawn) - sample.n_random
    lines = [
        f"<h2>How the sample was drawn</h2><p>From {among}: {n:,} at random (seed {sample.seed}; "
        "the same seed draws the same notes from the same input) and then "
        f"{n_risk:,} most at risk. These are taken in turn from two lists: notes with the most "
        "spans that only one finder saw for each word, and notes with the fewest spans for each "
        "word.</p>"
    ]
    if n < sample.eligible:
        most = 1 - (1 - _CONFIDENCE) ** (1 / n)
        lines.append(
            f"<p>If the {n:,} random notes hold no leak, then with {100 * _CONFIDENCE:.0f} % "
            f"confidence fewer than {100 * most:.1f} % of the {among} hold one that you would have "
            "seen. For fewer than 1 %, read 300 random notes (<code>--notes 600</code>). The notes "
            "at risk say nothing about the rate.</p>"
        )
    return "".join(lines)


def _reading() -> str:
    return (
        "<h2>How to read it</h2><ul>"
        "<li>Left stands the raw text, right what was released of it, line beside line. Rest the "
        "pointer on a coloured span to see its label, who found it, its score and what was "
        "released.</li>"
        '<li><mark class="other doubtful">dashed, marked ?</mark>: look here first. '
        f"Only one finder saw it, or its score is below {LOW_SCORE:g}: notes where finders "
        "disagree are those where all of them may have missed something.</li>"
        '<li><mark class="other kept">framed</mark>: found, and released as it is under the '
        "policy.</li>"
        "<li><u>underlined</u> in the released text: not found, but it stands in an identifier "
        "elsewhere in this sample, in the list of names, or is a long number. Most of these are "
        "harmless; what is not underlined may still be a leak.</li>"
        '<li><span class="code">U+202E</span>: a character that can\'t be seen.</li></ul>'
    )


def _leaks() -> str:
    return (
        "<h2>If something identifies a person</h2><ol>"
        "<li>Don't release OUT, or withdraw it.</li>"
        "<li>A name, word or number of your site (a ward, a clinic, a colleague): add it to "
        "<code>deid.deny</code>; a kind of number with a form of its own: to "
        "<code>deid.patterns</code>.</li>"
        "<li>An identifier of a patient, a relative or a clinician who treats the patient: add it "
        "to the patient's row in the table that <code>--known</code> names.</li>"
        "<li>Give the same <code>chartsift run</code> again and review again, with the same seed "
        "and with another.</li>"
        "<li>Report what kind of thing was missed to the makers of chartsift in words of your own, "
        "with an invented example. Name a note by its id in OUT, never by its raw id.</li></ol>"
    )


def _counts(counts: Counts, everything: Counts) -> str:
    labels = "".join(
        f'<li><mark class="{label_class(label)}">{show_text(label)}</mark><span class="n">'
        f"{counts.labels[label]:,} of {number:,}</span></li>"
        for label, number in sorted(everything.labels.items(), key=lambda c: (-c[1], c[0]))
    )
    finders = "".join(
        f'<tr><th scope="row">{show_text(name)}</th><td class="n">{counts.finders[name]:,}</td>'
        f'<td class="n">{counts.alone[name]:,}</td><td class="n">{number:,}</td>'
        f'<td class="n">{everything.alone[name]:,}</td></tr>'
        for name, number in sorted(everything.finders.items(), key=lambda c: (-c[1], c[0]))
    )
    return (
        "<h2>What was found</h2>"
        f'<p class="dim">Spans below, of those in all notes.</p><ul class="labels">{labels}</ul>'
        '<div class="counts"><table><thead><tr><th scope="col">finder</th>'
        '<th scope="col" class="n">spans below</th><th scope="col" class="n">alone</th>'
        '<th scope="col" class="n">in all notes</th><th scope="col" class="n">alone</th></tr>'
        f"</thead><tbody>{finders}</tbody></table></div>"
    )
