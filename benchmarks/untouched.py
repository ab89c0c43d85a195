"""What the cues say of photographs that nobody touched: every alarm there is a false one.

Cues of the face and of the whole picture are asked as they are. Cues that hold a card against its surroundings are
asked of a *virtual* card, a quadrilateral drawn by chance on the photograph: nobody put it there, so nothing about it
can be inserted, shown on a display or copied. What only a printed card has (portrait, text, rounded corners, a hand) is
not asked.
"""

from __future__ import annotations

import zlib

import numpy as np

from kyc_vision.card.authenticity import scene_cues
from kyc_vision.card.rectify import rectify
from kyc_vision.face.liveness import liveness_cues
from kyc_vision.face.match import FaceMatcher
from kyc_vision.pipeline import Verifier
from kyc_vision.types import CardLocation, Cue, Image

#: Cues of the card that a quadrilateral of any photograph answers as a card would.
OF_ANY_QUAD: frozenset[str] = frozenset({"card_frame"})
SEED = 20261124
#: Width of the virtual card, share of the photograph's, and its shape.
_WIDTH, _RATIO = (0.30, 0.60), 85.60 / 53.98


def look(verifier: Verifier, photograph: Image, name: str) -> tuple[Cue, ...]:
    """The cues of one photograph.

    Args:
        verifier: whose detector finds the faces.
        photograph: the picture.
        name: of its file: the virtual card is drawn by it.
    """
    faces = verifier.face_detector.detect(photograph.pixels)
    location = virtual_card(photograph, np.random.default_rng([SEED, zlib.crc32(name.encode())]))
    probe = FaceMatcher.find_probe(photograph, faces, None)
    cues = liveness_cues(photograph, faces, probe, None)
    of_card = scene_cues(photograph, faces, location, rectify(photograph, location))
    return cues + tuple(cue for cue in of_card if cue.name in OF_ANY_QUAD)


def virtual_card(photograph: Image, rng: np.random.Generator) -> CardLocation:
    """A card-shaped quadrilateral inside the photograph, turned a little."""
    width, height = photograph.size_wh
    wide = float(rng.uniform(*_WIDTH)) * width
    box = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [wide, wide / _RATIO]
    turn = np.radians(rng.uniform(-15, 15))
    quad = box @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    reach = np.abs(quad).max(axis=0)
    centre = [float(rng.uniform(r, max(r, s - r))) for r, s in zip(reach, (width, height), strict=True)]
    return CardLocation(np.asarray(quad + centre, dtype=np.float32), 1.0, False, 0, 0.0)
