"""The tokenizer of the recogniser of mentions: the words that the token classifier reads too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spacy.tokenizer import Tokenizer

from pipeline.encoder.windows import LONGEST_WORD
from pipeline.extract.boundaries import ACCENTS, TAG

if TYPE_CHECKING:
    from spacy.vocab import Vocab

_WORD: Final = re.compile(rf"{TAG}|(?:[^\W_]|[{ACCENTS}]){{1,{LONGEST_WORD}}}|\S")


def word_tokenizer(vocab: Vocab) -> Tokenizer:
    """Build a tokenizer that splits as :func:`pipeline.extract.words.find_words` does.

    Gold mentions begin and end at these words, while scispaCy's own tokenizer keeps many compounds
    whole that hold a mention's border. spaCy takes every match of the infix pattern for a token;
    here the matches cover all but white space.

    Args:
        vocab: The vocabulary of the pipeline it will serve.
    """
    return Tokenizer(
        vocab,
        rules={},
        prefix_search=None,
        suffix_search=None,
        infix_finditer=_WORD.finditer,
        token_match=None,
        url_match=None,
    )
