"""The spaCy pipeline of the PHI recogniser: building, feeding, biasing and writing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.training import Example

from pipeline.errors import SetupError
from pipeline.train import recogniser
from pipeline.train.phi_text import TaggedText
from pipeline.train.phi_tokens import clinical_tokenizer

_ROWS: Final = {
    "NORM": 6000, "PREFIX": 500, "SUFFIX": 3000, "SHAPE": 1500, "LENGTH": 50, "SPACY": 10,
}  # fmt: skip
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
    source = None if base is None else _load_base(base)
    tok2vec = recogniser.hashed_cnn(_ROWS, width, depth) if source is None else source.tok2vec
    nlp = recogniser.make_recogniser(clinical_tokenizer, labels, tok2vec)
    if source is not None:
        nlp.get_pipe("ner").model.get_ref("tok2vec").from_bytes(source.weights)
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


def make_example(nlp: Language, text: TaggedText) -> Example:
    """Tokenize a text and put its spans and unknown ranges on it."""
    return recogniser.make_example(nlp, text.text, text.spans, text.unknown)


def write_pipeline(nlp: Language, labels: Sequence[str], out: Path, margin: float = 0.0) -> None:
    """Write the weights in a fresh pipeline, free of the strings that training has seen.

    Args:
        nlp: The trained pipeline.
        labels: What it recognises.
        out: Folder to write.
        margin: What to take off the score of "no PHI".
    """
    fresh = recogniser.copy_recogniser(nlp, clinical_tokenizer, labels)
    favour_recall(fresh.get_pipe("ner"), margin)
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
