import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_vision.ocr import regions
from kyc_vision.ocr.places import Below, Place, choose, settle, taken
from kyc_vision.ocr.spelling import spelling

DEPOK = Place("PROVINSI JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", "HARJAMUKTI")
PATHS = [code for code in regions._villages() if not regions.lookup(code).defunct]


def settled(province=DEPOK.province, regency=DEPOK.regency, district=DEPOK.district, village=DEPOK.village):
    return settle(Place(province, regency, district, village)).lines()


def test_a_clean_reading_is_the_tables_own():
    assert settled() == ("JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", "HARJAMUKTI")


def test_a_slip_in_each_line_is_mended_by_the_others():
    found = settled("PROVINSI JAWA BARA7", "KOTA DFPOK", "CMANGGIS", "HARJAMUKT1")
    assert found == ("JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", "HARJAMUKTI")


def test_what_is_below_tells_a_slip_from_a_name_of_another_province():
    # Badung is in Bali; below it stand a district and a village of Bandung.
    found = settled(regency="KABUPATEN BADUNG", district="CILEUNYI", village="CIBIRU HILIR")
    assert found[1] == "KABUPATEN BANDUNG"


def test_no_child_overrules_a_parent_that_was_clearly_read():
    # Lembang has been in Bandung Barat since 2007.
    found = settled(regency="KABUPATEN BANDUNG", district="LEMBANG", village="JAYAGIRI")
    assert found == ("JAWA BARAT", "KABUPATEN BANDUNG", "LEMBANG", "JAYAGIRI")


def test_a_regency_of_another_province_stays_as_it_is_printed():
    assert settled(regency="KABUPATEN KLATEN")[1] == "KABUPATEN KLATEN"


@pytest.mark.parametrize("village", ["KAMPUNG BARU SEKALI", "CURUG II", "TUGU RAYA", "X", "12", "..."])
def test_a_village_that_no_table_has_stays_as_it_is_printed(village):
    assert settled(village=village)[3] == village


def test_below_a_district_that_was_not_taken_the_village_stays():
    assert settled(district="NOWHERE", village="HARJAMUKT1") == ("JAWA BARAT", "KOTA DEPOK", "NOWHERE", "HARJAMUKT1")


def test_a_line_that_was_not_read_stays_so_and_nothing_is_looked_for_below():
    assert settled(province=None) == (None, "KOTA DEPOK", "CIMANGGIS", "HARJAMUKTI")
    assert settled(regency=None, village="HARJAMUKT1") == ("JAWA BARAT", None, "CIMANGGIS", "HARJAMUKT1")
    assert settle(Place(None, None, None, None)).lines() == (None,) * 4


def test_lost_spaces_come_back():
    assert settled(village="PASIRGUNUNGSELATAN")[3] == "PASIR GUNUNG SELATAN"


def test_spaces_that_are_printed_and_not_in_the_table_stay():
    found = settled("PROVINSI BANTEN", "KOTA TANGERANG SELATAN", "PONDOK AREN", "JURANG MANGU BARAT")
    assert found[3] == "JURANG MANGU BARAT"  # the table has JURANGMANGU
    assert settled(village="KEL. TUGU")[3] == "TUGU"


def test_withdrawn_regions_are_settled_too():
    found = settled("PROVINSI PAPUA", "KABUPATEN MERAUKE", "MERAUKF", "KARANG INDAH")
    assert found == ("PAPUA", "KABUPATEN MERAUKE", "MERAUKE", "KARANG INDAH")
    assert settled("PROVINSI TIMOR TIMUR", "KABUPATEN DILI", "X", "Y")[:2] == ("TIMOR TIMUR", "KABUPATEN DILI")


def test_a_choice_leads_by_what_its_best_rival_lacks():
    two = Below(villages=lambda code: [("SUKAMAJU",), ("SUKAMULYA",)] if code == "327602" else [])
    choice = choose(Place(DEPOK.province, DEPOK.regency, DEPOK.district, "SUKAMAJV"), two)[3]
    assert choice is not None
    assert (choice.name, choice.agreement) == ("SUKAMAJU", 1 - 0.5 / 8)
    assert choice.lead == pytest.approx(choice.agreement - (1 - 6 / 2 / 9), abs=0.1)


def test_a_place_does_not_show_where_it_is():
    assert repr(DEPOK) == "Place(<4 lines>)"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATHS), st.data())
def test_every_place_of_today_means_itself(code, data):
    region = regions.lookup(code)
    village = data.draw(st.sampled_from([name for names in regions.villages(code) for name in names]))
    found = settled(f"PROVINSI {region.province}", region.regency, region.district, village)
    assert found[:2] == (region.province, region.regency)
    for got, printed in zip(found[2:], (region.district, village), strict=True):
        assert spelling(got).letters == spelling(printed).letters


ascii_lines = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ascii_lines, ascii_lines, ascii_lines, ascii_lines)
def test_nothing_that_can_be_read_raises(province, regency, district, village):
    place = Place(province, regency, district, village)
    assert [line is None for line in settle(place).lines()] == [line is None for line in place.lines()]
    assert len(taken(choose(place))) == 4
