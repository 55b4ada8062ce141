from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.config import Config, Context, Deid, Extract, Run, SitePattern, Storage
from pipeline.doctor import Finding, examine, exit_code, render_findings
from pipeline.doctor.assertion import examine_assertion
from pipeline.doctor.machine import (
    examine_cores,
    examine_disk,
    examine_gpus,
    examine_umask,
    find_gpus,
    measure_memory,
    read_shell_umask,
)
from pipeline.doctor.models import MENTIONS, PHI, NamedModel, examine_model, name_models
from pipeline.doctor.packages import Declared, examine_packages, find_version, read_declared
from pipeline.doctor.prefect_settings import (
    PrefectSettings,
    examine_prefect,
    read_prefect_settings,
)
from pipeline.doctor.roots import examine_out, examine_phi
from pipeline.doctor.site_lists import examine_lists
from pipeline.doctor.vocabulary import examine_vocabulary
from pipeline.errors import ExitCode, SetupError
from pipeline.keys import create_keys, read_keys
from pipeline.manifest import Manifest, write_manifest
from pipeline.note import Mention, Note
from pipeline.resources import data_path
from pipeline.storage.files import Root


def by_subject(findings: Sequence[Finding]) -> dict[str, str]:
    return {finding.subject: finding.status for finding in findings}


def one(findings: Sequence[Finding], subject: str) -> Finding:
    (found,) = (finding for finding in findings if finding.subject == subject)
    return found


# --- findings


def test_only_what_is_wrong_fails() -> None:
    fine = Finding("a", "ok", "as it should be")
    warning = Finding("b", "warning", "could be better", "better it")
    wrong = Finding("c", "wrong", "is broken", "mend it")
    assert exit_code([]) == ExitCode.OK
    assert exit_code([fine, warning]) == ExitCode.OK
    assert exit_code([fine, wrong, warning]) == ExitCode.SETUP


def test_finding_refuses_a_status_of_its_own() -> None:
    with pytest.raises(ValueError, match="ok, warning or wrong"):
        Finding("a", "fine", "as it should be")  # type: ignore[arg-type]


def test_error_becomes_a_message_and_a_remedy() -> None:
    finding = Finding.of_error("keys", SetupError("the keys are gone; restore them; be quick"))
    assert finding == Finding("keys", "wrong", "the keys are gone", "restore them; be quick")


def test_findings_are_rendered_with_remedies_and_a_closing_line() -> None:
    console = Console(file=io.StringIO(), width=80)
    wrong = Finding("files in PHI", "wrong", "others read [bold] " + "x " * 50, "chmod it")
    console.print(render_findings([Finding("Python", "ok", "3.11.9"), wrong]))
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert lines[0] == "✓  Python        3.11.9"
    assert lines[1].startswith("✗  files in PHI  others read [bold] x x")
    assert "                 → chmod it" in lines
    assert lines[-1] == "1 wrong, 0 warnings"
    assert max(map(len, lines)) <= 80


# --- packages

DECLARED = Declared(
    ">=3.11,<3.13",
    (
        "numpy>=1.26,<2",
        "sqlalchemy[asyncio]>=2.0,<2.1",
        "torch>=2.10,<3",
        'ruff>=99; extra == "dev"',
    ),
)


def test_packages_in_their_ranges_are_fine() -> None:
    versions = {"numpy": "1.26.4", "sqlalchemy": "2.0.51", "torch": "2.13.0+cpu"}
    findings = examine_packages(DECLARED, python="3.11.9", version=versions.get)
    assert by_subject(findings) == {"Python": "ok", "packages": "ok"}
    assert findings[1].message == "numpy 1.26.4, sqlalchemy 2.0.51, torch 2.13.0+cpu"


def test_packages_outside_their_ranges_are_wrong() -> None:
    versions = {"numpy": "2.0.0", "sqlalchemy": "2.1.0"}
    findings = examine_packages(DECLARED, python="3.14.0", version=versions.get)
    assert by_subject(findings) == {
        "Python": "wrong",
        "numpy": "wrong",
        "sqlalchemy": "wrong",
        "torch": "wrong",
    }
    assert one(findings, "numpy").message == "2.0.0 is installed; chartsift needs <2,>=1.26"
    assert one(findings, "numpy").remedy == "pip install 'numpy<2,>=1.26'"
    assert one(findings, "torch").message.startswith("is not installed")


