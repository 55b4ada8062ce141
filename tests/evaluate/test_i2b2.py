from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.readers import read_gold
from pipeline.note import Span

TEXT = "Record date: 2071-03-14\n\nAda Quill <90 kg> was seen on Ward Nine.\n"
TAGS = """
<DATE id="P0" start="13" end="23" text="2071-03-14" TYPE="DATE" comment="" />
<NAME id="P1" start="25" end="34" text="Ada Quill" TYPE="PATIENT" comment="" />
<LOCATION id="P2" start="55" end="64" text="Ward Nine" TYPE="DEPARTMENT" comment="" />
"""


def xml(text: str = TEXT, tags: str = TAGS, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}<deIdi2b2>\n'
        f"<TEXT><![CDATA[{text}]]></TEXT>\n<TAGS>{tags}</TAGS>\n</deIdi2b2>\n"
    )


def write(path: Path, content: str) -> Path:
    path.write_bytes(content.encode())
    return path


def test_a_file(tmp_path: Path) -> None:
    [document] = read_gold(write(tmp_path / "301-02.xml", xml()), "deid")
    assert document.note.note_id == "301-02"
    assert document.note.patient_id == "301"
    assert document.note.text == TEXT
    assert document.spans == (
        Span(13, 23, "DATE"),
        Span(25, 34, "PATIENT"),
        Span(55, 64, "HOSPITAL"),
    )


def test_a_folder_by_name_and_a_stem_that_names_no_patient(tmp_path: Path) -> None:
    write(tmp_path / "b.xml", xml("well", ""))
    write(tmp_path / "a.xml", xml("ill", ""))
    write(tmp_path / "readme.md", "not gold")
    documents = read_gold(tmp_path, "deid")
    assert [(d.note.note_id, d.note.patient_id, d.note.text) for d in documents] == [
        ("a", None, "ill"),
        ("b", None, "well"),
    ]


@pytest.mark.parametrize(
    ("label", "ours"),
    [("IDNUM", "IDNUM"), ("ROOM", "LOCATION-OTHER"), ("Doctor", "DOCTOR"), ("MOOD", "MOOD")],
)
def test_fine_labels(tmp_path: Path, label: str, ours: str) -> None:
    tag = f'<PHI start="0" end="3" TYPE="{label}"/>'
    [document] = read_gold(write(tmp_path / "a.xml", xml("Ada", tag)), "deid")
    assert document.spans == (Span(0, 3, ours),)


def test_line_ends_are_one_character_as_xml_has_it(tmp_path: Path) -> None:
    tag = '<NAME start="3" end="6" text="Ada" TYPE="PATIENT"/>'
    [document] = read_gold(write(tmp_path / "a.xml", xml("a\r\n\nAda", tag)), "deid")
    assert document.note.text == "a\n\nAda"
    assert document.spans == (Span(3, 6, "PATIENT"),)


def test_an_encoding_that_the_file_declares(tmp_path: Path) -> None:
    content = xml("Łódź", '<LOCATION start="0" end="4" text="Łódź" TYPE="CITY"/>')
    path = tmp_path / "a.xml"
    path.write_bytes(content.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert read_gold(path, "deid")[0].spans == (Span(0, 4, "CITY"),)


BOMB = '<!DOCTYPE d [<!ENTITY a "Quill"><!ENTITY b "&a;&a;&a;">]>\n'
OUTSIDE = '<!DOCTYPE d SYSTEM "file:///etc/passwd">\n'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, "<!DOCTYPE deIdi2b2>"])
def test_a_document_type_is_refused(tmp_path: Path, head: str) -> None:
    path = write(tmp_path / "a.xml", xml(head=head))
    with pytest.raises(InputError, match=r"a\.xml declares a document type"):
        read_gold(path, "deid")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xml().replace("</TAGS>", ""), r"a\.xml: line \d+ isn't well-formed XML"),
        (xml("&quot;", "").replace("<![CDATA[", "&quill;").replace("]]>", ""), "well-formed"),
        (xml().replace("UTF-8", "KLINGON"), "encoding"),
        ("<deIdi2b2><TAGS/></deIdi2b2>", r"a\.xml has no element TEXT"),
        (xml(tags='<NAME start="0" TYPE="PATIENT"/>'), "element 1 of TAGS has no end; add it"),
        (xml(tags='<NAME start="0" end="3"/>'), "element 1 of TAGS has no TYPE"),
        (xml("Quill", '<NAME start="0" end="6" TYPE="X"/>'), "element 1 of TAGS needs 0 <= start"),
        (xml("Quill", '<NAME start="-1" end="3" TYPE="X"/>'), "element 1 of TAGS needs"),
        (xml("Quill", f'<NAME start="0" end="{"9" * 5000}" TYPE="X"/>'), "element 1 of TAGS"),
        (xml("Quill", '<NAME start="0" end="3" text="Fen" TYPE="X"/>'), "only 0 of 1 annotations"),
    ],
)
def test_errors_name_the_place_and_no_text(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_gold(write(tmp_path / "a.xml", content), "deid")
    assert "Quill" not in str(caught.value)
    assert caught.value.__context__ is None


def test_brat_wins_where_a_folder_holds_annotations(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", xml())
    write(tmp_path / "n.txt", "Ada")
    write(tmp_path / "n.ann", "T1\tPATIENT 0 3\tAda\n")
    [document] = read_gold(tmp_path, "deid")
    assert document.note.note_id == "n"
