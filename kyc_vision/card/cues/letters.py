"""Lines of values letter by letter, in the card's own face: where each letter stands and how dark it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.card.cues.rows import ValueLine
from kyc_vision.card.cues.shapes import ATLAS_PX_PER_MM as ATLAS
from kyc_vision.card.cues.shapes import PX_PER_MM, TILE_WH_PX, VALUE_FACE, Array, Letter, letters_at
from kyc_vision.ink import strokes
from kyc_vision.types import Box, RectifiedCard

#: A line's strip reaches this far beyond its ends, and beyond a letter's tile up and down.
ASIDE_MM, UP_DOWN_MM = 1.5, 0.35
#: A letter is looked for this near to where the line's beginning and the letters before it put it.
_NEAR_MM = 0.5
#: Lines and letters that agree less are blurred, covered or misread; fewer letters than these are no line.
MIN_LINE, MIN_LETTER, MIN_LETTERS = 0.60, 0.50, 2
#: An ink that is hardly there has this share of a letter's: its logarithm stays finite.
_LEAST_INK = 0.02

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SetLine:
    """The letters of one line that agree with the card's face; (N,) each, from left to right.

    Attributes:
        field: of the row.
        number: of the line in the text block, as of ValueLine.
        box_mm: of the line on the card.
        letters: which they are.
        origins_mm: where on the card each one's advance begins.
        middles_mm: halfway up capitals, as each letter by itself has it.
        darkness: natural logarithm of each one's ink over what the face's shape holds.
        lead_mm: where the line's first letter begins: its ink, and its advance; None where it does not agree.
    """

    field: str
    number: int
    box_mm: Box
    letters: str
    origins_mm: Values
    middles_mm: Values
    darkness: Values
    lead_mm: tuple[float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """What stands about a line.

    Attributes:
        ink: (H, W) 0–1 at PX_PER_MM, in shares of the ground's light.
        left_mm, top_mm: its left and upper end on the card.
        mm_per_px: across and down, exactly: a strip of whole pixels is a little longer or shorter than was asked for.
    """

    ink: Array
    left_mm: float
    top_mm: float
    mm_per_px: tuple[float, float]


def line_strip(card: RectifiedCard, line: ValueLine) -> Strip:
    """Cut a line out."""
    half = TILE_WH_PX[1] / ATLAS / 2 + UP_DOWN_MM
    sides_mm = (line.start_mm - ASIDE_MM, line.end_mm + ASIDE_MM, line.middle_mm - half, line.middle_mm + half)
    x0, x1, y0, y1 = (max(0, round(v * card.px_per_mm)) for v in sides_mm)
    grey = cv2.cvtColor(card.pixels[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    size_wh = (round((sides_mm[1] - sides_mm[0]) * PX_PER_MM), round(2 * half * PX_PER_MM))
    small = np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    dark = strokes(small, PX_PER_MM)
    ink = np.asarray(dark / (small + dark + 1.0), dtype=np.float32)
    scale = ((x1 - x0) / card.px_per_mm / size_wh[0], (y1 - y0) / card.px_per_mm / size_wh[1])
    return Strip(ink, x0 / card.px_per_mm, y0 / card.px_per_mm, scale)


def set_lines(card: RectifiedCard, lines: Sequence[ValueLine], texts: Mapping[str, str]) -> list[SetLine]:
    """The lines that agree with the card's face, from top to bottom.

    Args:
        card: the rectified card.
        lines: where the lines are.
        texts: row → what it says, of those that stand on one line.
    """
    face = letters_at(card.source_width_px)[VALUE_FACE]
    found = (_set_line(card, line, texts[line.field], face) for line in lines if line.field in texts)
    return [line for line in found if line is not None]


def _set_line(card: RectifiedCard, line: ValueLine, text: str, face: Mapping[str, Letter]) -> SetLine | None:
    known = "".join(c for c in " ".join(text.upper().split()) if c in face)
    letters = known.replace(" ", "")
    if len(letters) < MIN_LETTERS:
        return None
    before = np.concatenate([[0.0], np.cumsum([face[c].advance_mm for c in known[:-1]])]) - face[known[0]].left_mm
    strip = line_strip(card, line)
    rows = [
        _place(strip, face[c], line.start_mm + float(origin))
        for c, origin in zip(known, before, strict=True)
        if c != " "
    ]
    agreement, origins_mm, middles_mm, darkness = np.array(rows, dtype=np.float64).T
    if agreement.mean() < MIN_LINE:
        return None
    good, first, high = agreement >= MIN_LETTER, float(origins_mm[0]), TILE_WH_PX[1] / ATLAS
    return SetLine(
        line.field,
        line.number,
        (line.start_mm, line.middle_mm - high / 2, line.end_mm - line.start_mm, high),
        "".join(c for c, kept in zip(letters, good, strict=True) if kept),
        origins_mm[good],
        middles_mm[good],
        darkness[good],
        (first + face[letters[0]].left_mm, first) if good[0] else None,
    )


def _place(strip: Strip, letter: Letter, near_mm: float) -> tuple[float, float, float, float]:
    """Agreement, origin and middle (mm of the card) and darkness of a letter whose origin is near near_mm."""
    (height, width), (right, down) = letter.shape.shape, strip.mm_per_px
    # The middle of a shape is that of its letter's ink.
    to_origin = width / 2 * right - (letter.left_mm + letter.right_mm) / 2
    left = (near_mm - to_origin - strip.left_mm) / right
    low, high = max(0, int(left - _NEAR_MM / right)), int(left + _NEAR_MM / right) + 1 + width
    part = strip.ink[:, low:high]
    if part.shape[1] < width or part.shape[0] < height:
        return 0.0, near_mm, 0.0, 0.0
    agreement = np.asarray(cv2.matchTemplate(part, letter.shape, cv2.TM_CCOEFF_NORMED), dtype=np.float32)
    y, x = (int(i) for i in np.unravel_index(int(agreement.argmax()), agreement.shape))
    shape = letter.shape - letter.shape.mean()
    seen = float((part[y : y + height, x : x + width] * shape).sum() / (shape * shape).sum())
    return (
        float(agreement[y, x]),
        strip.left_mm + (low + x + _finer(agreement[y], x)) * right + to_origin,
        strip.top_mm + (y + _finer(agreement[:, x], y) + height / 2) * down,
        float(np.log(max(seen, _LEAST_INK))),
    )


def _finer(values: NDArray[np.float32], at: int) -> float:
    """By how much the maximum lies beside its place, in places: the top of a parabola through three."""
    if not 0 < at < len(values) - 1:
        return 0.0
    a, b, c = (float(v) for v in values[at - 1 : at + 2])
    bend = a - 2 * b + c
    return float(np.clip(0.5 * (a - c) / bend, -0.6, 0.6)) if bend < 0 else 0.0
