import json
import math
from pathlib import Path

import numpy as np
import pytest

from kyc_vision.card.agree import Agreement
from kyc_vision.card.alignment import Alignment
from kyc_vision.card.confidence import LocationConfidence, features
from kyc_vision.card.heatmaps import Coarse
from kyc_vision.card.imprint import Imprint

QUAD = np.zeros((4, 2), np.float32)
SEEN = Coarse(QUAD, 0.9, 0.0, np.array([1, 0, 0, 0], np.float32), np.array([0.9, 0.8, 0.7, 0.95], np.float32))
PRINT = Imprint(0.8, (), np.zeros((0, 2)), np.zeros((0, 2)))
ALIGNED = Agreement(QUAD, 3, PRINT, Alignment(np.zeros((2, 3)), (0.0, 0.0), 0.0, 12, 0.25))


def test_the_features_are_what_was_seen() -> None:
    assert features(ALIGNED, SEEN) == pytest.approx((1.0, 0.8, 0.75, 0.7, 0.9, 0.25))
    assert features(Agreement(QUAD, 0, PRINT, None), SEEN)[-1] == 1.0


def test_the_confidence_is_the_logistic_of_the_weighted_features() -> None:
    model = LocationConfidence((-1.0, 2.0, 1.0, 0.5, 0.5, -1.0))
    score = -1 + 1.6 + 0.75 + 0.35 + 0.45 - 0.25
    assert model.of(ALIGNED, SEEN) == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-4)


def test_the_fitted_numbers_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"weights": [0, 0, 0, 0, 0, 0]}))
    loaded = LocationConfidence.load(path)
    assert loaded.of(ALIGNED, SEEN) == 0.5
    assert len(loaded.digest) == 16
