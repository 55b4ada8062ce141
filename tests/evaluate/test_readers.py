from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.readers import read_gold, read_mention_corpus
from pipeline.note import Span


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def jsonl(path: Path, *rows: object) -> Path:
    return write(path, "".join(f"{json.dumps(row)}\n" for row in rows))


def span(start: int, end: int, label: str) -> dict[str, object]:
    return {"start": start, "end": end, "label": label, "assertion": "present"}


# JSON lines


def test_jsonl_document_with_everything(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "gold.jsonl",
        {
            "note_id": "n1",
            "patient_id": "p1",
            "note_type": "letter",
            "known": {"names": ["Ada Quill"], "mrn": "778899", "unit": "3B"},
            "text": "Ada Quill, seen 3/4.",
            "spans": [span(16, 19, "DATE"), span(0, 9, "PATIENT")],
        },
    )
    [document] = read_gold(path, "deid")
    assert document.note.note_id == "n1"
    assert document.note.patient_id == "p1"
    assert document.note.note_type == "letter"
    assert document.note.text == "Ada Quill, seen 3/4."
    assert document.known.names == ("Ada Quill",)
    assert document.known.mrn == ("778899",)
    assert document.spans == (Span(0, 9, "PATIENT"), Span(16, 19, "DATE"))


@pytest.mark.parametrize("key", ["spans", "entities", "phi"])
def test_spans_stand_under_any_of_three_keys(tmp_path: Path, key: str) -> None:
    path = jsonl(tmp_path / "gold.jsonl", {"text": "seen 3/4", key: [span(5, 8, "DATE")]})
    assert read_gold(path, "deid")[0].spans == (Span(5, 8, "DATE"),)


def test_id_is_doc_id_or_the_number_of_the_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "gold.jsonl",
        '{"doc_id": 7, "text": "a", "spans": []}\n\n{"text": "b", "spans": []}\n',
    )
    assert [document.note.note_id for document in read_gold(path, "deid")] == ["7", "3"]


def test_line_separators_within_a_string_do_not_split_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", '{"text": "a\u2028b\x85c", "spans": []}')
    assert read_gold(path, "deid")[0].note.text == "a\u2028b\x85c"


def test_texts_without_gold_and_repeated_ids_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", '{"note_id": "a", "text": "Quill"}\n' * 2)
    documents = read_gold(path, "deid")

    assert [(d.note.note_id, d.spans) for d in documents] == [("a", ()), ("a", ())]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops Quill}", "line 2 isn't a JSON object"),
        ("[1]", "line 2 isn't a JSON object"),
        ('{"spans": []}', "line 2 has no text"),
        ('{"text": null, "spans": []}', "line 2 has no text"),
        ('{"text": "Quill", "spans": {}}', "line 2 has spans that are no list"),
        ('{"text": "Quill", "spans": [[0, 2, "X"]]}', "line 2 has a span without a whole start"),
        ('{"text": "Quill", "spans": [{"start": 0, "end": 2}]}', "line 2 has a span without"),
        (
            '{"text": "Quill", "spans": [{"start": true, "end": 2, "label": "X"}]}',
            "line 2 has a span without",
        ),
        (
            '{"text": "Quill", "spans": [{"start": 2, "end": 6, "label": "X"}]}',
            r"line 2 has a span \[2, 6\) in a text of 5 code points",
        ),
        (
            '{"text": "Quill", "spans": [{"start": 3, "end": 3, "label": "X"}]}',
            r"line 2 has a span \[3, 3\)",
        ),
        ('{"text": "Quill", "spans": [], "known": {"mrn": {"a": 1}}}', "line 2: 'known' must map"),
        ('{"text": "Quill", "spans": [], "known": ["a"]}', "line 2: 'known' must map"),
    ],
)
def test_a_bad_line_is_named_but_not_quoted(tmp_path: Path, line: str, message: str) -> None:
    path = write(
        tmp_path / "gold.jsonl", f'{{"note_id": "first", "text": "", "spans": []}}\n{line}'
    )
    with pytest.raises(InputError, match=message) as caught:
        read_gold(path, "deid")
    assert "Quill" not in str(caught.value)
    assert caught.value.__context__ is None or "Quill" not in str(caught.value.__context__)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b'{"text": "caf\xe9", "spans": []}')
    with pytest.raises(InputError, match="byte 13 isn't UTF-8"):
        read_gold(path, "deid")


