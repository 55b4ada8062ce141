from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.medication.finding import find_sigs
from pipeline.medication.sig import FIELDS, Sig
from pipeline.note import Mention, Note

from .lines import LINES


def _unmarked(line: str) -> tuple[str, list[Mention]]:
    """Take the marks out of a line and return the mentions that they stood around."""
    text, mentions, start = "", [], 0
    for character in line:
        if character == "«":
            start = len(text)
        elif character == "»":
            mentions.append(Mention(start, len(text), "TREATMENT"))
        else:
            text += character
    return text, mentions


def _said(text: str, sig: Sig) -> str:
    """Write a sig as the lines have it."""
    fields = []
    for field in FIELDS:
        span = sig.span_of(field)
        words = "-" if span is None else text[slice(*span)]
        value = getattr(sig, field)
        fields.append(words if value in (None, False, True, words) else f"{value}={words}")
    return "|".join(fields)


def _sigs(line: str) -> list[str]:
    """Return what a line says of each drug that it marks."""
    text, mentions = _unmarked(line)
    found = dict(find_sigs([Note("1", text)], [mentions])[0])
    return [_said(text, found.get(index, Sig())) for index in range(len(mentions))]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_what_a_line_says(line: str, expected: str) -> None:
    assert _sigs(line) == [expected]


def test_each_drug_has_its_own_fields() -> None:
    line = "«Vancomycin» 1 g IV q12h and «Zosyn» 3.375 g IV q6h x 14 days"
    assert _sigs(line) == [
        "1|g|intravenous=IV|every 12 hours=q12h|-|-",
        "3.375|g|intravenous=IV|every 6 hours=q6h|14 days|-",
    ]


def test_what_leads_to_a_name_belongs_to_it_alone() -> None:
    assert _sigs("on «lisinopril» and 81 mg of «aspirin» daily") == [
        "-|-|-|-|-|-",
        "81|mg|-|once a day=daily|-|-",
    ]


def test_what_follows_a_drug_at_once_does_not_lead_to_the_next() -> None:
    assert _sigs("«Lasix» 40 mg IV «vancomycin» 1 g") == [
        "40|mg|intravenous=IV|-|-|-",
        "1|g|-|-|-|-",
    ]


def test_a_drug_between_others_keeps_what_its_comma_parts_off() -> None:
    line = "«Toradol» 30 mg IM, 4 mg IV «Zofran», then «Phenergan» 25 mg per rectum prn"
    assert _sigs(line) == [
        "30|mg|intramuscular=IM|-|-|-",
        "4|mg|intravenous=IV|-|-|-",
        "25|mg|rectal=per rectum|-|-|prn",
    ]


def test_a_list_without_numbers() -> None:
    assert _sigs("«Aspirin» 81 mg daily\n«Plavix» 75 mg\n«Colace»\n«Senna» 2 tabs qhs") == [
        "81|mg|-|once a day=daily|-|-",
        "75|mg|-|-|-|-",
        "-|-|-|-|-|-",
        "2|tablet=tabs|-|at bedtime=qhs|-|-",
    ]


def test_only_treatments_are_looked_at_and_others_do_not_end_a_region() -> None:
    text = "Tylenol for pain 650 mg q6h"
    mentions = [Mention(12, 16, "SYMPTOM"), Mention(0, 7, "TREATMENT")]
    ((index, sig),) = find_sigs([Note("1", text)], [mentions])[0]
    assert (index, sig.dose, sig.frequency_span) == (1, "650", (24, 27))


def test_offsets_count_code_points() -> None:
    text = "💊 \U0001f600 Zocor 20 mg"
    ((_, sig),) = find_sigs([Note("1", text)], [[Mention(4, 9, "TREATMENT")]])[0]
    assert (sig.dose_span, sig.unit_span) == ((10, 12), (13, 15))


def test_batches_keep_their_order() -> None:
    notes = [Note("1", "no drug"), Note("2", "Zocor 20 mg"), Note("3", "Zocor")]
    mentions = [[], [Mention(0, 5, "TREATMENT")], [Mention(0, 5, "TREATMENT")]]
    assert [len(found) for found in find_sigs(notes, mentions)] == [0, 1, 0]


def test_mentions_of_other_notes_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        find_sigs([Note("1", "Zocor")], [])


@settings(max_examples=60)
@given(st.lists(st.sampled_from([line for line, _ in LINES]), min_size=2, max_size=6), st.data())
def test_no_words_belong_to_two_drugs(lines: list[str], data: st.DataObject) -> None:
    joint = data.draw(st.sampled_from([", ", " ", "\n", " and ", ". "]))
    text, mentions = _unmarked(joint.join(lines))
    spans = sorted(
        span
        for _, sig in find_sigs([Note("1", text)], [mentions])[0]
        for span in (sig.span_of(field) for field in FIELDS)
        if span is not None
    )
    taken = sorted([*spans, *((mention.start, mention.end) for mention in mentions)])
    assert all(one[1] <= other[0] for one, other in pairwise(taken))


@settings(max_examples=150)
@given(st.text(alphabet="1234567890/.,-½ qxbidprnmgof()#%\n\té[]A", max_size=120))
def test_any_text_can_stand_beside_a_drug(text: str) -> None:
    note = Note("1", f"{text}Zocor{text}")
    start = len(text)
    for _, sig in find_sigs([note], [[Mention(start, start + 5, "TREATMENT")]])[0]:
        assert sig
        assert sig.dose is None or sig.dose_low is not None or "/" in sig.dose
