"""Tests of sections that a story without a heading follows, on notes invented for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context.section_bodies import body_end
from pipeline.context.sections import find_sections
from pipeline.note import Section

STORY = (
    "The patient is a retired baker who came by bus with a cough that began a week ago, and his"
    " wife says that he has eaten little since then."
)

RASH = (
    "Iodine made her whole skin peel when she was a schoolgirl, so that she spent most of that"
    " summer in a hospital."
)


@pytest.mark.parametrize(
    "brief",
    [
        "ALLERGIES: None.\n\n",
        "ALLERGIES: None.\n",
        "ALLERGIES:\nNKDA.\nNo food allergies.\n\n",
        "ALLERGIES:\n\nThe patient has no known drug allergies\n\n",
        "DRUG SENSITIVITIES: Denies any.\n",
        "ALLERGIES: No drug or food allergies.\n",
        "CHIEF COMPLAINT: Cough\r\n\r\n",
    ],
)
def test_a_story_ends_a_brief_section(brief: str) -> None:
    found = find_sections(brief + STORY)
    assert [(s.start, s.end, s.kind) for s in found[1:]] == [
        (len(brief), len(brief) + len(STORY), "other")
    ]
    assert found[0].end == len(brief)
    assert found[1].heading is None


@pytest.mark.parametrize(
    "text",
    [
        f"CHIEF COMPLAINT: {STORY}",
        f"CHIEF COMPLAINT:\n\n{STORY}",
        f"ALLERGIES:\n1. Penicillin.\n2. {STORY}",
        "ALLERGIES: Penicillin, sulfa and\n" + STORY.replace("The patient", "the dye"),
        "ALLERGIES: Penicillin.\n\nSulfa.\n\nHe carries a pen.",
        f"ALLERGIES:\nPenicillin.\n{RASH}",
        f"Drug intolerances: Penicillin.\n\n{RASH}",
        f"ALLERGIES: No sulfa.\n{RASH}",
        f"ALLERGIES: No penicillin because of allergy.\n{RASH}",
        f"ALLERGIES: Nilotinib.\n{RASH}",
        f"ALLERGIES: NKDA except penicillin.\n{RASH}",
        f"ALLERGIES:\n\nPenicillin\n\nCodeine\n\n{RASH}",
    ],
)
def test_lists_and_first_paragraphs_go_on(text: str) -> None:
    (section,) = find_sections(text)
    assert section.end == len(text)


def test_other_kinds_go_on() -> None:
    text = f"SOCIAL HISTORY: Retired.\n\n{STORY}"
    assert find_sections(text) == [Section("social_history", 0, len(text), (0, 14))]


def test_the_next_heading_counts_still() -> None:
    text = f"ALLERGIES: None.\n\n{STORY}\n\nPLAN: Rest."
    assert [s.kind for s in find_sections(text)] == ["allergies", "other", "plan"]


@given(st.text(alphabet="aB. :\n\r-1)\t", max_size=60), st.integers(0, 8))
def test_the_end_lies_within(text: str, start: int) -> None:
    start = min(start, len(text))
    for kind in ("allergies", "chief_complaint", "hpi"):
        assert start <= body_end(kind, text, start, len(text)) <= len(text)
