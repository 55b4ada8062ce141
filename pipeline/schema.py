"""The columns of every table, declared once, and the input layouts that are recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: pa.DataType
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, what a row is, its columns and the columns that sort it."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with each column's description as field metadata."""
        return pa.schema(
            [
                pa.field(c.name, c.type, metadata={"description": c.description})
                for c in self.columns
            ]
        )

    def rows(self, rows: Iterable[Mapping[str, object]]) -> pa.Table:
        """Make an Arrow table from rows, which must have exactly the table's columns."""
        return pa.Table.from_pylist(list(rows), schema=self.schema)

    def sort(self, rows: pa.Table) -> pa.Table:
        """Sort rows by the table's key."""
        return rows.sort_by([(name, "ascending") for name in self.key])

    def markdown(self) -> str:
        """Render the columns as a Markdown table."""
        lines = ["| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | `{c.type}` | {c.description} |" for c in self.columns]
        return "\n".join(lines)


_TIME = pa.timestamp("us")
_NAMES = pa.list_(pa.string())

NOTE = Table(
    "note",
    "one row for each note with text, as released",
    (
        Column("note_id", pa.string(), "pseudonym of the note"),
        Column("patient_id", pa.string(), "pseudonym of the patient; null if the source has none"),
        Column("encounter_id", pa.string(), "pseudonym of the visit; null if the source has none"),
        Column("note_type", pa.string(), "kind of document; null if it could hold a name"),
        Column("note_time", _TIME, "when the note was written, as the policy releases it"),
        Column("text", pa.large_string(), "released text: identifiers replaced"),
    ),
    ("note_id",),
)

CODE_SYSTEMS: Mapping[str, str] = {
    "icd10cm": "ICD-10-CM codes",
    "mesh": "MeSH ids",
    "umls": "UMLS concept ids",
    "do": "Disease Ontology ids",
    "hpo": "Human Phenotype Ontology ids",
    "symp": "Symptom Ontology ids",
    "drugbank": "DrugBank ids",
    "omim": "OMIM numbers",
}
"""Terminology → what its column of ``mention`` holds."""

MENTION = Table(
    "mention",
    "one row for each symptom, disease or treatment",
    (
        Column("note_id", pa.string(), "pseudonym of the note"),
        Column("mention_id", pa.string(), "the note's pseudonym and the mention's place in it"),
        Column("start", pa.int32(), "first code point in `note.text`"),
        Column("end", pa.int32(), "one past the last code point in `note.text`"),
        Column("text", pa.string(), "`note.text[start:end]`"),
        Column("label", pa.string(), "SYMPTOM, DISEASE or TREATMENT"),
        Column("score", pa.float32(), "the chance that start, end and label are right, 0 to 1"),
        Column("annotators", _NAMES, "who found it"),
        Column("section", pa.string(), "kind of the section that it stands in"),
        Column("section_code", pa.string(), "LOINC code of that kind; null if it has none"),
        Column(
            "assertion",
            pa.string(),
            "present, absent, possible, historical, hypothetical or family",
        ),
        Column("assertion_score", pa.float32(), "the chance that the assertion is right, 0 to 1"),
        Column("cue_start", pa.int32(), "first code point of the words that decided it; or null"),
        Column("cue_end", pa.int32(), "one past the last code point of those words"),
        Column("allergy", pa.bool_(), "it stands there as what the patient is allergic to"),
        Column("long_form", pa.string(), "what the abbreviation stands for; null if it is none"),
        Column("concept_id", pa.string(), "the vocabulary's id of what it means; null if unknown"),
        Column("concept_name", pa.string(), "the concept's preferred name"),
        Column("link_score", pa.float32(), "the chance that it means that concept, 0 to 1"),
        *(
            Column(system, pa.string(), f"{name}; several joined by a vertical bar")
            for system, name in CODE_SYSTEMS.items()
        ),
        Column(
            "other_codes",
            pa.string(),
            "codes of other terminologies, such as a site's own: `system:code`, joined likewise",
        ),
    ),
    ("note_id", "start"),
)

