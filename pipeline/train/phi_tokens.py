"""The tokenizer of the PHI recogniser: fine enough for every identifier to start at a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import spacy.util
from spacy.tokenizer import Tokenizer

if TYPE_CHECKING:
    from spacy.vocab import Vocab

_PUNCTUATION: Final = r"(?:([^\w\s])\1*|_+)"
_LETTER_DIGIT: Final = r"(?<=[^\W\d_])(?=[\d_])|(?<=[\d_])(?=[^\W\d_])"


def clinical_tokenizer(vocab: Vocab) -> Tokenizer:
    """Build a tokenizer that splits letters, digits and punctuation from each other.

    Notes glue identifiers to their surroundings (``77yo``, ``Name:.....DOE``, ``PR/tx0417``), and
    a span can only be recognised where a token starts. Runs of one punctuation mark stay one
    token; nothing else is special, so that the tokenizer has no exceptions to learn or to store.

    Args:
        vocab: The vocabulary of the pipeline it will serve.
    """
    prefix = spacy.util.compile_prefix_regex([_PUNCTUATION])
    infix = spacy.util.compile_infix_regex([_LETTER_DIGIT, _PUNCTUATION])
    return Tokenizer(
        vocab,
        rules={},
        prefix_search=prefix.search,
        suffix_search=None,
        infix_finditer=infix.finditer,
        token_match=None,
        url_match=None,
    )
