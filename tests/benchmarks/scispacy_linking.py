"""scispaCy's candidate generator over our vocabulary.

``create_tfidf_ann_index`` refuses to run on Python 3.11 and later, only because it saves its
vectors in half precision; its few steps are repeated here. nmslib crashes on empty vectors, so
names without a known letter triple are left out, as scispaCy does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.link.vocabulary import Vocabulary

_INDEX = {"M": 20, "efConstruction": 200, "post": 0}
_SEARCH = {"efSearch": 200}


@dataclass(frozen=True)
class ScispacyGenerator:
    """A ``CandidateGenerator`` and the places of its concepts."""

    generator: Any = field(repr=False)
    places: dict[str, int] = field(repr=False)

    def best(self, texts: list[str], k: int) -> list[int | None]:
        """Return the place of the most similar concept of each text, the first of equals."""
        found = self.generator(texts, k)
        return [
            self.places[max(row, key=lambda c: (max(c.similarities), c.concept_id)).concept_id]
            if row
            else None
            for row in found
        ]


def load_generator(vocabulary: Vocabulary, index: Path) -> ScispacyGenerator:
    """Build the generator; its graph is kept in a file and read again if it is there.

    Args:
        vocabulary: Its concepts and names are the knowledge base.
        index: The graph's file.
    """
    import nmslib
    from scispacy.candidate_generation import CandidateGenerator
    from scispacy.linking_utils import Entity, KnowledgeBase
    from sklearn.feature_extraction.text import TfidfVectorizer

    ids = vocabulary.ids.to_pylist()
    names: list[list[str]] = [[] for _ in ids]
    for name, owner in enumerate(vocabulary.owners):
        names[owner].append(" ".join(vocabulary.name_words(name)))
    base = KnowledgeBase(
        [Entity(code, own[0], own[1:]) for code, own in zip(ids, names, strict=True)]
    )
    aliases = sorted(base.alias_to_cuis)  # their order in the base differs from run to run
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), min_df=10, dtype=np.float32
    )
    vectors = vectorizer.fit_transform(aliases)
    full = np.flatnonzero(np.diff(vectors.indptr))
    aliases, vectors = [aliases[place] for place in full], vectors[full]
    graph = nmslib.init(
        method="hnsw", space="cosinesimil_sparse", data_type=nmslib.DataType.SPARSE_VECTOR
    )
    graph.addDataPointBatch(vectors)
    if index.is_file():
        graph.loadIndex(os.fspath(index))
    else:
        graph.createIndex(_INDEX | {"indexThreadQty": 1})
        graph.saveIndex(os.fspath(index))
    graph.setQueryTimeParams(_SEARCH)
    places = {code: place for place, code in enumerate(ids)}
    return ScispacyGenerator(CandidateGenerator(graph, vectorizer, aliases, base), places)
