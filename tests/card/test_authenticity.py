"""The card against the scene around it, on the packaged gallery: whole pictures, genuine and altered."""

from __future__ import annotations

import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_vision.card.authenticity import scene_cues
from kyc_vision.card.rectify import rectify
from kyc_vision.image import read
from kyc_vision.types import CardLocation, Cue, Face, Image, Pixels, Quad

GALLERY = Path("samples/gallery")
_TRUTH = tomllib.loads((GALLERY / "expected.toml").read_text())


def _picture(name: str) -> tuple[Pixels, Quad]:
    pixels = read((GALLERY / f"{name}.jpg").read_bytes()).pixels
    return pixels, np.array(_TRUTH[name]["quad"], dtype=np.float32)


def _cues(pixels: Pixels, quad: Quad) -> dict[str, Cue]:
    location = CardLocation(quad, 0.99, mirrored=False, anchors=12, residual_mm=0.2)
    selfie = Image(pixels, "JPEG", "")
    face = Face((0.35 * pixels.shape[1], 0.15 * pixels.shape[0], 300.0, 360.0), np.zeros((5, 2), np.float32), 0.9)
    found = scene_cues(selfie, (face,), location, rectify(selfie, location))
    return {cue.name: cue for cue in found}


def _score(cue: Cue) -> float:
    assert cue.score is not None, cue.detail
    return cue.score


@pytest.mark.parametrize("name", ["genuine_1", "genuine_2", "genuine_3"])
def test_a_genuine_card_is_held_has_round_corners_and_no_frame(name: str) -> None:
    cues = _cues(*_picture(name))
    assert _score(cues["card_held"]) < -6
    assert _score(cues["card_corners"]) < 0
    assert _score(cues["card_frame"]) < 1.5


def test_a_card_put_over_the_hand_by_a_program_is_held_by_nothing() -> None:
    pixels, quad = _picture("genuine_1")
    card = rectify(Image(*_picture("genuine_2")[:1], "JPEG", ""), _at(_picture("genuine_2")[1]))
    # Its lower rim, under a thumb there, is taken from its upper one.
    scan = card.pixels.copy()
    scan[-90:] = scan[:90][::-1]
    corners = np.array([[0, 0], [1009, 0], [1009, 636], [0, 636]], dtype=np.float32)
    to_selfie = cv2.getPerspectiveTransform(corners, quad)
    size_wh = (pixels.shape[1], pixels.shape[0])
    pasted = cv2.warpPerspective(scan, to_selfie, size_wh, dst=pixels.copy(), borderMode=cv2.BORDER_TRANSPARENT)
    held = _cues(np.asarray(pasted, dtype=np.uint8), quad)["card_held"]
    assert held.score is None or held.score > -4


def test_whatever_was_measured_has_a_place_and_whatever_was_not_says_why() -> None:
    for cue in _cues(*_picture("genuine_1")).values():
        assert (cue.place is None) == (cue.score is None)
        assert cue.detail


def _at(quad: Quad) -> CardLocation:
    return CardLocation(quad, 0.99, mirrored=False, anchors=12, residual_mm=0.2)
