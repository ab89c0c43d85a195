import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr.spelling import likeness, spelling


def alike(read: str, name: str) -> float:
    return likeness(spelling(read), spelling(name))


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("TANJUNGSARI", "TANJUNG SARI"),
        ("Tanjung Sari", "TANJUNG SARI"),
        ("ClMANGGlS", "CIMANGGIS"),
        ("DESA SUKAMAJU", "SUKAMAJU"),
        ("KEL. TUGU", "TUGU"),
        ("KP. BARU", "KAMPUNG BARU"),
        ("TJ MORAWA", "TANJUNG MORAWA"),
        ("SEI AGUL", "SUNGAI AGUL"),
        ("SUKAMAJU 2", "SUKAMAJU II"),
        ("SUKAMAJU 11", "SUKAMAJU II"),
        ("SUKAMAJUII", "SUKAMAJU II"),
        ("KA'U", "KAU"),
        ("P0ND0K KELAPA", "PONDOK KELAPA"),
    ],
)
def test_what_prints_tables_and_readers_differ_in_is_no_difference(read, name):
    assert alike(read, name) == 1.0


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("SUKAMAJU II", "SUKAMAJU III"),
        ("SUKAMAJU", "SUKAMAJU I"),
        ("SUKAMAJUII", "SUKAMAJU"),
        ("SUKAMAJUII", "SUKAMAJU III"),
        ("BLOK 15", "BLOK 18"),
        ("TELAGA MEUKU SA", "TELAGA MEUKU DUA"),
        ("RANTAU PANJANG HILIR", "RANTAU PANJANG HULU"),
        ("N-1 AEK NABARA", "S-1 AEK NABARA"),
    ],
)
def test_another_number_or_another_word_is_another_village(read, name):
    assert alike(read, name) == 0.0


def test_a_letter_that_is_lost_or_confused_often_weighs_half():
    assert alike("CMANGGIS", "CIMANGGIS") == pytest.approx(1 - 0.5 / 9)  # a lost I
    assert alike("CIMANCGIS", "CIMANGGIS") == pytest.approx(1 - 0.5 / 9)  # G as C
    assert alike("CIMANSGIS", "CIMANGGIS") == pytest.approx(1 - 1 / 9)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_and_one_for_the_same_letters_only(read, name):
    found = alike(read, name)
    assert 0.0 <= found <= 1.0
    assert (found == 1.0) == (spelling(read).letters == spelling(name).letters)
