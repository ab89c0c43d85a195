"""Every picture of samples/gallery through the real Verifier, against its truth. A demonstration, not a measurement."""

import tomllib
from datetime import date

import numpy as np
import pytest

from kyc_vision.build import load_verifier
from kyc_vision.geometry import contains, polygon_iou
from kyc_vision.image import read
from kyc_vision.types import CardLocation, CardNotFound, FaceMatch, Verification
from tests.fakes import ROOT

pytestmark = pytest.mark.weights
FOLDER = ROOT / "samples/gallery"
TRUTH = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)
#: Too blurred or too dark to be read, whatever is found.
UNREADABLE = {"blurred", "too_dark", "no_card"}
READABLE = [name for name, row in TRUTH.items() if row["kind"] not in UNREADABLE]
#: What the customer or the reviewer must be told, by kind.
TOLD = {
    "impostor": {"FACE_MISMATCH", "FACE_BORDERLINE"},
    "bw_copy": {"FRAUD_MONOCHROME_COPY"},
    "no_card": {"CARD_NOT_FOUND"},
    "no_face": {"FACE_NOT_FOUND"},
    "blurred": {"QUALITY_BLURRED"},
    "too_dark": {"QUALITY_TOO_DARK"},
    "nik_contradiction": {"NIK_BIRTH_DATE_MISMATCH"},
    "same_photo": {"FRAUD_SAME_PHOTO"},
}


@pytest.fixture(scope="module")
def judged():
    """Judges a picture once, however many tests ask."""
    verifier = load_verifier()
    known: dict[str, Verification] = {}

    def judge(name: str) -> Verification:
        if name not in known:
            selfie = read((FOLDER / TRUTH[name]["file"]).read_bytes())
            known[name] = verifier.verify(selfie, today=TODAY)
        return known[name]

    return judge


@pytest.mark.parametrize("name", TRUTH)
def test_the_decision_is_one_of_the_expected(judged, name):
    verdict = judged(name).verdict
    assert verdict.decision.value in TRUTH[name]["expected"], verdict.reasons


@pytest.mark.parametrize("name", [name for name, row in TRUTH.items() if row["kind"] in TOLD])
def test_the_reason_is_the_one_that_is_true(judged, name):
    assert set(judged(name).verdict.reasons) & TOLD[TRUTH[name]["kind"]]


@pytest.mark.parametrize("name", READABLE)
def test_nik_and_name_are_read_to_the_letter(judged, name):
    fields, printed = judged(name).evidence.fields, TRUTH[name]["printed"]
    assert fields is not None
    assert (fields.text("nik"), fields.text("name")) == (printed["nik"], printed["name"])


@pytest.mark.parametrize("name", READABLE)
def test_birth_and_sex_are_read_to_the_letter(judged, name):
    fields, printed = judged(name).evidence.fields, TRUTH[name]["printed"]
    assert fields is not None
    for field in ("birth_place", "birth_date", "sex"):
        assert fields.text(field) == printed[field]


@pytest.mark.parametrize("name", READABLE)
def test_the_card_is_where_it_was_held(judged, name):
    location, quad = judged(name).evidence.location, np.array(TRUTH[name]["quad"])
    assert isinstance(location, CardLocation)
    assert polygon_iou(location.quad, quad) >= 0.9
    assert location.mirrored is TRUTH[name]["mirrored"]
    # The first corner is the print's own, whichever way up the card is held.
    nearest = int(np.linalg.norm(quad - location.quad[0], axis=1).argmin())
    assert nearest == 0


def test_where_no_card_is_none_is_found(judged):
    evidence = judged("no_card").evidence
    assert isinstance(evidence.location, CardNotFound)
    assert evidence.fields is None


@pytest.mark.parametrize("name", [n for n in READABLE if TRUTH[n]["kind"] != "no_face"])
def test_probe_and_reference_are_told_apart(judged, name):
    evidence = judged(name).evidence
    assert isinstance(evidence.match, FaceMatch)
    quad = np.array(TRUTH[name]["quad"])
    for face, on_card in ((evidence.match.probe, False), (evidence.match.reference, True)):
        x, y, w, h = face.box
        assert contains(quad, (x + w / 2, y + h / 2)) is on_card


def test_strangers_are_less_alike_than_any_customer(judged):
    def probabilities(kinds):
        names = [name for name, row in TRUTH.items() if row["kind"] in kinds]
        return [judged(name).evidence.match.probability for name in names]

    assert max(probabilities({"impostor"})) < min(probabilities({"genuine", "mirrored", "upside_down"}))


def test_the_provenance_lets_a_verdict_be_computed_again(judged):
    provenance = judged("genuine_1").provenance
    assert len(provenance.weights) >= 8
    assert len(provenance.weights["locator_calibration.json"]) == 16
    assert len(provenance.weights["reading_calibration.json"]) == 16
    assert all(len(digest) == 16 for digest in (provenance.policy, provenance.calibration))
