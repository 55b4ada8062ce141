"""The nouns that make the name before them an eponym: Foley catheter, Wilson disease."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import words

EPONYM_AFTER = re.compile(
    r"(?:['’]s)? (?:preemie|nipple)|[ -]"
    + words(
        "waves? bump pouch cerclage hump class dystrophy bunionectomy nails? tubules? arcade"
        " apparatus dilators? dissectors? block grommets? plates? pins? dynamomet(?:er|ry)"
        " visual_field lid_plate field_test scissors? elevators? specul(?:um|a) rongeurs?"
        " curettes? cannulas? trocars? rods? cages? frames? headrest tongs? protocol stages?"
        " technique incision staging sheath cup bottles? nipples? preemie free_water"
        " heart_failure dyes? printout gambling naming_test complex figure"
    )
    + r"(?!\w)|(?:['’]s)?[ -]"
    + words(
        "disease syndrome signs? tests? catheters? tubes? palsy scores? scales? criteria fractures?"
        " maneuver lymphoma esophagus drains? nodes? procedure classification ulcers? hernias?"
        " forceps retractors? stain index lines? valve dressing wrap boot stent screw clamp needle"
        " cath bag balloon suture nodules? cyst ligament fascia canal contracture chorea dementia"
        " tremor thyroiditis reflex position stage grade angle view method operation repair"
        " approach phenomenon law triad angina aphasia hug(?:ger)? solution paste tape brace collar"
        " spots? vein foot chromosome band bow neg pos negative positive deferred absent figure"
        " serolog(?:y|ies) titers? arthritis carditis"
        " auditory chiari pearls? bodies cells rash vs chart flap graft shunt"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
