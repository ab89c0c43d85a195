"""Is the live face the very picture that is printed on the card, shown to the camera a second time?

Between two photographs of one person a head turns and a face moves, be they a second apart: its parts shift against
each other by some tenths of a millimetre and more, which no plane's warp explains. A flat picture that is
photographed twice is warped as a plane and nothing else. So both faces are laid upon each other by an affine map, and
what is measured is how far the parts still lie apart: a length, which light, tone, blur and noise leave as it is.
Source of the idea: plane plus parallax, Irani & Anandan, IEEE PAMI 20(6), 1998.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.face.align import TEMPLATE, similarity_transform
from kyc_vision.geometry import apply_homography, averaged_down, corners
from kyc_vision.types import Cue, FaceMatch, Image, Pixels, RectifiedCard, cannot_tell, polygon

NAME = "same_picture"
#: Side of the frame that both faces are brought to, and the landmarks' places: eyes 29 px apart, a face 92 px high.
SIDE_PX = 128
_PLACES = (TEMPLATE - 56.0) * 0.82 + SIDE_PX / 2
_FACE_PX, _EYES_PX = 92.0, 29.0
#: Smaller faces show no parts that could move: at 25–50 px the parts of one picture scatter as far as two pictures'.
MIN_HEIGHT_PX = 40.0
#: Scales in px of the frame, finest first: detail is kept from the finer to three times as wide.
_FINE_PX, _COARSE_PX = 1.2, 3.0
#: A part's surroundings that are looked for in the other picture, px; parts stand 7 px apart on an oval of face.
_WINDOW_PX, _STEP_PX, _OVAL = 13, 7, (64.0, 70.0, 32.0, 46.0)
#: A part that moved farther than this is not the same part, px.
_FAR_PX = 5.0
#: What two views of one picture are apart by noise alone, px: keeps the logarithm finite.
_FLOOR_PX = 0.02
#: Correlations of the two readings of a mirror that are this near do not decide: of 55 same pictures that were not
#: mirrored three agreed better mirrored, by 0.09 at most.
_ALIKE = 0.15
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_Grey = NDArray[np.float32]


def same_picture(selfie: Image, match: FaceMatch, card: RectifiedCard) -> Cue:
    """How little the parts of the live face have moved against the printed one, in either reading of a mirror.

    Args:
        selfie: the upright picture.
        match: probe and reference, in selfie pixels.
        card: the rectified card, whose view of the portrait is used.

    Returns:
        The score is −ln of how far the middle part lies from where a plane would have it, in distances of the
        eyes, plus ln of 1 %: 0 where parts are apart by 1 % of that distance, larger where they lie closer.
    """
    height = min(match.reference_height_px, match.probe.box[3])
    if height < MIN_HEIGHT_PX:
        return cannot_tell(NAME, f"a face of {height:.0f} px shows too little, {MIN_HEIGHT_PX:.0f} are needed")
    landmarks = apply_homography(card.homography, match.reference.landmarks)
    probe, reference = (face_view(p, m) for p, m in ((selfie.pixels, match.probe.landmarks), (card.pixels, landmarks)))
    apart, mirrored = parts_apart(probe, reference, height)
    score = round(-math.log((apart + _FLOOR_PX) / (0.01 * _EYES_PX)), 3)
    how = ", one of them in a mirror" if mirrored else ""
    detail = f"parts of the face lie {100 * apart / _EYES_PX:.1f} % of the eyes' distance from one plane{how}"
    return Cue(NAME, score, polygon(corners(match.probe.box)), detail)


def face_view(pixels: Pixels, landmarks: NDArray[np.floating]) -> _Grey:
    """(SIDE_PX, SIDE_PX) grey of a face whose (5, 2) landmarks come to lie on their places; a large one is averaged."""
    matrix = similarity_transform(landmarks, _PLACES)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.7:
        middle, reach = landmarks.mean(axis=0), SIDE_PX * 0.75 / scale
        left, top = (max(0, int(value - reach)) for value in middle)
        crop = np.ascontiguousarray(pixels[top : int(middle[1] + reach), left : int(middle[0] + reach)])
        pixels, to_small = averaged_down(crop, scale)
        matrix = similarity_transform(apply_homography(to_small, landmarks - np.array([left, top])), _PLACES)
    size = (SIDE_PX, SIDE_PX)
    view = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(view.astype(np.float32) @ _GREY, dtype=np.float32)


def parts_apart(probe: _Grey, reference: _Grey, height_px: float) -> tuple[float, bool]:
    """How far the parts of two faces lie apart when one is laid on the other as a plane.

    Args:
        probe: a view by face_view().
        reference: another.
        height_px: of the face in the coarser picture: finer detail than it has is not looked at.

    Returns:
        The median distance in px of the view; whether the reference fits better as seen in a mirror.
    """
    other = np.ascontiguousarray(reference[:, ::-1])
    form = _detail(probe, _COARSE_PX)
    straight, mirrored = (_agreement(form, _detail(one, _COARSE_PX)) for one in (reference, other))
    # Faces are nearly symmetrical: where both readings agree about as well, both are looked at.
    apart = _apart(probe, reference, height_px) if straight > mirrored - _ALIKE else math.inf
    apart_mirrored = _apart(probe, other, height_px) if mirrored > straight - _ALIKE else math.inf
    return min(apart, apart_mirrored), apart_mirrored < apart


def _apart(probe: _Grey, reference: _Grey, height_px: float) -> float:
    """Median distance, px of the view, of the parts from the plane that lays one upon the other."""
    matrix = _affine(probe, reference)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(reference, matrix, (SIDE_PX, SIDE_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    fine = max(_FINE_PX, 0.6 * _FACE_PX / height_px)
    shift, found = _shifts(_even(_detail(probe, fine)), _even(_detail(np.asarray(laid, dtype=np.float32), fine)))
    return float(np.median(np.where(found, _off_the_plane(shift), _FAR_PX)))


def _detail(grey: _Grey, fine_px: float) -> _Grey:
    """What is finer than three times fine_px and coarser than it."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), fine_px) - cv2.GaussianBlur(grey, (0, 0), 3 * fine_px))


