from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.link.clinical_abbreviations import Abbreviations
from pipeline.note import Note
from pipeline.train.sense_fitting import Occurrence, fit_senses
from pipeline.train.sense_scores import SAME_LABEL, TOTAL, format_scores, score_senses
from pipeline.train.senses import SenseTraining, make_samples, split_notes
from pipeline.train.substitution import LongForms

RIVALS = {"gb": ("gumboil", "giant bunion")}
NAMES = {
    "gumboil": np.array([1, 0], np.float32),
    "giant bunion": np.array([0, 1], np.float32),
    "sore gum": np.array([0.9, 0], np.float32),
    "sore foot": np.array([0, 0.9], np.float32),
}


def long_forms() -> LongForms:
    short = {("DISEASE", form): ("GB",) for form in RIVALS["gb"]}
    return LongForms(Abbreviations(short, {("DISEASE", "gb"): RIVALS["gb"]}), lambda *_: None)


def occurrences(
    count: int, seed: int = 0, forms: tuple[str, ...] = tuple(NAMES)
) -> list[Occurrence]:
    """Make occurrences whose first two features are their long form's name, blurred."""
    noise = np.random.default_rng(seed)
    found = []
    for place in range(count):
        form = forms[place % len(forms)]
        features = np.concatenate([NAMES[form], [0, 0]]) + noise.normal(0, 0.2, 4)
        section = "plan" if "gum" in form else "exam"
        short = "GB" if form in RIVALS["gb"] else form
        found.append(
            Occurrence(f"{seed}-{place}", short, form, section, features.astype(np.float32))
        )
    return found


def test_tells_rivals_apart_in_notes_not_seen() -> None:
    seen, unseen = occurrences(120), occurrences(60, seed=1)
    chooser = fit_senses(seen, NAMES, RIVALS)
    assert chooser.forms == ("giant bunion", "gumboil")
    assert chooser.seen.tolist() == [30, 30]
    *each, total, same_label = score_senses(chooser, seen, unseen, long_forms())
    assert [(one.short, one.count) for one in each] == [("gb", 30)]
    assert (total.short, same_label.short, total.count) == (TOTAL, SAME_LABEL, 30)
    assert total.right >= 29
    assert total.chosen >= 20
    assert total.chosen_right >= 0.95 * total.chosen
    assert total.frequent_right == 15
    assert total.section_right == 30


def test_a_long_form_never_seen_is_expected_from_its_name_and_not_chosen() -> None:
    seen = occurrences(120, forms=("gumboil", "sore gum", "sore foot"))
    chooser = fit_senses(seen, NAMES, RIVALS)
    foot = np.array([0, 1, 0, 0], np.float32)
    gum = np.array([1, 0, 0, 0], np.float32)
    at_foot = chooser.chances(foot, "other", RIVALS["gb"])
    at_gum = chooser.chances(gum, "other", RIVALS["gb"])
    assert at_foot is not None
    assert at_gum is not None
    assert at_gum[0] > at_foot[0]
    assert not chooser.may_choose(RIVALS["gb"])


def test_without_a_hint_hardly_any_is_sure() -> None:
    noise = np.random.default_rng(3)
    seen = [
        Occurrence(
            f"{n}", "GB", RIVALS["gb"][n % 2], "plan", noise.normal(size=4).astype(np.float32)
        )
        for n in range(100)
    ]
    chooser = fit_senses(seen, NAMES, RIVALS)
    _, total, _ = score_senses(chooser, seen, seen, long_forms())
    assert total.chosen <= 10


def test_scores_are_a_table() -> None:
    seen = occurrences(40)
    table = format_scores(score_senses(fit_senses(seen, NAMES, RIVALS), seen, seen, long_forms()))
    assert [line.split()[0] for line in table.splitlines()] == ["abbreviation", "gb", "all", "all,"]


def test_samples_hold_each_long_form_so_often() -> None:
    notes = [Note(str(n), f"Note {n}: gumboil, giant bunion, gumboil.") for n in range(4)]
    samples = make_samples(notes, long_forms(), {"gumboil": 3, "giant bunion": 9}, 0)
    forms = [one.form for sample in samples for one in sample.places]
    assert (forms.count("gumboil"), forms.count("giant bunion")) == (3, 4)
    assert all("gumboil" not in sample.note.text for sample in samples)


def test_held_out_notes_and_their_like_are_not_learnt_from(tmp_path: Path) -> None:
    texts = {f"n{place}": " ".join(f"w{place}x{word}" for word in range(30)) for place in range(40)}
    texts["copy"] = texts["n0"] + " more"
    table = pa.table({"note_id": list(texts), "text": list(texts.values())})
    pq.write_table(table, tmp_path / "notes.parquet")
    folds = {"folds": {"n0": 0, "n1": 1}, "near_duplicates_of_fold": {"0": ["n2"]}}
    (tmp_path / "folds.json").write_text(json.dumps(folds))
    training, test = split_notes(
        SenseTraining((tmp_path / "notes.parquet",), tmp_path, folds=tmp_path / "folds.json")
    )
    learnt = {note.note_id for note in training}
    measured = {note.note_id for note in test}
    assert "n0" in measured
    assert not {"n0", "n2", "copy"} & learnt
    assert not learnt & measured
    assert 25 <= len(learnt) <= 38


@pytest.mark.parametrize(
    "wrong", [{"notes": ()}, {"precision": 0.0}, {"precision": 1.5}, {"most": 0}]
)
def test_senseless_options_are_refused(wrong: dict[str, object]) -> None:
    options: dict[str, object] = {"notes": (Path("a"),), "encoder": Path("b")}
    with pytest.raises(ValueError, match=r"give|precision|at least once"):
        SenseTraining(**{**options, **wrong})  # type: ignore[arg-type]
