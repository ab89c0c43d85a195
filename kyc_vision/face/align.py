"""A face, any way up → the upright 112 × 112 view that embedding networks were trained on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import thumbnail
from kyc_vision.types import Face, Pixels

SIZE_PX = 112
#: Where the five landmarks come to lie: right eye, left eye, nose, right and left mouth corner.
#: Source: Deng et al., ArcFace, CVPR 2019; the template of its published code for 112 × 112 (MIT).
TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)


def align(pixels: Pixels, face: Face) -> Pixels:
    """Warp a face of (H, W, 3) RGB pixels by the similarity that best lays its landmarks on TEMPLATE.

    Where the face is larger than the view, the picture is averaged down first, so that nothing aliases.
    """
    matrix = similarity_transform(face.landmarks, TEMPLATE)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.5:
        x, y, w, h = face.box
        margin = max(w, h)
        left, top = max(0, int(x - margin)), max(0, int(y - margin))
        crop = pixels[top : int(y + h + margin), left : int(x + w + margin)]
        small_wh = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
        ratio = np.array([small_wh[0] / crop.shape[1], small_wh[1] / crop.shape[0]])
        pixels = thumbnail(crop, small_wh)
        # Pixel centres: x_small = (x + 0.5) * ratio - 0.5.
        moved = (face.landmarks - [left, top] + 0.5) * ratio - 0.5
        matrix = similarity_transform(moved, TEMPLATE)
    view = cv2.warpAffine(pixels, matrix, (SIZE_PX, SIZE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(view, dtype=np.uint8)


def similarity_transform(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """The (2, 3) rotation, scale and shift that best maps source to target points, least squares.

    Source: Umeyama, Least-squares estimation of transformation parameters between two point patterns,
    IEEE PAMI 13(4), 1991, eq. 40–43.
    """
    source, target = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    centred_s, centred_t = source - source.mean(axis=0), target - target.mean(axis=0)
    u, singular, vt = np.linalg.svd(centred_t.T @ centred_s / len(source))
    sign = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(sign) @ vt
    scale = float((singular * sign).sum() / max(centred_s.var(axis=0).sum(), 1e-12))
    shift = target.mean(axis=0) - scale * rotation @ source.mean(axis=0)
    return np.column_stack([scale * rotation, shift])
