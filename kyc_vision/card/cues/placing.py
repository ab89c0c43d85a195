"""Does a line stand where the other lines put it: as high, as far left, as level?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyc_vision import layout
from kyc_vision.card.cues.digits import Cells
from kyc_vision.card.cues.letters import SetLine, Values
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.card.cues.robust import Prediction, left_out, smooth
from kyc_vision.card.cues.shapes import CELL_WH_MM, PX_PER_MM
from kyc_vision.types import Box, Cue, RectifiedCard, cannot_tell

#: Narrower cards cannot tell: a letter's place scatters by more than what is looked for.
MIN_WIDTH_PX = 320.0
#: The lines that a forger sets again; so many lines are needed to hold one against.
JUDGED, MIN_LINES = ("name", "birth_place"), 6
#: What a line of a genuine card is off, up or down and left or right, however alike the others are: mm, and px of the
#: picture.
_FLOOR_MM, _FLOOR_PX = 0.04, 0.15
#: Lines that scatter by so much more are not aligned that way.
_RULED_OUT = 1.5
#: The NIK's line in the rows' numbers, counted from the name's; what it is off, mm: layout.py knows it to 0.001 of the
#: card's height, from six cards.
_NIK_NUMBER = (layout.NIK_Y_MM - layout.ROWS[0].y_mm) / layout.ROW_PITCH_MM
_NIK_FLOOR_MM = 0.06
#: A line's slope can be told from so many letters over so long a line; what a letter's height on its line scatters by
#: on genuine cards at least; what a genuine line is turned by against the others, as a slope.
_SLOPE_LETTERS, _SLOPE_LENGTH_MM, _LETTER_MM, _SLOPE_FLOOR = 5, 4.0, 0.02, 0.002


def line_place(lines: Sequence[SetLine], card: RectifiedCard) -> Cue:
    """How far name, or place and date of birth, stand from where the card's other lines put them; in their scatters.

    A card's lines are printed in one pass: rows at even distances, values beginning below one another, all parallel.
    What is set again later, on paper or on a screen, is off by some tenths of a millimetre. Three distances, each in
    units of what the other lines scatter by, are added as squares: down, across and turn.

    Args:
        lines: the lines that agree with the card's face.
        card: the rectified card.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("line_place", why)
    if len(lines) < MIN_LINES:
        return cannot_tell("line_place", f"{len(lines)} lines were read in the card's face, {MIN_LINES} are needed")
    worst: Cue | None = None
    floor = float(np.hypot(_FLOOR_MM, _FLOOR_PX * layout.CARD_WH_MM[0] / card.source_width_px))
    for at, line in enumerate(lines):
        if line.field not in JUDGED:
            continue
        parts = {"height": _down(lines, at, floor), "left end": _across(lines, at, floor), "slope": _turn(lines, at)}
        score, most = float(np.linalg.norm(list(parts.values()))), max(parts, key=lambda part: parts[part])
        if worst is None or worst.score is None or score > worst.score:
            worst = Cue("line_place", round(score, 2), in_selfie(card, line.box_mm), f"row {line.field}: its {most}")
    return worst or cannot_tell("line_place", "neither name nor birth show and were read on a single line")


def nik_place(found: Cells, origin_mm: tuple[float, float], lines: Sequence[SetLine], card: RectifiedCard) -> Cue:
    """How far the NIK's digits stand above or below where the rows put them, and how askew; in their scatters.

    As line_place, but for its left end: it differs between the lawful faces. That the NIK stands so high above the rows
    rests on the layout alone: a print run that has it elsewhere would speak against all its cards.

    Args:
        found: the digits, each by itself.
        origin_mm: of the strip that they were found in, on the card.
        lines: the lines that agree with the card's face.
        card: the rectified card.
    """
    if len(lines) < MIN_LINES:
        return cannot_tell("nik_place", f"{len(lines)} lines were read in the card's face, {MIN_LINES} are needed")
    lefts = origin_mm[0] + found.lefts_px / PX_PER_MM
    middles = origin_mm[1] + found.tops_px / PX_PER_MM + CELL_WH_MM[1] / 2
    rows = np.array([float(np.median(line.middles_mm)) for line in lines])
    numbers = np.append(_numbers(lines), _NIK_NUMBER)
    off = np.append(rows, np.median(middles)) - numbers * layout.ROW_PITCH_MM
    parts = {
        "height": abs(left_out((numbers - 6) / 6, off, len(rows), 1).odd(_NIK_FLOOR_MM)),
        "slope": _askew([_slope(lefts, middles), *(_slope(*_points(line)) for line in lines if _long(line))], 0),
    }
    box: Box = (
        float(lefts[0]),
        float(middles.min()) - CELL_WH_MM[1] / 2,
        float(np.ptp(lefts)) + CELL_WH_MM[0],
        CELL_WH_MM[1],
    )
    most = max(parts, key=lambda part: parts[part])
    return Cue("nik_place", round(float(np.linalg.norm(list(parts.values()))), 2), in_selfie(card, box), f"its {most}")