@pytest.mark.parametrize("name", ["absent.jsonl", "empty.jsonl"])
def test_no_document_is_an_error(tmp_path: Path, name: str) -> None:
    write(tmp_path / "empty.jsonl", "\n")
    with pytest.raises(InputError, match=name):
        read_gold(tmp_path / name, "deid")


def test_chia_offsets_count_a_blank_at_each_line_end(tmp_path: Path) -> None:
    # The annotated text was "Severe asthma \nNo gout \nInsulin use".
    marks = [span(7, 13, "Condition"), span(18, 22, "Condition"), span(24, 31, "Drug")]
    path = jsonl(
        tmp_path / "chia.jsonl",
        {"doc_id": "a", "text": "Severe asthma\nNo gout\nInsulin use", "entities": marks},
        {"doc_id": "b", "text": "Severe asthma \nNo gout \nInsulin use", "entities": marks},
    )
    without, with_blanks = read_gold(path, "mentions")
    assert without.spans == (
        Span(7, 13, "DISEASE"),
        Span(17, 21, "DISEASE"),
        Span(22, 29, "TREATMENT"),
    )
    assert with_blanks.spans == (
        Span(7, 13, "DISEASE"),
        Span(18, 22, "DISEASE"),
        Span(24, 31, "TREATMENT"),
    )


# brat


def brat(folder: Path, text: str, *annotations: str) -> Path:
    write(folder / "case.txt", text)
    write(folder / "case.ann", "".join(f"{line}\n" for line in annotations))
    return folder


def test_brat_keeps_crlf_and_code_points(tmp_path: Path) -> None:
    folder = brat(
        tmp_path,
        "😀 cough\r\nfever",
        "T1\tSign_symptom 2 7\tcough",
        "A1\tPolarity T1 absent",
        "T2\tSign_symptom 9 14\tfever",
        "R1\tMODIFY Arg1:T1 Arg2:T2",
        "#1\tAnnotatorNotes T1\tT1",
    )
    [document] = read_gold(folder, "mentions")
    assert document.note.note_id == "case"
    assert document.note.text == "😀 cough\r\nfever"
    assert document.spans == (Span(2, 7, "SYMPTOM"), Span(9, 14, "SYMPTOM"))


def test_brat_documents_come_by_name(tmp_path: Path) -> None:
    for stem in ("b", "a"):
        write(tmp_path / f"{stem}.txt", "x")
        write(tmp_path / f"{stem}.ann", "")
    assert [document.note.note_id for document in read_gold(tmp_path, "deid")] == ["a", "b"]


def test_a_mention_takes_in_a_short_gap(tmp_path: Path) -> None:
    folder = brat(
        tmp_path,
        "renal (or kidney) failure",
        "T1\tDisease_disorder 0 5;18 25\trenal failure",
    )
    assert read_gold(folder, "mentions")[0].spans == (Span(0, 25, "DISEASE"),)


def test_a_mention_falls_apart_at_a_gap_of_more_than_20(tmp_path: Path) -> None:
    folder = brat(
        tmp_path,
        "renal, and later some liver, failure",  # 24 code points between the fragments
        "T1\tDisease_disorder 0 5;29 36\trenal failure",
    )
    assert read_gold(folder, "mentions")[0].spans == (
        Span(0, 5, "DISEASE"),
        Span(29, 36, "DISEASE"),
    )


