"""Where faces are in a picture: YuNet through OpenCV.

Source: Wu, Peng, Yu, YuNet: A Tiny Millisecond-level Face Detector, Machine Intelligence Research 20, 2023.
"""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np

from kyc_vision.types import Face, Pixels

#: The longer side that the detector sees: at 1280 it found all faces of 40 px and 80 % of those of 30 px
#: (docs/decisions/0003), in 35 ms on two cores.
LONG_SIDE_PX = 1280
#: The detector's own default is 0.9; printed portraits score lower, and a false face costs little here.
MIN_CONFIDENCE = 0.6
NMS_IOU = 0.3
#: A face smaller than this is looked at again, enlarged to the other size, for landmarks that follow its roll.
REFINE_BELOW_PX, REFINE_TO_PX = 200.0, 300.0
#: (longer side in px, quarter turns), in order, until enough faces are found. A turn is for an upside-down card's
#: portrait or a selfie that lost its EXIF; the finer search for a small card in a large picture. It comes last, since
#: it also finds faces where there are none, and must not end the search before a turned face was found.
_SEARCHES = (
    (LONG_SIDE_PX, 0),
    (LONG_SIDE_PX, 2),
    (LONG_SIDE_PX, 1),
    (LONG_SIDE_PX, 3),
    (2 * LONG_SIDE_PX, 0),
    (2 * LONG_SIDE_PX, 2),
)


class FaceDetector:
    """Finds faces any way up. Safe to call from several threads.

    ``cv2.FaceDetectorYN`` keeps its input size between calls and is not shareable, so each thread has its own.
    """

    def __init__(self, path: Path) -> None:
        """Remember where the network is; it is loaded at a thread's first call."""
        self._path = path
        self._local = threading.local()

    def detect(self, pixels: Pixels, *, at_least: int = 1) -> tuple[Face, ...]:
        """Faces in (H, W, 3) uint8 RGB pixels, largest first.

        Args:
            pixels: the picture.
            at_least: when fewer faces are found, the picture is searched more finely and in quarter turns too;
                with 0 it is searched once.
        """
        found: list[tuple[Face, int]] = []
        for search, (long_side, turns) in enumerate(_SEARCHES):
            if search and len(found) >= at_least:
                break
            scale = long_side / max(pixels.shape[:2])
            if scale >= 1.0 and long_side > LONG_SIDE_PX:
                continue  # The picture has no finer detail than the coarse search saw.
            small = _resized(pixels, scale) if scale < 1.0 else pixels
            scale = min(1.0, scale)
            found += [(_scaled(face, 1 / scale), turns) for face in self._turned(small, turns)]
            found = _without_doubles(found)
        faces = [self._refined(pixels, face, turns) for face, turns in found]
        return tuple(sorted(faces, key=lambda face: face.box[2] * face.box[3], reverse=True))

    def _refined(self, pixels: Pixels, face: Face, turns: int) -> Face:
        """Look at a small face again, enlarged: below about 150 px the landmarks stay level however it is rolled.

        Measured: a face of 97 px rolled by 20° is answered with a roll of 3°, the same face at 312 px with 20°.
        """
        x, y, w, h = face.box
        size = max(w, h)
        if size >= REFINE_BELOW_PX:
            return face
        left, top = max(0, int(x + w / 2 - 1.1 * size)), max(0, int(y + h / 2 - 1.1 * size))
        crop = pixels[top : int(y + h / 2 + 1.1 * size), left : int(x + w / 2 + 1.1 * size)]
        scale = REFINE_TO_PX / size
        again = self._turned(_resized(np.ascontiguousarray(crop), scale), turns)
        moved = [_scaled(other, 1 / scale, (left, top)) for other in again]
        overlapping = [other for other in moved if _overlap(other.box, face.box) > 0.5]
        return max(overlapping, key=lambda other: other.confidence, default=face)

    def _turned(self, pixels: Pixels, turns: int) -> list[Face]:
        """Faces that are upright after a number of quarter turns, in the pixels as given."""
        if not turns:
            return self._upright(pixels)
        faces = self._upright(np.ascontiguousarray(np.rot90(pixels, turns)))
        return [_turned_back(face, turns, pixels.shape[:2]) for face in faces]

    def _upright(self, pixels: Pixels) -> list[Face]:
        detector = getattr(self._local, "detector", None)
        if detector is None:
            logging = cv2.utils.logging
            level = logging.setLogLevel(logging.LOG_LEVEL_ERROR)  # it warns of a target that nobody asked for
            detector = cv2.FaceDetectorYN.create(str(self._path), "", (320, 320), MIN_CONFIDENCE, NMS_IOU)
            logging.setLogLevel(level)
            self._local.detector = detector
        detector.setInputSize((pixels.shape[1], pixels.shape[0]))
        _, rows = detector.detect(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        if rows is None:
            return []
        return [
            Face(
                box=(float(row[0]), float(row[1]), float(row[2]), float(row[3])),
                landmarks=np.asarray(row[4:14], dtype=np.float32).reshape(5, 2),
                confidence=float(row[14]),
            )
            for row in rows
        ]


def _turned_back(face: Face, turns: int, size_hw: tuple[int, int]) -> Face:
    """Map a face found in np.rot90(pixels, turns) back into pixels of size_hw."""
    x, y, w, h = face.box
    points = np.vstack([face.landmarks, [[x, y], [x + w, y + h]]]).astype(np.float32)
    height, width = size_hw
    if turns == 1:
        back = np.column_stack([width - 1 - points[:, 1], points[:, 0]])
    elif turns == 2:
        back = np.column_stack([width - 1 - points[:, 0], height - 1 - points[:, 1]])
    else:
        back = np.column_stack([points[:, 1], height - 1 - points[:, 0]])
    low, high = back[5:].min(axis=0), back[5:].max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    return Face(box, np.asarray(back[:5], dtype=np.float32), face.confidence)


def _without_doubles(faces: list[tuple[Face, int]]) -> list[tuple[Face, int]]:
    """Keep the most confident of faces that overlap: an upright face is often found in a quarter turn too."""
    kept: list[tuple[Face, int]] = []
    for face, turns in sorted(faces, key=lambda found: found[0].confidence, reverse=True):
        if all(_overlap(face.box, other.box) < NMS_IOU for other, _ in kept):
            kept.append((face, turns))
    return kept


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over the smaller box's area."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height) / max(1e-9, min(a[2] * a[3], b[2] * b[3]))


def _scaled(face: Face, factor: float, origin: tuple[int, int] = (0, 0)) -> Face:
    """The same face in a picture that is factor times as large and begins at origin."""
    x, y, w, h = (value * factor for value in face.box)
    landmarks = np.asarray(face.landmarks * factor + origin, dtype=np.float32)
    return Face((x + origin[0], y + origin[1], w, h), landmarks, face.confidence)


def _resized(pixels: Pixels, scale: float) -> Pixels:
    size_wh = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size_wh, interpolation=how), dtype=np.uint8)