def test_undeclared_versions_are_a_warning() -> None:
    assert by_subject(examine_packages(None)) == {"packages": "warning"}


def test_declaration_is_read_from_a_checkout(tmp_path: Path) -> None:
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text('[project]\nrequires-python = ">=3.11"\ndependencies = ["rich>=13"]\n')
    assert read_declared(pyproject) == Declared(">=3.11", ("rich>=13",))


def test_own_declaration_pins_what_breaks_prefect() -> None:
    declared = read_declared()
    assert declared is not None
    assert any(line.startswith("sqlalchemy") for line in declared.requirements)


def test_find_version() -> None:
    assert find_version("no-such-package-at-all") is None
    assert (find_version("pydantic") or "").startswith("2.")


# --- machine


@pytest.mark.parametrize(("workers", "status"), [(0, "ok"), (4, "ok"), (5, "warning")])
def test_more_workers_than_cores_are_a_warning(workers: int, status: str) -> None:
    config = Config(run=Run(workers=workers))
    finding = examine_cores(config, cores=4, memory=16 * 10**9)
    assert finding.status == status
    assert finding.message.startswith("4 cores, 16 GB of memory")


def test_measured_memory_is_that_of_a_computer() -> None:
    assert 10**8 < measure_memory() < 10**14


@pytest.mark.parametrize(
    ("device", "gpus", "status", "message"),
    [
        ("auto", [], "ok", "none; BERT runs on the CPU"),
        ("cuda", [], "wrong", "run.device = cuda, but torch finds no GPU"),
        ("auto", [("H200", 150 * 10**9)], "ok", "H200 (150 GB)"),
        ("cpu", [("H200", 150 * 10**9)], "ok", "H200 (150 GB); not used, since run.device = cpu"),
    ],
)
def test_gpus(device: str, gpus: list[tuple[str, int]], status: str, message: str) -> None:
    config = Config(run=Run.model_validate({"device": device}))
    finding = examine_gpus(config, lambda: gpus)
    assert (finding.status, finding.message) == (status, message)


def test_torch_that_cannot_be_asked_is_wrong() -> None:
    def broken() -> list[tuple[str, int]]:
        raise OSError("libcudart.so: no such file")

    finding = examine_gpus(Config(), broken)
    assert finding.status == "wrong"
    assert "OSError" in finding.message


def test_gpus_are_found_by_name_and_memory() -> None:
    assert all(name and memory > 0 for name, memory in find_gpus())


def test_little_disk_is_a_warning(tmp_path: Path) -> None:
    assert examine_disk("disk", tmp_path, free=3 * 10**9) == Finding("disk", "ok", "3.0 GB free")
    assert examine_disk("disk", tmp_path, free=10**9).status == "warning"
    assert examine_disk("disk", tmp_path / "not" / "yet").message.endswith("GB free")


@pytest.mark.parametrize(
    ("umask", "status"), [(0o077, "ok"), (0o022, "ok"), (0o000, "warning"), (None, "ok")]
)
def test_umask_that_lets_others_write_is_a_warning(umask: int | None, status: str) -> None:
    assert examine_umask(lambda: umask).status == status


def test_umask_of_the_shell_is_one() -> None:
    umask = read_shell_umask()
    assert umask is None or 0 <= umask <= 0o777


# --- models


class Finder:
    name = "finder"

    def __init__(self, n: int) -> None:
        self.n = n

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [[Mention(i, i + 1, "DISEASE") for i in range(self.n)] for _ in notes]


def named(folder: Path, load: Callable[[], Finder], finds: str = MENTIONS) -> NamedModel:
    return NamedModel("model", finds, lambda: folder, load)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weights").write_bytes(b"1234")
    return tmp_path


def test_model_that_finds_something_is_fine(folder: Path) -> None:
    (finding,) = examine_model(named(folder, lambda: Finder(2)))
    assert finding.status == "ok"
    assert finding.message.endswith("finds 2 mentions")


