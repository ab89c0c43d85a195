"""How well a face can be seen: numbers that say how much its comparison is worth, and nothing about the person.

What covers a face is not measured: five landmarks are found through a mask as well, and a hijab covers no face.
"""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.face.align import align
from kyc_vision.types import Face, FaceQuality, Pixels

#: Brows to chin and cheek to cheek in the aligned 112 px view: top, bottom, left, right. Hair and ground are outside.
_INSIDE = (34, 106, 26, 86)
#: Widths in px of the aligned view between which detail is held against form: eyelids and lips are 2–4 px there.
_FINE_PX, _MIDDLE_PX, _COARSE_PX = 0.8, 1.8, 4.0
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def face_quality(pixels: Pixels, face: Face, height_px: float, view: Pixels | None = None) -> FaceQuality:
    """Measure one face.

    Args:
        pixels: (H, W, 3) uint8 RGB that the face was found in.
        face: its box and landmarks there.
        height_px: its height where it was really photographed, px; the box's where pixels were not enlarged.
        view: the face as align() gives it, where that is known already.
    """
    if view is None:
        view = align(pixels, face)
    top, bottom, left, right = _INSIDE
    grey = np.asarray(view.astype(np.float32) @ _GREY, dtype=np.float32)
    fine, middle, coarse = (
        cv2.GaussianBlur(grey, (0, 0), sigma)[top:bottom, left:right] for sigma in (_FINE_PX, _MIDDLE_PX, _COARSE_PX)
    )
    inside = grey[top:bottom, left:right]
    detail, form = float((fine - middle).std()), float((middle - coarse).std())
    yaw, pitch, roll = pose(face)
    return FaceQuality(
        height_px=round(height_px, 1),
        sharpness=round(detail / (form + 1.0), 3),
        yaw=round(yaw, 3),
        pitch=round(pitch, 3),
        roll_deg=round(roll, 1),
        brightness=round(float(inside.mean()), 1),
        contrast=round(float(inside.std()), 1),
    )


def pose(face: Face) -> tuple[float, float, float]:
    """Yaw, pitch and roll of a face by its five landmarks.

    Returns:
        yaw: how far the nose lies to a side of the line from between the eyes to between the mouth's corners, in
            distances of the eyes; 0 from the front, positive to the left in the upright picture turned right.
        pitch: where the nose lies on that line, 0 at the eyes and 1 at the mouth; 0.5–0.65 from the front.
        roll: degrees clockwise of the line, 0 upright.
    """
    right_eye, left_eye, nose, right_mouth, left_mouth = face.landmarks.astype(np.float64)
    eyes, mouth = (right_eye + left_eye) / 2, (right_mouth + left_mouth) / 2
    down = mouth - eyes
    length = max(float(np.linalg.norm(down)), 1e-6)
    unit = down / length
    across = np.array([unit[1], -unit[0]])
    apart = max(float(np.linalg.norm(left_eye - right_eye)), 0.3 * length)
    yaw = float((nose - eyes) @ across) / apart
    pitch = float((nose - eyes) @ unit) / length
    return yaw, pitch, float(np.degrees(np.arctan2(-unit[0], unit[1])))
