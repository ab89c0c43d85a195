"""A display's pixel grid, or a print's raster, over the face and over the scene about it.

A display photographed by another camera is sampled twice: its pixels show as a fine weave or, where they are finer
than the camera's own, alias to coloured bands. Either is one narrow frequency, the same from the forehead to the
chest. Skin, cloth and walls have none in common. The picture is looked at as it was taken, in a fixed number of
windows: averaged down, the grid is gone.

Source: Garcia & de Queiroz, Face-Spoofing 2D-Detection Based on Moiré-Pattern Analysis, IEEE TIFS 10 (2015).
"""

from __future__ import annotations

from kyc_vision.spectra import Peak, common_peak, green_magenta, luma, usable, whitened, windows_at
from kyc_vision.types import Box, Cue, Face, Image, Pixels, Polygon, cannot_tell

#: Share of the face's box that is skin, eyes and mouth rather than hair and room.
_INNER = 0.8
#: Head and chest: this many faces to each side, above and below the face. Without a face, the picture's middle.
_ASIDE, _ABOVE, _BELOW, _MIDDLE = 1.0, 0.5, 1.2, 0.7
#: Windows to the right and down, at most: the cost is the same for any picture.
_FACE_GRID, _SCENE_GRID = (3, 4), (4, 4)


def moire_face(selfie: Image, face: Face | None) -> Cue:
    """How far the commonest frequency of the face stands out, natural logarithm of power. About 2 without a grid."""
    if face is None:
        return cannot_tell("moire_face", "no face")
    x, y, w, h = face.box
    rest = (1 - _INNER) / 2
    return _moire("moire_face", selfie.pixels, (x + rest * w, y + rest * h, _INNER * w, _INNER * h), _FACE_GRID)


def moire_scene(selfie: Image, face: Face | None) -> Cue:
    """As moire_face, of head and chest together."""
    width, height = selfie.size_wh
    rest = (1 - _MIDDLE) / 2
    box = (rest * width, rest * height, _MIDDLE * width, _MIDDLE * height)
    if face is not None:
        x, y, w, h = face.box
        box = (x - _ASIDE * w, y - _ABOVE * h, (1 + 2 * _ASIDE) * w, (1 + _ABOVE + _BELOW) * h)
    return _moire("moire_scene", selfie.pixels, box, _SCENE_GRID)


def _moire(name: str, pixels: Pixels, box: Box, grid: tuple[int, int]) -> Cue:
    """The stronger of two looks: luma as taken, and colour averaged by two, for JPEG halves its resolution."""
    peaks: list[tuple[Peak, int]] = []
    for shrink, look in ((1, luma), (2, green_magenta)):
        windows = windows_at(pixels, box, grid, shrink)
        windows = windows[usable(windows)]
        peak = common_peak(whitened(look(windows)))
        if peak is not None:
            peaks.append((peak, shrink))
    if not peaks:
        return cannot_tell(name, "too small, clipped or without any texture")
    best, shrink = max(peaks, key=lambda one: one[0].strength)
    what = "coloured" if shrink == 2 else "fine"
    detail = f"{what} pattern of {best.period_px * shrink:.1f} px in {best.windows} windows"
    return Cue(name, round(best.strength, 3), _outline(box, pixels), detail)


def _outline(box: Box, pixels: Pixels) -> Polygon:
    x, y, w, h = box
    right, bottom = float(pixels.shape[1] - 1), float(pixels.shape[0] - 1)
    x0, y0, x1, y1 = max(0.0, x), max(0.0, y), min(right, x + w), min(bottom, y + h)
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
