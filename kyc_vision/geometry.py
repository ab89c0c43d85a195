"""Plane geometry of the card: homographies, warps, polygons. No model, no layout.

Convention: points are (x, y) float pixel centres, origin top left, y down. A quad is (4, 2) in the
order TL, TR, BR, BL *of the printed card*, so its order carries the way up, and its winding the mirroring.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
#: Up to this share of the size thumbnail() is quicker by its own sums than by OpenCV's (measured at 2 to 12 MP).
_FAR = 0.22


def apply_homography(homography: NDArray[np.floating], points: NDArray[np.floating]) -> Points:
    """Map (N, 2) points by a (3, 3) homography."""
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    mapped = np.column_stack([xy, np.ones(len(xy))]) @ np.asarray(homography, dtype=np.float64).T
    return np.asarray(mapped[:, :2] / mapped[:, 2:], dtype=np.float64)


def homography_from_points(source: NDArray[np.floating], target: NDArray[np.floating]) -> Points:
    """The (3, 3) homography that maps four or more source points to target points, least squares.

    Source: Hartley & Zisserman, Multiple View Geometry, 2nd ed., algorithm 4.2 (normalised DLT).
    """
    source_n, source_t = _normalise(np.asarray(source, dtype=np.float64).reshape(-1, 2))
    target_n, target_t = _normalise(np.asarray(target, dtype=np.float64).reshape(-1, 2))
    rows = []
    for (x, y), (u, v) in zip(source_n, target_n, strict=True):
        rows.append([-x, -y, -1, 0, 0, 0, u * x, u * y, u])
        rows.append([0, 0, 0, -x, -y, -1, v * x, v * y, v])
    solution = np.linalg.svd(np.asarray(rows))[2][-1].reshape(3, 3)
    homography = np.linalg.inv(target_t) @ solution @ source_t
    return np.asarray(homography / homography[2, 2], dtype=np.float64)


def _normalise(points: Points) -> tuple[Points, Points]:
    """Centre the points and scale their mean distance to √2; returns them and the (3, 3) transform."""
    centre = points.mean(axis=0)
    spread = float(np.linalg.norm(points - centre, axis=1).mean()) or 1.0
    scale = np.sqrt(2.0) / spread
    transform = np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])
    return (points - centre) * scale, transform


def warp(pixels: NDArray[np.uint8], homography: NDArray[np.floating], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """Resample (H, W, 3) uint8 pixels so that homography (source → output) holds; output is size_wh.

    Bicubic when the output is about as large as the source; where it shrinks by more than 1.5 the source
    is first averaged down, since a bicubic kernel alone would alias the print.
    """
    corners = np.array([[0, 0], [size_wh[0], 0], [size_wh[0], size_wh[1]], [0, size_wh[1]]], dtype=np.float64)
    in_source = apply_homography(np.linalg.inv(homography), corners)
    shrink = float(np.sqrt(polygon_area(in_source) / (size_wh[0] * size_wh[1])))
    if shrink > 1.5:
        pixels, homography = _cropped(pixels, homography, in_source)
        pixels, to_small = averaged_down(pixels, 1 / shrink)
        homography = np.asarray(homography) @ np.linalg.inv(to_small)
    warped = cv2.warpPerspective(
        pixels,
        np.asarray(homography, dtype=np.float64),
        size_wh,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, dtype=np.uint8)


def averaged_down(pixels: NDArray[np.uint8], scale: float) -> tuple[NDArray[np.uint8], Points]:
    """(H, W, 3) pixels at a scale below 1, area by area, and the (3, 3) map of px to there: sizes are whole numbers."""
    height, width = pixels.shape[:2]
    small_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    sx, sy = small_wh[0] / width, small_wh[1] / height
    small = thumbnail(pixels, small_wh)
    # Pixel centres: x_small = (x + 0.5) · scale − 0.5.
    return small, np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, 0.5 * sy - 0.5], [0, 0, 1.0]])


def thumbnail(pixels: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """(H, W, 3) pixels averaged area by area to a far smaller size: cv2.resize's INTER_AREA, to a rounding.

    OpenCV visits each px one by one where the factor is no whole number; whole rows are summed here first, many px at
    a time. 3 MP at 200 px take 3.5 ms of one core instead of 9.5; from _FAR of the size up it would be no quicker.
    """
    (height, width), rows = pixels.shape[:2], size_wh[1]
    if rows > _FAR * height:
        return np.asarray(cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    flat, step = pixels.reshape(height, -1), height / rows
    ends = np.arange(1, rows) * step
    first = np.concatenate([[0], np.floor(ends + 1e-6).astype(int), [height]])
    sums = np.empty((rows, flat.shape[1]), dtype=np.float32)
    for row in range(rows):
        cv2.reduce(flat[first[row] : first[row + 1]], 0, cv2.REDUCE_SUM, sums[row : row + 1], cv2.CV_32F)
    # Of a row that is cut in two, this share belongs to the sum above the one that it was added to.
    above = np.maximum(ends - first[1:-1], 0).astype(np.float32)
    cut = flat[first[1:-1]] * above[:, None]
    sums[1:] -= cut
    sums[:-1] += cut
    sums *= np.float32(1 / step)
    small = cv2.resize(sums.reshape(rows, width, -1), size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.convertScaleAbs(small), dtype=np.uint8)


def _cropped(
    pixels: NDArray[np.uint8], homography: NDArray[np.floating], needed: Points
) -> tuple[NDArray[np.uint8], Points]:
    """The part of the pixels that needed spans, with a margin, and the homography from it: the rest costs time only."""
    height, width = pixels.shape[:2]
    low, high = np.floor(needed.min(axis=0)).astype(int) - 16, np.ceil(needed.max(axis=0)).astype(int) + 17
    x0, y0 = int(np.clip(low[0], 0, width - 1)), int(np.clip(low[1], 0, height - 1))
    x1, y1 = int(np.clip(high[0], x0 + 1, width)), int(np.clip(high[1], y0 + 1, height))
    return pixels[y0:y1, x0:x1], np.asarray(homography) @ np.array([[1.0, 0, x0], [0, 1, y0], [0, 0, 1]])


def polygon_area(polygon: NDArray[np.floating]) -> float:
    """Area of a simple (N, 2) polygon in px², always positive (shoelace formula)."""
    return abs(signed_area(polygon))


def signed_area(polygon: NDArray[np.floating]) -> float:
    """Shoelace area of an (N, 2) polygon: positive when it winds clockwise on screen (y down)."""
    x, y = np.asarray(polygon, dtype=np.float64).T
    return 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def meet(a: Points, b: Points) -> Points:
    """(2,) where two homogeneous (3,) lines meet."""
    point = np.cross(a, b)
    return np.asarray(point[:2] / point[2])


def is_convex(quad: NDArray[np.floating]) -> bool:
    """Whether the (4, 2) quad is strictly convex and does not cross itself."""
    points = np.asarray(quad, dtype=np.float64)
    edges = np.roll(points, -1, axis=0) - points
    after = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0]
    return bool(np.all(turns > 0) or np.all(turns < 0))


def polygon_iou(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Intersection over union, 0–1, of two convex (N, 2) polygons of either winding."""
    overlap, _ = cv2.intersectConvexConvex(np.asarray(a, dtype=np.float32), np.asarray(b, dtype=np.float32))
    union = polygon_area(a) + polygon_area(b) - overlap
    return float(overlap / union) if union > 0 else 0.0


