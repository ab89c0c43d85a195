"""In which face a line of values is set: its letters, as they were read, are looked for in every face's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from kyc_vision.card.cues.letters import line_strip
from kyc_vision.card.cues.rows import ValueLine
from kyc_vision.card.cues.shapes import PX_PER_MM, VALUE_FACE, Array, Letter, letters_at
from kyc_vision.types import RectifiedCard

#: A letter is looked for this far left and right of where the line's length puts it: kerning, a space not read.
_ASIDE_MM = 0.5
#: Fewer letters than these say nothing.
MIN_LETTERS = 5
#: A face is drawn narrower or wider for the line's length, within these; nearer to 1 than the last it is left as it is.
_SCALES, _AS_IT_IS = (0.75, 1.3), 0.06


@dataclass(frozen=True, slots=True)
class FaceAgreement:
    """How well a line agrees with the face of values and with the best other one: mean correlations, −1 to 1."""

    lawful: float
    rival: float


def face_agreement(card: RectifiedCard, line: ValueLine, text: str) -> FaceAgreement | None:
    """Compare a line with every face; None where too few of its letters are known.

    Args:
        card: the rectified card.
        line: where the line is.
        text: what it says.
    """
    faces = letters_at(card.source_width_px)
    known = "".join(c for c in " ".join(text.upper().split()) if c in faces[VALUE_FACE])
    if len(known.replace(" ", "")) < MIN_LETTERS:
        return None
    strip = line_strip(card, line)
    ink, start_mm, length_mm = strip.ink, line.start_mm - strip.left_mm, line.end_mm - line.start_mm
    mean = {face: _mean(ink, known, letters, (start_mm, length_mm)) for face, letters in faces.items()}
    # The size of the card's own face is known: a line whose end was taken elsewhere must not speak against it.
    own = max(mean.pop(VALUE_FACE), _mean(ink, known, faces[VALUE_FACE], (start_mm, None)))
    return FaceAgreement(own, max(mean.values()))


def _mean(ink: Array, text: str, letters: Mapping[str, Letter], place_mm: tuple[float, float | None]) -> float:
    """Mean over the text's letters of their best correlation near where the line's start and length put them.

    Without a length the letters have the size of the card's.
    """
    origins = np.concatenate([[0.0], np.cumsum([letters[c].advance_mm for c in text])])
    begin = letters[text[0]].left_mm
    own_length = max(origins[-2] + letters[text[-1]].right_mm - begin, 0.1)
    scale = 1.0 if place_mm[1] is None else place_mm[1] / own_length
    maps = {c: _agreement(ink, letters[c].shape, scale) for c in set(text) if c != " "}
    best = []
    for c, origin in zip(text, origins[:-1], strict=True):
        if c == " ":
            continue
        middle = place_mm[0] + (origin + (letters[c].left_mm + letters[c].right_mm) / 2 - begin) * scale
        agreement, width = maps[c]
        at, aside = middle * PX_PER_MM - width / 2, _ASIDE_MM * PX_PER_MM
        near = agreement[max(0, int(at - aside)) : max(0, int(at + aside) + 2)]
        best.append(float(near.max()) if len(near) else 0.0)
    return float(np.mean(best))


def _agreement(ink: Array, shape: Array, scale: float) -> tuple[Array, int]:
    """(W,) best correlation of a shape at each left edge, at any height of the strip; and the shape's width, px."""
    if abs(scale - 1) > _AS_IT_IS:
        width = max(3, round(shape.shape[1] * float(np.clip(scale, *_SCALES))))
        shape = np.asarray(cv2.resize(shape, (width, shape.shape[0]), interpolation=cv2.INTER_AREA))
    if shape.shape[1] > ink.shape[1]:
        return np.zeros(0, dtype=np.float32), shape.shape[1]
    return np.asarray(cv2.matchTemplate(ink, shape, cv2.TM_CCOEFF_NORMED).max(axis=0)), shape.shape[1]