@pytest.mark.parametrize(("finds", "status"), [(PHI, "wrong"), (MENTIONS, "warning")])
def test_model_that_finds_nothing(folder: Path, finds: str, status: str) -> None:
    (finding,) = examine_model(named(folder, lambda: Finder(0), finds))
    assert finding.status == status


def test_model_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    (finding,) = examine_model(named(tmp_path / "absent", lambda: Finder(1)))
    assert finding.status == "wrong"
    assert "reinstall chartsift" in finding.remedy


def test_model_that_cannot_be_loaded_is_wrong(folder: Path) -> None:
    def refuse() -> Finder:
        raise SetupError("the folder lacks weights; train it")

    def crash() -> Finder:
        raise RuntimeError("shapes don't fit")

    (finding,) = examine_model(named(folder, refuse))
    assert finding == Finding("model", "wrong", "the folder lacks weights", "train it")
    (finding,) = examine_model(named(folder, crash))
    assert finding.status == "wrong"
    assert finding.message == "it fails with RuntimeError"


def test_model_of_another_spacy_is_a_warning(folder: Path) -> None:
    def load() -> Finder:
        warnings.warn("[W095] Model was trained with spaCy v3.7.1", UserWarning, stacklevel=1)
        warnings.warn("something else", UserWarning, stacklevel=1)
        return Finder(1)

    findings = examine_model(named(folder, load))
    assert [finding.status for finding in findings] == ["ok", "warning"]


def test_vocabulary(tmp_path: Path) -> None:
    assert examine_vocabulary(Config().link.vocabulary).status == "ok"

    missing = examine_vocabulary(tmp_path / "vocabulary")
    assert (missing.subject, missing.status) == ("vocabulary", "wrong")


def test_every_model_of_the_settings_is_named(tmp_path: Path) -> None:
    model = {"model": "en_ner_nowhere_md", "labels": {"DISEASE": "DISEASE"}}
    config = Config(extract=Extract.model_validate({"scispacy": [model], "bert": tmp_path}))
    models = name_models(config)
    subjects = [model.subject for model in models]
    assert subjects == ["PHI model", "PHI BERT model", "BERT model", "en_ner_nowhere_md"]
    (finding,) = examine_model(models[3])
    assert finding.status == "wrong"
    assert "not installed" in finding.message


# --- roots


@pytest.fixture
def phi(tmp_path: Path) -> Path:
    create_keys(tmp_path / "phi")
    return tmp_path / "phi"


def write_out(path: Path, key_id: str, status: str = "complete") -> Root:
    root = Root(path, 0o750, 0o640)
    write_manifest(
        root,
        Manifest(
            run_id="20260102T030405Z-0a1b2c",
            started="",
            finished="",
            key_id=key_id,
            dates_key_id="datekey2",
            policy="limited_dates",
            replacement="tag",
            fingerprint="",
            status=status,
            counts={},
            codes={},
            versions={},
        ),
    )
    return root


def test_new_phi_root_is_fine(phi: Path) -> None:
    findings = examine_phi(phi, Config())
    assert by_subject(findings) == {"PHI": "ok", "keys": "ok", "files in PHI": "ok"}
    assert read_keys(phi).key_id in one(findings, "keys").message
    assert one(findings, "files in PHI").message == "3, none that others may read"


def test_missing_phi_root_is_wrong(tmp_path: Path) -> None:
    (finding,) = examine_phi(tmp_path / "phi", Config())
    assert finding.status == "wrong"
    assert "chartsift init PHI" in finding.remedy


def test_open_phi_root_is_wrong(phi: Path) -> None:
    phi.chmod(0o750)
    finding = one(examine_phi(phi, Config()), "PHI")
    assert finding == Finding(
        "PHI", "wrong", "its mode is 0750: others can enter it", "chmod 0700 PHI"
    )


def test_open_key_is_wrong_and_so_is_a_missing_one(phi: Path) -> None:
    key = phi / "keys" / "ids.key"
    key.chmod(0o640)
    finding = one(examine_phi(phi, Config()), "keys")
    assert finding.status == "wrong"
    assert "chmod it to 0600" in finding.remedy
    key.unlink()
    assert one(examine_phi(phi, Config()), "keys").message == ("the PHI root has no keys/ids.key")


