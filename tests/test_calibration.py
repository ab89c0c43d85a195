import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.calibration import FaceCalibration
from kyc_vision.weights import MODELS

COMMITTED = FaceCalibration.load(MODELS / "calibration.json")
BY_HAND = FaceCalibration((-6.0, 20.0), (1.0, 15.0, -8.0), (0.3, 0.45), "")
cosines, distances = st.floats(-1, 1), st.floats(0, 2)


def test_the_logistic_as_worked_by_hand():
    assert BY_HAND.probability(0.3, None) == pytest.approx(0.5)  # −6 + 20 · 0.3 = 0
    assert BY_HAND.probability(0.4, None) == pytest.approx(0.880797)  # 2
    assert BY_HAND.probability(0.2, 0.5) == pytest.approx(0.5)  # 1 + 15 · 0.2 − 8 · 0.5 = 0


@pytest.mark.parametrize("calibration", [BY_HAND, COMMITTED], ids=["by hand", "committed"])
@given(a=cosines, b=cosines, distance=st.none() | distances)
def test_more_alike_is_never_less_probable(calibration, a, b, distance):
    low, high = sorted((a, b))
    assert calibration.probability(low, distance) <= calibration.probability(high, distance)


@pytest.mark.parametrize("calibration", [BY_HAND, COMMITTED], ids=["by hand", "committed"])
@given(cosine=cosines, a=distances, b=distances)
def test_farther_apart_for_the_second_engine_is_never_more_probable(calibration, cosine, a, b):
    near, far = sorted((a, b))
    assert calibration.probability(cosine, far) <= calibration.probability(cosine, near)


@given(st.floats(-1e6, 1e6), st.none() | st.floats(-1e6, 1e6))
def test_a_probability_is_one_whatever_comes_in(similarity, distance):
    assert 0 <= COMMITTED.probability(similarity, distance) <= 1


def test_a_distance_of_zero_is_a_distance():
    assert BY_HAND.probability(0.2, 0.0) == pytest.approx(0.982014)  # 1 + 3 = 4


def test_the_band_includes_its_ends():
    assert [BY_HAND.in_doubt(s) for s in (0.29, 0.3, 0.4, 0.45, 0.46)] == [False, True, True, True, False]


def test_the_committed_numbers_tell_strangers_from_the_same_person():
    assert COMMITTED.probability(0.0, None) < 0.01
    assert COMMITTED.probability(0.7, None) > 0.99
    low, high = COMMITTED.band
    # Doubt lies where the first engine alone is undecided.
    assert COMMITTED.probability(low, None) < 0.95
    assert COMMITTED.probability(high, None) > 0.5
    assert low < high


def test_the_digest_is_the_files(tmp_path: Path):
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps({"face": {"sface": [1, 2], "sface_dlib": [1, 2, 3], "band": [0, 1]}}), encoding="utf-8")
    loaded = FaceCalibration.load(path)
    assert loaded.digest == sha256(path.read_bytes()).hexdigest()[:16]
    assert (loaded.sface, loaded.sface_dlib, loaded.band) == ((1, 2), (1, 2, 3), (0, 1))


@pytest.mark.parametrize("face", [{"sface": [1]}, {"sface": [1, 2], "sface_dlib": [1, 2], "band": [0, 1]}])
def test_a_damaged_file_is_refused(face, tmp_path: Path):
    (tmp_path / "c.json").write_text(json.dumps({"face": face}), encoding="utf-8")
    with pytest.raises((ValueError, KeyError)):
        FaceCalibration.load(tmp_path / "c.json")
