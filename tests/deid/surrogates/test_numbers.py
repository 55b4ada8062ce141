"""Numbers and addresses keep their format and can belong to nobody."""

from __future__ import annotations

import ipaddress
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.surrogates import Surrogates

SECRETS = st.binary(min_size=32, max_size=32)
NUMBERS = (
    "MEDICALRECORD",
    "HEALTHPLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "BIOID",
    "IDNUM",
)
RESERVED = [ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


def replaced(secret: bytes, *ids: tuple[str, str]) -> list[str]:
    made = Surrogates(secret, None, ids)
    written = [made.replace(label, surface) for label, surface in ids]
    assert None not in written
    return [value or "" for value in written]


def shape(text: str) -> str:
    return re.sub(r"[A-Z]", "A", re.sub(r"[a-z]", "a", re.sub(r"\d", "0", text)))


@given(
    SECRETS,
    st.sampled_from(NUMBERS),
    st.from_regex(r"[A-Z]{0,3}-?[0-9]{3,9}[a-z]?", fullmatch=True),
)
def test_digits_become_digits_and_letters_letters(secret: bytes, label: str, number: str) -> None:
    (made,) = replaced(secret, (label, number))
    assert shape(made) == shape(number)
    pairs = zip(made, number, strict=True)
    assert all(new != old for new, old in pairs if old.isalnum())


@given(SECRETS)
def test_a_number_is_the_same_with_any_separators(secret: bytes) -> None:
    dashed, spaced, plain, elsewhere = replaced(
        secret,
        ("MEDICALRECORD", "41-22-07A"),
        ("MEDICALRECORD", "41 22 07a"),
        ("MEDICALRECORD", "412207A"),
        ("IDNUM", "412207A"),
    )
    assert plain == dashed.replace("-", "") == spaced.replace(" ", "").upper() == elsewhere


def test_different_numbers_stay_different() -> None:
    numbers = [f"{number:03d}" for number in range(200)]
    made = replaced(bytes(32), *(("IDNUM", number) for number in numbers))
    assert len(set(made)) == 200
    assert not set(made) & set(numbers)


@given(SECRETS)
def test_telephones_are_in_the_range_for_fiction(secret: bytes) -> None:
    made = replaced(
        secret,
        ("PHONE", "(617) 234-8890 x12"),
        ("FAX", "617.234.8890"),
        ("PHONE", "1-617-234-8890"),
        ("PHONE", "234-8890"),
        ("PHONE", "412 234 1177"),
    )
    forms = (
        r"\(([2-9]\d\d)\) 555-01(\d\d) x\d\d",
        r"([2-9]\d\d)\.555\.01(\d\d)",
        r"1-([2-9]\d\d)-555-01(\d\d)",
        r"()555-01(\d\d)",
        r"([2-9]\d\d) 555 01(\d\d)",
    )
    found = [re.fullmatch(form, number) for form, number in zip(forms, made, strict=True)]
    assert all(found)
    areas, lines = zip(*(match.groups() for match in found if match), strict=True)
    assert len(set(areas[:3])) == 1
    assert areas[0] not in ("617", "412", areas[4])
    assert len(set(lines[:4])) == 1
    assert lines[4] != lines[0]


@given(SECRETS)
def test_social_security_numbers_are_never_issued_ones(secret: bytes) -> None:
    dashed, plain, masked = replaced(
        secret, ("SSN", "417-66-0882"), ("SSN", "417660882"), ("SSN", "xxx-xx-0882")
    )
    assert re.fullmatch(r"9\d\d-[0-4]\d-\d{4}", dashed)
    assert plain == dashed.replace("-", "")
    assert masked == f"xxx-xx-{plain[-4:]}" != "xxx-xx-0882"


@given(SECRETS)
def test_network_addresses_are_of_the_ranges_for_examples(secret: bytes) -> None:
    four, port, six = replaced(
        secret,
        ("IPADDR", "10.8.201.44"),
        ("IPADDR", "10.8.201.44:8080"),
        ("IPADDR", "fe80::1c2b:9a1"),
    )
    assert any(ipaddress.ip_address(four) in network for network in RESERVED)
    assert port == f"{four}:8080"
    assert ipaddress.ip_address(six) in ipaddress.ip_network("2001:db8::/32")


def test_every_address_in_a_span_is_replaced() -> None:
    (made,) = replaced(bytes(32), ("IPADDR", "10.8.201.44, 10.8.201.45"))
    assert "10.8" not in made
    assert len(set(made.split(", "))) == 2


@given(SECRETS)
def test_mail_has_the_names_that_the_people_have(secret: bytes) -> None:
    name, mail, whole, other = replaced(
        secret,
        ("PATIENT", "Ines Calder"),
        ("EMAIL", "icalder52@mailhost.com"),
        ("EMAIL", "ines.calder@mailhost.com"),
        ("EMAIL", "frontdesk@mailhost.com"),
    )
    first, last = name.lower().split()
    assert re.fullmatch(rf"{first[0]}{last}\d\d@example\.(com|org|net)", mail)
    assert re.fullmatch(rf"{first}\.{last}@example\.(com|org|net)", whole)
    assert re.fullmatch(r"[a-z]{9}@example\.(com|org|net)", other)
    assert not other.startswith("frontdesk")


@given(SECRETS)
def test_urls_are_of_example_domains(secret: bytes) -> None:
    url, bare = replaced(
        secret, ("URL", "https://www.calderclinic.org/calder/8f3a"), ("URL", "calderclinic.org")
    )
    assert re.fullmatch(r"https://www\.[a-z]+\.example\.(com|org|net)/[a-z]{6}/\d[a-z]\d[a-z]", url)
    assert url.startswith(f"https://www.{bare}/")
    assert "calder" not in url


@given(SECRETS)
def test_user_names_keep_their_shape(secret: bytes) -> None:
    for made, original in zip(
        replaced(secret, ("USERNAME", "mreyes3"), ("USERNAME", "RN_DMOSS")),
        ("mreyes3", "RN_DMOSS"),
        strict=True,
    ):
        assert shape(made) == shape(original)
        assert not {"reyes", "moss"} & set(re.findall(r"[a-z]+", made.lower()[1:]))


@pytest.mark.parametrize(
    "surface",
    [
        "***", "three one two", "٣٣٣-٤٤٤٤", "KLondike 5-4471", "800-CALDERS 4", "412-664-771",
        "412 664", "1-664-7713", "41266477130", "41266477134126647714", "+2345",
    ],
)  # fmt: skip
def test_a_telephone_that_cannot_be_read_is_left_to_a_tag(surface: str) -> None:
    made = Surrogates(bytes(32), None, [("PHONE", surface)])
    assert made.replace("PHONE", surface) is None


@given(SECRETS, st.from_regex(r"[2-9][0-9]{9}", fullmatch=True), st.data())
def test_ten_digits_in_any_groups_are_a_number_for_fiction(
    secret: bytes, number: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, 9), max_size=4)))
    gap = data.draw(st.sampled_from(["-", " ", ".", ""]))
    edges = [0, *cuts, 10]
    surface = gap.join(number[a:b] for a, b in pairwise(edges))
    (made,) = replaced(secret, ("PHONE", surface))
    assert shape(made) == shape(surface)
    digits = re.sub(r"[^0-9]", "", made)
    assert re.fullmatch(r"[2-9][0-9]{2}55501[0-9]{2}", digits)
    assert all(new != old for new, old in zip(digits[:3], number[:3], strict=True))


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("412-664-7713/412-664-7714", r"(\d{3})-555-01\d\d/\1-555-01\d\d"),
        ("412-664-7713 or 2001", r"\d{3}-555-01\d\d or 01\d\d"),
        ("412-664-7713/14", r"\d{3}-555-01\d\d/\d\d"),
        ("(412)664-7713 (home), 664-7720", r"\(\d{3}\)555-01\d\d \(home\), 555-01\d\d"),
        ("412-664-7713 x12 or 13", r"\d{3}-555-01\d\d x\d\d or \d\d"),
        ("14126647713", r"1\d{3}55501\d\d"),
        ("x4471", r"x\d{4}"),
    ],
)  # fmt: skip
def test_every_number_in_a_span_is_one_for_fiction(surface: str, form: str) -> None:
    for number in range(12):
        (made,) = replaced(bytes([number]) * 32, ("PHONE", surface))
        assert re.fullmatch(form, made)


def test_a_second_line_is_the_one_that_the_number_has_elsewhere() -> None:
    both, second = replaced(bytes(32), ("PHONE", "412-664-7713 or 7714"), ("PHONE", "664-7714"))
    assert second == f"555-{both[-4:]}"


@pytest.mark.parametrize(
    ("surface", "code"),
    [("+49 30 901820", "+49 "), ("+353 1 496 0000", "+353 "), ("011 44 20 7946 0958", "011 44 ")],
)
def test_of_a_foreign_number_only_the_country_stays(surface: str, code: str) -> None:
    for number in range(12):
        (made,) = replaced(bytes([number]) * 32, ("PHONE", surface))
        assert made.startswith(code)
        assert shape(made) == shape(surface)
        pairs = zip(made[len(code) :], surface[len(code) :], strict=True)
        assert all(new != old for new, old in pairs if old.isdigit())


def test_more_telephones_than_lines_stay_apart() -> None:
    numbers = [f"412-66{n // 100}-{n:04d}" for n in range(300)]
    made = replaced(bytes(32), *(("PHONE", number) for number in numbers))
    assert len(set(made)) == 300
    assert all(re.fullmatch(r"\d{3}-555-01\d\d", number) for number in made)
