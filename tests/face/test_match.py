from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from kyc_vision.face.match import PORTRAIT_ENLARGED, FaceMatcher
from kyc_vision.layout import PORTRAIT_MM
from kyc_vision.types import FaceMatch, FaceNotFound, RectifiedCard
from tests.fakes import blank_card, face, image, location

SELFIE = image(800, 600)
#: The card of fakes.location lies at x 100–528, y 300–570.
ON_CARD = face(420, 380, 64, 80)
LIVE = face(560, 60, 160, 200)
LARGER_ON_CARD = face(110, 310, 240, 250)
BYSTANDER = face(20, 20, 90, 110)
#: In the enlarged crop, so that it is 120 × 150 px on the card.
IN_CROP = face(40 * 1.4, 50 * 1.4, 120 * 1.4, 150 * 1.4, 0.7)


@dataclass
class Detector:
    """Answers with the same faces; remembers what it was shown."""

    faces: tuple = (IN_CROP,)
    shown: list = field(default_factory=list)

    def detect(self, pixels, *, at_least=1):  # noqa: ARG002 - the Protocol's shape
        self.shown.append(pixels)
        return self.faces


@dataclass
class Embedder:
    """The card's face gets (1, 0); the selfie's one whose cosine with it is the similarity."""

    similarity: float = 0.8

    def embed(self, pixels, shown):  # noqa: ARG002 - the Protocol's shape
        if pixels.shape[:2] == (637, 1010):
            return np.array([1.0, 0.0], dtype=np.float32)
        return np.array([self.similarity, np.sqrt(1 - self.similarity**2)], dtype=np.float32)


@dataclass
class Second:
    why_missing: str = ""
    name: str = "dlib"
    asked: int = 0

    def missing(self):
        return self.why_missing

    def embed(self, pixels, shown):  # noqa: ARG002 - the Protocol's shape
        self.asked += 1
        return np.array([3.0, 0.0] if pixels.shape[:2] == (637, 1010) else [0.0, 4.0], dtype=np.float32)


class Calibration:
    """In doubt between 0.3 and 0.45; a probability that shows what it was made of."""

    def in_doubt(self, similarity):
        return 0.3 <= similarity <= 0.45

    def contradicts(self, similarity, second_distance):
        return similarity < 0.35 and second_distance > 1

    def trust(self, probe, reference):
        return probe.height_px / 1000 + reference.height_px / 10_000

    def probability(self, similarity, second_distance, trust=1.0):
        self.trusted = trust
        return similarity / 10 if second_distance is None else second_distance / 10


def matcher(similarity=0.8, second=None, detector=None):
    return FaceMatcher(detector or Detector(), Embedder(similarity), second or Second(), Calibration())


def matched(faces=(LIVE, ON_CARD), card=None, **how):
    return matcher(**how).match(SELFIE, faces, location(), card or blank_card())


def test_the_probe_is_the_largest_face_that_is_not_on_the_card():
    assert matched((LARGER_ON_CARD, LIVE, BYSTANDER, ON_CARD)).probe is LIVE
    assert FaceMatcher.find_probe(SELFIE, (LARGER_ON_CARD, LIVE), None) is LARGER_ON_CARD


def test_a_face_as_small_as_on_a_picture_on_the_wall_is_no_probe_and_called_too_small():
    assert FaceMatcher.find_probe(SELFIE, (face(10, 10, 30, 38),), location()) is None
    assert matched((face(10, 10, 30, 38), ON_CARD)) == FaceNotFound("FACE_TOO_SMALL")


def test_the_least_size_grows_with_the_picture():
    large = image(4000, 3000)
    assert FaceMatcher.find_probe(large, (face(10, 10, 140, 179),), None) is None
    assert FaceMatcher.find_probe(large, (face(10, 10, 140, 181),), None) is not None
    assert FaceMatcher.find_probe(SELFIE, (face(10, 10, 40, 51),), None) is not None


def test_bystanders_and_posters_are_no_probe_while_a_larger_face_is_there():
    poster, second = face(10, 10, 80, 100), face(200, 40, 130, 170)
    assert matched((LIVE, second, poster, ON_CARD)).probe is LIVE


def test_a_face_whose_middle_lies_on_the_card_is_a_print_however_large_it_is():
    # It reaches beyond the card's lower edge, its middle does not.
    overlapping = face(300, 420, 200, 290)
    assert matched((overlapping, BYSTANDER, ON_CARD)).probe is BYSTANDER


