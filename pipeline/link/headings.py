"""MeSH headings with the right ids.

The list of MeSH headings with variants gives many the id of a neighbour in the tree (Prader-Willi
syndrome that of intellectual disability). Names tell which id is right: those of other lists of
MeSH, and the cross references of the Disease Ontology.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.link.merging import KeyOf
from pipeline.link.term import Term

_MESH = "mesh"


def correct_headings(
    doubtful: Sequence[Term], trusted: Sequence[Term], key_of: KeyOf
) -> list[Term]:
    """Give headings the ids that trusted terms have for their names.

    A heading that no trusted term knows keeps its id if no other heading and no trusted term has
    it, and is left out if one has.

    Args:
        doubtful: Terms of MeSH whose ids may be wrong.
        trusted: Terms whose ids and cross references are right.
        key_of: Writes a name as what is compared.

    Returns:
        The headings that are left, in order.
    """
    codes: dict[tuple[str, ...], str] = {}
    own = [term for term in trusted if term.system == _MESH]
    for term in own:
        codes.setdefault(key_of(term.name), term.code)
    for term in own:
        for name in term.names:
            codes.setdefault(key_of(name), term.code)
    known = {term.code for term in own}
    for term in trusted:
        references = [code for system, code in term.codes if system == _MESH]
        if term.system != _MESH and len(references) == 1:
            known.update(references)
            codes.setdefault(key_of(term.name), references[0])
    uses = Counter(term.code for term in doubtful)
    right: list[Term] = []
    for term in doubtful:
        code = codes.get(key_of(term.name))
        if code is not None:
            right.append(replace(term, code=code))
        elif uses[term.code] == 1 and term.code not in known:
            right.append(term)
    return right
