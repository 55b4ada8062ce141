from __future__ import annotations

import re
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Deid, SitePattern
from pipeline.deid.backtracking import is_explosive
from pipeline.deid.labels import LABELS
from pipeline.deid.site import SiteLists, check_lists, drop_allowed, load_allowed
from pipeline.errors import ConfigError
from pipeline.note import Note, PhiSpan
from tests.deid.finding import find


def mark(text: str, surface: str, label: str = "PATIENT", finder: str = "ner") -> PhiSpan:
    start = text.index(surface)
    return PhiSpan(start, start + len(surface), label, 0.9, (finder,))


def keep(text: str, spans: list[PhiSpan], *allowed: str) -> list[str]:
    """Return what is still hidden, as strings in text order."""
    return [text[s.start : s.end] for s in drop_allowed(text, spans, load_allowed(allowed))]


def test_there_are_28_labels() -> None:
    assert len(LABELS) == len(set(LABELS)) == 28


def test_a_pattern_is_found() -> None:
    site = SiteLists([("IDNUM", r"\bSTUDY-\d{4}\b")])
    [spans] = site.annotate([Note("n1", "In STUDY-0417 and STUDY-04179.")])
    assert spans == [PhiSpan(3, 13, "IDNUM", 1.0, ("site",))]


def test_white_space_around_a_match_and_empty_matches_are_left() -> None:
    site = SiteLists([("IDNUM", r"\sK\d\s|(?=Q)")])
    assert find(site, "at K7 in Q") == [("IDNUM", "K7")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At Old Mill Annex today", "Old Mill Annex"),
        ("at OLD MILL ANNEX, today", "OLD MILL ANNEX"),
        ("at old\n  mill annex", "old\n  mill annex"),
        ("the Old Mill Annex's door", "Old Mill Annex"),
        ("(Old Mill Annex)", "Old Mill Annex"),
        ("see O’BRIEN-RUIZ.", "O’BRIEN-RUIZ"),
        ("Jose\u0301 came", "Jose\u0301"),
        ("José came", "José"),
        ("ward_B4", "B4"),
    ],
)
def test_a_denied_phrase_is_found(text: str, found: str) -> None:
    deny = {"HOSPITAL": ["Old Mill  Annex", "O'Brien-Ruiz", "José", "B4"]}
    assert find(SiteLists(deny=deny), text) == [("HOSPITAL", found)]


@pytest.mark.parametrize(
    "text", ["Old Mill", "Gold Mill Annex", "Old Mill Annexe", "Old-Mill Annex"]
)
def test_a_denied_phrase_needs_its_words_whole(text: str) -> None:
    assert find(SiteLists(deny={"HOSPITAL": ["Old Mill Annex"]}), text) == []


def test_the_longest_phrase_and_overlapping_ones_are_found() -> None:
    site = SiteLists(deny={"CITY": ["White Brook", "Brook Farm Road"], "PATIENT": ["White"]})
    [spans] = site.annotate([Note("n1", "White Brook Farm Road")])
    assert [(s.start, s.end, s.label) for s in spans] == [(0, 11, "CITY"), (6, 21, "CITY")]


