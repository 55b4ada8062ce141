"""The nouns that make the name before them an eponym: Foley catheter, Wilson disease."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import words

EPONYM_AFTER = re.compile(
    r"(?:['’]s)?[ -]"
    + words(
        "disease syndrome signs? tests? catheters? tubes? palsy scores? scales? criteria fractures?"
        " maneuver lymphoma esophagus drains? nodes? procedure classification ulcers? hernias?"
        " forceps retractors? stain index lines? valve dressing wrap boot stent screw clamp needle"
        " cath bag balloon suture nodules? cyst ligament fascia canal contracture chorea dementia"
        " tremor thyroiditis reflex position stage grade angle view method operation repair"
        " approach phenomenon law triad angina aphasia hug(?:ger)? solution paste tape brace collar"
        " spots? vein foot chromosome band bow neg pos negative positive deferred absent figure"
        " auditory chiari pearls? bodies cells rash vs chart flap graft shunt"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
