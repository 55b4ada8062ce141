"""Treatments that seldom have a dose: operations and devices, and care without a substance."""

from __future__ import annotations

import re
from typing import Final

_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS: Final = (
    "ectomy", "otomy", "ostomy", "plasty", "plasties", "oscopy", "oscopic", "centesis", "desis",
    "rrhaphy", "pexy", "ectomies", "stomies", "otomies", "oscopies",
)  # fmt: skip
_OPERATIONS = frozenset(
    ("ablation", "acdf", "adhesiolysis", "amputation", "anastomosis", "angioplasty",
     "arteriovenous", "augmentation", "balloon", "biopsy", "biopsies", "bypass", "cabg", "cage",
     "cannulation", "catheter", "catheters", "catheterization", "catheterizations",
     "cauterization", "cesarean", "circumcision", "clamp", "clips", "closure", "conization",
     "curettage", "debridement", "decompression", "defibrillator", "dissection", "drain", "drains",
     "electrode", "electrodes", "endarterectomy", "ethibond", "ethilon", "evacuation", "excision",
     "extraction", "fixation", "fixator", "flap", "foley", "fundoplication", "fusion", "fusions",
     "graft", "grafts", "hemovac", "icd", "implant", "implantation", "implants", "instrumentation",
     "intubation", "laminectomies", "lens", "lenses", "lengthening", "leads", "ligation",
     "liposuction", "lumpectomy", "lysis", "mesh", "monocryl", "nail", "needle", "needles",
     "nephrectomy", "neurolysis", "nylon", "operation", "operations", "orif", "osteosynthesis",
     "pacemaker", "pds", "pins", "plate", "plates", "plating", "procedure", "procedures",
     "prolene", "prosthesis", "reconstruction", "removal", "removed", "repair", "repairs",
     "resection", "revascularization", "revision", "rod", "rods", "screw", "screws", "seeds",
     "sheath", "shunt", "silk", "staples", "stenting", "stent", "stents", "sternotomy",
     "surgeries", "surgery", "suture", "sutured", "sutures", "suturing", "transplant",
     "transplantation", "turbt", "turp", "valve", "vicryl", "wire", "wires")
)  # fmt: skip
_JOINTS = frozenset(
    ("hip", "knee", "shoulder", "joint", "valve", "aortic", "mitral", "disc", "disk")
)
_CARE = frozenset(
    ("activity", "bedrest", "bipap", "brace", "braces", "cast", "casting", "compression",
     "consultation", "counseling", "cpap", "crutches", "diet", "dialysis", "dressing", "dressings",
     "education", "elevation", "exercise", "exercises", "hemodialysis", "ice", "icing",
     "immobilization", "immobilize", "immobilizer", "monitoring", "physiotherapy",
     "program", "psychotherapy", "radiation", "radiotherapy", "rehab", "rehabilitation", "rest",
     "splint", "splints", "stockings", "surveillance", "traction", "ventilation", "ventilator",
     "walker", "walking", "weight")
)  # fmt: skip
_THERAPIES = frozenset(
    ("behavioral", "cognitive", "family", "group", "laser", "light", "occupational", "physical",
     "radiation", "respiratory", "speech", "swallowing", "vision")
)  # fmt: skip


def is_operation(words: str) -> bool:
    """Say whether a treatment is an operation, or what one leaves: 4 L beside it is no volume.

    The word before the first preposition tells it: removal of the uterus, fusion at C5.

    Args:
        words: The treatment, as the note writes it.
    """
    head = _head(words)
    if not head:
        return False
    if head[-1] in _OPERATIONS:
        return True
    if head[-1] == "replacement":
        return any(word in _JOINTS for word in head)
    return head[-1].endswith(_ENDINGS)


def is_care(words: str) -> bool:
    """Say whether a treatment gives no substance: it has no dose and no route, but a frequency."""
    head = _head(words)
    if not head:
        return False
    if head[-1] in ("therapy", "therapies"):
        return any(word in _THERAPIES for word in head)
    return head[-1] in _CARE


_PREPOSITIONS = frozenset(("at", "by", "for", "from", "in", "of", "on", "to", "using", "via",
                           "with", "without"))  # fmt: skip


def _head(words: str) -> list[str]:
    found: list[str] = []
    for match in _WORD.finditer(words.lower()):
        if match[0] in _PREPOSITIONS and found:
            break
        found.append(match[0])
    while len(found) > 1 and len(found[-1]) == 1:
        found.pop()
    return found
