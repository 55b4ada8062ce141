"""A spaCy recogniser of entities, of whatever kind: building, feeding, fitting and writing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans
from spacy.vocab import Vocab
from thinc.api import Adam

from pipeline import note

MakeTokenizer = Callable[[Vocab], Tokenizer]

_HIDDEN: Final = 128
_WARMUP: Final = 200


def make_recogniser(
    make_tokenizer: MakeTokenizer, labels: Sequence[str], tok2vec: Mapping[str, Any]
) -> Language:
    """Build an English pipeline of a tokenizer and an untrained NER.

    Args:
        make_tokenizer: Builds the tokenizer of the pipeline's vocabulary.
        labels: What it will recognise.
        tok2vec: The configuration of the NER's own token vectors, as :func:`hashed_cnn` gives it.
    """
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    ner = nlp.add_pipe("ner", config={"model": _architecture(tok2vec)})
    for label in labels:
        ner.add_label(label)
    nlp.initialize()
    return nlp


def copy_recogniser(
    trained: Language, make_tokenizer: MakeTokenizer, labels: Sequence[str]
) -> Language:
    """Copy the weights into a fresh pipeline, free of the strings that training has seen.

    Args:
        trained: A pipeline of :func:`make_recogniser`.
        make_tokenizer: As it was made with.
        labels: The same.
    """
    tok2vec = trained.config["components"]["ner"]["model"]["tok2vec"]
    fresh = make_recogniser(make_tokenizer, labels, tok2vec)
    fresh.get_pipe("ner").model.from_bytes(trained.get_pipe("ner").model.to_bytes())
    return fresh


def _architecture(tok2vec: Mapping[str, Any]) -> dict[str, Any]:
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


def hashed_cnn(rows: Mapping[str, int], width: int, depth: int) -> dict[str, Any]:
    """Configure convolutions over hashed features of tokens.

    Args:
        rows: The features, spaCy's names of a token's attributes, and the rows of their tables.
        width: Size of a token's vector.
        depth: Convolutions; each widens the view by one token on either side.
    """
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            "attrs": list(rows),
            "rows": list(rows.values()),
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


def make_example(
    nlp: Language,
    text: str,
    spans: Iterable[note.Span],
    unknown: Iterable[tuple[int, int]] = (),
) -> Example:
    """Tokenize a text and put its spans on it; those that don't fit the tokens are widened.

    Args:
        nlp: The pipeline to be fed.
        text: The text.
        spans: What is to be recognised in it.
        unknown: Ranges ``(start, end)`` of which nobody said what they are. Their tokens, but for
            those of spans, are missing annotations: whatever is found there costs nothing.
    """
    reference = nlp.make_doc(text)
    found = (
        reference.char_span(s.start, s.end, label=s.label, alignment_mode="expand") for s in spans
    )
    entities = filter_spans([s for s in map(_trimmed, found) if s is not None])
    known = {token.i for span in entities for token in span}
    ranges = (reference.char_span(*r, alignment_mode="expand") for r in unknown)
    missing = {token.i for span in ranges if span is not None for token in span} - known
    reference.set_ents(entities, missing=[reference[i : i + 1] for i in sorted(missing)])
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


def make_batches(examples: Iterable[Example], tokens: int) -> Iterator[list[Example]]:
    """Group examples, in their order, until each group has so many tokens."""
    batch: list[Example] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example)
        if size >= tokens:
            yield batch
            batch, size = [], 0


@contextmanager
def fitted(
    nlp: Language,
    batches: Iterable[Sequence[Example]],
    *,
    steps: int,
    learning_rate: float,
    dropout: float,
    report: Callable[[int, float], None] | None,
) -> Iterator[Language]:
    """Fit a pipeline, and give it with the mean of its weights over all steps while it lasts.

    Args:
        nlp: A pipeline of :func:`make_recogniser`.
        batches: As many as steps, or more.
        steps: Updates of the weights.
        learning_rate: Peak of the schedule (linear warm-up, linear decay).
        dropout: Share of activations dropped.
        report: Called every 100 steps with the step and the mean loss of a token since.
    """
    optimizer = Adam(
        learn_rate=learning_rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0,
        use_averages=True,
    )  # fmt: skip
    loss, tokens = 0.0, 0
    for step, batch in zip(range(1, steps + 1), batches, strict=False):
        optimizer.learn_rate = learning_rate * _schedule(step, steps)
        losses = nlp.update(batch, sgd=optimizer, drop=dropout)
        loss += float(losses["ner"])
        tokens += sum(len(example) for example in batch)
        if report is not None and step % 100 == 0:
            report(step, loss / tokens)
            loss, tokens = 0.0, 0
    with nlp.use_params(optimizer.averages):
        yield nlp


def _schedule(step: int, steps: int) -> float:
    warmup = min(_WARMUP, steps)
    return min(1.0, step / warmup, (steps - step + 1) / max(1, steps - warmup))