def test_file_in_phi_that_others_may_read_is_wrong_and_not_named(phi: Path) -> None:
    deep = phi / "staging" / "note"
    deep.mkdir(parents=True, mode=0o700)
    (phi / "staging").chmod(0o700)
    (deep / "brackwater.csv").write_text("a")
    (deep / "brackwater.csv").chmod(0o604)
    (deep / "link").symlink_to("/nowhere")  # a link's own mode says nothing
    finding = one(examine_phi(phi, Config()), "files in PHI")
    assert finding.status == "wrong"
    assert finding.message == "the modes of 1 of 6 let others read or write them"
    assert "brackwater" not in finding.message + finding.remedy


def test_division_into_work_units_must_be_that_of_the_settings(phi: Path) -> None:
    (phi / "state.json").write_text('{"work_units": 8}\n')
    (phi / "state.json").chmod(0o600)
    config = Config(storage=Storage(work_units=8))
    assert one(examine_phi(phi, config), "work units").status == "ok"
    finding = one(examine_phi(phi, Config()), "work units")
    assert finding.status == "wrong"
    assert finding.remedy == "set storage.work_units to 8"
    (phi / "state.json").write_text("{}")
    assert one(examine_phi(phi, config), "work units").status == "wrong"


def test_out_of_the_same_key_is_fine(phi: Path, tmp_path: Path) -> None:
    out = write_out(tmp_path / "out", read_keys(phi).key_id).path
    assert by_subject(examine_out(out, Config(), phi)) == {"OUT": "ok", "files in OUT": "ok"}


def test_out_of_another_key_is_wrong(phi: Path, tmp_path: Path) -> None:
    out = write_out(tmp_path / "out", "otherkey").path
    finding = one(examine_out(out, Config(), phi), "OUT")
    assert finding.status == "wrong"
    assert finding.message == f"made with the key otherkey, while PHI holds {read_keys(phi).key_id}"
    assert one(examine_out(out, Config()), "OUT").status == "ok"  # no PHI to compare with


def test_out_of_an_incomplete_run_is_a_warning(phi: Path, tmp_path: Path) -> None:
    out = write_out(tmp_path / "out", read_keys(phi).key_id, "incomplete").path
    finding = one(examine_out(out, Config(), phi), "OUT")
    assert finding.status == "warning"
    assert "it resumes" in finding.remedy


def test_out_that_is_not_there_yet_is_fine_and_a_file_is_not(tmp_path: Path) -> None:
    assert by_subject(examine_out(tmp_path / "out", Config())) == {"OUT": "ok"}
    (tmp_path / "file").write_text("")
    assert by_subject(examine_out(tmp_path / "file", Config())) == {"OUT": "wrong"}


def test_out_and_phi_inside_each_other_are_wrong(phi: Path, tmp_path: Path) -> None:
    for out in (phi, phi / "out", tmp_path, phi / ".." / "phi" / "out"):
        assert by_subject(examine_out(out, Config(), phi)) == {"OUT": "wrong"}


def test_out_more_open_than_configured_is_a_warning(tmp_path: Path) -> None:
    root = write_out(tmp_path / "out", "keykey22")
    (root.path / "note").mkdir()
    (root.path / "note").chmod(0o755)
    (root.path / "extra").write_text("")
    (root.path / "extra").chmod(0o644)
    finding = one(examine_out(root.path, Config()), "files in OUT")
    assert finding.status == "warning"
    assert finding.message == "2 of 5 are more open than 0750 for folders and 0640 for files"
    assert "chmod 0640" in finding.remedy
    config = Config(storage=Storage(directory_mode="0755", file_mode="0644"))
    assert one(examine_out(root.path, config), "files in OUT").status == "ok"


def test_private_tables_in_out_are_wrong(tmp_path: Path) -> None:
    root = write_out(tmp_path / "out", "keykey22")
    root.folder("identity_map")
    finding = one(examine_out(root.path, Config()), "PHI in OUT")
    assert finding.status == "wrong"
    assert finding.message == "identity_map lie in OUT, but belong in PHI"


