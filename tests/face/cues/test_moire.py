from dataclasses import replace

import numpy as np
import pytest

from kyc_vision.face.cues.moire import moire_face, moire_scene
from kyc_vision.image import read
from kyc_vision.types import Face, Image
from tests.fakes import ROOT

FACE = Face((200.0, 150.0, 240.0, 300.0), np.zeros((5, 2), dtype=np.float32), 0.9)


@pytest.fixture(scope="module")
def selfie() -> Image:
    return read((ROOT / "samples/gallery/genuine_1.jpg").read_bytes())


def on_display(selfie: Image, period: float) -> Image:
    """Every display pixel is three stripes, red, green and blue, a third of its width apart, a little turned."""
    height, width = selfie.pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    phase = (x * np.cos(0.05) + y * np.sin(0.05))[..., None] / period - np.arange(3) / 3
    stripes = 1 + 0.12 * np.cos(2 * np.pi * phase)
    return replace(selfie, pixels=np.clip(selfie.pixels * stripes, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("cue", [moire_face, moire_scene])
@pytest.mark.parametrize("period", [2.7, 6.3])
def test_a_display_stands_out_and_a_genuine_selfie_does_not(selfie, cue, period):
    genuine, shown = cue(selfie, FACE), cue(on_display(selfie, period), FACE)
    assert genuine.score is not None
    assert shown.score is not None
    assert genuine.score < 3.5
    assert shown.score > 4.5
    assert "px" in shown.detail


def test_the_place_is_where_was_looked_and_in_the_picture(selfie):
    face, scene = moire_face(selfie, FACE), moire_scene(selfie, FACE)
    assert face.place is not None
    assert scene.place is not None
    assert min(x for x, _ in face.place) == pytest.approx(224)
    assert min(x for x, _ in scene.place) == 0
    assert max(x for x, _ in scene.place) <= selfie.size_wh[0] - 1


def test_a_small_face_or_none_cannot_tell(selfie):
    assert not moire_face(selfie, None).measurable
    assert not moire_face(selfie, replace(FACE, box=(200.0, 150.0, 60.0, 80.0))).measurable
    assert moire_scene(selfie, None).measurable
