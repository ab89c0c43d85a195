"""A phone's camera and a card in front of it: perspective, bend, and resampling that keeps the print sharp.

Convention: the card's own plane is in millimetres, origin at its centre, x right and y down *as seen in the
picture* before the tilt; z points away from the camera. An upside-down card turns its print, not this plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography, homography_from_points
from kyc_vision.types import Quad
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM

# A phone's front camera sees about 65° across its long side, 51° across the short one: f = 0.5 / tan(25.5°).
_FOCAL = 1.05
_SUPERSAMPLE = 3
Layer = NDArray[np.float32]
Window = tuple[int, int, int, int]  # x0, y0, x1, y1 of a part of the picture, px
# Sheet around the card, mm: the same on all sides, or (left and right, above and below).
Margin = float | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """How the card is held.

    Attributes:
        centre: (x, y) px where the card's middle appears.
        width_px: length of the card's width when it is held flat to the camera.
        tilt_deg: rotation in the picture, positive clockwise.
        yaw_deg, pitch_deg: out of plane, about the card's vertical and horizontal middle line.
        bend_mm: how far the card's short edges bow away from the camera (a cylinder about the vertical).
        upside_down: the print is turned by 180°.
    """

    centre: tuple[float, float]
    width_px: float
    tilt_deg: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    bend_mm: float = 0.0
    upside_down: bool = False


class Camera:
    """Projects the card's plane of one pose into a picture of width picture_width px."""

    def __init__(self, pose: Pose, picture_width: int) -> None:
        self.pose = pose
        yaw, pitch, tilt = np.radians([pose.yaw_deg, pose.pitch_deg, pose.tilt_deg])
        about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
        about_z = np.array([[np.cos(tilt), -np.sin(tilt), 0], [np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]])
        self._rotation = about_z @ about_x @ about_y
        self._focal_px = _FOCAL * picture_width
        self._distance_mm = self._focal_px * CARD_WIDTH_MM / pose.width_px
        corners = _corners(0.0)
        self.outline_px = self.project(corners)
        flat = self._project_flat(corners)
        # (3, 3): the flat plane in mm → picture px.
        self.plane = homography_from_points(corners, flat)

    @property
    def quad(self) -> Quad:
        """TL, TR, BR, BL of the printed card, (4, 2) float32 px."""
        order = [2, 3, 0, 1] if self.pose.upside_down else [0, 1, 2, 3]
        return np.asarray(self.outline_px[order], dtype=np.float32)

    def sheet_px(self, margin_mm: Margin) -> Points:
        """(4, 2) px corners of the card with margin_mm of paper around it."""
        return self.project(_corners(margin_mm))

    def project(self, points_mm: Points) -> Points:
        """(N, 2) mm of the card's (possibly bent) plane → (N, 2) px."""
        points = np.asarray(points_mm, dtype=np.float64)
        z = self.pose.bend_mm * (points[:, 0] / (CARD_WIDTH_MM / 2)) ** 2
        return self._project(np.column_stack([points, z]))

    def _project_flat(self, points_mm: Points) -> Points:
        return self._project(np.column_stack([points_mm, np.full(len(points_mm), self.pose.bend_mm)]))

    def _project(self, points: Points) -> Points:
        space = points @ self._rotation.T
        scale = self._focal_px / (self._distance_mm + space[:, 2])
        return np.asarray(space[:, :2] * scale[:, None] + np.asarray(self.pose.centre))


def _corners(margin_mm: Margin) -> Points:
    half = np.array([CARD_WIDTH_MM, CARD_HEIGHT_MM]) / 2 + np.asarray(margin_mm)
    return np.asarray(np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]]) * half)