def test_broken_manifest_is_wrong(tmp_path: Path) -> None:
    root = write_out(tmp_path / "out", "keykey22")
    (root.path / "_manifests" / "20270101T000000Z-000000.json").write_text("[1]")
    assert one(examine_out(root.path, Config()), "OUT").status == "wrong"


# --- Prefect


def test_no_server_is_fine() -> None:
    findings = examine_prefect(lambda: PrefectSettings(has_server=False, logs_to_server=True))
    assert by_subject(findings) == {"Prefect": "ok"}


def test_server_and_logs_to_it_are_warnings() -> None:
    findings = examine_prefect(lambda: PrefectSettings(has_server=True, logs_to_server=True))
    assert by_subject(findings) == {"Prefect": "warning", "Prefect logs": "warning"}
    assert "never notes" in findings[0].message
    findings = examine_prefect(lambda: PrefectSettings(has_server=True, logs_to_server=False))
    assert by_subject(findings) == {"Prefect": "warning"}


def test_settings_that_cannot_be_read_are_wrong() -> None:
    def broken() -> PrefectSettings:
        raise ValueError("https://user:password@server is no address")

    (finding,) = examine_prefect(broken)
    assert finding.status == "wrong"
    assert "password" not in finding.message + finding.remedy


def test_settings_are_those_of_the_environment() -> None:
    from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

    with temporary_settings(
        {PREFECT_API_URL: "http://127.0.0.1:1/api", PREFECT_LOGGING_TO_API_ENABLED: False}
    ):
        assert read_prefect_settings() == PrefectSettings(has_server=True, logs_to_server=False)
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        assert read_prefect_settings().has_server is False


# --- the site's lists


def test_usable_lists_are_counted() -> None:
    assert examine_lists(Deid()) == Finding("site's lists", "ok", "none")
    deid = Deid(
        patterns=(SitePattern(label="IDNUM", pattern=r"STUDY-\d{4}"),),
        deny={"PATIENT": ("Brackwater",), "CITY": ("Old Mill", "New Mill")},
    )
    assert examine_lists(deid).message == "1 pattern, 3 denied phrases"


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"patterns": [{"label": "IDNUM", "pattern": "ZQJ("}]}, "entry 1 of deid.patterns is no"),
        ({"deny": {"PATIENT": ["ZQJ", "-"]}}, "entry 2 of deid.deny.PATIENT has fewer"),
        ({"allow": ["ZQJ", "Z"]}, "entry 2 of deid.allow has fewer"),
    ],
)
def test_an_entry_that_a_run_would_refuse_is_wrong(lists: dict[str, object], message: str) -> None:
    config = Config(deid=Deid.model_validate(lists))
    finding = one(examine(config, models=lambda _: []), "site's lists")
    assert finding.status == "wrong"
    assert finding.message.startswith(message)
    assert finding.remedy
    assert "ZQJ" not in finding.message + finding.remedy


# --- all together


def test_examination_covers_everything_and_takes_roots_from_the_settings(
    phi: Path, tmp_path: Path, folder: Path
) -> None:
    out = write_out(tmp_path / "out", read_keys(phi).key_id).path
    config = Config.model_validate({"paths": {"out": out, "phi": phi}})
    findings = examine(config, models=lambda _: [named(folder / "phi", lambda: Finder(1))])
    subjects = [finding.subject for finding in findings]
    for subject in ("Python", "CPU", "GPU", "model", "PHI", "keys", "OUT", "disk of PHI", "umask"):
        assert subject in subjects
    assert one(findings, "OUT").status == "ok"
    bare = examine(Config(), models=lambda _: [])
    assert not {"PHI", "OUT", "model"} & {finding.subject for finding in bare}


def test_the_network_of_assertions() -> None:
    assert examine_assertion(Config()).status == "ok"
    assert examine_assertion(Config(context=Context(assertion="rules"))).status == "ok"

    other = examine_assertion(Config(extract=Extract(bert=data_path("models", "phi_bert"))))
    assert (other.subject, other.status) == ("assertion model", "wrong")
    assert "another BERT" in other.message + (other.remedy or "")
