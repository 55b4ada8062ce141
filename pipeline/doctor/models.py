"""The models: are they there, do they load, do they find anything in a made-up sentence?"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from pipeline.config import Config, SpacyModel
from pipeline.doctor.finding import Finding, Status
from pipeline.errors import ChartsiftError
from pipeline.fingerprint import find_model, hash_model
from pipeline.note import MentionAnnotator, Note, PhiAnnotator

SENTENCE = (
    "Ms. Ottilie Brackwater was seen by Dr. Leander Quimby on March 3, 2019 for chest pain and "
    "pneumonia; she was given aspirin."
)
"""Made up, with a patient, a physician, a date, a symptom, a disease and a treatment."""


PHI = "spans of PHI"
MENTIONS = "mentions"
_MADE_FOR_ANOTHER = "[W095]"


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that the settings name.

    Attributes:
        subject: What it is called in a finding.
        finds: What it looks for: ``PHI`` or ``MENTIONS``.
        find: Finds its folder.
        load: Loads it.
    """

    subject: str
    finds: str
    find: Callable[[], Path]
    load: Callable[[], PhiAnnotator | MentionAnnotator]


def name_models(config: Config) -> list[NamedModel]:
    """List the models that the settings name, with their loaders."""

    # Loading imports torch and spaCy, so nothing is imported before a model is tried.
    def load_ner() -> PhiAnnotator:
        from pipeline.deid.ner import load_phi_ner

        return load_phi_ner(config.deid.ner)

    def load_phi_classifier() -> PhiAnnotator:
        from pipeline.deid.bert import load_phi_bert

        return load_phi_bert(config.deid.bert, device=config.run.device)

    def load_classifier() -> MentionAnnotator:
        from pipeline.extract.bert import load_bert

        return load_bert(config.extract.bert, device=config.run.device)

    def load_pipeline(model: SpacyModel) -> MentionAnnotator:
        from pipeline.extract.scispacy import load_scispacy

        return load_scispacy(model.model, model.labels)

    return [
        NamedModel("PHI model", PHI, lambda: config.deid.ner, load_ner),
        *(
            [NamedModel("PHI BERT model", PHI, lambda: config.deid.bert, load_phi_classifier)]
            if config.deid.profile == "accurate"
            else []
        ),
        NamedModel("BERT model", MENTIONS, lambda: config.extract.bert, load_classifier),
        *(
            NamedModel(
                Path(model.model).name,
                MENTIONS,
                partial(find_model, model.model),
                partial(load_pipeline, model),
            )
            for model in config.extract.scispacy
        ),
    ]


def examine_model(model: NamedModel) -> list[Finding]:
    """Try a model on a made-up sentence.

    Args:
        model: The model.

    Returns:
        What came of it, and a warning if spaCy says that another version of it made the model.
    """
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", UserWarning)
        findings = [_try(model)]
    if any(str(warning.message).startswith(_MADE_FOR_ANOTHER) for warning in warned):
        message = "made for another version of spaCy; it may find less than it should"
        remedy = f"install the model that is made for spaCy {version('spacy')}, or train it again"
        findings.append(Finding(model.subject, "warning", message, remedy))
    return findings


def _try(model: NamedModel) -> Finding:
    try:
        digest = hash_model(model.find())[:8]
        began = time.perf_counter()
        annotator = model.load()
        loaded = time.perf_counter()
        (spans,) = annotator.annotate([Note("made up", SENTENCE)])
        done = time.perf_counter()
    except ChartsiftError as error:
        return Finding.of_error(model.subject, error)
    except Exception as error:  # whatever a library raises on a broken model
        message = f"it fails with {type(error).__name__}"
        remedy = "reinstall chartsift or the model, or correct the setting that names it"
        return Finding(model.subject, "wrong", message, remedy)
    message = (
        f"{digest}, loads in {loaded - began:.1f} s, reads a sentence in "
        f"{1000 * (done - loaded):.0f} ms, in which it finds {len(spans)} {model.finds}"
    )
    if spans:
        return Finding(model.subject, "ok", message)
    # What the PHI model misses leaks; a mention model may know only some kinds of mentions.
    status: Status = "wrong" if model.finds == PHI else "warning"
    remedy = "it isn't trained for clinical notes: train it again, or name another"
    return Finding(model.subject, status, message, remedy)
