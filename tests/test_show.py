from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from pipeline.errors import InputError, SetupError
from pipeline.manifest import Manifest, write_manifest
from pipeline.marking import mark_mentions, printable
from pipeline.note import Mention
from pipeline.schema import MEDICATION, MENTION, NOTE, NOTE_STATUS
from pipeline.show import first_notes, show_counts, show_note
from pipeline.storage.files import Root

TEXT = "[PATIENT] has Chest pain and asthma.\r\n[b]She[/b] takes aspirin\x1b[31m."
FIRST, SECOND, THIRD = "aaaa1111bbbb2222", "aaaa9999cccc3333", "dddd4444eeee5555"


def note(note_id: str, text: str) -> dict[str, object]:
    return {
        "note_id": note_id,
        "patient_id": "pppp6666",
        "encounter_id": None,
        "note_type": "Progress note",
        "note_time": datetime(2019, 1, 1),
        "text": text,
    }


def mention(note_id: str, text: str, surface: str, label: str, score: float) -> dict[str, object]:
    start = text.index(surface)
    return {
        "note_id": note_id,
        "mention_id": f"{note_id}-{start}",
        "start": start,
        "end": start + len(surface),
        "text": surface,
        "label": label,
        "score": score,
        "annotators": ["bert"],
        "assertion": "absent" if surface == "fever" else "present",
        "concept_name": "Coughing" if surface == "cough" else None,
    }


def medication(note_id: str, text: str, surface: str) -> dict[str, object]:
    row = dict.fromkeys(MEDICATION.schema.names)
    return row | {"note_id": note_id, "mention_id": f"{note_id}-{text.index(surface)}"}


def status(note_id: str, is_what: str, n_phi: int = 0) -> dict[str, object]:
    return {
        "note_id": note_id,
        "status": is_what,
        "n_phi": n_phi,
        "n_mentions": 0,
        "attempt_id": "attempt",
        "fingerprint": "fingerprint",
        "run_id": "run",
    }


