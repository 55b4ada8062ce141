"""The vocabulary of concepts: is it there, does it link a made-up mention?"""

from __future__ import annotations

from pathlib import Path

from pipeline.doctor.finding import Finding
from pipeline.errors import ChartsiftError
from pipeline.fingerprint import hash_model

_SUBJECT = "vocabulary"


def examine_vocabulary(folder: Path) -> Finding:
    """Load a vocabulary and count its concepts.

    Args:
        folder: The folder that ``link.vocabulary`` names.
    """
    from pipeline.link.linker import load_linker

    try:
        digest = hash_model(folder)[:8]
        n_concepts = len(load_linker(folder).vocabulary)
    except ChartsiftError as error:
        return Finding.of_error(_SUBJECT, error)
    return Finding(_SUBJECT, "ok", f"{digest}, {n_concepts:,} concepts")
