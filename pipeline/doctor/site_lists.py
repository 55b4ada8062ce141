"""The site's own lists: would a run take them?"""

from __future__ import annotations

from pipeline.config import Deid
from pipeline.deid.site import check_lists
from pipeline.doctor.finding import Finding
from pipeline.errors import ConfigError


def examine_lists(deid: Deid) -> Finding:
    """Examine the site's patterns, denied phrases and allowed phrases, without quoting them.

    Args:
        deid: ``patterns``, ``deny`` and ``allow`` are examined.
    """
    try:
        check_lists(deid)
    except ConfigError as error:
        return Finding.of_error("site's lists", error)
    counts = {
        "pattern": len(deid.patterns),
        "denied phrase": sum(map(len, deid.deny.values())),
        "allowed phrase": len(deid.allow),
    }
    listed = [f"{n} {noun}" if n == 1 else f"{n} {noun}s" for noun, n in counts.items() if n]
    return Finding("site's lists", "ok", ", ".join(listed) or "none")