def _even(detail: _Grey) -> NDArray[np.uint8]:
    """The detail at the same contrast everywhere, 8 bit: the tracker's form."""
    strength = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 8.0)) + 1.0
    return np.asarray(np.clip(detail / strength * 50 + 128, 0, 255), dtype=np.uint8)


def _agreement(a: _Grey, b: _Grey) -> float:
    """Correlation inside the oval; 0 where nothing shows."""
    inside = _oval() > 0
    x, y = a[inside] - a[inside].mean(), b[inside] - b[inside].mean()
    return float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y) + 1e-6))


def _oval() -> NDArray[np.uint8]:
    """(SIDE_PX, SIDE_PX) mask of the face, 255 inside."""
    x, y, across, down = _OVAL
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX]
    return np.where(((columns - x) / across) ** 2 + ((rows - y) / down) ** 2 < 1, 255, 0).astype(np.uint8)


def _parts() -> NDArray[np.float32]:
    """(N, 2) middles of the parts: a grid inside the oval."""
    rows, columns = np.nonzero(_oval()[::_STEP_PX, ::_STEP_PX])
    return np.column_stack([columns, rows]).astype(np.float32) * _STEP_PX


def _affine(probe: _Grey, reference: _Grey) -> NDArray[np.float32]:
    """(2, 3) map of the probe's view into the reference's at which their detail agrees best; unity where none does.

    Source: Evangelidis & Psarakis, Parametric image alignment using enhanced correlation coefficient maximization,
    IEEE PAMI 30(10), 2008, as cv2.findTransformECC.
    """
    matrix = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 25, 1e-4)
    for fine in (_COARSE_PX, _FINE_PX * 1.25):
        a, b = _detail(probe, fine), _detail(reference, fine)
        start = matrix.copy()
        try:
            _, found = cv2.findTransformECC(
                a / (a.std() + 1e-6), b / (b.std() + 1e-6), start, cv2.MOTION_AFFINE, criteria, _oval(), 1
            )
        except cv2.error:  # No agreement to climb: the faces are unlike, and stay where their landmarks put them.
            break
        matrix = np.asarray(found, dtype=np.float32)
    return matrix


def _shifts(probe: NDArray[np.uint8], laid: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(N, 2) px by which each part of the probe must move to meet the other face, and (N,) whether it was found.

    Source: Lucas & Kanade, 1981, as cv2.calcOpticalFlowPyrLK.
    """
    parts = _parts()[:, None]
    window = (_WINDOW_PX, _WINDOW_PX)
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 20, 0.01)
    start = parts.copy()
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        probe, laid, parts, start, winSize=window, maxLevel=0, criteria=criteria, flags=cv2.OPTFLOW_USE_INITIAL_FLOW
    )
    there = np.asarray(found > 0)
    shift = np.where(there, (moved - parts)[:, 0], _FAR_PX)
    return np.asarray(np.clip(shift, -_FAR_PX, _FAR_PX), dtype=np.float64), there[:, 0]


def _off_the_plane(shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) px by which shifts depart from the affine map that most of them follow, by reweighted least squares.

    Source: Huber & Ronchetti, Robust Statistics, 2nd ed., §7.8, with Cauchy's weights of scale 0.3 px.
    """
    design = np.column_stack([np.ones(len(shift)), (_parts().astype(np.float64) - SIDE_PX / 2) / _OVAL[2]])
    weights = np.ones(len(shift))
    off = np.zeros(len(shift))
    for _ in range(6):
        fitted = np.linalg.lstsq(design * weights[:, None], shift * weights[:, None], rcond=None)[0]
        off = np.linalg.norm(shift - design @ fitted, axis=1)
        weights = 1 / np.sqrt(1 + (off / 0.3) ** 2)
    return off
