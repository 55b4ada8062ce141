"""The spaCy pipeline of the PHI recogniser: building, feeding, biasing and writing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from pipeline.errors import SetupError
from pipeline.train.phi_text import TaggedText
from pipeline.train.phi_tokens import clinical_tokenizer

_HIDDEN: Final = 128
_META: Final = {
    "name": "phi",
    "version": "1.0.0",
    "description": "Recognises protected health information in clinical notes",
    "license": "Apache-2.0",
    "spacy_version": ">=3.8.0,<3.9.0",
}


def make_pipeline(
    labels: Sequence[str], base: str | None = None, width: int = 128, depth: int = 6
) -> Language:
    """Build an English pipeline of the clinical tokenizer and an untrained or sourced NER.

    The NER is spaCy's: convolutions over hashed features of tokens (among them, unlike in spaCy's
    own pipelines, a token's length and whether white space follows) and a transition system.

    Args:
        labels: What it will recognise.
        base: Name or folder of a pipeline whose NER gives its token vectors; None starts anew.
        width: Size of a token's vector, without a base.
        depth: Convolutions, without a base.

    Raises:
        SetupError: The base isn't installed.
    """
    nlp = spacy.blank("en")
    nlp.tokenizer = clinical_tokenizer(nlp.vocab)
    source = None if base is None else _load_base(base)
    tok2vec = _tok2vec(width, depth) if source is None else source.tok2vec
    ner = nlp.add_pipe("ner", config={"model": _architecture(tok2vec)})
    for label in labels:
        ner.add_label(label)
    nlp.initialize()
    if source is not None:
        ner.model.get_ref("tok2vec").from_bytes(source.weights)
    return nlp


@dataclass(frozen=True, slots=True)
class _Base:
    tok2vec: dict[str, Any]
    weights: bytes


def _load_base(name: str) -> _Base:
    try:
        nlp = spacy.load(name, exclude=["tagger", "parser", "lemmatizer", "attribute_ruler"])
    except OSError:
        raise SetupError(
            f"the pipeline {name!r} to start from isn't installed; install chartsift[train], "
            "or start from scratch with base=None"
        ) from None
    config = nlp.config["components"]["ner"]["model"]["tok2vec"]
    return _Base(config, nlp.get_pipe("ner").model.get_ref("tok2vec").to_bytes())


def _architecture(tok2vec: dict[str, Any]) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": _HIDDEN,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": tok2vec,
    }


def _tok2vec(width: int, depth: int) -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "LENGTH", "SPACY"],
            "rows": [6000, 500, 3000, 1500, 50, 10],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": width,
            "depth": depth,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def make_example(nlp: Language, text: TaggedText) -> Example:
    """Tokenize a text and put its spans on it; those that don't fit the tokens are widened.

    Tokens of unknown ranges, but for those of spans, are missing annotations: whatever is found
    there costs nothing.
    """
    reference = nlp.make_doc(text.text)
    found = (
        reference.char_span(s.start, s.end, label=s.label, alignment_mode="expand")
        for s in text.spans
    )
    entities = filter_spans([s for s in map(_trimmed, found) if s is not None])
    known = {token.i for span in entities for token in span}
    ranges = (reference.char_span(*r, alignment_mode="expand") for r in text.unknown)
    unknown = {token.i for span in ranges if span is not None for token in span} - known
    reference.set_ents(entities, missing=[reference[i : i + 1] for i in sorted(unknown)])
    spaces = [bool(token.whitespace_) for token in reference]
    predicted = Doc(nlp.vocab, words=[token.text for token in reference], spaces=spaces)
    return Example(predicted, reference)


def _trimmed(span: Any) -> Any:
    """Drop white-space tokens at a span's ends: the NER refuses such entities."""
    if span is None:
        return None
    start, end = span.start, span.end
    while start < end and span.doc[start].is_space:
        start += 1
    while start < end and span.doc[end - 1].is_space:
        end -= 1
    return Span(span.doc, start, end, label=span.label) if start < end else None


def write_pipeline(nlp: Language, labels: Sequence[str], out: Path, margin: float = 0.0) -> None:
    """Write the weights in a fresh pipeline, free of the strings that training has seen.

    Args:
        nlp: The trained pipeline.
        labels: What it recognises.
        out: Folder to write.
        margin: What to take off the score of "no PHI".
    """
    trained = nlp.get_pipe("ner")
    fresh = spacy.blank("en")
    fresh.tokenizer = clinical_tokenizer(fresh.vocab)
    ner = fresh.add_pipe("ner", config={"model": nlp.config["components"]["ner"]["model"]})
    for label in labels:
        ner.add_label(label)
    fresh.initialize()
    ner.model.from_bytes(trained.model.to_bytes())
    favour_recall(ner, margin)
    fresh.meta.update(_META)
    fresh.to_disk(out, exclude=["vectors"])


def favour_recall(ner: Any, margin: float) -> None:
    """Take a margin off the score of the action "this token is no PHI".

    The parser takes the action of the highest score, a logit, so that the margin shifts the odds
    of every decision alike.
    """
    actions = [ner.moves.get_class_name(index) for index in range(ner.moves.n_moves)]
    upper = ner.model.get_ref("upper")
    bias = upper.get_param("b").copy()
    bias[actions.index("O")] -= margin
    upper.set_param("b", bias)
