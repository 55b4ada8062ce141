"""Rules of assertion against medspaCy's ConText: ``python -m tests.benchmarks.assertion GOLD``.

::

    pip install --no-deps --target FOLDER medspacy==1.3.1 PyRuSH quicksect quicksectx PyFastNER \\
        loguru pysbd jsonschema
    python -m tests.benchmarks.assertion ../shared/corpora/clinical_notes/all.jsonl \\
        --medspacy FOLDER --folds ../shared/corpora/clinical_notes/folds.json --fold 0

Both get the gold's mentions and say what the text says of them, on the same core in turn. medspaCy
(Eyre et al., 2021) pins an older spaCy and is no dependency; without ``--medspacy`` our rules are
measured alone. It gets our sentences, for its own splitter, PyRuSH, costs several times what
ConText itself does; with ``--pyrush`` that is measured too. Its five modifiers are read in this
order: family, negated, hypothetical, uncertain, historical; none of them is present.

The shipped network is measured on the encoder's states, which a run has anyway. Both have seen all
folds but 0.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import spacy

from pipeline.config import Config
from pipeline.context.assertion_rules import load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.context.sentences import find_sentences
from pipeline.evaluate.assertion import AssertionScores, score_assertions
from pipeline.evaluate.assertion_gold import AssertionCorpus, AssertionDocument, read_assertions
from pipeline.extract.bert import load_bert
from pipeline.interpretation import load_interpreter
from pipeline.note import Assertion
from tests.benchmarks.rounds import time_rounds, use_one_core

Asserter = Callable[[Sequence[AssertionDocument]], list[list[Assertion]]]

_GROUP = "mentions"
_MODIFIERS = (
    ("is_family", "family"),
    ("is_negated", "absent"),
    ("is_hypothetical", "hypothetical"),
    ("is_uncertain", "possible"),
    ("is_historical", "historical"),
)


def load_ours(with_sections: bool) -> Asserter:
    """Build our rules; the sections are found in the time that is measured."""
    rules = load_assertion_rules()

    def assert_documents(documents: Sequence[AssertionDocument]) -> list[list[Assertion]]:
        notes = [document.note for document in documents]
        sections = [find_sections(note.text) if with_sections else [] for note in notes]
        return rules.assert_mentions(notes, [d.mentions for d in documents], sections)

    return assert_documents


def load_shipped(documents: Sequence[AssertionDocument]) -> Asserter:
    """Build the shipped network beside our rules; encoding is not in the time measured."""
    config = Config()
    bert = load_bert(config.extract.bert, device="cpu")
    interpreter = load_interpreter(config, bert)
    depth = interpreter.depth
    if depth is None:
        raise SystemExit("the shipped settings leave assertions to the rules")
    encoded = {d.note.note_id: bert.encode([d.note], depth)[0] for d in documents}

    def assert_documents(documents: Sequence[AssertionDocument]) -> list[list[Assertion]]:
        told = (
            interpreter.assert_mentions(d.note, d.mentions, encoded[d.note.note_id])
            for d in documents
        )
        return [[m.assertion for m in mentions if m.assertion] for mentions in told]

    return assert_documents


def read_folds(path: Path | None) -> dict[str, int]:
    """Read which fold a note belongs to."""
    folds: dict[str, int] = json.loads(path.read_text("utf-8"))["folds"] if path else {}
    return folds


def load_medspacy(pyrush: bool) -> Asserter:
    """Build medspaCy's ConText with its own rules; ``medspacy`` can be imported."""
    unused = ModuleType("quickumls")  # medspaCy imports its UMLS matcher, which ConText needs not
    sys.modules["quickumls"] = sys.modules["quickumls.spacy_component"] = unused
    unused.spacy_component = unused  # type: ignore[attr-defined]
    from medspacy.context import ConText  # type: ignore[import-not-found]

    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    splitter = None
    if pyrush:
        from medspacy.sentence_splitting import PyRuSHSentencizer  # type: ignore[import-not-found]

        splitter = PyRuSHSentencizer(nlp)
    context = ConText(nlp, input_span_type="group", span_group_name=_GROUP)

    def assert_documents(documents: Sequence[AssertionDocument]) -> list[list[Assertion]]:
        return [_assert_doc(document, nlp, splitter, context) for document in documents]

    return assert_documents


