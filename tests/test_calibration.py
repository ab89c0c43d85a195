import dataclasses
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.calibration import FaceCalibration, QualityRange
from kyc_vision.types import FaceQuality
from kyc_vision.weights import MODELS

COMMITTED = FaceCalibration.load(MODELS / "calibration.json")
RANGE = QualityRange(50.0, 0.4, 12.0, (40.0, 215.0), 0.4, (0.45, 0.65))
GOOD = FaceQuality(90.0, 0.5, 0.05, 0.55, 3.0, 120.0, 30.0)
BY_HAND = FaceCalibration((-6.0, 20.0), (10.0, -20.0), (1.0, 15.0, -8.0), (0.3, 0.45), RANGE, "")
IN_FILE = {
    "sface": [1, 2], "dlib": [5, -6], "sface_dlib": [1, 2, 3], "band": [0, 1],
    "quality": {"height_px": 50, "sharpness": 0.4, "contrast": 12, "brightness": [40, 215], "yaw": 0.4,
                "pitch": [0.45, 0.65]},
}  # fmt: skip
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
    path.write_text(json.dumps({"face": IN_FILE}), encoding="utf-8")
    loaded = FaceCalibration.load(path)
    assert loaded.digest == sha256(path.read_bytes()).hexdigest()[:16]
    assert (loaded.sface, loaded.dlib, loaded.sface_dlib, loaded.band) == ((1, 2), (5, -6), (1, 2, 3), (0, 1))
    assert loaded.quality == RANGE


@pytest.mark.parametrize(
    "changed", [{"sface": [1]}, {"sface_dlib": [1, 2]}, {"dlib": 3}, {"quality": {}}, {"band": [0.1, 0.2, 0.3]}]
)
def test_a_damaged_file_is_refused(changed, tmp_path: Path):
    (tmp_path / "c.json").write_text(json.dumps({"face": {**IN_FILE, **changed}}), encoding="utf-8")
    with pytest.raises((ValueError, KeyError)):
        FaceCalibration.load(tmp_path / "c.json")


qualities = st.builds(
    FaceQuality, st.floats(0, 500), st.floats(0, 1), st.floats(-2, 2), st.floats(-1, 2), st.floats(-180, 180),
    st.floats(0, 255), st.floats(0, 100),
)  # fmt: skip
calibrations = pytest.mark.parametrize("calibration", [BY_HAND, COMMITTED], ids=["by hand", "committed"])


@calibrations
@given(similarity=cosines, distance=st.none() | distances, probe=qualities, reference=qualities)
def test_no_quality_raises_the_probability(calibration, similarity, distance, probe, reference):
    trust = calibration.trust(probe, reference)
    assert 0 <= trust <= 1
    seen = calibration.probability(similarity, distance, trust)
    assert seen <= calibration.probability(similarity, distance)
    # And however badly a face is seen, that alone makes nobody a stranger.
    assert seen >= min(0.5, calibration.probability(similarity, distance))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("height_px", (50.0, 40.0, 20.0)),
        ("sharpness", (0.4, 0.3, 0.1)),
        ("contrast", (12.0, 8.0, 2.0)),
        ("brightness", (40.0, 30.0, 5.0)),
        ("brightness", (215.0, 230.0, 250.0)),
        ("yaw", (0.4, 0.6, 1.0)),
        ("yaw", (-0.4, -0.6, -1.0)),
        ("pitch", (0.45, 0.3, 0.1)),
        ("pitch", (0.65, 0.8, 0.95)),
    ],
)
def test_the_worse_a_face_is_seen_the_less_it_is_trusted(name, values):
    within, worse, worst = (RANGE.trust(dataclasses.replace(GOOD, **{name: value})) for value in values)
    assert within == pytest.approx(1.0)
    assert within > worse > worst


def test_a_face_inside_the_range_is_trusted_fully_and_half_a_height_by_half():
    assert BY_HAND.trust(GOOD, GOOD) == 1.0
    small = dataclasses.replace(GOOD, height_px=25.0)
    assert BY_HAND.trust(GOOD, small) == 0.5
    assert BY_HAND.probability(0.5, None, 0.5) == pytest.approx(0.880797)  # half of 4
    assert BY_HAND.probability(0.2, None, 0.5) == pytest.approx(0.119203)  # −2, whatever the quality


def test_engines_contradict_where_each_is_sure_of_the_opposite():
    assert BY_HAND.contradicts(0.4, 0.6)  # 2 and −2
    assert not BY_HAND.contradicts(0.4, 0.4)  # 2 and 2
    assert not BY_HAND.contradicts(0.4, 0.52)  # 2 and −0.4: not sure
    assert BY_HAND.contradicts(0.2, 0.4)  # −2 and 2


def test_roll_is_no_quality_since_faces_are_turned_upright():
    assert RANGE.trust(dataclasses.replace(GOOD, roll_deg=120.0)) == 1.0
