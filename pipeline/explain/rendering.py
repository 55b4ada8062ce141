"""An explanation in the terminal, to be read with and without colour."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from pipeline.explain.explanation import Explanation
from pipeline.explain.shading import shade, tell_place, tell_weight
from pipeline.marking import LABEL_STYLES, printable

_HEAVIEST = 10
_BAR = 16
_FAINTEST = 0.2
"""On a dark screen a faint shade, being almost white, would catch the eye most."""
_LEGEND = (
    "A weight says how much a word raised (+) or lowered (−) the log-probability of the label, "
    "against the same text with every word hidden."
)


def render_explanation(explanation: Explanation) -> RenderableType:
    """Render the mention's sentence with shaded words, the heaviest words and the probabilities."""
    mention = explanation.mention
    style = LABEL_STYLES.get(mention.label, "green")
    facts = Grid.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column(overflow="fold")
    facts.add_row("mention", Text.assemble((mention.label, style), f" {mention.score:.2f}"))
    facts.add_row("found by", Text(", ".join(mention.annotators)))
    facts.add_row("note_id", Text(printable(explanation.note.note_id)))
    facts.add_row("place", f"{mention.start}–{mention.end}")
    rule = Rule(style="dim")
    parts: list[RenderableType] = [facts, rule, _sentence(explanation, style), rule]
    parts += [Text(f"doubtful: {doubt}", "bold yellow") for doubt in explanation.doubts]
    parts += [_weights(explanation), _opinions(explanation), Padding(_sums(explanation), (0, 1))]
    return Group(*parts)


def _sentence(explanation: Explanation, style: str) -> Text:
    text = Text()
    mention = explanation.mention
    tag = f"⟨{mention.label}:{f'{mention.score:.2f}'.removeprefix('0')}⟩"
    was_in_mention = False
    for stretch in explanation.stretches(*explanation.sentence()):
        if was_in_mention and not stretch.in_mention:
            text.append(tag, style)
        was_in_mention = stretch.in_mention
        colour = shade(explanation.relative(stretch.weight), _FAINTEST)
        shaded = f"#000000 on {colour}" if colour else ""
        text.append(printable(stretch.text), f"{'bold ' * stretch.in_mention}{shaded}".strip())
    if was_in_mention:
        text.append(tag, style)
    return text


def _weights(explanation: Explanation) -> Grid:
    table = Grid(box=box.SIMPLE_HEAD)
    table.add_column("weight", justify="right")
    table.add_column("word", no_wrap=True, overflow="ellipsis", max_width=32)
    table.add_column("where", no_wrap=True)
    table.add_column(no_wrap=True)
    for word in explanation.heaviest(_HEAVIEST):
        length = round(_BAR * abs(explanation.relative(word.weight)))
        table.add_row(
            tell_weight(word.weight),
            Text(printable(explanation.note.text[word.start : word.end])),
            tell_place(word.place),
            Text(("█" if word.weight > 0 else "▒") * length, "blue" if word.weight > 0 else "red"),
        )
    return table


def _opinions(explanation: Explanation) -> Grid:
    labels = explanation.labels
    table = Grid(box=box.SIMPLE_HEAD)
    table.add_column("probability of", no_wrap=True, overflow="ellipsis", max_width=32)
    for name in labels:
        table.add_column(Text(name, LABEL_STYLES.get(name, "green")), justify="right")
    table.add_column("no mention", justify="right")
    for opinion in explanation.opinions:
        table.add_row(
            Text(printable(explanation.note.text[opinion.start : opinion.end])),
            *(f"{opinion.labels[name]:.3f}" for name in labels),
            f"{opinion.outside:.3f}",
        )
    return table


def _sums(explanation: Explanation) -> Text:
    return Text(
        f"{_LEGEND} All {len(explanation.words):,} words that the model saw add up to "
        f"{tell_weight(explanation.gain + explanation.error)} of {tell_weight(explanation.gain)}; "
        f"the mention's own carry {explanation.own_share:.0%} of the weight. Probabilities are the "
        "model's own, before calibration.",
        "dim",
    )
