from datetime import date

import pytest

from samples.identity import Identity, invent, make_nik, region_of
from samples.regions import REGIONS


def test_nik_of_a_woman_adds_forty_to_the_day() -> None:
    assert make_nik("317404", date(1990, 8, 17), "F", 3) == "3174045708900003"
    assert make_nik("317404", date(1990, 8, 17), "M", 3) == "3174041708900003"


def coherent(identity: Identity) -> bool:
    day = identity.birth_date.day + (40 if identity.sex == "F" else 0)
    return identity.nik[6:12] == f"{day:02d}{identity.birth_date:%m%y}"


@pytest.mark.parametrize("seed", range(60))
def test_an_invented_identity_is_coherent(seed: int) -> None:
    identity = invent(seed)
    region = region_of(identity)
    assert len(identity.nik) == 16
    assert identity.nik.isdigit()
    assert identity.nik[12:] != "0000"
    assert coherent(identity)
    assert (identity.province, identity.district) == (region.province, region.district)
    assert identity.village in region.villages
    assert (identity.issue_date - identity.birth_date).days >= 17 * 365


def test_the_same_seed_gives_the_same_identity_and_sex_can_be_asked_for() -> None:
    assert invent(5) == invent(5)
    assert invent(5) != invent(6)
    assert {invent(s, "F").sex for s in range(20)} == {"F"}


def test_names_of_one_two_three_and_more_words_occur() -> None:
    counts = {len(invent(s).name.split()) for s in range(200)}
    assert {1, 2, 3, 4} <= counts


def test_region_codes_are_six_digits_and_unlike() -> None:
    codes = [region.code for region in REGIONS]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 6 and code.isdigit() for code in codes)
