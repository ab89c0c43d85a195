"""Is a living person before the camera, or a picture of one? Cues with a place; what follows is for the checks.

No single one is proof: a display fills the picture, a print is cut to the face. Each looks at one thing only that
a picture of a picture cannot well avoid.
"""

from __future__ import annotations

from kyc_vision.face.cues.contour import face_contour
from kyc_vision.face.cues.file import file_facts
from kyc_vision.face.cues.frame import scene_frame
from kyc_vision.face.cues.grain import face_grain
from kyc_vision.face.cues.moire import moire_face, moire_scene
from kyc_vision.geometry import centre, contains
from kyc_vision.types import Cue, Face, Image, Quad


def liveness_cues(
    selfie: Image, faces: tuple[Face, ...], probe: Face | None, card_quad: Quad | None
) -> tuple[Cue, ...]:
    """Every cue, measurable or not.

    Args:
        selfie: the picture.
        faces: all that were found.
        probe: the live face among them; where nobody said which it is, the largest off the card is looked at.
        card_quad: (4, 2) corners of the card, px; None where it was not found.
    """
    face = probe if probe is not None else _largest_off_card(faces, card_quad)
    return (
        moire_face(selfie, face),
        moire_scene(selfie, face),
        scene_frame(selfie),
        face_contour(selfie, face, card_quad),
        face_grain(selfie, face),
        file_facts(selfie),
    )


def _largest_off_card(faces: tuple[Face, ...], card_quad: Quad | None) -> Face | None:
    off = [face for face in faces if card_quad is None or not contains(card_quad, centre(face.box))]
    return max(off, key=lambda face: face.box[3], default=None)
