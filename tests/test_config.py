"""Tests of the settings: typed, limited, and told from TOML and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.config import Deid, load_config
from pipeline.errors import ConfigError, ExitCode

SECRET = "Zebulon Quix"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHARTSIFT_RUN__WORKERS", "CHARTSIFT_STORAGE__WORK_UNITS"):
        monkeypatch.delenv(name, raising=False)


def write(folder: Path, text: str | bytes) -> Path:
    file = folder / "chartsift.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(path: Path | None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert caught.value.exit_code is ExitCode.USAGE
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_defaults() -> None:
    config = load_config()

    assert config.input.max_characters == 1_000_000
    assert config.ids.release == "pseudonym"
    assert (config.storage.directory_mode, config.storage.file_mode) == ("0750", "0640")
    assert config.extract.scispacy == ()
    assert config.extract.thresholds == {}
    assert config.paths.notes is None


def test_a_file_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, '[run]\nworkers = 3\n[ids]\nrelease = "keep"\n'))

    assert (config.run.workers, config.run.retries) == (3, load_config().run.retries)
    assert config.ids.release == "keep"


def test_the_environment_overrides_the_file_setting_by_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTSIFT_RUN__WORKERS", "5")
    monkeypatch.setenv("chartsift_storage__work_units", "7")
    config = load_config(write(tmp_path, "[run]\nworkers = 3\nbatch_notes = 9\n"))

    assert (config.run.workers, config.run.batch_notes) == (5, 9)
    assert config.storage.work_units == 7


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[run]\nwrokers = 3\n", "setting run.<key>: no such setting; there are workers, device"),
        ("[rnu]\nworkers = 3\n", "setting <key>: no such setting; there are paths, input, ids"),
        ("workers = 3\n", "setting <key>: no such setting; there are paths"),
        ("[run]\nworkers = -1\n", "setting run.workers"),
        ("[run]\nworkers = 257\n", "setting run.workers"),
        (f'[run]\ndevice = "{SECRET}"\n', "setting run.device"),
        (f'[input]\nmax_characters = "{SECRET}"\n', "setting input.max_characters"),
        ("[input]\nmax_quarantine_rate = 1.5\n", "setting input.max_quarantine_rate"),
        (f'[storage]\nfile_mode = "{SECRET}"\n', "setting storage.file_mode"),
        ('[storage]\nfile_mode = "0899"\n', "setting storage.file_mode"),
        ('[storage]\nfile_mode = "06401"\n', "setting storage.file_mode"),
        ("[storage]\nfile_mode = 640\n", "setting storage.file_mode"),
        ("[storage]\nwork_units = 0\n", "setting storage.work_units"),
        ("run = 3\n", "setting run"),
        ("[[extract.scispacy]]\nmodel = 'm'\nlabels = {}\n", "setting extract.scispacy.0.labels"),
        (f"[[extract.scispacy]]\nmodel = 'm'\nlabels = {{X = '{SECRET}'}}\n",
         "setting extract.scispacy.0.labels.<key>"),
        (f"[paths]\nnotes = ['{SECRET}']\n", "setting paths.notes"),
        (f'"{SECRET}" = 1\n', "setting <key>: no such setting"),
        (f'[deid]\n"{SECRET}" = "PATIENT"\n', "setting deid.<key>: no such setting; there are pol"),
        (f'[deid.deny]\n"{SECRET}" = "PATIENT"\n',
         "setting deid.deny: entry 1 has an unknown label; labels are PATIENT, DOCTOR"),
        (f'[deid.deny]\nCITY = ["Q"]\n"{SECRET}" = ["PATIENT"]\n',
         "setting deid.deny: entry 2 has an unknown label"),
        (f'[deid.deny]\nPATIENT = "{SECRET}"\n', "setting deid.deny.PATIENT: Input should be"),
        (f'[deid]\ndeny = "{SECRET}"\n', "setting deid.deny: Input should be"),
        (f'[[deid.patterns]]\nlabel = "IDNUM"\n"{SECRET}" = "a"\n',
         "setting deid.patterns.0.<key>: no such setting; there are label, pattern"),
        (f'[[deid.patterns]]\nlabel = "{SECRET}"\npattern = "a"\n',
         "setting deid.patterns.0.label: unknown label; labels are PATIENT"),
        (f'[[extract.scispacy]]\nmodel = "m"\nlabels = {{"{SECRET}" = "X"}}\n',
         "setting extract.scispacy.0.labels.<key>: Input should be"),
        (f'[extract.thresholds]\n"{SECRET}" = 0.5\n',
         "setting extract.thresholds.<key>.<key>: Input should be 'SYMPTOM', 'DISEASE' or 'TREATM"),
        ("[extract.thresholds]\nSYMPTOM = 1.5\n",
         "setting extract.thresholds.SYMPTOM: Input should be less than or equal to 1"),
        (f'[extract.thresholds]\nDISEASE = "{SECRET}"\n',
         "setting extract.thresholds.DISEASE: Input should be a valid number"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_and_its_value_is_not(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problem in refusal(write(tmp_path, text))


@pytest.mark.parametrize("text", [f"[run\n{SECRET} = 1", f"x = '{SECRET}", b"\xff\xfe", "a=1\na=2"])
def test_broken_toml_is_not_quoted(tmp_path: Path, text: str | bytes) -> None:
    assert "not valid TOML" in refusal(write(tmp_path, text))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / f"{SECRET}.toml")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("CHARTSIFT_RUN__WORKERS", SECRET, "setting run.workers"),
        ("CHARTSIFT_RUN__WROKERS", "3", "setting run.<key>"),
        ("CHARTSIFT_RNU__WORKERS", "3", "CHARTSIFT_RNU__WORKERS: no such section"),
        ("CHARTSIFT_RUN", SECRET, "must be a JSON object"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    monkeypatch.setenv(name, value)

    assert problem.lower() in refusal(None).lower()


def test_a_name_for_a_label_is_not_quoted_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTSIFT_DEID__DENY", f'{{"{SECRET}": ["PATIENT"]}}')

    assert "setting deid.deny: entry 1 has an unknown label" in refusal(None)


def test_a_model_made_in_code_refuses_unknown_labels_without_quoting_them() -> None:
    with pytest.raises(ValidationError) as caught:
        Deid.model_validate({"deny": {SECRET: ("Q",)}})
    assert SECRET not in str(caught.value)


def test_denied_phrases_are_kept_by_label(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, '[deid.deny]\n"LOCATION-OTHER" = ["Old Mill"]\n'))

    assert config.deid.deny == {"LOCATION-OTHER": ("Old Mill",)}


def test_thresholds_are_kept_by_label(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "[extract.thresholds]\nSYMPTOM = 0.4\nDISEASE = 1\n"))

    assert config.extract.thresholds == {"SYMPTOM": 0.4, "DISEASE": 1.0}


def test_other_variables_are_nobodys_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTSIFT_HOME", "/srv")
    monkeypatch.setenv("OTHER__RUN", "x")

    assert load_config() == load_config(None)


def test_relative_paths_are_relative_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    folder = tmp_path / "settings"
    folder.mkdir()
    text = """
    [paths]
    notes = "in/notes"
    known = "../patients.csv"
    out = "/abs/out"
    phi = "phi"
    [deid]
    ner = "models/phi"
    [extract]
    bert = "models/bert"
    scispacy = [
      {model = "en_ner_bc5cdr_md", labels = {DISEASE = "DISEASE"}},
      {model = "models/ner", labels = {DISEASE = "DISEASE"}},
    ]
    """
    config = load_config(write(folder, text))

    assert config.paths.notes == folder / "in" / "notes"
    assert config.paths.known == folder / ".." / "patients.csv"
    assert config.paths.out == Path("/abs/out")
    assert config.paths.phi == folder / "phi"
    assert config.deid.ner == folder / "models" / "phi"
    assert config.extract.bert == folder / "models" / "bert"
    assert [one.model for one in config.extract.scispacy] == [
        "en_ner_bc5cdr_md",
        f"{folder}/models/ner",
    ]


def test_settings_cannot_be_changed() -> None:
    config = load_config()
    with pytest.raises(ValidationError):
        config.run.workers = 3
    with pytest.raises(ValidationError):
        config.run = config.run
