"""The last digits of registered numbers, where a note says that they are: SSN ending in 6789."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.note import PhiSpan
from pipeline.patient import PatientRecord

_ENDING = re.compile(
    r"(?:\bend(?:ing|s)?(?: (?:in|with|on))?|\blast[ -]*(?:4|four|3|three|5|five|6|six)"
    r"(?: (?:digits|numbers|of)){0,2}(?: (?:the|her|his|their|pt|pt['’]s|patient['’]s|ssn|ss#?"
    r"|social|security|mrn|mr#?|number|phone|cell|record|medical|acct)){0,5}|\bl4|\bssn?[ -]?4"
    r"|\bssn?#?|\bsocial)[\s:=#(]{0,4}(?:(?:is|are|was) )?[\s:=#(]{0,2}(?P<digits>\d{3,6})(?!\d)",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"(?<![A-Za-z0-9])(?:[xX*#•_][- ./]{0,3}){2,9}[xX*#•_]?[- .]?(?P<digits>\d{3,6})(?!\d)"
)


class EndingIndex:
    """The ends of a patient's numbers, made ready to search."""

    def __init__(self, record: PatientRecord) -> None:
        """Keep the numbers' digits.

        Args:
            record: What registration knows.
        """
        columns = (("SSN", record.ssn), ("MEDICALRECORD", record.mrn), ("PHONE", record.phones))
        numbers = [
            (re.sub(r"\D", "", value), label) for label, values in columns for value in values
        ]
        self._numbers = [(digits, label) for digits, label in numbers if len(digits) > 4]

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the last digits in raw text: after words that say so, or behind a mask."""
        if not self._numbers:
            return
        for pattern in (_ENDING, _MASKED):
            for match in pattern.finditer(text):
                for digits, label in self._numbers:
                    if digits.endswith(match["digits"]):
                        yield PhiSpan(*match.span("digits"), label, 1.0, ("known",))
                        break