def test_both_faces_qualities_go_into_the_probability():
    one = matcher()
    found = one.match(SELFIE, (LIVE, ON_CARD), location(), blank_card())
    assert found.probe_quality.height_px == 200
    assert found.reference_quality.height_px == pytest.approx(found.reference_height_px, abs=0.06)
    assert found.trust == pytest.approx(0.2 + found.reference_quality.height_px / 10_000)
    assert one.calibration.trusted == found.trust


def test_engines_that_contradict_one_another_are_told():
    assert matched(similarity=0.32).second.contradicts
    assert not matched(similarity=0.4).second.contradicts


def test_without_a_face_outside_the_card_there_is_nobody():
    assert matched((ON_CARD,)) == FaceNotFound("FACE_NOT_FOUND")
    assert matched(()) == FaceNotFound("FACE_NOT_FOUND")


def test_the_reference_is_looked_for_around_the_printed_portrait_only():
    detector = Detector()
    matched(detector=detector)
    (crop,) = detector.shown
    x, y, w, h = (value * 11.8 for value in PORTRAIT_MM)
    assert crop.shape[0] == pytest.approx((h + 2 * 3.0 * 11.8) * PORTRAIT_ENLARGED, abs=3)
    assert crop.shape[1] == pytest.approx((w + 2 * 3.0 * 11.8) * PORTRAIT_ENLARGED, abs=3)
    assert x + w + 3.0 * 11.8 < 1010
    assert y > 0


def test_a_card_without_a_portraits_face_says_so():
    assert matched(detector=Detector(())) == FaceNotFound("FACE_REFERENCE_NOT_FOUND")


def test_similarity_is_the_cosine_and_probability_the_calibrations():
    found = matched(similarity=0.8)
    assert found.similarity == pytest.approx(0.8, abs=1e-6)
    assert found.probability == pytest.approx(0.08, abs=1e-6)
    assert found.reference_height_px == pytest.approx(150 * 428 / 1010)


def test_the_reference_is_given_in_selfie_pixels():
    # The card is seen at half the rectified size, shifted: rectified = 2 · (selfie − (50, 30)).
    card = replace(blank_card(), homography=np.array([[2.0, 0, -100], [0, 2, -60], [0, 0, 1]]))
    found = matched(card=card)
    left, top = (int((PORTRAIT_MM[i] - 3.0) * 11.8) for i in (0, 1))
    half = 0.5 / PORTRAIT_ENLARGED - 0.5  # of pixel centres
    there = ((left + 40 + half) / 2 + 50, (top + 50 + half) / 2 + 30, 60, 75)
    assert found.reference.box == pytest.approx(there, abs=0.01)
    eye = (IN_CROP.landmarks[0] / PORTRAIT_ENLARGED + half + [left, top]) / 2 + [50, 30]
    assert found.reference.landmarks[0] == pytest.approx(eye, abs=0.01)


@pytest.mark.parametrize("similarity", [-0.2, 0.29, 0.46, 0.9])
def test_outside_the_band_nobody_else_is_asked(similarity):
    second = Second()
    found = matched(similarity=similarity, second=second)
    assert second.asked == 0
    assert (found.second.value, found.second.reason) == (None, "not in doubt")


@pytest.mark.parametrize("similarity", [0.31, 0.4, 0.44])
def test_inside_the_band_the_second_engine_is_asked_about_both_faces(similarity):
    second = Second()
    found = matched(similarity=similarity, second=second)
    assert second.asked == 2
    assert found.second.engine == "dlib"
    assert found.second.value == pytest.approx(5.0)  # 3-4-5
    assert found.probability == pytest.approx(0.5)


def test_a_missing_second_engine_is_reported_and_the_first_decides_alone():
    second = Second("dlib is not installed")
    found = matched(similarity=0.4, second=second)
    assert isinstance(found, FaceMatch)
    assert second.asked == 0
    assert (found.second.value, found.second.reason) == (None, "dlib is not installed")
    assert found.probability == pytest.approx(0.04, abs=1e-6)


def test_the_card_is_embedded_from_its_rectified_view():
    card = blank_card()
    assert isinstance(card, RectifiedCard)
    assert matched(similarity=1.0, card=card).similarity == pytest.approx(1.0)
