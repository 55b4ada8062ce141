"""How often a given mention is linked to the right concept.

Accuracy@1: the share of mentions with an id whose concept has one of their ids among its codes. A
mention of several concepts counts as right if any of them is hit; one whose concept the vocabulary
lacks counts as wrong. The rest are mentions without a concept there to be found (NIL), with an id
that the vocabulary lacks or without any: no concept is right for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.evaluate.intervals import Bootstrap, Estimate, draw
from pipeline.evaluate.linked_gold import (
    DRUG_SYSTEMS,
    GOLD_SYSTEMS,
    GoldLink,
    LinkDocument,
    read_drug_names,
    read_linked_pubtator,
)
from pipeline.link.abbreviations import find_definitions, long_form
from pipeline.link.clinical_abbreviations import Abbreviations, load_abbreviations
from pipeline.link.linker import Linker
from pipeline.link.queries import find_queries, usual_long_forms
from pipeline.link.surfaces import LinkQuery
from pipeline.link.term import DISEASE
from pipeline.link.vocabulary import Vocabulary
from pipeline.note import Concept


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Scores of linking; numbers only, never text.

    Attributes:
        documents: Number of documents.
        mentions: Number of mentions.
        with_id: Those with an id.
        reachable: Those of them whose id the vocabulary has.
        accuracy: Right ones of those with an id.
        accuracy_reachable: Right ones of those reachable.
        nil_precision: Mentions without a concept to be found, of those left without one.
        nil_recall: Mentions left without a concept, of those without one to be found.
    """

    documents: int
    mentions: int
    with_id: int
    reachable: int
    accuracy: Estimate
    accuracy_reachable: Estimate
    nil_precision: Estimate
    nil_recall: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "documents": self.documents,
            "mentions": self.mentions,
            "with_id": self.with_id,
            "reachable": self.reachable,
            "accuracy": self.accuracy.to_dict(),
            "accuracy_reachable": self.accuracy_reachable.to_dict(),
            "nil_precision": self.nil_precision.to_dict(),
            "nil_recall": self.nil_recall.to_dict(),
        }


def evaluate_linking(
    path: Path, linker: Linker, label: str = DISEASE
) -> tuple[LinkScores, list[LinkDocument]]:
    """Link a gold's mentions and score the concepts.

    Only concepts with a code of the terminologies that the gold uses stand for choice.

    Args:
        path: PubTator with ids, or a table of drug names (``.tsv``).
        linker: What links.
        label: Which of PubTator's mentions are scored: DISEASE or TREATMENT.

    Returns:
        The scores, and the gold's documents whose mentions have the concepts that were found.

    Raises:
        InputError: The file can't be read, is malformed or has no mention of the label.
    """
    if path.suffix == ".tsv":
        documents, linker = read_drug_names(path), linker.only(DRUG_SYSTEMS)
    else:
        documents, linker = read_linked_pubtator(path, label), linker.only(GOLD_SYSTEMS)
    found = link_documents(documents, linker)
    scores = score_links(documents, found, vocabulary_ids(linker.vocabulary))
    return scores, [_linked(*pair) for pair in zip(documents, found, strict=True)]


def _linked(document: LinkDocument, concepts: Sequence[Concept | None]) -> LinkDocument:
    """Return a document whose mentions have their concepts."""
    links = tuple(
        replace(link, mention=replace(link.mention, concept=concept))
        for link, concept in zip(document.links, concepts, strict=True)
    )
    return replace(document, links=links)


def link_documents(documents: Sequence[LinkDocument], linker: Linker) -> list[list[Concept | None]]:
    """Link the mentions of documents, abbreviations by what each document defines.

    Returns:
        For each document, the concept of each mention.
    """
    abbreviations = load_abbreviations()
    queries = [queries_of(document, linker, abbreviations) for document in documents]
    concepts = iter(linker.link([query for row in queries for query in row]))
    return [[next(concepts) for _ in row] for row in queries]


def queries_of(
    document: LinkDocument, linker: Linker, abbreviations: Abbreviations
) -> list[LinkQuery]:
    """Return what the linker is asked for a document's mentions.

    Args:
        document: The text with its mentions.
        linker: Says what is a drug and whether long forms mean the same.
        abbreviations: Those usual in clinical notes, for what the document doesn't define.
    """
    text = document.note.text
    definitions = find_definitions(text)
    mentions = []
    for link in document.links:
        mention, surface = link.mention, text[link.mention.start : link.mention.end]
        meant = long_form(surface, definitions)
        if meant is None:
            forms = usual_long_forms(mention.label, surface, text, linker, abbreviations)
            meant = forms[0] if len(forms) == 1 else None
        mentions.append(replace(mention, long_form=meant))
    return find_queries(text, mentions, linker)


def score_links(
    documents: Sequence[LinkDocument],
    found: Sequence[Sequence[Concept | None]],
    known: frozenset[str],
) -> LinkScores:
    """Compare concepts with the gold.

    Args:
        documents: The gold, at least one document.
        found: For each document, the concept of each mention.
        known: The ids that the vocabulary has.

    Raises:
        ValueError: There is not one concept or None for each mention.
    """
    rows = [
        _count(document.links, concepts, known)
        for document, concepts in zip(documents, found, strict=True)
    ]
    counts = np.array(rows, np.int64)
    mentions, with_id, reachable, right, nil_gold, nil_found, nil_both = counts.T
    bootstrap: Bootstrap = draw(len(documents))
    return LinkScores(
        len(documents),
        int(mentions.sum()),
        int(with_id.sum()),
        int(reachable.sum()),
        bootstrap.ratio(right, with_id),
        bootstrap.ratio(right, reachable),
        bootstrap.ratio(nil_both, nil_found),
        bootstrap.ratio(nil_both, nil_gold),
    )


def _count(
    links: Sequence[GoldLink], concepts: Sequence[Concept | None], known: frozenset[str]
) -> tuple[int, int, int, int, int, int, int]:
    pairs = list(zip(links, concepts, strict=True))
    return (
        len(pairs),
        sum(bool(link.ids) for link, _ in pairs),
        sum(bool(link.ids & known) for link, _ in pairs),
        sum(concept is not None and is_right(link.ids, concept.codes) for link, concept in pairs),
        sum(not link.ids & known for link, _ in pairs),
        sum(concept is None for _, concept in pairs),
        sum(concept is None and not link.ids & known for link, concept in pairs),
    )


def is_right(ids: frozenset[str], codes: Mapping[str, str]) -> bool:
    """Say whether a concept's codes have any of the ids."""
    return not ids.isdisjoint(_ids(codes.items()))


def vocabulary_ids(vocabulary: Vocabulary) -> frozenset[str]:
    """Return all ids of a vocabulary in the form of the gold's."""
    cells = (
        (system, cell)
        for system in ("mesh", "omim", "drugbank")
        if system in vocabulary.codes
        for cell in vocabulary.codes[system].to_pylist()
        if cell
    )
    return frozenset(_ids(cells))


def _ids(cells: Iterable[tuple[str, str]]) -> set[str]:
    ids: set[str] = set()
    for system, cell in cells:
        if system == "omim":
            ids.update(f"OMIM:{code}" for code in cell.split("|"))
        elif system in ("mesh", "drugbank"):
            ids.update(cell.split("|"))
    return ids