def _down(lines: Sequence[SetLine], at: int, floor: float) -> float:
    """Off the others' even rows."""
    middles = np.array([float(np.median(line.middles_mm)) for line in lines])
    return abs(_held(lines, middles - _numbers(lines) * layout.ROW_PITCH_MM, at).odd(floor))


def _across(lines: Sequence[SetLine], at: int, floor: float) -> float:
    """Off the others' common left end: that of their ink, or of their first letters' advances.

    Which of the two is common depends on the program that printed the card, and shows in the other lines: the way in
    which they scatter less. Where both are as likely, the milder one counts.
    """
    leads = [line.lead_mm for line in lines]
    known = [i for i, lead in enumerate(leads) if lead is not None]
    if at not in known or len(known) < MIN_LINES:
        return 0.0
    those, here = [lines[i] for i in known], known.index(at)
    ways = np.array([lead for lead in leads if lead is not None])
    held = [_held(those, ways[:, way], here) for way in (0, 1)]
    spread = [float(np.hypot(one.scatter, floor)) for one in held]
    return min(abs(one.odd(floor)) for one, wide in zip(held, spread, strict=True) if wide <= _RULED_OUT * min(spread))


def _turn(lines: Sequence[SetLine], at: int) -> float:
    """Off the others' common slope."""
    told = [i for i, line in enumerate(lines) if _long(line)]
    return _askew([_slope(*_points(lines[i])) for i in told], told.index(at)) if at in told else 0.0


def _askew(slopes_errors: Sequence[tuple[float, float]], at: int) -> float:
    """How far one slope is from the others', by what slopes can be told to and what they scatter by."""
    if len(slopes_errors) < MIN_LINES - 1:
        return 0.0
    slopes, errors = np.array(slopes_errors).T
    weight, others = 1 / (errors**2 + _SLOPE_FLOOR**2), np.arange(len(slopes)) != at
    common = float(np.average(slopes[others], weights=weight[others]))
    # Where the others scatter by more than their errors say, so does this one.
    wider = 1.4826 * float(np.median(np.abs(slopes[others] - common) * np.sqrt(weight[others])))
    return float(abs(slopes[at] - common) * np.sqrt(weight[at]) / max(1.0, wider))


def _long(line: SetLine) -> bool:
    return len(line.letters) >= _SLOPE_LETTERS and float(np.ptp(line.origins_mm)) >= _SLOPE_LENGTH_MM


def _points(line: SetLine) -> tuple[Values, Values]:
    return line.origins_mm, line.middles_mm


def _slope(x_mm: Values, y_mm: Values) -> tuple[float, float]:
    """A line's slope and its standard error.

    Source: Draper & Smith, Applied Regression Analysis, 3rd ed., §1.4; 1.25 for a robust fit's lesser precision.
    """
    x = x_mm - x_mm.mean()
    (slope, _), scatter = smooth(x, y_mm, 1)
    return float(slope), 1.25 * float(np.hypot(scatter, _LETTER_MM) / np.sqrt((x * x).sum()))


def _numbers(lines: Sequence[SetLine]) -> Values:
    return np.array([line.number for line in lines], dtype=np.float64)


def _held(lines: Sequence[SetLine], values: Values, at: int) -> Prediction:
    """One line's value against the straight course of the others': perspective that is left over changes it evenly."""
    return left_out((_numbers(lines) - 6) / 6, values, at, 1)
