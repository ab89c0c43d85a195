"""The real engines on three photographs of one man and one of another (samples/portraits)."""

import dataclasses
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kyc_vision.build import dlib_face, face_detector, load_verifier, sface
from kyc_vision.calibration import FaceCalibration
from kyc_vision.face.embed import DlibFace
from kyc_vision.face.match import FaceMatcher
from kyc_vision.image import read
from kyc_vision.types import Outcome
from kyc_vision.weights import MODELS

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def faces():
    detector = face_detector()
    found = {}
    for name in ("obama", "obama2", "obama3", "biden"):
        pixels = read((ROOT / "samples" / "portraits" / f"{name}.jpg").read_bytes()).pixels
        found[name] = (pixels, detector.detect(pixels)[0])
    return found


def test_sface_tells_one_mans_photographs_from_anothers(faces):
    engine = sface()
    vectors = {name: engine.embed(*one) for name, one in faces.items()}
    assert all(np.linalg.norm(vector) == pytest.approx(1, abs=1e-5) for vector in vectors.values())
    same = [float(vectors["obama"] @ vectors[name]) for name in ("obama2", "obama3")]
    assert min(same) > 0.5
    assert float(vectors["obama"] @ vectors["biden"]) < 0.3


def test_dlib_tells_them_apart_too_and_upside_down_as_well(faces):
    engine = dlib_face()
    assert engine.missing() == ""
    vectors = {name: engine.embed(*one) for name, one in faces.items()}
    same = max(float(np.linalg.norm(vectors["obama"] - vectors[name])) for name in ("obama2", "obama3"))
    other = float(np.linalg.norm(vectors["obama"] - vectors["biden"]))
    assert same < 0.6 < other  # 0.6 is what dlib's author decides on
    pixels = faces["obama"][0]
    turned = np.ascontiguousarray(pixels[::-1, ::-1])
    face = face_detector().detect(turned, at_least=2)[0]
    assert float(np.linalg.norm(vectors["obama"] - engine.embed(turned, face))) < 0.2


def test_dlib_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "dlib", None)
    assert dlib_face().missing() == "dlib is not installed"


def test_dlib_without_its_weights_says_what_to_run():
    def nowhere() -> Path:
        from kyc_vision.errors import WeightsMissing

        raise WeightsMissing("dlib_encoder is not there; run `make setup`")

    assert "make setup" in DlibFace(nowhere, nowhere).missing()


@pytest.mark.parametrize(("installed", "outcome"), [(True, Outcome.PASS), (False, Outcome.NOT_EXECUTED)])
def test_in_doubt_dlib_is_asked_and_where_it_is_missing_the_selfie_is_judged_all_the_same(
    installed, outcome, monkeypatch
):
    if not installed:
        monkeypatch.setitem(sys.modules, "dlib", None)
    doubting = dataclasses.replace(FaceCalibration.load(MODELS / "calibration.json"), band=(-1.0, 1.0))
    verifier = load_verifier()
    matcher = FaceMatcher(face_detector(), sface(), dlib_face(), doubting)
    selfie = read((ROOT / "samples" / "gallery" / "genuine_2.jpg").read_bytes())
    verification = dataclasses.replace(verifier, face_matcher=matcher).verify(selfie, today=date(2026, 11, 24))
    check = next(one for one in verification.verdict.checks if one.name == "second_opinion")
    assert check.outcome is outcome
    assert (check.score is not None) is installed
    assert check.detail == ("dlib asked" if installed else "dlib is not installed")
    assert verification.evidence.match.probability > 0.9
