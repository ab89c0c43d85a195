import pytest

from kyc_vision.ocr.countries import COUNTRIES, nearest_country


def test_every_country_means_itself_with_and_without_spaces():
    for name in COUNTRIES:
        for read in (name, name.replace(" ", "")):
            found = nearest_country(read)
            assert found is not None
            assert found.replace("-", " ") == name.replace("-", " ")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("MALAYSA", "MALAYSIA"),
        ("SOUTHKOREA", "SOUTH KOREA"),
        ("NETHERLAND5", "NETHERLANDS"),
        ("AUSTRALA", "AUSTRALIA"),
        ("AUSTRIA", "AUSTRIA"),
        ("NIGER", "NIGER"),
    ],
)
def test_a_slip_is_mended(read, meant):
    assert nearest_country(read) == meant


@pytest.mark.parametrize("read", ["", "X", "NIGERA", "IRAX", "WNI", "ATLANTIS"])
def test_what_is_near_none_or_near_two_is_none(read):
    assert nearest_country(read) is None


def test_a_lost_letter_never_makes_another_country():
    """RUSSIA and RUSIA, PERANCIS and PRANCIS are spellings of one."""
    same = {"RUSIA": "RUSSIA", "PRANCIS": "PERANCIS"}
    for name in COUNTRIES:
        for at in range(len(name)):
            found = nearest_country(name[:at] + name[at + 1 :])
            letters, meant = (same.get(one, one).replace("-", " ") for one in (name, found or name))
            assert meant.replace(" ", "") == letters.replace(" ", "")