def layer_window(points_px: Points, size_wh: tuple[int, int], margin: int = 8) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the part of the picture the points span, clipped to it."""
    low = np.floor(points_px.min(axis=0)).astype(int) - margin
    high = np.ceil(points_px.max(axis=0)).astype(int) + margin
    x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
    return x0, y0, max(x0 + 1, min(size_wh[0], int(high[0]))), max(y0 + 1, min(size_wh[1], int(high[1])))


def warp_layer(
    layer: Layer, to_picture: Points, window: Window, bend: Layer | None = None, supersample: int = _SUPERSAMPLE
) -> Layer:
    """Resample an (H, W, 4) float32 RGBA layer (colour premultiplied, 0–1) into a window of the picture.

    Args:
        layer: source.
        to_picture: (3, 3), layer pixel centres → picture pixel centres.
        window: x0, y0, x1, y1 of the picture to fill.
        bend: (h, w, 2) where in the layer each layer pixel is really taken from, as an offset in px on a
            coarse grid over the layer; None for a flat layer.
        supersample: how many times finer than the picture it is sampled along each axis.

    The layer is averaged down to about three times the picture's resolution, resampled there, and averaged
    over 3 × 3: area sampling as a sensor does, without the blur of one small bicubic step.
    """
    x0, y0, x1, y1 = window
    s = supersample
    to_window = np.array([[s, 0, -s * x0 + (s - 1) / 2], [0, s, -s * y0 + (s - 1) / 2], [0, 0, 1.0]]) @ to_picture
    middle = np.array([[layer.shape[1] / 2, layer.shape[0] / 2]])
    near = apply_homography(to_window, middle + np.array([[0.0, 0], [1, 0], [0, 1]]))
    scale = float(max(np.linalg.norm(near[1] - near[0]), np.linalg.norm(near[2] - near[0])))
    if scale < 0.75:
        wh = (max(2, round(layer.shape[1] * scale)), max(2, round(layer.shape[0] * scale)))
        sx, sy = wh[0] / layer.shape[1], wh[1] / layer.shape[0]
        layer = np.asarray(cv2.resize(layer, wh, interpolation=cv2.INTER_AREA), dtype=np.float32)
        shrink = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, 0.5 * sy - 0.5], [0, 0, 1.0]])
        to_window = to_window @ np.linalg.inv(shrink)
        if bend is not None:
            bend = bend * np.array([sx, sy], dtype=np.float32)
    size = ((x1 - x0) * s, (y1 - y0) * s)
    if bend is not None:
        layer = _bend(layer, bend)
    fine = cv2.warpPerspective(layer, to_window, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    if s == 1:
        return np.asarray(fine, dtype=np.float32)
    return np.asarray(cv2.resize(fine, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _bend(layer: Layer, offsets: Layer) -> Layer:
    height, width = layer.shape[:2]
    full = cv2.resize(offsets, (width, height), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(
        cv2.remap(layer, x + full[..., 0], y + full[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT),
        dtype=np.float32,
    )


def bend_offsets(camera: Camera, px_per_mm: float, margin_mm: Margin) -> Layer | None:
    """(41, 65, 2) offsets for warp_layer that make the flat plane's warp show the bent card; None if flat."""
    if camera.pose.bend_mm == 0.0:
        return None
    half = _corners(margin_mm)[2]
    x, y = np.meshgrid(np.linspace(-1, 1, 65) * half[0], np.linspace(-1, 1, 41) * half[1])
    target = np.column_stack([x.ravel(), y.ravel()])
    source = target.copy()
    back = np.linalg.inv(camera.plane)
    # Fixed point: find the card point whose bent projection falls where the flat target does.
    for _ in range(4):
        source += target - apply_homography(back, camera.project(source))
    return np.asarray((source - target) * px_per_mm, dtype=np.float32).reshape(41, 65, 2)


def card_to_plane(size_wh: tuple[int, int], upside_down: bool, margin_mm: Margin) -> Points:
    """(3, 3): pixel centres of the print (with margin_mm of paper around the card) → mm of the card's plane."""
    half = np.array([CARD_WIDTH_MM, CARD_HEIGHT_MM]) / 2 + np.asarray(margin_mm)
    sx, sy = 2 * half / np.asarray(size_wh)
    flip = -1.0 if upside_down else 1.0
    return np.array(
        [[flip * sx, 0, flip * (0.5 * sx - half[0])], [0, flip * sy, flip * (0.5 * sy - half[1])], [0, 0, 1.0]]
    )
