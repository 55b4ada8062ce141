"""Sentences as the rules of assertion read them: normalised words, mentions in one piece."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.context.lexemes import END, normalise
from pipeline.context.sentences import find_sentences
from pipeline.extract.words import find_words
from pipeline.note import Section, Span

BREAK: Final = "<section>"
"""Stands before the first word of a section that begins within a sentence."""

HEADING: Final = "<heading>"
"""Stands for each word of a heading of a known kind, whose words are no cues."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, list item or heading that holds mentions or heads a list.

    Attributes:
        words: Normalised words, punctuation included; a mention is one word, ``""``.
        spans: ``[start, end)`` of each in the text.
        labels: For each word the labels of the mentions that it stands for; mostly empty.
        mentions: Place of a word that stands for mentions to their places in the note's list.
        heads_list: It ends with a colon: what follows may be its items.
        continues: It stands in the section of the line before, without an empty line between.
    """

    words: list[str]
    spans: list[tuple[int, int]]
    labels: list[tuple[str, ...]]
    mentions: dict[int, list[int]]
    heads_list: bool
    continues: bool


def read_lines(text: str, mentions: Sequence[Span], sections: Sequence[Section]) -> Iterator[Line]:
    """Read the sentences of a text that hold mentions or head a list.

    Args:
        text: Any text.
        mentions: In any order, overlapping or not.
        sections: Of the text, in order; none is fine.
    """
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end))
    starts = [section.start for section in sections]
    done = 0
    last_end, last_section = 0, 0
    apart = heads = False
    for start, end in find_sentences(text):
        first = done
        while done < len(order) and mentions[order[done]].start < end:
            done += 1
        section = bisect_right(starts, start)
        empty = not heads and text.count("\n", last_end, start) > 1
        apart = apart or empty or section != last_section
        heads = text[end - 1] == ":"
        last_end, last_section = end, section
        if done == first and not heads:
            continue
        line = Line([], [], [], {}, heads, not apart)
        held = [(i, mentions[i]) for i in order[first:done]]
        last_section += _fill(line, text, (start, end), held, sections[max(0, section - 1) :])
        apart = False
        yield line


def _fill(
    line: Line,
    text: str,
    span: tuple[int, int],
    held: Sequence[tuple[int, Span]],
    sections: Sequence[Section],
) -> int:
    """Write the words of a sentence; return the number of sections that begin within it.

    Args:
        line: An empty line.
        text: The text.
        span: ``[start, end)`` of the sentence.
        held: The mentions that begin in it, by their beginnings, with their places in the list.
        sections: That in which it begins, and those after it.
    """
    start, end = span
    begun = 0
    following = 0  # of the mentions
    mention_end = -1
    heading = _heading(sections, 0)
    for first, last in find_words(text[start:end]):
        left, right = first + start, last + start
        while begun + 1 < len(sections) and sections[begun + 1].start <= left:
            begun += 1
            heading = _heading(sections, begun)
            _add(line, BREAK, (left, left))
        while following < len(held) and held[following][1].start < right:
            index, mention = held[following]
            following += 1
            if mention.start >= mention_end:
                line.mentions[len(line.words)] = [index]
                _add(line, "", (mention.start, mention.end), (mention.label,))
            else:
                line.mentions[len(line.words) - 1].append(index)
                line.labels[-1] = (*line.labels[-1], mention.label)
            mention_end = max(mention_end, mention.end)
        if left < mention_end:
            continue
        is_heading = heading[0] <= left < heading[1]
        _add(line, HEADING if is_heading else normalise(text[left:right]), (left, right))
    if line.words and line.words[-1] == ".":
        line.words[-1] = END
    else:
        _add(line, END, (end, end))
    return begun


def _add(line: Line, word: str, span: tuple[int, int], labels: tuple[str, ...] = ()) -> None:
    line.words.append(word)
    line.spans.append(span)
    line.labels.append(labels)


def _heading(sections: Sequence[Section], place: int) -> tuple[int, int]:
    """Return where the heading of a known kind stands; nowhere if there is none."""
    if place < len(sections):
        section = sections[place]
        if section.heading is not None and section.kind != "other":
            return section.heading
    return (0, 0)
