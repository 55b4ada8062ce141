"""The types of published corpora in terms of our labels: what each annotates, and what not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Span


@dataclass(frozen=True, slots=True)
class CorpusLabels:
    """How one family of corpora annotates symptoms, diseases and treatments.

    Attributes:
        name: The family's name, as reports print it.
        types: The corpus's type to our label. A type that stands not here is dropped.
        annotated: Our labels that the corpus marks wherever they occur. Only these are scored
            and only for these may a trainer take unmarked text for a negative.
        merges: A label that we tell apart and the corpus doesn't, to the label that holds it
            there. A predicted label is replaced by its merger before it is scored.
    """

    name: str
    types: Mapping[str, str]
    annotated: frozenset[str]
    merges: Mapping[str, str]

    def scored(self, spans: Iterable[Span]) -> list[Span]:
        """Apply ``merges``, then keep the spans whose labels the corpus annotates.

        Args:
            spans: Gold or predicted spans with our labels.

        Returns:
            The spans that may be scored, in text order; of those with the same start, end and
            label only one, with the highest score.
        """
        scores: dict[tuple[int, int, str], float] = {}
        for span in spans:
            label = self.merges.get(span.label, span.label)
            if label in self.annotated:
                place = (span.start, span.end, label)
                scores[place] = max(span.score, scores.get(place, 0.0))
        return [Span(*place, score) for place, score in sorted(scores.items())]


CLINICAL_NOTES = CorpusLabels(
    name="clinical notes",
    types={"SYMPTOM": "SYMPTOM", "DISEASE": "DISEASE", "TREATMENT": "TREATMENT"},
    annotated=frozenset({"SYMPTOM", "DISEASE", "TREATMENT"}),
    merges={},
)
"""Our own three labels."""

CASE_REPORTS = CorpusLabels(
    name="case reports",
    types={
        "Sign_symptom": "SYMPTOM",
        "Disease_disorder": "DISEASE",
        "Medication": "TREATMENT",
        "Therapeutic_procedure": "TREATMENT",
    },
    annotated=frozenset({"SYMPTOM", "DISEASE", "TREATMENT"}),
    merges={},
)
"""MACCROBAT2020."""

ABSTRACTS = CorpusLabels(
    name="abstracts",
    types={
        "Disease": "DISEASE",
        "DiseaseClass": "DISEASE",
        "SpecificDisease": "DISEASE",
        "Modifier": "DISEASE",
        "CompositeMention": "DISEASE",
        "DiseaseOrPhenotypicFeature": "DISEASE",
        "Chemical": "TREATMENT",
        "ChemicalEntity": "TREATMENT",
    },
    annotated=frozenset({"DISEASE"}),
    merges={"SYMPTOM": "DISEASE"},
)
"""BC5CDR, NCBI Disease and BioRED: "disease" holds symptoms too. Their chemicals are read as
TREATMENT but not scored: they hold poisons and laboratory values, and no procedures."""

TRIAL_CRITERIA = CorpusLabels(
    name="trial criteria",
    types={"Condition": "DISEASE", "Drug": "TREATMENT", "Procedure": "TREATMENT"},
    annotated=frozenset({"DISEASE", "TREATMENT"}),
    merges={"SYMPTOM": "DISEASE"},
)
"""Chia: "condition" holds symptoms too."""

UNLABELLED = CorpusLabels(name="unlabelled", types={}, annotated=frozenset(), merges={})
"""Notes without gold."""

CORPORA = (CLINICAL_NOTES, CASE_REPORTS, ABSTRACTS, TRIAL_CRITERIA)


@dataclass(frozen=True, slots=True)
class MentionCorpus:
    """A corpus of mentions with our labels, and what its family annotates."""

    labels: CorpusLabels
    documents: tuple[GoldDocument, ...]


def mention_corpus(documents: Iterable[GoldDocument]) -> MentionCorpus:
    """Tell the family of a corpus by the types it uses, and give its spans our labels.

    No type stands in two families, so the family is the one that knows most of the spans. A
    corpus without any span counts as clinical notes.

    Args:
        documents: Documents with the types of the corpus.

    Raises:
        InputError: There are spans, but no family knows any of their types.
    """
    documents = tuple(documents)
    types = Counter(span.label for document in documents for span in document.spans)
    known = {family.name: sum(types[t] for t in family.types) for family in CORPORA}
    labels = max(CORPORA, key=lambda family: known[family.name])
    if types and not known[labels.name]:
        raise InputError(
            f"none of the {len(types)} types of spans is a kind of symptom, disease or treatment; "
            "label the spans SYMPTOM, DISEASE or TREATMENT, or use the types of MACCROBAT, "
            "BC5CDR, NCBI Disease, BioRED or Chia"
        )
    return MentionCorpus(labels, tuple(_relabelled(d, labels.types) for d in documents))


def _relabelled(document: GoldDocument, types: Mapping[str, str]) -> GoldDocument:
    spans = {replace(s, label=types[s.label]) for s in document.spans if s.label in types}
    return replace(document, spans=tuple(sorted(spans)))
