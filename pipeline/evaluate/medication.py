"""How well the fields of sigs are read, each mention of a drug given.

A field is right if its normal form is exactly the gold's, also where both have none; its span is
right if it starts and ends where the gold's does. Figures over lines, with bootstrap intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.intervals import Bootstrap, Estimate, draw
from pipeline.evaluate.jsonl import read_object
from pipeline.evaluate.plain import read_plain
from pipeline.medication.finding import TREATMENT, find_sigs
from pipeline.medication.sig import FIELDS, Sig
from pipeline.note import Mention, Note


@dataclass(frozen=True, slots=True)
class GoldSig:
    """A line with one drug and what it says of it.

    Attributes:
        text: The line.
        drug: ``[start, end)`` of the drug's mention in it.
        sig: What the line says, with spans.
    """

    text: str
    drug: tuple[int, int]
    sig: Sig


@dataclass(frozen=True, slots=True)
class FieldScores:
    """Scores of one field.

    Attributes:
        written: Number of lines whose gold has the field.
        value: Share of lines with the right normal form, or rightly none.
        span: Share of lines with the right span, or rightly none.
    """

    written: int
    value: Estimate
    span: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "written": self.written,
            "value": self.value.to_dict(),
            "span": self.span.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class SigScores:
    """Scores of sigs; numbers and names of fields only, never text.

    Attributes:
        lines: Number of lines.
        fields: By field, in the order of ``FIELDS``.
        all_right: Share of lines with every field's normal form right.
        all_spans_right: Share of lines with every span right.
    """

    lines: int
    fields: Mapping[str, FieldScores]
    all_right: Estimate
    all_spans_right: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "lines": self.lines,
            "fields": {name: scores.to_dict() for name, scores in self.fields.items()},
            "all_right": self.all_right.to_dict(),
            "all_spans_right": self.all_spans_right.to_dict(),
        }


def read_sigs(path: Path) -> list[GoldSig]:
    """Read gold sigs, one JSON object a line.

    Each has ``text``, ``drug`` as ``[start, end)`` in code points of it, the fields ``dose``,
    ``unit``, ``route``, ``frequency``, ``duration`` (a string or null) and ``prn`` (true or
    false), and under ``spans`` for each written field its ``[start, end)``, null for others.

    Raises:
        InputError: The file can't be read, holds no line, or a line isn't such an object.
    """
    lines = read_plain(path).split("\n")
    gold = [
        _gold(line, f"{path}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not gold:
        raise InputError(f"{path} holds no line; give a gold of sigs")
    return gold


def predict_sigs(gold: Sequence[GoldSig]) -> list[Sig]:
    """Read each line's sig, with its one drug's mention given and no other."""
    notes = [Note(str(number), line.text) for number, line in enumerate(gold, start=1)]
    mentions = [[Mention(*line.drug, TREATMENT)] for line in gold]
    found = find_sigs(notes, mentions)
    return [sigs[0][1] if sigs else Sig() for sigs in found]


def score_sigs(gold: Sequence[GoldSig], predictions: Sequence[Sig]) -> SigScores:
    """Compare sigs with the gold.

    Args:
        gold: Lines, at least one.
        predictions: One sig for each line; an empty one where nothing was found.

    Raises:
        ValueError: There are not as many predictions as lines.
    """
    pairs = [(line.sig, sig) for line, sig in zip(gold, predictions, strict=True)]
    values = {
        field: [getattr(one, field) == getattr(other, field) for one, other in pairs]
        for field in FIELDS
    }
    spans = {
        field: [one.span_of(field) == other.span_of(field) for one, other in pairs]
        for field in FIELDS
    }
    bootstrap = draw(len(pairs))
    return SigScores(
        lines=len(pairs),
        fields={
            field: FieldScores(
                written=sum(one.span_of(field) is not None for one, _ in pairs),
                value=_share(values[field], bootstrap),
                span=_share(spans[field], bootstrap),
            )
            for field in FIELDS
        },
        all_right=_share([all(line) for line in zip(*values.values(), strict=True)], bootstrap),
        all_spans_right=_share(
            [all(line) for line in zip(*spans.values(), strict=True)], bootstrap
        ),
    )


def _share(right: Sequence[bool], bootstrap: Bootstrap) -> Estimate:
    return bootstrap.ratio([int(one) for one in right], [1] * len(right))


def _gold(line: str, where: str) -> GoldSig:
    row = read_object(line, where)
    text = row.get("text")
    if not isinstance(text, str) or not text:
        raise InputError(f"{where} has no text; give the line as a string under 'text'")
    drug = _place(row.get("drug"), "drug", len(text), where)
    spans = row.get("spans")
    if drug is None or not isinstance(spans, dict):
        raise InputError(f"{where} needs 'drug' as [start, end] and 'spans' as an object")
    unknown = set(spans) - set(FIELDS)
    if unknown:
        raise InputError(f"{where} has spans of unknown fields; known are {', '.join(FIELDS)}")
    return GoldSig(text, drug, _sig(row, spans, len(text), where))


def _sig(row: Mapping[str, object], spans: Mapping[str, object], length: int, where: str) -> Sig:
    values: dict[str, str | None] = {}
    for field in FIELDS[:-1]:
        value = row.get(field)
        if value is not None and (not isinstance(value, str) or not value):
            raise InputError(f"{where}: '{field}' must be a string, or null if it isn't written")
        values[field] = value
    prn = row.get("prn")
    if not isinstance(prn, bool | None):
        raise InputError(f"{where}: 'prn' must be true or false")
    places = {field: _place(spans.get(field), field, length, where) for field in FIELDS}
    for field in FIELDS:
        said = bool(prn) if field == "prn" else values[field] is not None
        if said != (places[field] is not None):
            raise InputError(f"{where}: '{field}' has a value without a span or the reverse")
    return Sig(
        dose=values["dose"],
        unit=values["unit"],
        route=values["route"],
        frequency=values["frequency"],
        duration=values["duration"],
        prn=bool(prn),
        dose_span=places["dose"],
        unit_span=places["unit"],
        route_span=places["route"],
        frequency_span=places["frequency"],
        duration_span=places["duration"],
        prn_span=places["prn"],
    )


def _place(cell: object, name: str, length: int, where: str) -> tuple[int, int] | None:
    if cell is None:
        return None
    if isinstance(cell, list) and len(cell) == 2 and all(type(end) is int for end in cell):
        start, end = cell
        if 0 <= start < end <= length:
            return start, end
    raise InputError(
        f"{where}: '{name}' needs [start, end] with 0 <= start < end <= {length}, "
        "counted in code points"
    )