def test_phi_is_joined_over_a_line_end_only(tmp_path: Path) -> None:
    folder = brat(
        tmp_path,
        "Ada\nQuill of Ghent",
        "T1\tNAME 0 3;4 9\tAda Quill",
        "T2\tX 4 9;13 18\tQuill Ghent",
    )
    assert read_gold(folder, "deid")[0].spans == (
        Span(0, 9, "NAME"),
        Span(4, 9, "X"),
        Span(13, 18, "X"),
    )


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        ("T1\tX 0 99\tQuill", "line 1 ends at 99, beyond its text of 5 code points"),
        ("T1\tX 3 3\tQuill", "line 1 isn't a text-bound annotation"),
        ("T1\tX a b\tQuill", "line 1 isn't a text-bound annotation"),
        ("T1 X 0 5 Quill", "line 1 isn't a text-bound annotation"),
        ("T1\tX 0 2\tQuill", "only 0 of 1 annotations have their own text"),
    ],
)
def test_bad_annotations_are_named_but_not_quoted(
    tmp_path: Path, annotation: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_gold(brat(tmp_path, "Quill", annotation), "deid")
    assert "Quill" not in str(caught.value)


def test_a_text_without_annotations_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "x")
    with pytest.raises(InputError, match=r"1 files in .* lack their partner"):
        read_gold(tmp_path, "deid")


# PubTator


def test_pubtator_counts_over_title_blank_and_abstract(tmp_path: Path) -> None:
    path = write(
        tmp_path / "gold.txt",
        "11|t|Gout.\n"
        "11|a|Is colchicine | good?\n"
        "11\t0\t4\tGout\tDisease\tD1\n"
        "11\t9\t19\tcolchicine\tChemical\tD2\n"
        "11\tCID\tD2\tD1\n"
        "\n"
        "12|t|None\n"
        "12|a|\n",
    )
    first, second = read_gold(path, "mentions")
    assert first.note.note_id == "11"
    assert first.note.text == "Gout. Is colchicine | good?"
    assert first.spans == (Span(0, 4, "DISEASE"), Span(9, 19, "TREATMENT"))
    assert second.note.text == "None "
    assert second.spans == ()


