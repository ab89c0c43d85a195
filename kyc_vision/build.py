"""load_verifier(): the only place that names concrete stages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kyc_vision
from kyc_vision.calibration import FaceCalibration
from kyc_vision.card.confidence import LocationConfidence
from kyc_vision.card.locate import CardLocator
from kyc_vision.card.look import CardLooker
from kyc_vision.card.words import WordLocator
from kyc_vision.confidence import ConfidenceModel
from kyc_vision.face.detect import FaceDetector
from kyc_vision.face.embed import DlibFace, SFace
from kyc_vision.face.match import FaceMatcher
from kyc_vision.inference import OnnxModel
from kyc_vision.ocr.confidence import ReadingConfidence
from kyc_vision.ocr.detect import TextDetector
from kyc_vision.ocr.fields import FieldReader
from kyc_vision.ocr.line_reader import LineReader, RowReader
from kyc_vision.ocr.nik_reader import NikReader
from kyc_vision.ocr.readers import TwoReaders
from kyc_vision.ocr.recognize import TextRecognizer
from kyc_vision.ocr.second_reader import Tesseract
from kyc_vision.ocr.spot import TextSpotter
from kyc_vision.pipeline import Verifier
from kyc_vision.policy import DEFAULT, Policy
from kyc_vision.types import Provenance
from kyc_vision.weighing import AttackModel
from kyc_vision.weights import MODELS, manifest, verified_path

#: How sure a located card is.
LOCATOR_CALIBRATION = MODELS / "locator_calibration.json"
#: How likely a read value is right.
READING_CALIBRATION = MODELS / "reading_calibration.json"
#: Libraries whose version can change a pixel or a score.
ENGINES = ("numpy", "opencv-python", "onnxruntime", "pillow", "pillow-heif", "dlib-bin", "pytesseract")


def load_verifier(policy_file: Path = DEFAULT, calibration_file: Path = MODELS / "calibration.json") -> Verifier:
    """Build the Verifier once; it serves every thread.

    Raises:
        ModelError: weights are missing or corrupt.
    """
    spotter, reading = text_spotter(), ReadingConfidence.load(READING_CALIBRATION)
    detector, locator = face_detector(), card_locator(spotter)
    policy, calibration = Policy.load(policy_file), FaceCalibration.load(calibration_file)
    attack_model, confidence_model = AttackModel.load(calibration_file), ConfidenceModel.load(calibration_file)
    return Verifier(
        face_detector=detector,
        card_locator=locator,
        field_reader=field_reader(spotter, reading),
        face_matcher=FaceMatcher(detector, sface(), dlib_face(), calibration),
        attack_model=attack_model,
        confidence_model=confidence_model,
        policy=policy,
        provenance=_provenance(
            policy,
            calibration,
            {LOCATOR_CALIBRATION.name: locator.confidence.digest, READING_CALIBRATION.name: reading.digest},
        ),
    )


def card_locator(spotter: TextSpotter) -> CardLocator:
    """Our own network, the print, and words in doubt."""
    return CardLocator(card_looker(), WordLocator(spotter), LocationConfidence.load(LOCATOR_CALIBRATION))


def card_looker() -> CardLooker:
    """Our own network, verified."""
    return CardLooker(OnnxModel(verified_path("locator")))


def text_spotter() -> TextSpotter:
    """PP-OCRv6, verified."""
    return TextSpotter(
        TextDetector(OnnxModel(verified_path("ppocr_det"))), TextRecognizer(OnnxModel(verified_path("ppocr_rec")))
    )


def field_reader(spotter: TextSpotter, confidence: ReadingConfidence) -> FieldReader:
    """Our readers of rows and of the NIK, PP-OCRv6 beside them, Tesseract in doubt."""
    rows, nik = (LineReader(OnnxModel(verified_path(name))) for name in ("row_reader", "nik_reader"))
    other = spotter.recognizer
    return FieldReader(spotter, TwoReaders(RowReader(rows), other), NikReader(nik, other), Tesseract(), confidence)


def face_detector() -> FaceDetector:
    """YuNet, verified."""
    return FaceDetector(verified_path("yunet"))


def sface() -> SFace:
    """SFace, verified."""
    return SFace(OnnxModel(verified_path("sface")))


def dlib_face() -> DlibFace:
    """dlib's encoder; verified and loaded when it is first asked."""
    return DlibFace(partial(verified_path, "dlib_encoder"), partial(verified_path, "dlib_landmarks"))


def _provenance(policy: Policy, calibration: FaceCalibration, fitted: Mapping[str, str]) -> Provenance:
    files = {row.file_name: row.sha256[:16] for row in manifest().values()}
    return Provenance(
        image_sha256="",
        code=kyc_vision.__version__,
        weights={**files, **fitted},
        policy=policy.digest,
        calibration=calibration.digest,
        engines={name: found for name in ENGINES if (found := _installed(name))},
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
