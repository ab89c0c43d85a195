"""The faces that lines are printed in while training: the generator's, its relatives, and both a little changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kyc_vision.layout import ROW_PITCH_MM
from samples.fonts import SANS, SANS_BOLD

#: Place and date of issue stand closer than rows do.
_ISSUE_PITCH_MM = 2.05

#: Helvetica's and Arial's relatives in Debian: fonts-urw-base35.
_RELATIVES = tuple(Path(f"/usr/share/fonts/opentype/urw-base35/NimbusSans-{name}.otf") for name in ("Regular", "Bold"))


@dataclass(frozen=True, slots=True)
class Typeface:
    """A face and how it is set.

    Attributes:
        path: of the font.
        narrow: horizontal stretch.
        weight: broader or narrower strokes, fine px.
        pitch_mm: distance of the neighbouring lines.
        around_mm: room above and below the capitals that belongs to the cut, together.
    """

    path: Path
    narrow: float
    weight: float
    pitch_mm: float
    around_mm: float = 1.65


def any_sans(rng: np.random.Generator) -> Typeface:
    """Half are as the generator prints; real cards' face is only like it, so the others differ."""
    pitch = _ISSUE_PITCH_MM if rng.random() < 0.12 else ROW_PITCH_MM
    if rng.random() < 0.5:
        return Typeface(SANS, 1.0, 0.0, pitch)
    path = SANS if rng.random() < 0.5 else _RELATIVES[0]
    if rng.random() < 0.12:
        path = SANS_BOLD if rng.random() < 0.5 else _RELATIVES[1]
    return Typeface(path, float(rng.uniform(0.82, 1.06)), float(rng.uniform(-1.0, 1.2)), pitch)
