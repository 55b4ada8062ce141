"""An explanation as one HTML file that needs nothing else and sends nothing anywhere."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from pathlib import Path

from pipeline.errors import InputError
from pipeline.explain.explanation import Explanation, Stretch
from pipeline.explain.shading import shade, tell_place, tell_weight
from pipeline.page import private_head
from pipeline.review.markup import show_text
from pipeline.storage.files import Root

_HEAVIEST = 15


def write_page(explanation: Explanation, path: Path) -> None:
    """Write an explanation as a page that only its owner can read (mode 0600).

    Args:
        explanation: What to show; the page holds the note's text.
        path: The HTML file; its folder exists.

    Raises:
        InputError: The file can't be written.
    """
    reason = ""
    try:
        Root(path.parent).write_text(path, render_page(explanation))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    if reason:
        raise InputError(f"the page can't be written ({reason}): give --html another file")


def render_page(explanation: Explanation) -> str:
    """Render an explanation as HTML."""
    mention, note = explanation.mention, explanation.note
    facts = _facts(
        ("Score", f"{mention.score:.2f}"),
        ("Found by", show_text(", ".join(mention.annotators))),
        ("Note", f"<code>{show_text(note.note_id)}</code>, {mention.start}–{mention.end}"),
        ("Own words", f"{explanation.own_share:.0%} of the weight; the rest is context"),
    )
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    label = show_text(mention.label)
    return (
        f"{private_head(f'Why {label}?', style)}<main>\n"
        f"<h1>Why is “{show_text(note.text[mention.start : mention.end])}” a {label}?</h1>\n"
        f"{facts}{''.join(_doubt(doubt) for doubt in explanation.doubts)}"
        f"<h2>What the model saw</h2>\n{_legend()}"
        f'<div class="text">{_shaded(explanation)}</div>\n'
        f'<div class="tables">{_weights(explanation)}{_opinions(explanation)}</div>\n'
        f"{_method(explanation)}</main></body></html>\n"
    )


def _facts(*facts: tuple[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return f"<dl>{rows}</dl>\n"


def _doubt(doubt: str) -> str:
    return f'<p class="doubt">{show_text(doubt)}</p>\n'


def _legend() -> str:
    return (
        f'<p class="legend"><span class="for" style="background:{shade(1)}">raised</span> '
        f'<span class="against" style="background:{shade(-1)}">lowered</span> '
        "the probability of the label; the mention is framed. Rest on a word for its weight.</p>\n"
    )


def _shaded(explanation: Explanation) -> str:
    stretches = explanation.stretches(*explanation.window())
    parts: list[str] = []
    for in_mention, group in groupby(stretches, key=lambda stretch: stretch.in_mention):
        text = "".join(_word(stretch, explanation) for stretch in group)
        parts.append(f"<mark>{text}</mark>" if in_mention else text)
    return "".join(parts)


def _word(stretch: Stretch, explanation: Explanation) -> str:
    text = show_text(stretch.text)
    if not stretch.weight:
        return text
    told = tell_weight(stretch.weight)
    colour = shade(explanation.relative(stretch.weight))
    if colour is None:
        return f'<span title="{told}">{text}</span>'
    side = "for" if stretch.weight > 0 else "against"
    return f'<span class="{side}" style="background:{colour}" title="{told}">{text}</span>'


def _weights(explanation: Explanation) -> str:
    rows = "".join(
        f'<tr><td class="n">{tell_weight(word.weight)}</td>'
        f"<td>{_bar(explanation.relative(word.weight))}</td>"
        f"<td>{show_text(explanation.note.text[word.start : word.end])}</td>"
        f"<td>{tell_place(word.place)}</td></tr>\n"
        for word in explanation.heaviest(_HEAVIEST)
    )
    return (
        "<section><h2>The heaviest words</h2><table><thead><tr>"
        '<th scope="col" class="n">weight</th><td></td><th scope="col">word</th>'
        f'<th scope="col">where</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n'
    )


def _bar(relative: float) -> str:
    colour = shade(1 if relative > 0 else -1)
    return f'<div class="bar" style="width:{80 * abs(relative):.0f}px;background:{colour}"></div>'


def _opinions(explanation: Explanation) -> str:
    labels = explanation.labels
    heads = "".join(f'<th scope="col" class="n">{show_text(name)}</th>' for name in labels)
    rows = "".join(
        f'<tr><th scope="row">{show_text(explanation.note.text[o.start : o.end])}</th>'
        + "".join(f'<td class="n">{o.labels[name]:.3f}</td>' for name in labels)
        + f'<td class="n">{o.outside:.3f}</td></tr>\n'
        for o in explanation.opinions
    )
    return (
        "<section><h2>What the model takes its words for</h2><table><thead><tr>"
        f'<th scope="col">word</th>{heads}<th scope="col" class="n">no mention</th></tr></thead>'
        f"<tbody>\n{rows}</tbody></table></section>\n"
    )


def _method(explanation: Explanation) -> str:
    sums = f"{tell_weight(explanation.gain + explanation.error)} of {tell_weight(explanation.gain)}"
    return (
        '<p class="method">Integrated gradients (Sundararajan, Taly and Yan, 2017). A weight is '
        "what a word adds to the log-probability of the label, summed over the mention’s words, "
        f"against the same text with every word hidden. The {len(explanation.words):,} words add "
        f"up to {sums}. Probabilities are the model’s own, before calibration. Weights show what "
        "moved this model, not what is true of the patient. This page holds released text: keep "
        "it where OUT may be kept.</p>\n"
    )
