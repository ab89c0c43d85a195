import numpy as np
import pytest

from benchmarks.places import SCENES, Line, drawn, known, slip
from kyc_vision.ocr import regions
from kyc_vision.ocr.places import Choice, Place


def test_the_same_seed_reads_the_same_and_no_rate_reads_what_is_printed():
    read = [slip("PASIR GUNUNG SELATAN", 0.2, np.random.default_rng(1)) for _ in range(2)]
    assert read[0] == read[1] != "PASIR GUNUNG SELATAN"
    assert slip("PASIR GUNUNG SELATAN", 0.0, np.random.default_rng(1)) == "PASIR GUNUNG SELATAN"


@pytest.mark.parametrize(
    ("read", "name", "agreement", "outcome"),
    [
        ("TUGU", "TUGU", 1.0, "right"),
        ("SUKAMAJV", "SUKAMAJU", 0.94, "mended"),
        ("SUKAMAJV", "SUKAMAJU", 0.80, "wrong"),  # not near enough, stays
        ("SUKAMAJU", "SUKAMULYA", 0.95, "spoilt"),
    ],
)
def test_an_outcome_is_what_became_of_the_line(read, name, agreement, outcome):
    truth = "TUGU" if read == "TUGU" else "SUKAMAJU"
    assert Line(3, truth, read, Choice(name, agreement, 0.5), below_sure=True).outcome(0.88, 0.1) == outcome


def test_a_scene_leaves_out_what_it_does_not_know():
    printed = Place("PROVINSI JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", "TUGU")
    all_known, no_village, no_district = (known(scene, printed) for scene in SCENES)
    assert ("TUGU",) in all_known.villages("327602")
    assert ("TUGU",) not in no_village.villages("327602")
    assert ("327602", "CIMANGGIS") in no_village.districts("3276")
    assert ("327602", "CIMANGGIS") not in no_district.districts("3276")


def test_paths_are_todays():
    for printed in drawn(20, np.random.default_rng(2)):
        assert regions.closest_regency(printed.regency or "").name == printed.regency