def _assert_doc(
    document: AssertionDocument, nlp: spacy.Language, splitter: Any, context: Any
) -> list[Assertion]:
    doc = nlp.make_doc(document.note.text)
    if splitter is None:
        starts = {
            span[0].i
            for start, end in find_sentences(document.note.text)
            if (span := doc.char_span(start, end, alignment_mode="expand"))
        }
        for token in doc:
            token.is_sent_start = token.i in starts or token.i == 0
    else:
        doc = splitter(doc)
    doc.spans[_GROUP] = [
        doc.char_span(m.start, m.end, label=m.label, alignment_mode="expand")
        for m in document.mentions
    ]
    doc = context(doc)
    return [
        Assertion(next((s for name, s in _MODIFIERS if getattr(span._, name)), "present"))
        for span in doc.spans[_GROUP]
    ]


def measure(corpus: AssertionCorpus, systems: dict[str, Asserter], rounds: int) -> dict[str, Any]:
    """Score all systems, then time them in turn on the same documents."""
    documents = corpus.documents
    results = {
        name: score_assertions(corpus, system(documents)) for name, system in systems.items()
    }
    words = sum(len(document.note.text.split()) for document in documents)
    mentions = sum(len(document.mentions) for document in documents)
    calls = {name: (lambda s=system: s(documents)) for name, system in systems.items()}
    timed = time_rounds(calls, rounds)
    seconds = {name: max(statistics.median(of), 1e-9) for name, of in timed.items()}
    return {
        name: {
            "scores": scores.to_dict(),
            "mentions_per_second": round(mentions / seconds[name]),
            "words_per_second": round(words / seconds[name]),
            "line": _line(scores),
        }
        for name, scores in results.items()
    }


def _line(scores: AssertionScores) -> str:
    parts = [f"accuracy {scores.accuracy}", f"macro F1 {scores.macro}"]
    parts += [f"{status} {of.f1}" for status, of in scores.statuses.items()]
    return ", ".join(parts)


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(description="Our rules of assertion against medspaCy's.")
    parser.add_argument("gold", type=Path, help="gold with assertions, JSON lines")
    parser.add_argument("--medspacy", type=Path, help="folder that medspaCy was installed in")
    parser.add_argument("--pyrush", action="store_true", help="measure its own sentences too")
    parser.add_argument("--folds", type=Path, help="JSON file with 'folds': note id to fold")
    parser.add_argument("--fold", type=int, action="append", help="only notes of these folds")
    parser.add_argument("--rounds", type=int, default=3, help="of timing")
    parser.add_argument("--out", type=Path, help="write all numbers here, as JSON")
    arguments = parser.parse_args()
    use_one_core()
    corpus = read_assertions(arguments.gold)
    folds = read_folds(arguments.folds)
    if arguments.fold:
        kept = [d for d in corpus.documents if folds.get(d.note.note_id) in arguments.fold]
        corpus = AssertionCorpus(tuple(kept), corpus.annotated)
    systems = {"rules": load_ours(True), "rules without sections": load_ours(False)}
    systems["network"] = load_shipped(corpus.documents)
    if arguments.medspacy:
        sys.path.append(str(arguments.medspacy))
        systems["medspaCy ConText"] = load_medspacy(pyrush=False)
        if arguments.pyrush:
            systems["medspaCy ConText, PyRuSH"] = load_medspacy(pyrush=True)
    else:
        print("medspaCy is absent (--medspacy FOLDER): our rules are measured alone")
    results = measure(corpus, systems, arguments.rounds)
    for name, of_system in results.items():
        speed = f"{of_system['mentions_per_second']:,} mentions/s"
        print(f"{name}: {of_system['line']}; {speed}, {of_system['words_per_second']:,} words/s")
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