MEDICATION = Table(
    "medication",
    "one row for each mention of a treatment beside which the note says how it is taken",
    (
        Column("note_id", pa.string(), "pseudonym of the note"),
        Column("mention_id", pa.string(), "the treatment's row in `mention`"),
        Column("dose", pa.string(), "as a figure: `40`, `0.5`, `1-2`, `5/500`"),
        Column("dose_low", pa.float64(), "the dose, or the lower end of its range"),
        Column("dose_high", pa.float64(), "the dose, or the upper end of its range"),
        Column("unit", pa.string(), "what the dose counts: `mg`, `mL`, `tablet` ..."),
        Column("route", pa.string(), "`oral`, `intravenous` ..."),
        Column("frequency", pa.string(), "`twice a day`, `every 6 hours`, `at bedtime` ..."),
        Column("times_per_day", pa.float64(), "the frequency as a number, where it is one"),
        Column("duration", pa.string(), "`10 days`, `3 doses` ..."),
        Column("duration_days", pa.float64(), "the duration in days, where it has some"),
        Column("prn", pa.bool_(), "taken as needed"),
        *(
            Column(f"{field}_{end}", pa.int32(), f"where the {field} {verb} in `note.text`")
            for field in ("dose", "unit", "route", "frequency", "duration", "prn")
            for end, verb in (("start", "begins"), ("end", "ends"))
        ),
    ),
    ("note_id", "mention_id"),
)

NOTE_STATUS = Table(
    "note_status",
    "one row for each row read from the input",
    (
        Column("note_id", pa.string(), "pseudonym of the note, or of the row if it has no id"),
        Column("status", pa.string(), "ok, empty, duplicate or quarantined"),
        Column("n_phi", pa.int32(), "spans of PHI found in the text; ages below 90 count and stay"),
        Column("n_mentions", pa.int32(), "rows in `mention`"),
        Column("attempt_id", pa.string(), "keyed digest of the patient's input and the pipeline"),
        Column("fingerprint", pa.string(), "keyed digest of settings, models and code"),
        Column("run_id", pa.string(), "the run that last wrote the work unit"),
    ),
    ("note_id", "attempt_id"),
)

PHI_SPAN = Table(
    "phi_span",
    "one row for each span of PHI found, before any policy",
    (
        Column("note_id", pa.string(), "raw id of the note"),
        Column("start", pa.int32(), "first code point in the raw text"),
        Column("end", pa.int32(), "one past the last code point in the raw text"),
        Column("label", pa.string(), "kind of identifier, in the i2b2-2014 taxonomy"),
        Column("score", pa.float32(), "how sure the surest annotator is, 0 to 1"),
        Column("annotators", _NAMES, "who found it"),
        Column("replacement", pa.string(), "what stands there in the released text"),
    ),
    ("note_id", "start"),
)

OFFSET_MAP = Table(
    "offset_map",
    "one row for each replaced region; text between regions is untouched",
    (
        Column("note_id", pa.string(), "raw id of the note"),
        Column("raw_start", pa.int32(), "first code point in the raw text"),
        Column("raw_end", pa.int32(), "one past the last code point in the raw text"),
        Column("start", pa.int32(), "first code point in the released text"),
        Column("end", pa.int32(), "one past the last code point in the released text"),
    ),
    ("note_id", "raw_start"),
)

ATTEMPT = Table(
    "attempt",
    "one row for each row of `note_status`: the run that made it. Not in OUT: the night on which a "
    "patient's newest note arrived would undo the shift of dates",
    (
        Column("attempt_id", pa.string(), "as in `note_status`"),
        Column("run_id", pa.string(), "the run that made the row"),
    ),
    ("attempt_id",),
)

IDENTITY_MAP = Table(
    "identity_map",
    "one row for each id that was given a pseudonym",
    (
        Column("kind", pa.string(), "note, patient or encounter"),
        Column("raw", pa.string(), "the id as the source writes it"),
        Column("pseudonym", pa.string(), "the id in OUT"),
    ),
    ("kind", "raw"),
)

