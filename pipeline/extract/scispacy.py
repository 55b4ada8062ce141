"""Find mentions with any installed spaCy or scispaCy pipeline that recognises entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy

from pipeline.context.sentences import find_sentences
from pipeline.encoder.windows import cut_windows
from pipeline.errors import SetupError
from pipeline.extract.boundaries import find_breaks, tidy
from pipeline.extract.words import find_words
from pipeline.note import Mention, Note

_FINDERS = frozenset({"ner", "beam_ner", "entity_ruler", "span_ruler"})
"""spaCy's factories that set ``Doc.ents``."""

_LISTENED = frozenset({"tok2vec", "transformer", "curated_transformer"})
"""Factories whose output other components may listen to."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a pair of UTF-16, which spaCy can't encode."""

_PIECE = 100_000
"""Characters given to spaCy at once; its memory grows by about 1 GB for each 100,000."""


@dataclass(frozen=True, slots=True)
class SpacyMentions:
    """A spaCy pipeline as an annotator of mentions.

    Attributes:
        name: The name that mentions and tables give as their annotator: the pipeline's.
        nlp: The pipeline, with no more components than its entities need.
        labels: The pipeline's entity labels to ours; entities of other labels are dropped.
        score: The score of every mention, since the pipeline gives none.
    """

    name: str
    nlp: Any
    labels: Mapping[str, str]
    score: float

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        """Find mentions.

        Args:
            notes: Released notes, of any length: long ones are given to the pipeline in pieces
                that end with a sentence.

        Returns:
            For each note its mentions in text order. None crosses a line or touches a replacement
            tag: of an entity that does so the longest part stays.
        """
        found: list[list[Mention]] = [[] for _ in notes]
        limit = min(int(self.nlp.max_length), _PIECE)
        pieces = (
            (_LONE_SURROGATE.sub("\ufffd", note.text[start:end]), (index, start))
            for index, note in enumerate(notes)
            for start, end in cut_text(note.text, limit)
        )
        breaks = [find_breaks(note.text) for note in notes]
        with self.nlp.memory_zone():
            for doc, (index, offset) in self.nlp.pipe(pieces, as_tuples=True):
                text = notes[index].text
                for entity in doc.ents:
                    label = self.labels.get(entity.label_)
                    start, end = entity.start_char + offset, entity.end_char + offset
                    span = tidy(text, start, end, breaks[index]) if label else None
                    if label and span:
                        found[index].append(Mention(*span, label, self.score, (self.name,)))
        return found


def load_scispacy(model: str, labels: Mapping[str, str], *, score: float = 0.5) -> SpacyMentions:
    """Load an installed pipeline, or one from a folder, as far as its entities need it.

    Args:
        model: Name of the package, such as ``en_ner_bc5cdr_md``, or path of the folder.
        labels: The pipeline's entity labels to SYMPTOM, DISEASE or TREATMENT.
        score: The score that its mentions get, 0 to 1.

    Raises:
        SetupError: The pipeline isn't there, or finds no entity with one of these labels.
    """
    nlp, reason = None, ""
    try:
        config = spacy.util.load_config(_folder(model) / "config.cfg")
        nlp = spacy.load(model, exclude=sorted(_unneeded(config)))
    except (OSError, ImportError, ValueError, KeyError) as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    if nlp is None:
        raise SetupError(
            f"the spaCy pipeline {model!r} can't be loaded ({reason}): install its package into"
            " this environment, give the path of its folder, or take it out of the configuration"
        )
    finds = {
        label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ())
    }
    if finds.isdisjoint(labels):
        raise SetupError(
            f"the spaCy pipeline {model!r} finds {', '.join(sorted(finds)) or 'no entities'}, but"
            f" the configuration maps {', '.join(sorted(labels)) or 'nothing'}: map its labels"
        )
    name = f"{nlp.meta['lang']}_{nlp.meta['name']}"
    return SpacyMentions(name=name, nlp=nlp, labels=dict(labels), score=score)


def cut_text(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Cut a text into pieces of at most ``limit`` characters, at sentence ends if it can be.

    Args:
        text: Any text.
        limit: At least 64.

    Returns:
        ``(start, end)`` of the pieces, in order; they cover all but white space.
    """
    if len(text) <= limit:
        if text and not text.isspace():
            yield 0, len(text)
        return
    words = find_words(text)
    ends = [start for start, _ in words[1:]] + [len(text)]
    sizes = [end - start for (start, _), end in zip(words, ends, strict=True)]
    for first, last in cut_windows(words, sizes, find_sentences(text), limit):
        yield words[first][0], words[last - 1][1]


def _folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    package: Path = spacy.util.get_package_path(model)
    folders = sorted(package.glob(f"{model}-*/config.cfg"))
    return folders[0].parent if folders else package


def _unneeded(config: Mapping[str, Any]) -> set[str]:
    """Name the components that neither set entities nor feed one that does."""
    components: Mapping[str, Any] = config["components"]
    finders = {name for name, part in components.items() if part.get("factory") in _FINDERS}
    listens = any(_listens(components[name]) for name in finders)
    fed = {name for name, part in components.items() if part.get("factory") in _LISTENED}
    return set(components) - finders - (fed if listens else set())


def _listens(part: Any) -> bool:
    if isinstance(part, Mapping):
        return any(_listens(value) for value in part.values())
    return isinstance(part, str) and "Listener" in part
