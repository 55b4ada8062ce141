"""Ages that stand right after a name: Amos (76), Latoya, 44."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.deid.rules.ages import UNIT_AFTER
from pipeline.deid.rules.rule import ANNOTATOR
from pipeline.note import PhiSpan

_AFTER_NAME = re.compile(
    r"(?:,? ?[\"”)]{0,2})(?:,? ?\(| ?[/|] ?|, (?:age |now )?| {1,4}|,? who is | is )(?P<AGE>1[01]\d"
    r"|[1-9]?\d)(?P<after>\)|[,;.](?= |\n|$)|(?= ?[/|] ?)|(?= (?:[mMfF]|male|female|yo|mo|mos"
    r"|months|wk|with|today|here|and|DOB|dob|MRN|mrn)(?!\w))|(?= {2})|(?=\n|$))"
)


def find_ages_after_names(text: str, names: Iterable[PhiSpan]) -> Iterator[PhiSpan]:
    """Find the age that stands right after a patient's or relative's name, as in "Amos (76)".

    Args:
        text: Raw text.
        names: Spans of the text; only PATIENT spans count.
    """
    for name in names:
        if name.label != "PATIENT":
            continue
        match = _AFTER_NAME.match(text, name.end)
        if match is None or (
            match["after"] in (".", "") and int(match["AGE"]) < 10 and "(" not in match[0]
        ):
            continue
        if UNIT_AFTER.match(text, match.end("AGE")) is None:
            yield PhiSpan(*match.span("AGE"), "AGE", 0.75, (ANNOTATOR,))
