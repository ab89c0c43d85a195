"""The committed network says what it said when it was exported, and finds the gallery's cards."""

import json
import tomllib
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from kyc_vision.build import card_locator, card_looker, text_spotter
from kyc_vision.card.heatmaps import decode
from kyc_vision.geometry import polygon_iou
from kyc_vision.image import read
from kyc_vision.types import CardLocation
from kyc_vision.weights import MODELS, verified_path

pytestmark = pytest.mark.weights
ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "samples" / "gallery"
TRUTH = tomllib.loads((GALLERY / "expected.toml").read_text(encoding="utf-8"))
REFERENCE = MODELS / "locator_reference.npz"


def test_the_network_answers_as_when_it_was_exported() -> None:
    network, kept = card_looker().network, np.load(REFERENCE)
    for index, frame in enumerate(kept["frames"]):
        batch = np.ascontiguousarray((frame.astype(np.float32) / 255).transpose(2, 0, 1)[None])
        heat, mask, votes, flags = network.run(batch)
        said = decode(heat[0], mask[0, 0], votes[0], flags[0])
        assert said.presence == pytest.approx(float(kept["presence"][index]), abs=1e-3)
        if said.presence > 0.5:
            assert said.quad == pytest.approx(kept["quads"][index], abs=0.05)


def test_the_network_is_small() -> None:
    path = verified_path("locator")
    parameters = sum(numpy_helper.to_array(tensor).size for tensor in onnx.load(path).graph.initializer)
    assert path.stat().st_size <= 6_000_000
    assert parameters <= 1_500_000


def test_every_card_of_the_gallery_is_found_without_words() -> None:
    class NoWords:
        def locate(self, *_: object) -> object:
            raise AssertionError("the words were asked")

    locator = card_locator(text_spotter())
    alone = type(locator)(locator.looker, NoWords(), locator.confidence)  # type: ignore[arg-type]
    found, wanted = {}, {}
    for name, row in TRUTH.items():
        if "quad" not in row or row["kind"] in ("blurred", "too_dark"):
            continue
        location = alone.locate(read((GALLERY / row["file"]).read_bytes()), ())
        assert isinstance(location, CardLocation), name
        found[name], wanted[name] = location, np.array(row["quad"], dtype=np.float32)
    assert len(found) >= 13
    assert {
        n: round(polygon_iou(found[n].quad, wanted[n]), 3)
        for n in found
        if polygon_iou(found[n].quad, wanted[n]) < 0.95
    } == {}
    assert [n for n in found if found[n].mirrored != TRUTH[n]["mirrored"]] == []


def test_the_confidence_was_fitted_on_pictures_that_are_not_the_benchmarks() -> None:
    fitted = json.loads((MODELS / "locator_calibration.json").read_text(encoding="utf-8"))["fitted_on"]
    measured = json.loads((ROOT / "benchmarks" / "results" / "bench.json").read_text(encoding="utf-8"))["set"]
    assert fitted["set"]["seeds"] != measured["seeds"]
    assert fitted["report_pictures"] >= 80
