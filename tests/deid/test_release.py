"""Tests of what stands in the place of a patient's PHI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.deid.labels import LABELS
from pipeline.deid.policy import POLICIES
from pipeline.deid.release import Release, Secrets
from pipeline.note import Note, PhiSpan
from pipeline.patient import PatientRecord
from pipeline.spans import unite

Replacement = Literal["tag", "surrogate"]
LIMITED, SAFE_HARBOR = POLICIES["limited_dates"], POLICIES["safe_harbor"]
SECRETS = Secrets(bytes(range(32)), (54).to_bytes(16, "big") + bytes(16))
"""The number 54 is a shift of three weeks: 0 is -52, 51 is -1, 52 is 1."""
TIME = datetime(2024, 3, 20, 9, 15)


def mark(marked: str, finders: tuple[str, ...] = ("rules",)) -> tuple[Note, list[PhiSpan]]:
    """Make a note of a text whose spans are written ``[LABEL|surface]``."""
    text, spans, position = "", [], 0
    for match in re.finditer(r"\[([A-Z-]+)\|([^\]]+)\]", marked):
        text += marked[position : match.start()]
        spans.append(PhiSpan(len(text), len(text) + len(match[2]), match[1], 0.9, finders))
        text += match[2]
        position = match.end()
    return Note("n1", text + marked[position:], "p1", note_time=TIME), spans


def release(
    marked: str,
    policy: str = "limited_dates",
    replacement: Replacement = "tag",
    record: PatientRecord | None = None,
    finders: tuple[str, ...] = ("rules",),
) -> str:
    note, spans = mark(marked, finders)
    patient = Release.of_patient(
        [note], [spans], POLICIES[policy], replacement, SECRETS, record
    )  # fmt: skip
    return patient.text(note, spans)[0].text


@pytest.mark.parametrize("replacement", ["tag", "surrogate"])
@pytest.mark.parametrize(
    ("marked", "limited", "safe_harbor"),
    [
        ("on [DATE|3/14/2024]", "on 4/4/2024", "on 2024"),
        ("on [DATE|3/14]", "on 4/4", "on [DATE]"),
        ("on [DATE|Tuesday]", "on Tuesday", "on [DATE]"),
        ("at [DATE|Christmas]", "at [DATE]", "at [DATE]"),
        ("in [DATE|the 1990s]", "in the 1990s", "in the 1990s"),
        ("born [DATE|6/1/1934]", "born [DATE]", "born [DATE]"),
        ("born [DATE|6/1/34]", "born [DATE]", "born [DATE]"),
        ("[AGE|77]yo", "77yo", "77yo"),
        ("[AGE|89]yo", "89yo", "89yo"),
        ("[AGE|92]yo", "90+yo", "90+yo"),
        ("a [AGE|ninety-two]-year-old", "a 90+-year-old", "a 90+-year-old"),
        ("[AGE|9z]yo", "[AGE]yo", "[AGE]yo"),
        ("MA [ZIP|02139]", "MA 021**", "MA 021**"),
        ("MA [ZIP|02139-4307]", "MA 021**", "MA 021**"),
        ("NH [ZIP|03601]", "NH 000**", "NH 000**"),
        ("MA [ZIP|O2139]", "MA [ZIP]", "MA [ZIP]"),
    ],
)
def test_what_a_policy_keeps(
    marked: str, limited: str, safe_harbor: str, replacement: Replacement
) -> None:
    assert release(marked, "limited_dates", replacement) == limited
    assert release(marked, "safe_harbor", replacement) == safe_harbor


KEPT_IN_PART = {"DATE", "AGE", "ZIP"}


@pytest.mark.parametrize("policy", ["limited_dates", "safe_harbor"])
@pytest.mark.parametrize("label", sorted(set(LABELS) - KEPT_IN_PART))
def test_all_else_becomes_its_tag(label: str, policy: str) -> None:
    assert release(f"see [{label}|Okonjo 44-7719], well", policy) == f"see [{label}], well"


SURFACES = {
    "PATIENT": "Zephyr Okonjo", "DOCTOR": "Rastogi", "USERNAME": "kvanders2",
    "PROFESSION": "glazier", "HOSPITAL": "Brackwater General Hospital",
    "ORGANIZATION": "Tamura Glass Works", "STREET": "14 Elkhorn Street", "CITY": "Brackwater",
    "STATE": "Ohio", "COUNTRY": "Portugal", "LOCATION-OTHER": "Lake Quimby",
    "PHONE": "617-555-0142", "FAX": "617-555-0143", "EMAIL": "z.okonjo@mail.example.com",
    "URL": "www.brackwater.example", "IPADDR": "10.20.30.40", "SSN": "123-45-6789",
    "MEDICALRECORD": "44-77-19", "HEALTHPLAN": "HP8812345", "ACCOUNT": "5512345",
    "LICENSE": "D1234567", "VEHICLE": "7ABC123", "DEVICE": "SN-88123", "BIOID": "FP-99123",
    "IDNUM": "A-55123",
}  # fmt: skip


def test_the_table_of_surfaces_is_whole() -> None:
    assert set(SURFACES) == set(LABELS) - KEPT_IN_PART


@pytest.mark.parametrize("label", sorted(SURFACES))
def test_a_surrogate_stands_for_an_identifier_wherever_it_recurs(label: str) -> None:
    surface = SURFACES[label]
    text = release(f"<[{label}|{surface}]> and <[{label}|{surface}]>", replacement="surrogate")

    first, second = re.findall(r"<(.*?)>", text)
    assert first == second
    assert surface.casefold() not in first.casefold()
    assert text == f"<{first}> and <{first}>"


def test_surrogates_are_those_of_the_patient_not_of_the_note() -> None:
    one, its_spans = mark("Mr. [PATIENT|Okonjo] of [CITY|Brackwater]")
    other, other_spans = mark("[CITY|Brackwater] again: [PATIENT|Zephyr Okonjo], [AGE|71]")
    forward, backward = (
        Release.of_patient(notes, spans, LIMITED, "surrogate", SECRETS, None)
        for notes, spans in (
            ([one, other], [its_spans, other_spans]),
            ([other, one], [other_spans, its_spans]),
        )
    )

    [name, city] = forward.text(one, its_spans)[1]
    [same_city, full_name, age] = forward.text(other, other_spans)[1]

    assert city == same_city
    assert full_name.split()[-1] == name
    assert age == "71"
    assert backward.text(one, its_spans) == forward.text(one, its_spans)
    assert backward.text(other, other_spans) == forward.text(other, other_spans)


def test_other_secrets_give_other_surrogates_and_dates() -> None:
    note, spans = mark("[PATIENT|Zephyr Okonjo], [PHONE|617-555-0142], [DATE|3/14/2024]")
    secrets = Secrets(bytes(32), (104 * 9 + 50).to_bytes(16, "big") + bytes(range(16)))
    one, other = (
        Release.of_patient([note], [spans], LIMITED, "surrogate", s, None).text(note, spans)[1]
        for s in (SECRETS, secrets)
    )

    assert all(a != b for a, b in zip(one, other, strict=True))
    assert other[2] == "2/29/2024"  # 50 is two weeks back


def test_offsets_hold_changed_regions_only() -> None:
    note, spans = mark("[PATIENT|Okonjo], [AGE|71], on [DATE|Tuesday] of [DATE|3/14/2024]")
    patient = Release.of_patient([note], [spans], LIMITED, "tag", SECRETS, None)

    released, replacements = patient.text(note, spans)

    assert replacements == ("[PATIENT]", "71", "Tuesday", "4/4/2024")
    assert released.text == "[PATIENT], 71, on Tuesday of 4/4/2024"
    assert released.offsets.rows == ((0, 6, 0, 9), (26, 35, 29, 37))


def test_a_note_without_phi_stays_as_it_is() -> None:
    note, spans = mark("Well.")
    patient = Release.of_patient([note], [spans], LIMITED, "surrogate", SECRETS, None)

    released, replacements = patient.text(note, spans)

    assert (released.text, released.offsets.rows, replacements) == ("Well.", (), ())


@pytest.mark.parametrize("policy", ["limited_dates", "safe_harbor"])
@pytest.mark.parametrize("surface", ["10/5/31", "Oct 5", "10/05/1931", "5 October"])
def test_the_registered_birth_date_of_a_nonagenarian_goes_whole(surface: str, policy: str) -> None:
    record = PatientRecord(dob=("1931-10-05",))

    assert release(f"DOB [DATE|{surface}]", policy, record=record, finders=("known",)) == (
        "DOB [DATE]"
    )
    assert release(
        f"DOB [DATE|{surface}]", policy, record=record, finders=("rules", "known")
    ) == "DOB [DATE]"  # fmt: skip


@pytest.mark.parametrize("year", ["1935", "1984"])
def test_the_birth_date_of_a_younger_patient_is_a_date_like_others(year: str) -> None:
    record = PatientRecord(dob=(f"{year}-10-05",))

    assert release(f"DOB [DATE|10/5/{year}]", record=record, finders=("known",)) == (
        f"DOB 10/26/{year}"
    )


def test_other_dates_of_a_nonagenarian_are_shifted() -> None:
    record = PatientRecord(dob=("1931-10-05",))

    assert release("on [DATE|3/14/24]", record=record) == "on 4/4/24"


def test_unreadable_birth_dates_reveal_nothing() -> None:
    record = PatientRecord(dob=("unknown",))

    assert release("on [DATE|3/14/24]", record=record, finders=("known",)) == "on 4/4/24"


def test_ages_are_reckoned_from_the_latest_year_of_all_notes() -> None:
    early, its_spans = mark("born [DATE|1930], DOB [DATE|10/5/31]")
    early = replace(early, note_time=datetime(2015, 1, 1))
    late, late_spans = mark("seen [DATE|3/14/2024]")

    alone = Release.of_patient([early], [its_spans], LIMITED, "tag", SECRETS, None)
    both = Release.of_patient(
        [early, late], [its_spans, late_spans], LIMITED, "tag", SECRETS, None
    )  # fmt: skip

    assert alone.text(early, its_spans)[0].text == "born 1930, DOB 10/26/31"
    assert both.text(early, its_spans)[0].text == "born [DATE], DOB [DATE]"


def test_the_note_time_moves_with_the_dates() -> None:
    note, spans = mark("Well.")
    limited, safe_harbor = (
        Release.of_patient([note], [spans], policy, "tag", SECRETS, None)
        for policy in (LIMITED, SAFE_HARBOR)
    )

    assert limited.note_time(note) == datetime(2024, 4, 10, 9, 15)
    assert safe_harbor.note_time(note) == datetime(2024, 1, 1)
    assert limited.note_time(replace(note, note_time=None)) is None


def test_a_release_shows_no_secret() -> None:
    note, spans = mark("[PATIENT|Okonjo]")
    patient = Release.of_patient([note], [spans], LIMITED, "surrogate", SECRETS, None)

    assert repr(SECRETS) == "Secrets()"
    assert "Okonjo" not in repr(patient)
    assert "weeks=" not in repr(patient)
    assert "latest_year" not in repr(patient)


ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)
PIECES = st.sampled_from(
    [
        "3/14/24",
        "92",
        "71",
        "02139",
        "Okonjo",
        "Mr. ",
        " ",
        "\n",
        "617-555-0142",
        "é",
        "\ud800",
        "½",
    ]
)


@st.composite
def notes_with_spans(draw: st.DrawFn) -> tuple[Note, list[PhiSpan]]:
    """Draw a note and random overlapping spans in it, united."""
    text = draw(st.one_of(ANY, st.lists(PIECES, min_size=1, max_size=10).map("".join)))
    spans = []
    for _ in range(draw(st.integers(0, 7))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        score, finder = draw(st.sampled_from([(0.5, "rules"), (0.9, "bert"), (1.0, "known")]))
        spans.append(PhiSpan(start, end, draw(st.sampled_from(LABELS)), score, (finder,)))
    time = draw(st.sampled_from([None, TIME]))
    return Note("n1", text, "p1", note_time=time), unite(spans)


def check_offsets(note: Note, spans: Sequence[PhiSpan], patient: Release) -> None:
    """Check that only the spans changed, and that offsets lead there and back."""
    released, replacements = patient.text(note, spans)
    offsets = released.offsets
    changed = [
        (span, replacement)
        for span, replacement in zip(spans, replacements, strict=True)
        if note.text[span.start : span.end] != replacement
    ]
    assert [(a, b) for a, b, _, _ in offsets.rows] == [(s.start, s.end) for s, _ in changed]
    raw_last = last = 0
    for (raw_start, raw_end, start, end), (_, replacement) in zip(
        offsets.rows, changed, strict=True
    ):
        assert released.text[last:start] == note.text[raw_last:raw_start]
        assert released.text[start:end] == replacement
        assert offsets.released_span(raw_start, raw_end) == (start, end)
        assert offsets.raw_span(start, end) == (raw_start, raw_end)
        raw_last, last = raw_end, end
    assert released.text[last:] == note.text[raw_last:]
    inside = {o for s, _ in changed for o in range(s.start + 1, s.end)}
    for offset in set(range(len(note.text) + 1)) - inside:
        assert offsets.to_raw(offsets.to_released(offset)) == offset
    for span, replacement in zip(spans, replacements, strict=True):
        start, end = offsets.released_span(span.start, span.end)
        assert released.text[start:end] == replacement
        assert offsets.raw_span(start, end) == (span.start, span.end)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(notes_with_spans(), st.binary(min_size=32, max_size=32))
def test_only_spans_change_and_offsets_lead_back(
    case: tuple[Note, list[PhiSpan]], secret: bytes
) -> None:
    note, spans = case
    record = PatientRecord(names=("Zephyr Okonjo",), dob=("1931-10-05",))
    replacements: tuple[Replacement, ...] = ("tag", "surrogate")
    for policy in POLICIES.values():
        for replacement in replacements:
            patient = Release.of_patient(
                [note], [spans], policy, replacement, Secrets(secret, secret), record
            )
            check_offsets(note, spans, patient)