def test_pubtator_with_crlf(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.txt", "1|t|A\r\n1|a|gout\r\n1\t2\t6\tgout\tDisease\r\n")
    [document] = read_gold(path, "mentions")
    assert document.note.text == "A gout"
    assert document.spans == (Span(2, 6, "DISEASE"),)


def test_a_repeated_pubtator_document_counts_once(tmp_path: Path) -> None:
    block = "1|t|A\n1|a|gout\n1\t2\t6\tgout\tDisease\tD1\n\n"
    assert len(read_gold(write(tmp_path / "gold.txt", block * 2), "mentions")) == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("1|t|A\n1|a|Quill\n1|t|B\n1|a|Quill\n", "line 3: another text has the same id"),
        ("1|t|A\n2|a|Quill\n", "line 2 is an abstract without its title"),
        ("1|t|A\n1|a|Quill\n2\t0\t1\tQuill\tDisease\n", "line 3 belongs to no document"),
        ("1|t|A\n1|a|Quill\nQuill\n", "line 3 belongs to no document"),
        ("1|t|A\n1|a|Quill\n1\t1\t1\tQuill\tDisease\n", "line 3 needs id, start < end"),
        ("1|t|A\n1|a|Quill\n1\t2\t9\tQuill\tDisease\n", "span beyond its text of 7 code points"),
        ("1|t|A\n1|a|Quill\n1\t0\t4\tQuill\tDisease\n", "only 0 of 1 annotations"),
    ],
)
def test_bad_pubtator_is_named_but_not_quoted(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_gold(write(tmp_path / "gold.txt", lines), "mentions")
    assert "Quill" not in str(caught.value)


# Families of corpora


@pytest.mark.parametrize(
    ("types", "family", "ours"),
    [
        (
            ["SYMPTOM", "DISEASE", "TREATMENT", "Age"],
            "clinical notes",
            ["SYMPTOM", "DISEASE", "TREATMENT"],
        ),
        (
            ["Sign_symptom", "Disease_disorder", "Medication", "Therapeutic_procedure", "Age"],
            "case reports",
            ["SYMPTOM", "DISEASE", "TREATMENT", "TREATMENT"],
        ),
        (["Disease", "Chemical", "Gene"], "abstracts", ["DISEASE", "TREATMENT"]),
        (["SpecificDisease", "Modifier"], "abstracts", ["DISEASE", "DISEASE"]),
        (["ChemicalEntity", "OrganismTaxon"], "abstracts", ["TREATMENT"]),
        (
            ["Condition", "Drug", "Procedure", "Value"],
            "trial criteria",
            ["DISEASE", "TREATMENT", "TREATMENT"],
        ),
        ([], "clinical notes", []),
    ],
)
def test_families_are_told_by_their_types(
    tmp_path: Path, types: list[str], family: str, ours: list[str]
) -> None:
    marks = [span(at, at + 1, label) for at, label in enumerate(types)]
    corpus = read_mention_corpus(
        jsonl(tmp_path / "gold.jsonl", {"text": "abcdefgh", "spans": marks})
    )
    assert corpus.labels.name == family
    assert [mark.label for mark in corpus.documents[0].spans] == ours


def test_unknown_types_alone_are_refused(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "gold.jsonl", {"text": "abc", "spans": [span(0, 1, "Planet")]})
    with pytest.raises(InputError, match="none of the 1 types of spans"):
        read_gold(path, "mentions")


def test_text_stays_out_of_repr(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "gold.jsonl",
        {"note_id": "Quill-1", "text": "Quill", "known": {"names": "Quill"}, "spans": []},
    )
    assert "Quill" not in repr(read_gold(path, "deid"))


# The corpora beside the checkout; counts are those that their README states.


@pytest.mark.shared
@pytest.mark.parametrize(
    ("place", "documents"),
    [
        ("clinical_notes/all.jsonl", 611),
        ("maccrobat/train", 125),
        ("maccrobat/dev", 25),
        ("bc5cdr/train.PubTator.txt", 500),
        ("bc5cdr/dev.PubTator.txt", 500),
        ("ncbi_disease/train.PubTator.txt", 592),
        ("ncbi_disease/dev.PubTator.txt", 100),
        ("biored/train.PubTator.txt", 301),
        ("biored/dev.PubTator.txt", 77),
        ("biored/test.PubTator.txt", 76),
        ("chia/all.jsonl", 2000),
        ("phi_notes/train.jsonl", 350),
        ("phi_notes/dev.jsonl", 40),
        ("asq_phi/dev.jsonl", 525),
        ("presidio_research/all.jsonl", 1500),
    ],
)
def test_published_corpora_have_their_documents(shared: Path, place: str, documents: int) -> None:
    phi = place.split("/")[0] in {"phi_notes", "asq_phi", "presidio_research"}
    gold = read_gold(shared / "corpora" / place, "deid" if phi else "mentions")
    assert len(gold) == documents


@pytest.mark.shared
def test_phi_notes_have_their_spans_and_records(shared: Path) -> None:
    gold = [
        document
        for part in ("train", "dev")
        for document in read_gold(shared / "corpora" / "phi_notes" / f"{part}.jsonl", "deid")
    ]
    assert sum(len(document.spans) for document in gold) == 11_749
    assert all(document.known.names for document in gold)


@pytest.mark.shared
@pytest.mark.parametrize("place", ["ncbi_disease/dev", "bc5cdr/dev", "biored/dev"])
def test_pubtator_offsets_give_the_mentions(shared: Path, place: str) -> None:
    path = shared / "corpora" / f"{place}.PubTator.txt"
    texts = {d.note.note_id: d.note.text for d in read_gold(path, "deid")}
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n")]
    annotations = [row for row in rows if len(row) > 4 and row[1].isdecimal()]
    assert annotations
    assert all(texts[row[0]][int(row[1]) : int(row[2])] == row[3] for row in annotations)


@pytest.mark.shared
def test_chia_mentions_cut_hardly_any_word(shared: Path) -> None:
    whole = total = 0
    for document in read_gold(shared / "corpora" / "chia" / "all.jsonl", "mentions"):
        text = f" {document.note.text} "
        for mark in document.spans:
            total += 1
            before, after = text[mark.start : mark.start + 2], text[mark.end : mark.end + 2]
            whole += not before.isalnum() and not after.isalnum()
    assert total > 18_000
    assert whole / total > 0.99