def share_inside(quad: NDArray[np.floating], *windows: NDArray[np.floating]) -> float:
    """Share, 0–1, of a convex (4, 2) quad's area inside all the convex (N, 2) windows."""
    part, shared = np.asarray(quad, dtype=np.float32), polygon_area(quad)
    for window in windows:
        shared, overlap = cv2.intersectConvexConvex(part, np.asarray(window, dtype=np.float32))
        if shared == 0:
            return 0.0
        part = np.asarray(overlap, dtype=np.float32).reshape(-1, 2)
    return min(1.0, shared / polygon_area(quad))


def contains(quad: NDArray[np.floating], point: tuple[float, float]) -> bool:
    """Whether the point lies inside or on the (N, 2) polygon."""
    return bool(cv2.pointPolygonTest(np.asarray(quad, dtype=np.float32).reshape(-1, 1, 2), point, False) >= 0)


def mean_width(quad: NDArray[np.floating]) -> float:
    """Mean length in px of the top and bottom sides of a (4, 2) quad: the card's width in the picture."""
    tl, tr, br, bl = np.asarray(quad, dtype=np.float64)
    return float((np.linalg.norm(tr - tl) + np.linalg.norm(br - bl)) / 2)


def corners(box: tuple[float, float, float, float]) -> Points:
    """(4, 2) corners TL, TR, BR, BL of an (x, y, width, height) box."""
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float64)


def centre(box: tuple[float, float, float, float]) -> tuple[float, float]:
    """Middle of an (x, y, width, height) box."""
    return box[0] + box[2] / 2, box[1] + box[3] / 2
