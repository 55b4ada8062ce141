from __future__ import annotations

import pytest

from pipeline.deid.small_areas import CENSUS_2000, SMALL_AREAS, release_zip


@pytest.mark.parametrize(
    ("surface", "released"),
    [
        ("02139", "021**"),
        ("02139-4307", "021**"),
        ("021394307", "021**"),
        ("02139 4307", "021**"),
        (" 02139", "021**"),
        ("03601", "000**"),
        ("89301-0002", "000**"),
        ("20510", "000**"),
        ("09012", "000**"),
        ("99950", "999**"),
        ("2139", None),
        ("O2139", None),
        ("021391", None),
        ("02139-43", None),
        ("\uff102139", None),
        ("", None),
    ],
)
def test_a_zip_code_keeps_three_digits_where_enough_people_live(
    surface: str, released: str | None
) -> None:
    assert release_zip(surface) == released


def test_all_areas_of_the_guidance_are_small() -> None:
    assert len(CENSUS_2000) == 17
    for area in (
        "036", "059", "063", "102", "203", "556", "692", "790", "821",
        "823", "830", "831", "878", "879", "884", "890", "893",
    ):  # fmt: skip
        assert release_zip(f"{area}01") == "000**"


def test_areas_have_three_digits() -> None:
    assert all(len(area) == 3 and area.isdigit() for area in SMALL_AREAS)
