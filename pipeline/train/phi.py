"""Training of the spaCy recogniser of PHI."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as Entity
from spacy.training import Example
from spacy.util import filter_spans, fix_random_seed
from thinc.api import Adam

from pipeline.errors import SetupError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.readers import read_gold
from pipeline.note import Span
from pipeline.train.phi_lists import gather_pools, read_lists
from pipeline.train.phi_noise import add_noise
from pipeline.train.phi_plain import PlainReports, draw_plain, read_plain_sentences
from pipeline.train.phi_surrogates import TaggedText, make_variant
from pipeline.train.phi_tokens import clinical_tokenizer

_HIDDEN: Final = 128
_WARMUP: Final = 200


@dataclass(frozen=True, slots=True)
class PhiTraining:
    """How a recogniser of PHI is trained.

    Attributes:
        notes: Gold notes, as :func:`pipeline.evaluate.readers.read_gold` reads them.
        lists: Folder with the lists that surrogates come from.
        out: Folder to write the pipeline to.
        base: Name or folder of a pipeline whose NER has a tok2vec of its own to start from; None
            starts from scratch with ``width`` and ``depth``.
        plain: Untagged reports to take PHI-free sentences from.
        steps: Updates of the weights.
        batch_tokens: Tokens in an update, about.
        width: Size of a token's vector.
        depth: Convolutions over neighbouring tokens; each widens the view by one on either side.
        learning_rate: Peak of the schedule (linear warm-up, linear decay).
        dropout: Share of activations dropped.
        unchanged: Share of gold notes that keep their own PHI.
        plain_share: Share of texts drawn from ``plain``.
        margin: How much the score of "no PHI" is lowered in the end: higher finds more PHI and
            more that is none.
        seed: Decides initial weights, surrogates, noise and order.
    """

    notes: Path
    lists: Path
    out: Path
    base: str | None = None
    plain: PlainReports | None = None
    steps: int = 4_800
    batch_tokens: int = 1_200
    width: int = 128
    depth: int = 6
    learning_rate: float = 0.001
    dropout: float = 0.1
    unchanged: float = 0.06
    plain_share: float = 0.12
    margin: float = 0.75
    seed: int = 13

    def __post_init__(self) -> None:
        if min(self.steps, self.batch_tokens, self.width, self.depth) < 1:
            raise ValueError("steps, batch_tokens, width and depth are at least 1")
        if not (0 <= self.dropout < 1 and 0 <= self.unchanged <= 1 and 0 <= self.plain_share < 1):
            raise ValueError("dropout, unchanged and plain_share are shares of 1")


def train_phi(options: PhiTraining, report: Callable[[int, float], None] | None = None) -> Path:
    """Train a recogniser on endless variants of gold notes and write it in spaCy's format.

    Args:
        options: How to train, and on what.
        report: Called every 100 steps with the step and the mean loss of a token since.

    Returns:
        The folder written, ``options.out``.

    Raises:
        InputError: The gold notes or the lists can't be read.
        SetupError: The base pipeline isn't installed.
    """
    notes = read_tagged(options.notes)
    fix_random_seed(options.seed)
    rng = random.Random(options.seed)
    labels = sorted({span.label for note in notes for span in note.spans})
    nlp = make_pipeline(labels, options)
    optimizer = Adam(
        learn_rate=options.learning_rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0,
        use_averages=True,
    )  # fmt: skip
    loss, tokens = 0.0, 0
    for step, texts in zip(
        range(1, options.steps + 1),
        _batches(draw_texts(notes, options, rng), options, nlp, rng),
        strict=False,
    ):
        optimizer.learn_rate = _learning_rate(step, options)
        losses = nlp.update(texts, sgd=optimizer, drop=options.dropout)
        loss += float(losses["ner"])
        tokens += sum(len(example) for example in texts)
        if report is not None and step % 100 == 0:
            report(step, loss / tokens)
            loss, tokens = 0.0, 0
    with nlp.use_params(optimizer.averages):
        write_pipeline(nlp, labels, options)
    return options.out


def read_tagged(path: Path) -> list[TaggedText]:
    """Read gold notes as texts to learn; of overlapping spans the first stays."""
    return [_tagged(document) for document in read_gold(path, "deid")]


def _tagged(document: GoldDocument) -> TaggedText:
    spans: list[Span] = []
    for span in sorted(document.spans):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return TaggedText(document.note.text, tuple(spans))


def draw_texts(
    notes: Sequence[TaggedText], options: PhiTraining, rng: random.Random
) -> Iterator[TaggedText]:
    """Draw texts to learn from without end: every note once in a pass, each time a new variant."""
    lists = read_lists(options.lists)
    pools = gather_pools((s.label, note.surface(s)) for note in notes for s in note.spans)
    plain: Iterator[TaggedText] = iter(())
    if options.plain is not None:
        plain = draw_plain(read_plain_sentences(options.plain, lists), rng)
    while True:
        for note in rng.sample(notes, len(notes)):
            if rng.random() < options.plain_share:
                yield from (text for text, _ in zip(plain, range(1), strict=False))
            kept = rng.random() < options.unchanged
            yield add_noise(note if kept else make_variant(note, lists, pools, rng), rng)


def make_pipeline(labels: Sequence[str], options: PhiTraining) -> Language:
    """Build an English pipeline of the clinical tokenizer and an untrained or sourced NER."""
    nlp = spacy.blank("en")
    nlp.tokenizer = clinical_tokenizer(nlp.vocab)
    source = None if options.base is None else _load_base(options.base)
    tok2vec = _tok2vec(options) if source is None else source.tok2vec
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


def _tok2vec(options: PhiTraining) -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": options.width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "LENGTH", "SPACY"],
            "rows": [6000, 500, 3000, 1500, 50, 10],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": options.width,
            "depth": options.depth,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def _batches(
    texts: Iterator[TaggedText], options: PhiTraining, nlp: Language, rng: random.Random
) -> Iterator[list[Example]]:
    batch: list[Example] = []
    size = 0
    for text in texts:
        if not text.text.strip():
            continue
        batch.append(make_example(nlp, text))
        size += len(batch[-1])
        if size >= options.batch_tokens:
            yield batch
            batch, size = [], 0


def make_example(nlp: Language, text: TaggedText) -> Example:
    """Tokenize a text and put its spans on it; those that don't fit the tokens are widened."""
    reference = nlp.make_doc(text.text)
    found = (
        reference.char_span(s.start, s.end, label=s.label, alignment_mode="expand")
        for s in text.spans
    )
    reference.ents = filter_spans([s for s in map(_trimmed, found) if s is not None])
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
    return Entity(span.doc, start, end, label=span.label) if start < end else None


def _learning_rate(step: int, options: PhiTraining) -> float:
    warmup = min(_WARMUP, options.steps)
    rising = step / warmup
    falling = (options.steps - step + 1) / max(1, options.steps - warmup)
    return options.learning_rate * min(1.0, rising, falling)


def write_pipeline(nlp: Language, labels: Sequence[str], options: PhiTraining) -> None:
    """Write the weights in a fresh pipeline, free of the strings that training has seen.

    Args:
        nlp: The trained pipeline.
        labels: What it recognises.
        options: How it was trained; ``margin`` is taken off the score of "no PHI".
    """
    trained = nlp.get_pipe("ner")
    fresh = spacy.blank("en")
    fresh.tokenizer = clinical_tokenizer(fresh.vocab)
    ner = fresh.add_pipe("ner", config={"model": nlp.config["components"]["ner"]["model"]})
    for label in labels:
        ner.add_label(label)
    fresh.initialize()
    ner.model.from_bytes(trained.model.to_bytes())
    favour_recall(ner, options.margin)
    fresh.meta.update({"name": "phi", "description": "Recognises PHI in clinical notes"})
    fresh.to_disk(options.out, exclude=["vectors"])


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
