"""Tests of keys, pseudonyms and digests."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.keys import Keys, create_keys, read_keys

KEYS = Keys(bytes(range(32)), bytes(range(1, 33)))
OTHER = Keys(bytes(32), bytes(32))


def mac(*parts: str) -> bytes:
    """HMAC-SHA256 as RFC 2104 defines it, over parts behind their lengths in eight bytes."""
    message = b"".join(len(p.encode()).to_bytes(8, "big") + p.encode() for p in parts)
    key = bytes(range(32)).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_digest_is_half_an_hmac_in_lower_case_base_32() -> None:
    expected = base64.b32encode(mac("purpose", "naïve", "")[:16]).decode().rstrip("=").lower()

    assert KEYS.digest("purpose", "naïve", "") == expected
    assert len(expected) == 26


def test_a_digest_is_keyed_and_keeps_purposes_and_parts_apart() -> None:
    digests = [
        KEYS.digest("a", "b"),
        OTHER.digest("a", "b"),
        KEYS.digest("b", "b"),
        KEYS.digest("ab"),
        KEYS.digest("a", "b", ""),
        KEYS.digest("a", "ab", "c"),
        KEYS.digest("a", "a", "bc"),
        KEYS.digest("a"),
    ]

    assert len(set(digests)) == len(digests)
    assert KEYS.digest("a", b"b") == KEYS.digest("a", "b")


def test_a_pseudonym_depends_on_the_kind_and_is_a_purpose_of_its_own() -> None:
    assert KEYS.pseudonym("note", "7") == KEYS.digest("pseudonym of note", "7")
    assert KEYS.pseudonym("note", "7") != KEYS.pseudonym("patient", "7")
    assert KEYS.pseudonym("note", "7") != KEYS.pseudonym("note", "07")


def test_half_a_surrogate_pair_has_a_digest_too() -> None:
    assert KEYS.digest("a", "\ud800") != KEYS.digest("a", "\ud801")


def test_work_units_are_what_they_always_were() -> None:
    for subject in (("patient", "p1"), ("note", "p1"), ("row", "0:1")):
        expected = int.from_bytes(mac("work unit", *subject)[:8], "big")
        assert [KEYS.work_unit(subject, n) for n in (1, 7, 64)] == [
            0, expected % 7, expected % 64,
        ]  # fmt: skip


def test_work_units_are_balanced_for_ids_in_sequence() -> None:
    sizes = Counter(KEYS.work_unit(("patient", str(i)), 16) for i in range(16_000))

    assert set(sizes) == set(range(16))
    assert all(850 < size < 1150 for size in sizes.values())  # ± 5 standard deviations


def test_the_public_name_of_a_key_tells_it_from_others() -> None:
    assert len(KEYS.key_id) == 8
    assert KEYS.key_id == Keys(bytes(range(32)), bytes(range(1, 33))).key_id != OTHER.key_id


def test_a_key_is_never_shown() -> None:
    assert repr(KEYS) == "Keys()"
    with pytest.raises(SetupError) as caught:
        Keys(b"secret", bytes(32))
    assert "secret" not in str(caught.value)
    assert "6 bytes, not 32" in str(caught.value)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_keys_are_made_for_their_owner_alone(tmp_path: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        assert create_keys(tmp_path / "deep" / "phi")
    finally:
        os.umask(old)
    phi = tmp_path / "deep" / "phi"

    assert (mode(phi), mode(phi / "keys"), mode(phi / "keys" / "ids.key")) == (
        0o700, 0o700, 0o600,
    )  # fmt: skip
    assert sorted(path.name for path in (phi / "keys").iterdir()) == ["dates.key", "ids.key"]
    assert len(read_keys(phi).ids) == 32


def test_every_key_is_another(tmp_path: Path) -> None:
    create_keys(tmp_path / "a")
    create_keys(tmp_path / "b")

    assert read_keys(tmp_path / "a").ids != read_keys(tmp_path / "b").ids


@pytest.mark.parametrize("content", ["00" * 32, "damaged", ""])
def test_a_key_that_is_there_is_never_changed(tmp_path: Path, content: str) -> None:
    create_keys(tmp_path)
    (tmp_path / "keys" / "ids.key").write_text(content)

    assert not create_keys(tmp_path)
    assert (tmp_path / "keys" / "ids.key").read_text() == content
    names = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert names == ["dates.key", "ids.key"]


def test_an_open_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "phi" / "keys").mkdir(parents=True)
    (tmp_path / "phi").chmod(0o755)
    create_keys(tmp_path / "phi")

    assert mode(tmp_path / "phi") == 0o700


def test_a_key_half_written_at_a_crash_is_not_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(SetupError, match="No space left"):
        create_keys(tmp_path)
    monkeypatch.undo()
    assert list((tmp_path / "keys").iterdir()) == []
    assert create_keys(tmp_path)


def test_a_root_that_cannot_be_made_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="can't be made") as caught:
        create_keys(tmp_path / "file" / "phi")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("readable", [0o640, 0o604, 0o620, 0o666])
def test_keys_that_others_can_read_are_refused(tmp_path: Path, readable: int) -> None:
    create_keys(tmp_path)
    (tmp_path / "keys" / "ids.key").chmod(readable)
    with pytest.raises(SetupError, match=f"mode {readable:04o}.*chmod it to 0600"):
        read_keys(tmp_path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "has 0 bytes, not 32"),
        (b"00" * 16, "has 16 bytes, not 32"),
        (b"zebulon", "can't be read as hex"),
        (b"\xff\xfe", "can't be read as hex"),
    ],
)
def test_a_damaged_key_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    create_keys(tmp_path)
    (tmp_path / "keys" / "ids.key").write_bytes(content)
    with pytest.raises(SetupError, match=problem) as caught:
        read_keys(tmp_path)
    assert "zebulon" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_missing_key_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="chartsift init PHI"):
        read_keys(tmp_path)


def test_the_keys_are_unrelated(tmp_path: Path) -> None:
    create_keys(tmp_path)
    keys = read_keys(tmp_path)

    assert keys.ids != keys.dates
    assert len({keys.key_id, keys.dates_key_id}) == 2


def test_each_key_has_its_purpose() -> None:
    other_dates, other_ids = Keys(KEYS.ids, bytes(32)), Keys(bytes(32), KEYS.dates)
    patient = ("patient", "7")

    assert other_dates.date_secret(patient) != KEYS.date_secret(patient)
    assert other_dates.surrogate_secret(patient) == KEYS.surrogate_secret(patient)
    assert other_dates.pseudonym("note", "7") == KEYS.pseudonym("note", "7")
    assert other_ids.date_secret(patient) == KEYS.date_secret(patient)
    assert other_ids.surrogate_secret(patient) != KEYS.surrogate_secret(patient)
    assert KEYS.date_secret(patient) != KEYS.date_secret(("note", "7"))
    assert KEYS.surrogate_secret(patient) != KEYS.surrogate_secret(("note", "7"))


def test_a_key_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTSIFT_DATES_KEY", "ab" * 32)
    create_keys(tmp_path)

    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["ids.key"]
    assert read_keys(tmp_path).dates == b"\xab" * 32


@pytest.mark.parametrize("value", ["zebulon", "ab" * 31, " "])
def test_a_damaged_key_in_the_environment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    create_keys(tmp_path)
    monkeypatch.setenv("CHARTSIFT_IDS_KEY", value)
    with pytest.raises(SetupError, match="CHARTSIFT_IDS_KEY is no key: give 64 hex") as caught:
        read_keys(tmp_path)
    assert not value.strip() or value not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_key_given_twice_must_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_keys(tmp_path)
    monkeypatch.setenv("CHARTSIFT_DATES_KEY", read_keys(tmp_path).dates.hex())
    assert len(read_keys(tmp_path).dates) == 32
    monkeypatch.setenv("CHARTSIFT_DATES_KEY", "ab" * 32)
    with pytest.raises(SetupError, match=r"differ; take away the wrong one"):
        read_keys(tmp_path)


def test_a_root_of_before_the_dates_key_says_how_to_make_it(tmp_path: Path) -> None:
    create_keys(tmp_path)
    ids = read_keys(tmp_path).ids
    (tmp_path / "keys" / "dates.key").unlink()
    with pytest.raises(SetupError, match=r"no keys/dates\.key; make it with `chartsift init PHI`"):
        read_keys(tmp_path)

    assert create_keys(tmp_path)
    assert read_keys(tmp_path).ids == ids
