"""Release gold texts as a run would, and see what PHI survives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pipeline.config import Deid
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.evaluate.evaluation import (
    find_all,
    known_patients,
    phi_annotators,
    release_all,
)
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.known_forms import known_forms
from pipeline.evaluate.predictions import require_folder, write_survivors
from pipeline.evaluate.readers import read_gold
from pipeline.evaluate.requirement import Policy, Requirement
from pipeline.evaluate.survival import NoteSurvival, find_survivors
from pipeline.evaluate.survival_scores import SurvivalScores, score_survival
from pipeline.note import PhiSpan
from pipeline.stages import Models

Replacement = Literal["tag", "surrogate"]


def run_survival(
    models: Models,
    gold: Path,
    known: bool,
    policy: Policy,
    replacement: Replacement,
    errors: Path | None,
) -> SurvivalScores:
    """Release a gold corpus under a policy and count what survives.

    Args:
        models: Their ``phi`` annotators and ``allowed`` are used.
        gold: A corpus of PHI.
        known: Give the finders what the corpus says registration knows of each patient. The
            search for survivors knows it in any case.
        policy: What must go.
        replacement: What stands in its place.
        errors: Where to write the places of the survivors, as JSON lines.

    Raises:
        InputError: The corpus can't be read.
        ConfigError: The errors' folder doesn't exist.
    """
    require_folder(errors)
    documents = read_gold(gold, "deid")
    annotators = phi_annotators(models, documents if known else ())
    found = find_all(documents, annotators, models.allowed)
    notes = release_gold(documents, found, policy, replacement, known)
    if errors is not None:
        write_survivors(errors, documents, [note.survivors for note in notes])
    return score_survival(notes, policy)


def release_gold(
    documents: Sequence[GoldDocument],
    found: Sequence[Sequence[PhiSpan]],
    policy: Policy,
    replacement: Replacement,
    known: bool = True,
) -> list[NoteSurvival]:
    """Release gold texts and find what survived in each.

    Args:
        documents: The gold.
        found: The PHI that was found in each.
        policy: What must go.
        replacement: What stands in its place.
        known: Surrogates may use what registration knows.
    """
    requirement = Requirement(policy)
    lexicon = load_lexicon()
    records = known_patients(documents)
    forms = {subject: known_forms(record, lexicon) for subject, record in records.items()}
    deid = Deid(policy=policy, replacement=replacement)
    released = release_all(documents, found, deid, records if known else {})
    return [
        find_survivors(
            document,
            item.release.text(item.note, item.phi)[0],
            requirement,
            forms.get(document.note.subject, ()),
        )
        for document, item in zip(documents, released, strict=True)
    ]