def test_a_long_list_costs_no_more_than_a_short_one() -> None:
    syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne"]
    words = ["".join(parts) for parts in product(syllables, repeat=5)]
    names = [f"{word} {other}" for other in ("ray", "sky", "tao") for word in words]
    assert len(names) > 50_000
    site = SiteLists(deny={"PATIENT": names})
    text = " ".join(words[:5000])
    started = time.process_time()
    assert find(site, text + " nenenenene sky") == [("PATIENT", "nenenenene sky")]
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        ([("IDNUM", "ZQJ7"), ("IDNUM", "ZQJ(")], "entry 2 of deid.patterns is no regular expr"),
        ([("IDNUM", "(ZQJ)?")], "entry 1 of deid.patterns matches the empty text"),
        ([("IDNUMBER", "ZQJ")], "entry 1 of deid.patterns has an unknown label"),
        ([("IDNUM", "ZQJ(a+)+b")], "entry 1 of deid.patterns takes too long"),
        ([("IDNUM", r"ZQJ-(\d+\s?)*;")], "entry 1 of deid.patterns takes too long"),
    ],
)
def test_a_bad_pattern_is_refused_without_quoting_it(
    patterns: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        SiteLists(patterns)
    assert "ZQJ" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bMR\s*#?\s*:?\s*\d{6,8}\b",
        r"(?i)unit\s+(?:no\.?\s*)?[a-z]\d+",
        r"\b(?:[A-Z]{2}-?)+\d",
        r"STUDY-\d+",
        r"\b\d+-\d+-X",
        r"\d{1,12}-\d{1,12}-X",
        r"(?m)^Seen by .+,",
        r"(?:MRN|Acct)\s*[:#]?\s*\w+",
        r"(?P<first>[A-Z])\d{5}(?P=first)|(?<!\d)\d{3}[^\d]\d{4}",
    ],
)
def test_usual_patterns_are_quick_enough(pattern: str) -> None:
    SiteLists([("IDNUM", pattern)])


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:\d{3}|\d{4})+-X",
        r"(?:[A-Za-z]{4}|[A-Za-z]{5})+@",
        r"STUDY-(?:\d{3}-?|\d{4}-?)+Z",
        r"(?:\d{20}|\d{21})+X",
        r"(?:a|a|a|a)+b",
        r"[B-F]{3}:?(?:\d+)+Z",
        r"(?:Ward|Unit) (?:[A-Z]\d-?|[A-Z]\d-[A-Z]\d-?)+Z",
        r"(?:\d|\d\d){1,60}Q",
        r"(\w+\s?)+;",
    ],
)
def test_backtracking_without_end_is_found_before_it_happens(pattern: str) -> None:
    began = time.process_time()
    assert is_explosive(re.compile(pattern))
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "pattern",
    [r"\d+-\d+-X", r"[A-Za-z]+\d+", r"\w+@\w+", r"(?:[A-Z]{2}-?)+\d", r"(?i)[a-z]+-\d+"],
)
def test_time_that_grows_with_the_square_is_found(pattern: str) -> None:
    began = time.process_time()
    assert is_explosive(re.compile(pattern))
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("deid", "message"),
    [
        (Deid(patterns=(SitePattern(label="IDNUM", pattern="ZQJ("),)), "entry 1 of deid.patterns"),
        (Deid(deny={"CITY": ("ZQJ", "")}), "entry 2 of deid.deny.CITY"),
        (Deid(allow=("Z",)), "entry 1 of deid.allow"),
    ],
)
def test_lists_are_checked_as_a_run_would(deid: Deid, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        check_lists(deid)
    assert "ZQJ" not in str(caught.value)


def test_usable_lists_pass() -> None:
    pattern = SitePattern(label="IDNUM", pattern=r"STUDY-\d{4}")
    check_lists(Deid(patterns=(pattern,), deny={"CITY": ("Old Mill",)}, allow=("Mercy",)))


@pytest.mark.parametrize(
    ("deny", "message"),
    [
        ({"PERSON": ["ZQJ ZQJ"]}, "label 1 of deid.deny isn't known"),
        ({"PATIENT": ["ZQJ", " - "]}, "entry 2 of deid.deny.PATIENT"),
        ({"PATIENT": ["Z"]}, "entry 1 of deid.deny.PATIENT"),
    ],
)
def test_a_bad_denied_phrase_is_refused(deny: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        SiteLists(deny=deny)
    assert "ZQJ" not in str(caught.value)


def test_an_empty_allowed_phrase_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"entry 1 of deid\.allow"):
        load_allowed([" "])


@pytest.mark.parametrize("surface", ["Mercy", "mercy protocol", "mercy protocol.", "protocol"])
def test_what_an_allowed_phrase_accounts_for_goes(surface: str) -> None:
    text = "On the mercy protocol." if surface.islower() else "On the Mercy  Protocol."
    assert keep(text, [mark(text, surface)], "Mercy protocol") == []


def test_what_reaches_beyond_the_phrase_stays() -> None:
    text = "On the Mercy protocol by John Mercy."
    spans = [mark(text, "Mercy protocol by"), mark(text, "John Mercy")]
    assert keep(text, spans, "Mercy protocol") == ["Mercy protocol by", "John Mercy"]


@pytest.mark.parametrize("finder", ["known", "site"])
def test_registration_and_the_site_are_stronger(finder: str) -> None:
    text = "Grace rests."
    assert keep(text, [mark(text, "Grace", finder=finder)], "Grace") == ["Grace"]
    assert keep(text, [mark(text, "Grace")], "Grace") == []


@pytest.mark.parametrize(
    ("text", "pieces", "kept"),
    [
        ("Grace Okafor rests.", ["Grace", "Okafor"], ["Grace", "Okafor"]),
        ("Okafor, Grace rests.", ["Okafor", "Grace"], ["Okafor", "Grace"]),
        ("Grace T. Okafor rests.", ["Grace", "Okafor"], ["Grace", "Okafor"]),
        ("Grace Hope Okafor", ["Grace", "Hope", "Okafor"], ["Grace", "Hope", "Okafor"]),
        ("Grace called Okafor.", ["Grace", "Okafor"], ["Okafor"]),
        ("Grace. Then Okafor.", ["Grace", "Okafor"], ["Okafor"]),
    ],
)
def test_no_piece_of_a_name_is_let_go(text: str, pieces: list[str], kept: list[str]) -> None:
    spans = [mark(text, piece) for piece in pieces]
    assert keep(text, spans, "Grace", "Hope") == kept


def test_a_piece_under_another_label_is_not_let_go() -> None:
    text = "Grace Okafor rests."
    spans = [mark(text, "Grace", "HOSPITAL"), mark(text, "Okafor")]
    assert keep(text, spans, "Grace") == ["Grace", "Okafor"]


def test_what_is_settled_is_not_tried_again_but_holds_its_pieces() -> None:
    text = "Grace Okafor and Hope rest."
    grace, okafor, hope = (mark(text, piece) for piece in ("Grace", "Okafor", "Hope"))
    allowed = load_allowed(["Grace", "Okafor", "Hope"])
    assert drop_allowed(text, [grace, hope], allowed, [okafor]) == [grace]
    assert drop_allowed(text, [grace, hope, okafor], allowed) == []


def test_a_phrase_that_overlaps_a_name_costs_no_piece_of_it() -> None:
    text = "By John Mercy Hill today."
    spans = [mark(text, "John Mercy"), mark(text, "Mercy Hill")]
    assert keep(text, spans, "Mercy Hill") == ["John Mercy", "Mercy Hill"]


TEXT = "Grace Okafor, Hope and Will of Mercy Hill saw Grace Hill"
FINDERS = st.sampled_from(["rules", "ner", "bert", "learned", "known", "site"])


@st.composite
def spans(draw: st.DrawFn) -> PhiSpan:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    finders = draw(st.lists(FINDERS, min_size=1, max_size=2, unique=True))
    label = draw(st.sampled_from(["PATIENT", "HOSPITAL", "DATE"]))
    return PhiSpan(start, end, label, 0.9, tuple(finders))


@given(
    st.lists(spans(), max_size=6),
    st.lists(st.sampled_from(["Grace", "Okafor", "Hope", "Mercy Hill", "Hill saw", TEXT])),
)
def test_allowing_never_removes_what_is_known(found: list[PhiSpan], allow: list[str]) -> None:
    stay = drop_allowed(TEXT, found, load_allowed(allow))
    protected = [s for s in found if {"known", "site"} & set(s.annotators)]
    assert sorted(stay) == stay
    assert all(stay.count(span) == found.count(span) for span in protected)
    assert all(span in found for span in stay)
    if not allow:
        assert stay == sorted(found)