def write_unit(
    root: Root,
    unit: int,
    notes: Sequence[dict[str, object]],
    mentions: Sequence[dict[str, object]],
    statuses: Sequence[dict[str, object]],
    medications: Sequence[dict[str, object]] = (),
) -> None:
    tables = (
        (NOTE, notes),
        (MENTION, mentions),
        (MEDICATION, medications),
        (NOTE_STATUS, statuses),
    )
    for table, rows in tables:
        path = root.folder(table.name) / f"unit-{unit:04}.parquet"
        root.publish(root.prepare_table(path, table.rows(rows)), path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    root = Root(tmp_path / "out")
    found = [
        mention(FIRST, TEXT, "Chest pain", "SYMPTOM", 0.97),
        mention(FIRST, TEXT, "asthma", "DISEASE", 1.0),
        mention(FIRST, TEXT, "aspirin", "TREATMENT", 0.5),
    ]
    other = "chest pain, chest pain again, cough, fever"
    more = [
        mention(SECOND, other, "chest pain", "SYMPTOM", 0.75),
        mention(SECOND, other, "cough", "SYMPTOM", 0.8),
        mention(SECOND, other, "fever", "SYMPTOM", 0.9),
        mention(SECOND, other, "pain again", "SYMPTOM", 0.6),
    ]
    write_unit(root, 0, [], [], [])
    write_unit(
        root,
        3,
        [note(FIRST, TEXT), note(SECOND, other)],
        found + more,
        [status(FIRST, "ok", n_phi=1), status(SECOND, "ok")],
        [medication(FIRST, TEXT, "aspirin")],
    )
    write_unit(
        root,
        7,
        [note(THIRD, "Well.")],
        [],
        [status(THIRD, "ok"), status("ffff0000", "empty"), status("ffff0001", "quarantined")],
    )
    write_manifest(
        root,
        Manifest(
            run_id="20260102T030405Z-0a1b2c",
            started="2026-01-02T03:04:05+00:00",
            finished="2026-01-02T03:05:06+00:00",
            key_id="keykey22",
            dates_key_id="datekey2",
            policy="limited_dates",
            replacement="tag",
            fingerprint="fingerprint",
            status="complete",
            counts={},
            codes={},
            versions={},
        ),
    )
    return root.path


def shown(renderable: RenderableType) -> list[str]:
    console = Console(file=io.StringIO(), width=80)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_counts_of_tables_and_last_run(out: Path) -> None:
    lines = shown(show_counts(out))
    rows = [line.split() for line in lines]
    assert ["run", "20260102T030405Z-0a1b2c", "complete"] in rows
    assert "  finished 2026-01-02 03:05:06 UTC, made with key keykey22" in lines
    assert ["note", "3"] in rows
    assert ["mention", "7", "SYMPTOM", "5", "DISEASE", "1", "TREATMENT", "1"] in rows
    assert ["present", "6", "absent", "1"] in rows
    assert ["medication", "1"] in rows
    assert ["note_status", "5", "ok", "3", "empty", "1", "quarantined", "1"] in rows
    assert f"--note {FIRST[:10]}" in lines[-1]
    assert max(map(len, lines)) <= 80


def test_frequent_mentions_are_counted_in_lower_case(out: Path) -> None:
    rows = [line.split() for line in shown(show_counts(out))]
    assert ["chest", "pain", "2", "asthma", "1", "aspirin", "1"] in rows
    symptoms = [row[0] for row in rows if row and row[0] in {"chest", "cough", "fever", "pain"}]
    assert symptoms == ["chest", "cough", "fever", "pain"]  # equally frequent ones by alphabet


def test_no_more_than_ten_frequent_mentions_are_shown(tmp_path: Path) -> None:
    root = Root(tmp_path)
    words = [f"sign{n:02}" for n in range(12)]
    text = " ".join(words)
    found = [mention(FIRST, text, word, "SYMPTOM", 1.0) for word in words]
    write_unit(root, 0, [note(FIRST, text)], found, [status(FIRST, "ok")])
    listed = "\n".join(shown(show_counts(tmp_path)))
    assert "sign09" in listed
    assert "sign10" not in listed


def test_counts_before_any_run_has_finished(tmp_path: Path) -> None:
    write_unit(Root(tmp_path), 0, [], [], [])
    lines = shown(show_counts(tmp_path))
    assert lines[0] == "  no run has finished here yet"
    assert "--note" not in "\n".join(lines)


def test_note_is_shown_with_its_mentions_marked(out: Path) -> None:
    lines = shown(show_note(out, FIRST))
    header = [line.split() for line in lines]
    assert ["note_id", FIRST] in header
    assert ["encounter_id", "—"] in header
    assert ["note_type", "Progress", "note"] in header
    assert ["year", "2019"] in header
    assert ["PHI", "1", "spans", "found"] in header
    assert "[PATIENT] has Chest pain⟨SYMPTOM:.97⟩ and asthma⟨DISEASE:1.00⟩." in lines
    assert "[b]She[/b] takes aspirin⟨TREATMENT:.50⟩�[31m." in lines
    assert "cough" not in "\n".join(lines)


def test_note_is_found_by_the_beginning_of_its_id(out: Path) -> None:
    assert shown(show_note(out, "aaaa1")) == shown(show_note(out, FIRST))


def test_whole_id_is_found_though_another_begins_with_it(tmp_path: Path) -> None:
    notes = [note("10", "Longer."), note("1", "Exact.")]
    write_unit(Root(tmp_path), 0, notes, [], [status("10", "ok"), status("1", "ok")])
    assert "Exact." in shown(show_note(tmp_path, "1"))


@pytest.mark.parametrize(
    ("note_id", "message"),
    [
        ("aaaa", "the ids of 2 notes begin like that"),
        ("Quimby77", "no note in OUT has that id.*chartsift show OUT.*identity_map"),
        ("ffff0000", "no released text: its status is empty"),
    ],
)
def test_note_that_is_not_there(out: Path, note_id: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        show_note(out, note_id)
    assert note_id not in str(raised.value)  # it may be a raw id


def test_few_rows_are_of_several_notes(out: Path) -> None:
    rows = [line.split() for line in shown(first_notes(out, 5)) if "…" in line]
    assert rows[0] == ["aaaa1111bb…", "14", "24", "SYMPTOM", "Chest", "pain", "present"]
    assert rows[4][3:] == ["SYMPTOM", "cough", "present", "Coughing"]
    assert [row[0][:8] for row in rows] == [FIRST[:8]] * 3 + [SECOND[:8]] * 2
    everything = [line for line in shown(first_notes(out, 100)) if "…" in line]
    assert len(everything) == 6  # at most three of each note


def test_folder_without_tables_is_refused_with_a_remedy(tmp_path: Path) -> None:
    for show in (show_counts, lambda out: show_note(out, "a"), lambda out: first_notes(out, 1)):
        with pytest.raises(InputError, match="give the folder that `chartsift run` wrote"):
            show(tmp_path)


def test_broken_file_is_refused_without_its_content(out: Path) -> None:
    (out / "note" / "unit-0003.parquet").write_bytes(b"PAR1 secret")
    with pytest.raises(InputError, match="table note can't be read") as raised:
        show_counts(out)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_broken_manifest_is_refused(out: Path) -> None:
    (out / "_manifests" / "20270101T000000Z-000000.json").write_text("{")
    with pytest.raises(SetupError, match="_manifests can't be read"):
        show_counts(out)


def test_marks_have_a_colour_each_and_tags_are_dim() -> None:
    text = "[DATE] cough, flu, rest"
    marked = mark_mentions(
        text,
        [
            Mention(7, 12, "SYMPTOM", 0.5),
            Mention(14, 17, "DISEASE", 0.5),
            Mention(19, 23, "TREATMENT", 0.5),
        ],
    )
    styles = {marked.plain[s.start : s.end]: str(s.style) for s in marked.spans}
    assert styles["[DATE]"] == "dim"
    colours = [styles[word].removeprefix("bold ") for word in ("cough", "flu", "rest")]
    assert len(set(colours)) == 3
    assert [styles[f"⟨{label}:.50⟩"] for label in ("SYMPTOM", "DISEASE", "TREATMENT")] == colours


def test_overlapping_mentions_are_both_marked() -> None:
    marked = mark_mentions(
        "acute chest pain now",
        [Mention(6, 16, "SYMPTOM", 0.9), Mention(0, 11, "DISEASE", 0.25)],
    )
    assert marked.plain == "acute chest⟨DISEASE:.25⟩ pain⟨SYMPTOM:.90⟩ now"


def test_text_without_mentions_is_itself() -> None:
    assert mark_mentions("Well [today].", []).plain == "Well [today]."
    assert mark_mentions("", []).plain == ""


def test_printable_shows_what_a_terminal_would_obey() -> None:
    assert printable("a\x1b]0;x\x07b\u202ec\x9bd\te\r\nf\rg") == "a�]0;x�b�c�d\te\nf\ng"
