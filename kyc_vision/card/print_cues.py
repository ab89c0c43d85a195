"""Does the print agree with itself and with what is lawful? Cues with a place; what follows is for the checks.

Every cue holds a part of the print against the rest of the same card, or a lawful face against others, so that blur
and light cancel. Where the picture is too coarse a cue says so: "cannot tell" is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kyc_vision import layout
from kyc_vision.card.cues.digits import Cells, NikShapes, cells, nik_shapes
from kyc_vision.card.cues.faces import face_agreement
from kyc_vision.card.cues.letters import SetLine, set_lines
from kyc_vision.card.cues.line_ink import line_ink
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.card.cues.placing import JUDGED, line_place, nik_place
from kyc_vision.card.cues.robust import oddness
from kyc_vision.card.cues.rows import ValueLine
from kyc_vision.card.cues.shapes import CELL_WH_MM, CELL_WH_PX, PX_PER_MM
from kyc_vision.types import CardFields, Cue, Field, Polygon, RectifiedCard, cannot_tell

#: Cards narrower than these in the picture cannot tell: on genuine ones below, values scatter to several times as far.
MIN_WIDTH_PX = 320.0
#: A NIK that agrees with no face at all is blurred, covered or lit away: genuine, sharp ones agree to 0.70 and more.
MIN_AGREEMENT = 0.70
#: What a single digit of a genuine card is off, other digits alike: correlation, mm down, logarithm of darkness.
_SHAPE_FLOOR, _PLACE_FLOOR_MM, _INK_FLOOR = 0.03, 0.025, 0.08
#: Noise over signal of a clear digit, which agrees to 0.93.
_CLEAR_NOISE = 0.4
#: A line of values that agrees with no face is blurred or misread.
_MIN_LINE_AGREEMENT = 0.60


#: Row → the values that stand on it.
_VALUES: Mapping[str, tuple[str, ...]] = {row.field: (row.field,) for row in layout.ROWS} | {
    "birth_place": ("birth_place", "birth_date")
}
_NAMES = ("nik_typeface", "nik_digit", "row_face", "line_place", "line_ink", "nik_place")


def print_cues(card: RectifiedCard, fields: CardFields, lines: list[ValueLine]) -> tuple[Cue, ...]:
    """Every cue, measurable or not.

    Args:
        card: the rectified card.
        fields: what was read on it: in which shapes it is printed can be asked only where it is known.
        lines: its lines of values.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return tuple(cannot_tell(name, why) for name in _NAMES)
    nik, texts = nik_shapes(card), _texts(card, fields)
    letters = set_lines(card, lines, texts)
    return (
        nik_typeface(nik, card),
        nik_digit(nik, card),
        row_face(lines, card, texts),
        line_place(letters, card),
        line_ink(letters, card),
        _nik_place(nik, letters, card),
    )


def _nik_place(nik: NikShapes, letters: Sequence[SetLine], card: RectifiedCard) -> Cue:
    if nik.lawful.agreement < MIN_AGREEMENT:
        return cannot_tell("nik_place", "the NIK's digits are too blurred or covered, or in no lawful face")
    return nik_place(cells(nik), nik.origin_mm, letters, card)


def nik_typeface(nik: NikShapes, card: RectifiedCard) -> Cue:
    """By how much an unlawful face, at any pitch, explains the NIK better than OCR-A or bold Arial at theirs."""
    lawful, rival = nik.lawful, nik.rival
    if max(lawful.agreement, rival.agreement) < MIN_AGREEMENT:
        return cannot_tell("nik_typeface", "the NIK's digits are too blurred or covered")
    line = max(lawful, rival, key=lambda one: one.agreement)
    left, right = line.lefts[0] / PX_PER_MM, line.lefts[-1] / PX_PER_MM + CELL_WH_MM[0]
    box = _box(nik.origin_mm, (left, line.top / PX_PER_MM, right - left, CELL_WH_MM[1]), card)
    score = round(rival.agreement - lawful.agreement, 4)
    return Cue("nik_typeface", score, box, f"most like {line.face}")


def nik_digit(nik: NikShapes, card: RectifiedCard) -> Cue:
    """How odd the oddest digit of the NIK is among the sixteen: in shape, height on the line, or darkness."""
    if nik.lawful.agreement < MIN_AGREEMENT:
        return cannot_tell("nik_digit", "the NIK's digits are too blurred or covered, or in no lawful face")
    found = cells(nik)
    odd = _digit_oddness(found)
    kind, at = (int(i) for i in np.unravel_index(int(odd.argmax()), odd.shape))
    left, top = found.lefts_px[at] / PX_PER_MM, found.tops_px[at] / PX_PER_MM
    box = _box(nik.origin_mm, (left, top, CELL_WH_PX[0] / PX_PER_MM, CELL_WH_PX[1] / PX_PER_MM), card)
    what = ("shape", "height on the line", "darkness")[kind]
    return Cue("nik_digit", round(float(odd.max()), 2), box, f"digit {at + 1} of 16: its {what}")


def _digit_oddness(found: Cells) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(3, 16) oddness of shape, height and darkness."""
    shape = -oddness(found.agreement, 0, _SHAPE_FLOOR)
    # A peak of correlation is known the less the more of the picture is noise: by the noise over the signal.
    noise = np.sqrt(1 - np.square(found.agreement)) / np.maximum(found.agreement, 0.1)
    place = np.abs(oddness(found.tops_px / PX_PER_MM, 2, _PLACE_FLOOR_MM * np.maximum(1.0, noise / _CLEAR_NOISE)))
    ink = np.abs(oddness(found.darkness, 1, _INK_FLOOR))
    return np.stack([shape, place, ink])


def row_face(lines: list[ValueLine], card: RectifiedCard, texts: Mapping[str, str]) -> Cue:
    """By how much an unlawful face explains the name, or place and date of birth, better than the card's own."""
    worst: Cue | None = None
    for field in JUDGED:
        line, text = next((one for one in lines if one.field == field), None), texts.get(field, "")
        agreement = face_agreement(card, line, text) if line is not None else None
        if line is None or agreement is None or max(agreement.lawful, agreement.rival) < _MIN_LINE_AGREEMENT:
            continue
        score = round(agreement.rival - agreement.lawful, 4)
        if worst is None or worst.score is None or score > worst.score:
            worst = Cue("row_face", score, _line_box(line, card), f"row {field}")
    return worst or cannot_tell("row_face", "neither name nor birth show and were read on a single line")


def _texts(card: RectifiedCard, fields: CardFields) -> dict[str, str]:
    """Row → what was read there, of those that stand on one line."""
    texts = {}
    for field, names in _VALUES.items():
        values = [getattr(fields, name) for name in names]
        read = [value.read.strip(" ,") for value in values if isinstance(value, Field)]
        if field not in card.wrapped and len(read) == len(values):
            texts[field] = ", ".join(read)
    return texts


def _line_box(line: ValueLine, card: RectifiedCard) -> Polygon:
    high = layout.ROW_PITCH_MM
    return _box((0.0, 0.0), (line.start_mm, line.middle_mm - high / 2, line.end_mm - line.start_mm, high), card)


def _box(origin_mm: tuple[float, float], place_mm: tuple[float, float, float, float], card: RectifiedCard) -> Polygon:
    """A box in millimetres from an origin on the card → its corners in the selfie."""
    x, y, w, h = place_mm
    return in_selfie(card, (x + origin_mm[0], y + origin_mm[1], w, h))
