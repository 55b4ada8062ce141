"""Three-digit ZIP areas with too few people to be told: released as 000.

45 CFR 164.514(b)(2)(i)(B) lets the first three digits of a ZIP code stay where the area that they
name holds more than 20,000 people by the current public data of the Census Bureau.
"""

from __future__ import annotations

import re
from typing import Final

CENSUS_2000: Final = frozenset(
    f"{area:03d}"
    for area in (36, 59, 63, 102, 203, 556, 692, 790, 821, 823, 830, 831, 878, 879, 884, 890, 893)
)
"""The 17 areas that the guidance of the Department of Health and Human Services lists (Office for
Civil Rights, 26 November 2012), by Census 2000. The guidance asks not to rely on it once newer
counts are out, hence the others."""

LATER: Final = frozenset(("202", "204", "205", "369", "753", "772"))
"""Areas of at most 20,000 people in tables made from the census of 2020 and not in the list of
2000. Five areas of that list (063, 790, 830, 831, 890) have grown since; they stay small here."""

MILITARY: Final = frozenset(
    (*(f"09{digit}" for digit in range(10)), "340", "962", "963", "964", "965", "966")
)
"""Military mail: the census counts nobody there."""

SMALL_AREAS: Final = CENSUS_2000 | LATER | MILITARY

_ZIP: Final = re.compile(r"([0-9]{3})[0-9]{2}(?:[- ]?[0-9]{4})?")


def release_zip(surface: str) -> str | None:
    """Write a ZIP code as its first three digits and two asterisks.

    Args:
        surface: A ZIP code as it stands in a note: 02139, 02139-4307, 021394307.

    Returns:
        ``021**``, or ``000**`` for an area of at most 20,000 people; None if the surface is no
        ZIP code of five or nine digits.
    """
    match = _ZIP.fullmatch(surface.strip())
    if match is None:
        return None
    return f"{'000' if match[1] in SMALL_AREAS else match[1]}**"
