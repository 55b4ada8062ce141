"""Runs of the engine with stub models: what is done, redone and left alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import ConfigError, InputError, LockedError, QuarantineError, SetupError
from pipeline.job import run_directly
from pipeline.keys import create_keys
from pipeline.run import Silence
from pipeline.schema import NOTE_STATUS, TABLES
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
from tests.site import Row, Site
from tests.stub import load_nothing, load_other_stubs


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


NOTES = [
    {"note_id": "n1", "patient_id": "p1", "text": "ZQXANNA has fever."},
    {"note_id": "n2", "patient_id": "p1", "text": "Seen Zarabeth, no cough."},
    {"note_id": "n3", "patient_id": "p2", "text": "Well."},
    {"note_id": "n4", "patient_id": None, "text": "Mr ZQXBOB: cough and fever"},
    {"note_id": "n5", "patient_id": None, "text": "   "},
]


def test_a_run_fills_the_tables(site: Site) -> None:
    site.write(NOTES)
    summary = site.run()

    assert summary.status == "complete"
    assert summary.counts["rows_read"] == 5
    assert (summary.counts["ok"], summary.counts["empty"]) == (4, 1)
    texts = sorted(row["text"] for row in site.read("note"))
    assert texts == [
        "Mr [PATIENT]: cough and fever",
        "Seen Zarabeth, no cough.",
        "Well.",
        "[PATIENT] has fever.",
    ]
    note_text = {row["note_id"]: row["text"] for row in site.read("note")}
    mentions = site.read("mention")
    assert len(mentions) == 4
    assert all(note_text[m["note_id"]][m["start"] : m["end"]] == m["text"] for m in mentions)
    assert {m["mention_id"] for m in mentions} == {
        f"{m['note_id']}-{m['start']}-{m['end']}" for m in mentions
    }


def test_a_plain_read_of_a_folder_gives_the_rows(site: Site) -> None:
    site.write(NOTES)
    site.run()
    notes = pd.read_parquet(site.out / "note")
    mentions = pd.read_parquet(site.out / "mention").merge(notes, on="note_id")

    assert len(notes) == 4
    assert len(mentions) == 4
    assert set(mentions["label"]) == {"SYMPTOM"}


def test_phi_tables_hold_raw_ids_and_offsets(site: Site) -> None:
    site.write(NOTES)
    site.run()

    spans = {row["note_id"]: row for row in site.read("phi_span")}
    assert set(spans) == {"n1", "n4"}
    assert (spans["n4"]["start"], spans["n4"]["end"]) == (3, 9)
    assert spans["n4"]["replacement"] == "[PATIENT]"
    offsets = {row["note_id"]: row for row in site.read("offset_map")}
    assert (offsets["n4"]["raw_end"], offsets["n4"]["end"]) == (9, 12)
    kinds = sorted((row["kind"], row["raw"]) for row in site.read("identity_map"))
    assert kinds == [
        ("note", "n1"),
        ("note", "n2"),
        ("note", "n3"),
        ("note", "n4"),
        ("note", "n5"),
        ("patient", "p1"),
        ("patient", "p2"),
    ]
    (quarantined,) = site.read("quarantine")
    assert quarantined["code"] == "empty_text"
    assert (quarantined["file"], quarantined["row"]) == (str(site.notes), 5)


def test_relative_paths(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write(NOTES)
    monkeypatch.chdir(site.notes.parent)
    site.notes, site.out, site.phi = (Path(p.name) for p in (site.notes, site.out, site.phi))

    assert site.run().counts["ok"] == 4


def test_unchanged_input_leaves_nothing_to_do(site: Site) -> None:
    site.write(NOTES)
    site.run()
    files = {path: path.stat().st_mtime_ns for path in site.out.rglob("unit-*")}
    summary = site.run()

    assert "redone" not in summary.counts or summary.counts["redone"] == 0
    assert summary.counts["ok"] == 4
    assert {path: path.stat().st_mtime_ns for path in site.out.rglob("unit-*")} == files


@pytest.mark.parametrize(
    ("change", "redone"),
    [
        ({"note_id": "n1", "patient_id": "p1", "text": "Now a cough."}, {"n1", "n2"}),
        ({"note_id": "n3", "patient_id": "p2", "text": "Unwell."}, {"n3"}),
        ({"note_id": "n4", "patient_id": None, "text": "Gone home."}, {"n4"}),
        ({"note_id": "n6", "patient_id": "p2", "text": "New."}, {"n3", "n6"}),
    ],
)
def test_a_changed_note_redoes_its_patient(site: Site, change: Row, redone: set[str]) -> None:
    site.write(NOTES)
    first = site.run().run_id
    notes = {row["note_id"]: row for row in NOTES} | {change["note_id"]: change}
    site.write(list(notes.values()))
    second = site.run().run_id

    makers = site.makers()
    assert {note for note, maker in makers.items() if maker == second} == redone
    assert {note for note, maker in makers.items() if maker == first} == set(notes) - redone


def test_a_changed_known_record_redoes_its_patient(site: Site) -> None:
    site.write(NOTES)
    site.write_known(
        [{"patient_id": "p1", "names": ["Zarabeth"]}, {"patient_id": "p9", "names": "X"}]
    )
    site.run()
    assert "Seen [PATIENT], no cough." in {row["text"] for row in site.read("note")}
    site.write_known(
        [{"patient_id": "p1", "names": ["Zarabeth"]}, {"patient_id": "p2", "mrn": "7"}]
    )
    second = site.run().run_id

    assert {note for note, maker in site.makers().items() if maker == second} == {"n3"}


def test_a_changed_setting_redoes_everything(site: Site) -> None:
    site.write(NOTES)
    site.run()
    second = site.run(site.config(ids={"release": "keep"})).run_id

    assert set(site.makers().values()) == {second}
    assert {row["note_id"] for row in site.read("note")} == {"n1", "n2", "n3", "n4"}


def test_a_changed_model_redoes_everything(site: Site) -> None:
    site.write(NOTES)
    site.run()
    before = {row["score"] for row in site.read("mention")}
    (site.model / "weights").write_bytes(b"two")
    second = site.run(load=load_other_stubs).run_id

    assert set(site.makers().values()) == {second}
    assert before == {0.75}
    assert {row["score"] for row in site.read("mention")} == {0.5}


def test_the_machine_s_settings_redo_nothing(site: Site) -> None:
    site.write(NOTES)
    first = site.run().run_id
    site.run(site.config(run={"workers": 2, "batch_notes": 1}))

    assert set(site.makers().values()) == {first}


def test_removed_notes_leave_the_tables(site: Site) -> None:
    site.write(NOTES)
    site.run()
    site.write(NOTES[1:])
    site.run()

    assert "n1" not in {row["raw"] for row in site.read("identity_map")}
    assert len(site.read("note")) == 3
    assert "n1" not in {row["note_id"] for row in site.read("phi_span")}


def test_a_partial_extract_does_not_delete_the_rest(site: Site) -> None:
    site.write(NOTES)
    site.run()
    before = site.content()
    site.write(NOTES[:1])

    with pytest.raises(InputError, match="OUT holds 4 notes and the input only 1"):
        site.run()
    assert site.content() == before


def test_workers_batches_and_order_of_rows_change_nothing(site: Site, tmp_path: Path) -> None:
    site.write(NOTES)
    site.run()
    other = Site(tmp_path / "other")
    other.share_keys(site)
    other.write(NOTES[::-1])
    other.run(other.config(run={"workers": 2, "batch_notes": 2}))

    mine, theirs = site.content(), other.content()
    del mine["quarantine"], theirs["quarantine"]  # locators differ
    assert mine == theirs


def test_notes_without_patient_share_nothing(site: Site) -> None:
    site.write(
        [
            {"note_id": "n1", "patient_id": None, "text": "Seen by Anna."},
            {"note_id": "n2", "patient_id": "n1", "text": "Anna came."},
            {"note_id": "n3", "patient_id": None, "text": "Anna left."},
        ]
    )
    site.write_known([{"patient_id": "n1", "names": ["Anna"]}])
    first = site.run().run_id
    texts = sorted(row["text"] for row in site.read("note"))
    assert texts == ["Anna left.", "Seen by Anna.", "[PATIENT] came."]
    pseudonyms = {(r["kind"], r["raw"]): r["pseudonym"] for r in site.read("identity_map")}
    assert pseudonyms["note", "n1"] != pseudonyms["patient", "n1"]

    site.write_known([{"patient_id": "n1", "names": ["came"]}])
    second = site.run().run_id
    assert site.makers() == {"n1": first, "n2": second, "n3": first}


def test_a_note_that_makes_a_stage_raise_is_quarantined_and_tried_again(site: Site) -> None:
    site.write([*NOTES, {"note_id": "n7", "patient_id": "p1", "text": "RAISE ZQXMARKER"}])
    summary = site.run()

    assert summary.status == "complete"
    assert (summary.counts["ok"], summary.counts["quarantined"]) == (4, 1)
    (row,) = [row for row in site.read("quarantine") if row["note_id"] == "n7"]
    assert row["code"] == "stage_failed"
    first = summary.run_id
    second = site.run().run_id
    makers = site.makers()
    assert {note for note, maker in makers.items() if maker == second} == {"n1", "n2", "n7"}
    assert makers["n3"] == first


def test_too_many_bad_rows_stop_the_run_before_anything_is_committed(site: Site) -> None:
    site.write([*NOTES, {"note_id": None, "patient_id": "p1", "text": "No id."}])

    with pytest.raises(QuarantineError, match=r"1 of 6 rows can't be used.*null_id: 1"):
        site.run(site.config(input={"max_quarantine_rate": 0.1}))
    assert not list(site.out.rglob("unit-*"))


def test_too_many_failing_notes_stop_the_run(site: Site) -> None:
    site.write([{"note_id": f"n{i}", "text": "RAISE"} for i in range(8)])

    with pytest.raises(QuarantineError, match="stages failed on"):
        site.run(site.config(input={"max_quarantine_rate": 0.05}))
    assert not list(site.out.rglob("unit-*"))


def test_a_hung_unit_is_killed_and_the_others_finish(site: Site) -> None:
    site.write([*NOTES, {"note_id": "n8", "patient_id": "p8", "text": "HANG"}])
    summary = site.run(site.config(run={"workers": 1, "unit_time_limit_s": 3}))

    assert summary.status == "incomplete"
    (problem,) = summary.problems
    assert "exceeded run.unit_time_limit_s = 3" in problem
    site.write(NOTES)
    assert site.run().status == "complete"


def test_a_dying_worker_costs_its_unit_alone(site: Site) -> None:
    site.write([*NOTES, {"note_id": "n8", "patient_id": "p8", "text": "DIE"}])
    summary = site.run()

    assert summary.status == "incomplete"
    (problem,) = summary.problems
    assert "died" in problem
    assert site.read(NOTE_STATUS.name)


def test_a_second_run_is_kept_out(site: Site) -> None:
    site.write(NOTES)
    with hold(Root(site.out), Root(site.phi)), pytest.raises(LockedError):
        site.run()


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda site: (site.phi / "keys" / "ids.key").unlink(), "chartsift init"),
        (lambda site: (site.phi / "keys" / "ids.key").chmod(0o640), "others can read it"),
        (lambda site: site.phi.chmod(0o750), "others can read the PHI root"),
        (lambda site: setattr(site, "out", site.phi / "out"), "separate folders"),
    ],
)
def test_a_bad_set_up_stops_the_run(
    site: Site, break_it: Callable[[Site], None], message: str
) -> None:
    site.write(NOTES)
    break_it(site)
    with pytest.raises(SetupError, match=message):
        site.run()


def test_out_of_another_key_is_refused(site: Site, tmp_path: Path) -> None:
    site.write(NOTES)
    site.run()
    site.phi = tmp_path / "other-phi"
    create_keys(site.phi)
    with pytest.raises(SetupError, match="OUT was made with the key"):
        site.run()


def test_another_division_is_refused(site: Site) -> None:
    site.write(NOTES)
    site.run()
    with pytest.raises(SetupError, match=r"divided into 4 work units, storage.work_units is 8"):
        site.run(site.config(storage={"work_units": 8}))


def test_an_empty_input_gives_empty_tables(site: Site) -> None:
    site.write([])
    summary = site.run()

    assert summary.counts["rows_read"] == 0
    assert site.content() == {table.name: [] for table in TABLES}


def test_modes(site: Site) -> None:
    site.write(NOTES)
    site.run()
    for path in [site.phi, *site.phi.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    for path in [site.out, *site.out.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o750 if path.is_dir() else 0o640), path


def test_a_registry_that_matches_nobody_is_told(site: Site) -> None:
    class Listener(Silence):
        def __init__(self) -> None:
            self.said: list[str] = []

        def say(self, message: str) -> None:
            self.said.append(message)

    listener = Listener()
    site.write(NOTES)
    site.write_known([{"patient_id": "0p1", "names": ["Zarabeth"]}])
    summary = run_directly(site.job(), listener)
    assert summary.counts["registered"] == 0
    assert any("protected nobody" in message for message in listener.said)

    listener.said.clear()
    site.write_known([{"patient_id": "p1", "names": ["Zarabeth"]}])
    assert run_directly(site.job(), listener).counts["registered"] == 2
    assert not any("protected nobody" in message for message in listener.said)


@pytest.mark.parametrize("name", ["note", "mention", "phi_span", "identity_map"])
def test_a_lost_file_is_made_anew(site: Site, name: str) -> None:
    site.write(NOTES)
    site.run()
    before = site.content()
    root = site.out if name in ("note", "mention") else site.phi
    for path in (root / name).glob("unit-*"):
        path.unlink()
    site.run()

    assert site.content() == before


def test_two_outs_of_one_phi_root_spoil_nothing(site: Site) -> None:
    site.write(NOTES)
    site.run()
    before = site.content()
    first, site.out = site.out, site.out.with_name("out2")
    site.write(NOTES[:2])
    site.run()
    site.out = first
    site.write(NOTES)
    site.run()

    assert site.content() == before


def test_the_quarantine_limit_holds_with_many_workers(site: Site) -> None:
    notes = [{"note_id": f"n{i}", "text": "RAISE" if i < 8 else "Well."} for i in range(40)]
    site.write(notes)

    with pytest.raises(QuarantineError):
        site.run(site.config(run={"workers": 4}, input={"max_quarantine_rate": 0.1}))
    quarantined = [row for row in site.read("quarantine") if row["code"] == "stage_failed"]
    assert len(quarantined) <= 4


def test_a_model_that_cannot_be_loaded_stops_the_run(site: Site) -> None:
    site.write(NOTES)
    with pytest.raises(SetupError, match="no model here"):
        site.run(load=load_nothing)
    assert not list(site.out.rglob("_manifests/*"))


@pytest.mark.parametrize("inside", ["out", "phi"])
def test_notes_inside_another_root_are_refused(site: Site, inside: str) -> None:
    site.write(NOTES)
    folder: Path = getattr(site, inside) / "notes"
    folder.mkdir(parents=True)
    site.notes = site.notes.rename(folder / "notes.parquet")

    with pytest.raises(SetupError, match="separate folders"):
        site.run()


def test_a_moved_input_moves_the_locators(site: Site) -> None:
    site.write(NOTES)
    first = site.run().run_id
    site.notes = site.notes.rename(site.notes.with_name("tonight.parquet"))
    site.run()

    assert {Path(row["file"]).name for row in site.read("quarantine")} == {"tonight.parquet"}
    assert set(site.makers().values()) == {first}


def test_an_interrupted_run_commits_nothing_more(site: Site) -> None:
    class Interruption(Silence):
        def advance(self, notes: int) -> None:
            if notes:
                os.kill(os.getpid(), signal.SIGINT)

    site.write([{"note_id": f"n{i}", "text": f"SLOW fever {i}"} for i in range(400)])
    with pytest.raises(KeyboardInterrupt):
        run_directly(site.job(), Interruption())
    committed = sorted(path.name for path in site.out.rglob("unit-*"))
    time.sleep(1.5)

    assert sorted(path.name for path in site.out.rglob("unit-*")) == committed
    assert len(committed) < 3 * 4
    assert site.run().counts["ok"] == 400


def test_a_bad_site_list_stops_the_run_before_anything_is_read(site: Site) -> None:
    site.write(NOTES)
    deid = {"ner": site.model, "bert": site.model}
    settings = site.config(deid={**deid, "patterns": [{"label": "IDNUM", "pattern": "(Zarabeth"}]})
    with pytest.raises(ConfigError, match=r"entry 1 of deid\.patterns") as caught:
        site.run(settings)

    assert "Zarabeth" not in str(caught.value)
    assert not (site.phi / "staging").exists()
