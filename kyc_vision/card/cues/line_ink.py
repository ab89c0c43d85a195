"""Is a line as dark as the others? What is set again later has another ink, or another program's black."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from kyc_vision.card.cues.letters import SetLine
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.card.cues.placing import JUDGED, MIN_LINES, MIN_WIDTH_PX
from kyc_vision.card.cues.robust import left_out
from kyc_vision.types import Cue, RectifiedCard, cannot_tell

#: Letters that stand in fewer lines say nothing of their own darkness; fewer such letters nothing of a line's.
_SEEN_IN, _MIN_LETTERS = 3, 3
#: What a genuine line's darkness is off however alike the others are; natural logarithm.
_FLOOR = 0.06


def line_ink(lines: Sequence[SetLine], card: RectifiedCard) -> Cue:
    """How far the ink of name, or place and date of birth, is darker or paler than the other lines'; in their scatters.

    A blurred I loses more of its darkness than a blurred M, so letters are compared with the same letters of other
    lines. Light and glare change evenly down the card.

    Args:
        lines: the lines that agree with the card's face.
        card: the rectified card.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("line_ink", why)
    usual = _usual(lines)
    told = [(line, value) for line in lines if (value := _over(line, usual)) is not None]
    if len(told) < MIN_LINES:
        return cannot_tell("line_ink", f"{len(told)} lines share letters, {MIN_LINES} are needed")
    numbers, values = np.array([(line.number, value) for line, value in told], dtype=np.float64).T
    worst: Cue | None = None
    for at, (line, _) in enumerate(told):
        if line.field not in JUDGED:
            continue
        odd = left_out((numbers - 6) / 6, values, at, 1).odd(_FLOOR)
        if worst is None or worst.score is None or abs(odd) > worst.score:
            what = f"row {line.field}: {'darker' if odd > 0 else 'paler'} than the others"
            worst = Cue("line_ink", round(abs(odd), 2), in_selfie(card, line.box_mm), what)
    return worst or cannot_tell("line_ink", "neither name nor birth show and were read on a single line")


def _usual(lines: Sequence[SetLine]) -> Mapping[str, float]:
    """Letter → its median darkness, of letters that stand in several lines."""
    seen: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for line in lines:
        for letter, darkness in zip(line.letters, line.darkness.tolist(), strict=True):
            seen[letter].append((line.field, darkness))
    return {
        letter: float(np.median([darkness for _, darkness in found]))
        for letter, found in seen.items()
        if len({field for field, _ in found}) >= _SEEN_IN
    }


def _over(line: SetLine, usual: Mapping[str, float]) -> float | None:
    """By how much a line's letters are darker than the card's same letters; None where too few can be compared."""
    over = [
        darkness - usual[letter]
        for letter, darkness in zip(line.letters, line.darkness.tolist(), strict=True)
        if letter in usual
    ]
    return float(np.median(over)) if len(over) >= _MIN_LETTERS else None