LEARNED_NAME = Table(
    "learned_name",
    "one row for each name that a patient's notes gave away; it is masked in all of them",
    (
        Column("kind", pa.string(), "whose name was learned: patient, or note without a patient"),
        Column("raw", pa.string(), "raw id of the patient or note"),
        Column("label", pa.string(), "PATIENT (also relatives) or DOCTOR"),
        Column("name", pa.string(), "the name as written, without titles"),
    ),
    ("kind", "raw", "label", "name"),
)

QUARANTINE = Table(
    "quarantine",
    "one row for each row read that is not ok",
    (
        Column("note_id", pa.string(), "raw id of the note; null if the row has none"),
        Column("status", pa.string(), "empty, duplicate or quarantined"),
        Column("code", pa.string(), "why; the README lists the codes"),
        Column("file", pa.string(), "path of the input file"),
        Column("row", pa.int64(), "row in the file, the first after the header is 1"),
    ),
    ("file", "row"),
)

OUT_TABLES = (NOTE, MENTION, MEDICATION, NOTE_STATUS)
PHI_TABLES = (PHI_SPAN, OFFSET_MAP, ATTEMPT, IDENTITY_MAP, LEARNED_NAME, QUARANTINE)
TABLES = PHI_TABLES + OUT_TABLES


STAGED = pa.schema(
    [
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("note_id", pa.string()),
        ("patient_id", pa.string()),
        ("encounter_id", pa.string()),
        ("note_type", pa.string()),
        ("note_time", _TIME),
        ("text", pa.large_string()),
        ("code", pa.string()),
    ]
)
"""A checked row on its way to its work unit; ``code`` is null if nothing is wrong with it."""


CODES: Mapping[str, tuple[str, str]] = {
    "null_id": ("quarantined", "the row has no note id"),
    "malformed_row": ("quarantined", "the row has another number of cells than the header"),
    "undecodable": ("quarantined", "a cell's bytes are not UTF-8"),
    "too_long": ("quarantined", "the text is longer than `input.max_characters`"),
    "stage_failed": ("quarantined", "a stage raised an error on this note; tried again next run"),
    "null_text": ("empty", "the text is null"),
    "empty_text": ("empty", "the text is empty or white space"),
    "duplicate": ("duplicate", "same id and same text as a row that was taken"),
    "superseded": ("duplicate", "same id as a later revision that was taken"),
}
"""Why a row is not ok: code → status and meaning."""

RETRIED_CODES = frozenset({"stage_failed"})
"""Codes whose cause may pass, so that the patient is tried again by the next run."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A known arrangement of input columns: our column → the names a source may give it."""

    name: str
    required: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]

    def resolve(self, found: Iterable[str]) -> dict[str, str] | None:
        """Map our columns to the source's, or return None if a required one is missing.

        Args:
            found: The source's column names, in any case.
        """
        by_name = {name.strip().lower(): name for name in found}
        if not all(name in by_name for name in self.required):
            return None
        resolved: dict[str, str] = {}
        for column, candidates in self.columns.items():
            name = next((c for c in candidates if c in by_name), None)
            if name is not None:
                resolved[column] = by_name[name]
        return resolved


LAYOUTS = (
    Layout(
        "OMOP 5.4 NOTE",
        ("note_id", "person_id", "note_text"),
        {
            "note_id": ("note_id",),
            "patient_id": ("person_id",),
            "encounter_id": ("visit_occurrence_id",),
            "note_type": ("note_title", "note_class_concept_id"),
            "note_time": ("note_datetime", "note_date"),
            "text": ("note_text",),
        },
    ),
    Layout(
        "MIMIC-IV-Note",
        ("note_id", "subject_id", "text"),
        {
            "note_id": ("note_id",),
            "patient_id": ("subject_id",),
            "encounter_id": ("hadm_id",),
            "note_type": ("note_type",),
            "note_time": ("charttime", "storetime"),
            "text": ("text",),
        },
    ),
    Layout(
        "chartsift",
        ("note_id", "text"),
        {
            "note_id": ("note_id",),
            "patient_id": ("patient_id", "person_id", "subject_id"),
            "encounter_id": ("encounter_id",),
            "note_type": ("note_type",),
            "note_time": ("note_time",),
            "text": ("text",),
        },
    ),
)
"""Layouts in the order in which they are tried; the most telling columns first."""
