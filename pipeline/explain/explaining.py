"""From a mention's id to the words that drove it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.config import Config
from pipeline.encoder.classification import classify
from pipeline.errors import InputError, SetupError
from pipeline.explain.explanation import Explanation, Opinion, Word
from pipeline.explain.gradients import attribute
from pipeline.explain.lookup import read_mention
from pipeline.extract.bert import NAME, BertAnnotator, NoteWindow, ReadNote, load_bert
from pipeline.note import Mention, Note

_SAME_SCORE = 0.05
"""Scores of the same model differ less, even if a GPU computed one of them in half precision."""

_OTHER_MODEL = "it is not the model that made OUT; give the --config of the run"


def explain_mention(out: Path, mention_id: str, config: Config) -> Explanation:
    """Explain a mention of OUT.

    Args:
        out: The OUT folder.
        mention_id: The mention's id as in ``mention``; of the note's id in it the beginning is
            enough if no other note's begins so.
        config: Names the model, which should be the one that made OUT.

    Raises:
        InputError: There are no tables, no such mention, or BERT didn't find it.
        SetupError: The model can't be used, or can't have made OUT.
    """
    note, mention = read_mention(out, mention_id)
    if NAME not in mention.annotators:
        raise InputError(
            f"that mention was found by {', '.join(mention.annotators)} alone, and only the BERT "
            "classifier can be explained: give a mention that has bert among its annotators"
        )
    return explain(load_bert(config.extract.bert, device=config.run.device), note, mention)


def explain(bert: BertAnnotator, note: Note, mention: Mention) -> Explanation:
    """Explain which words made the model find a mention.

    Args:
        bert: The model that found it.
        note: The released note.
        mention: A mention in it, one that the model found or one that it might have.

    Raises:
        SetupError: The model knows no such label or reads no word there.
    """
    if mention.label not in bert.scheme.begins:
        raise SetupError(f"the model of extract.bert has no {mention.label}: {_OTHER_MODEL}")
    (read,) = bert.read([note])
    own = _find_words(read, mention)
    window = read.window_of(own[0], own[-1] + 1)
    seen = [index for index in own if window.first <= index < window.last]
    attribution = attribute(
        bert.classifier,
        window.pieces,
        [int(window.firsts[index - window.first]) for index in seen],
        [bert.scheme.begins[mention.label], bert.scheme.inside[mention.label]],
    )
    words = tuple(
        Word(*read.words[index], weight, _place(index, seen[0], seen[-1]))
        for index, weight in enumerate(_sum_pieces(attribution.pieces, window), window.first)
    )
    doubts = _compare(bert, note, mention)
    if len(seen) < len(own):
        doubts.append("the model read the mention in two parts; only the larger one is explained")
    if not attribution.adds_up:
        doubts.append(f"the weights' sum is wrong by {abs(attribution.error):.2f}: only hints")
    opinions = _read_opinions(bert, read, window, seen)
    gain, error = attribution.gain, attribution.error
    return Explanation(note, mention, words, opinions, gain, error, tuple(doubts))


def _find_words(read: ReadNote, mention: Mention) -> list[int]:
    """Find the indices of the mention's words."""
    own = list(range(*read.find(mention.start, mention.end)))
    if not own:
        raise SetupError(f"the model of extract.bert reads no word there: {_OTHER_MODEL}")
    return own


def _sum_pieces(weights: NDArray[np.float64], window: NoteWindow) -> list[float]:
    """Add up the weights of each word's pieces."""
    return [float(weight) for weight in np.add.reduceat(weights, window.firsts)]


def _place(index: int, first: int, last: int) -> int:
    if index < first:
        return index - first
    return max(0, index - last)


def _read_opinions(
    bert: BertAnnotator, read: ReadNote, window: NoteWindow, words: list[int]
) -> tuple[Opinion, ...]:
    """Read the probabilities that decide about the mention's words."""
    found = classify(bert.classifier, {window.pieces}, bert.batch_tokens, bert.autocast)
    rows = found[window.pieces][window.firsts]
    scheme = bert.scheme
    return tuple(
        Opinion(
            *read.words[index],
            {
                label: float(rows[index - window.first, [begins, scheme.inside[label]]].sum())
                for label, begins in scheme.begins.items()
            },
        )
        for index in words
    )


def _compare(bert: BertAnnotator, note: Note, mention: Mention) -> list[str]:
    """Say how what the model finds today differs from the mention, or nothing."""
    today = [
        other
        for other in bert.annotate([note])[0]
        if other.label == mention.label and other.overlaps(mention)
    ]
    if not today:
        return [f"the model of extract.bert doesn't find this mention: {_OTHER_MODEL}"]
    if mention.annotators != (bert.name,):
        return []  # the boundaries and the score are those of several annotators
    one = today[0]
    if (one.start, one.end) != (mention.start, mention.end):
        return [f"the model of extract.bert finds it with other boundaries: {_OTHER_MODEL}"]
    if abs(one.score - mention.score) > _SAME_SCORE:
        return [
            f"the model of extract.bert scores it {one.score:.2f}, OUT has {mention.score:.2f}: "
            f"{_OTHER_MODEL}"
        ]
    return []
