"""Are the card's corners round? An ID-1 card's are; a copy cut out of paper has square ones.

Each corner is held against a round and a square template, each where it fits best, so that an outline that was found a
little off does not matter. What is compared is how much of the corner's picture each leaves unexplained.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.surround import AROUND_MM, PX_PER_MM, Surround
from kyc_vision.types import Cue, cannot_tell

NAME = "card_corners"
#: Corner radius of ID-1. Source: ISO/IEC 7810:2019, 5.1.1: 3.18 ± 0.30 mm.
RADIUS_MM = 3.18
#: A corner is looked at this far to each side of its tip; a template is shifted so far at most, in such steps.
REACH_MM, SHIFT_MM, STEP_MM = 4.0, 1.0, 0.25
#: Below this width in the picture the missing 2.2 mm² of a corner are a dozen pixels or fewer.
MIN_WIDTH_PX = 240.0
#: A corner counts when the better template explains this share of its picture's variance, and the card stands out from
#: what is behind it by so many tones.
_EXPLAINED, _CONTRAST = 0.45, 8.0
#: Where neither template fits better than the other by this, as in a corner that is blurred or before a busy pattern,
#: it does not tell. Random places in 816 photographs without a card: 26 have a score without this rule, 3 with it.
_CLEAR = 0.1
#: So many corners are needed.
_CORNERS = 2

Templates = NDArray[np.float32]


def card_corners(around: Surround, width_px: float) -> Cue:
    """By how much square corners explain the picture better than round ones: ln of the ratio of what is left, middle
    one of the corners that show.

    Args:
        around: the card and what lies around it.
        width_px: the card's width in the selfie.
    """
    if width_px < MIN_WIDTH_PX:
        return cannot_tell(NAME, f"the card is {width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed")
    scores = [corner_score(part) if part is not None else None for part in _corners(around)]
    shown = [(score, at) for at, score in enumerate(scores) if score is not None]
    if len(shown) < _CORNERS:
        return cannot_tell(NAME, f"{len(shown)} corners stand out from what is behind them, {_CORNERS} are needed")
    score = float(np.median([value for value, _ in shown]))
    at = max(shown)[1]
    x, y = layout.outline_mm()[at] - REACH_MM
    return Cue(NAME, round(score, 3), around.place((x, y, 2 * REACH_MM, 2 * REACH_MM)), f"{len(shown)} corners show")


def _corners(around: Surround) -> list[NDArray[np.float32] | None]:
    """(N, N, 3) tones about each corner, turned so that the card is at the lower right; None outside the picture."""
    reach = round(REACH_MM * PX_PER_MM)
    found: list[NDArray[np.float32] | None] = []
    for quarters, (x_mm, y_mm) in enumerate(layout.outline_mm()):
        x, y = (round((AROUND_MM + value) * PX_PER_MM) for value in (x_mm, y_mm))
        window = (slice(y - reach, y + reach), slice(x - reach, x + reach))
        part = np.rot90(around.tone[window], quarters)
        found.append(part if around.seen[window].all() else None)
    return found


def corner_score(part: NDArray[np.float32]) -> float | None:
    """ln(unexplained by round / unexplained by square) of a (N, N, 3) corner; None when it does not tell."""
    values = part.reshape(-1, part.shape[2])
    values = values - values.mean(axis=0)
    total = float((values**2).sum())
    left, contrast = [], []
    for template in _templates():
        slopes = template @ values
        explained = (slopes**2).sum(axis=1)
        best = int(explained.argmax())
        left.append(total - float(explained[best]))
        # A template has unit norm and its own two levels this far apart.
        contrast.append(float(np.sqrt(explained[best])) * float(np.ptp(template[best])))
    if 1 - min(left) / max(total, 1e-6) < _EXPLAINED or max(contrast) < _CONTRAST:
        return None
    floor = 1e-3 * total
    score = float(np.log((left[0] + floor) / (left[1] + floor)))
    return score if abs(score) > _CLEAR else None


@lru_cache(maxsize=1)
def _templates() -> tuple[Templates, Templates]:
    """(K, N²) each, of zero mean and unit norm: round and square corners at every shift."""
    fine = 4
    half = round(REACH_MM * PX_PER_MM)
    axis = (np.arange(-half * fine, half * fine) + 0.5) / (fine * PX_PER_MM)
    x, y = np.meshgrid(axis, axis)
    shifts = np.arange(-SHIFT_MM, SHIFT_MM + 1e-9, STEP_MM)
    both: list[Templates] = []
    for radius in (RADIUS_MM, 0.0):
        rows = []
        for dy in shifts:
            for dx in shifts:
                u, v = x - dx, y - dy
                inside = (u > 0) & (v > 0)
                if radius:
                    inside &= ~((u < radius) & (v < radius) & (np.hypot(u - radius, v - radius) > radius))
                share = inside.reshape(2 * half, fine, 2 * half, fine).mean(axis=(1, 3)).ravel()
                share = share - share.mean()
                rows.append(share / np.linalg.norm(share))
        both.append(np.asarray(rows, dtype=np.float32))
    return both[0], both[1]
