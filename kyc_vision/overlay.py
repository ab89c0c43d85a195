"""What was found, drawn on the selfie: for people who would rather look than read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from kyc_vision import layout
from kyc_vision.geometry import apply_homography
from kyc_vision.types import Box, CardLocation, Decision, FaceMatch, Field, Outcome, Pixels, Verification

_COLOURS = {
    Decision.APPROVED: (40, 160, 70),
    Decision.REVIEW: (230, 150, 20),
    Decision.RETAKE: (60, 120, 220),
    Decision.REJECTED: (210, 40, 40),
}
_FIELD_COLOUR, _ODD_COLOUR = (20, 90, 200), (210, 40, 40)
_LONG_SIDE_PX = 1600


def draw(verification: Verification) -> Pixels:
    """The selfie with the card's outline (thick along its top), the boxes of fields and faces, and the verdict."""
    evidence, verdict = verification.evidence, verification.verdict
    colour = _COLOURS[verdict.decision]
    canvas = evidence.image.pixels.copy()
    thick = max(2, round(max(canvas.shape[:2]) / 500))
    if isinstance(evidence.location, CardLocation):
        quad = np.rint(evidence.location.quad).astype(np.int32)
        cv2.polylines(canvas, [quad.reshape(-1, 1, 2)], True, colour, thick, cv2.LINE_AA)
        cv2.line(canvas, quad[0].tolist(), quad[1].tolist(), colour, 2 * thick, cv2.LINE_AA)
        _draw_fields(canvas, verification, max(1, thick // 2))
    if isinstance(evidence.match, FaceMatch):
        for face in (evidence.match.probe, evidence.match.reference):
            _draw_box(canvas, face.box, colour, thick)
    lines = [f"{verdict.decision.value}  confidence {verdict.confidence:.2f}", *verdict.reasons]
    if isinstance(evidence.match, FaceMatch):
        lines.insert(1, f"same person {evidence.match.probability:.3f}")
    return _with_caption(canvas, lines, colour)


def save_overlay(verification: Verification, path: Path) -> None:
    """Write draw()'s picture as a PNG; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = draw(verification)
    scale = min(1.0, _LONG_SIDE_PX / max(canvas.shape[:2]))
    small = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, coded = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    path.write_bytes(coded.tobytes())


def _draw_fields(canvas: Pixels, verification: Verification, thick: int) -> None:
    card, fields = verification.evidence.card, verification.evidence.fields
    if card is None or fields is None:
        return
    back = np.linalg.inv(card.homography)
    x, y, w, h = (value * card.px_per_mm for value in layout.PORTRAIT_MM)
    boxes = [value.box for _, value in fields.items() if isinstance(value, Field)]
    # Cues that speak of an attack that a check named: what is odd stands over what was read.
    named = {check.name for check in verification.verdict.checks if check.outcome is Outcome.FAIL}
    odd = [
        cue.place
        for one in verification.evidence.suspicions
        if f"no_{one.attack}" in named
        for cue, ratio in one.shares
        if ratio > 0 and cue.place
    ]
    for left, top, width, height in [*boxes, (x, y, w, h)]:
        corners = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
        points = np.rint(apply_homography(back, corners)).astype(np.int32)
        cv2.polylines(canvas, [points.reshape(-1, 1, 2)], True, _FIELD_COLOUR, thick, cv2.LINE_AA)
    for place in odd:
        points = np.rint(np.array(place)).astype(np.int32)
        cv2.polylines(canvas, [points.reshape(-1, 1, 2)], True, _ODD_COLOUR, thick, cv2.LINE_AA)


def _draw_box(canvas: Pixels, box: Box, colour: tuple[int, int, int], thick: int) -> None:
    x, y, w, h = (round(value) for value in box)
    cv2.rectangle(canvas, (x, y), (x + w, y + h), colour, thick, cv2.LINE_AA)


def _with_caption(canvas: Pixels, lines: list[str], colour: tuple[int, int, int]) -> Pixels:
    """A band above the picture with the verdict in words."""
    size = canvas.shape[1] / 1000
    step = round(38 * size)
    band = np.full((step * len(lines) + round(24 * size), canvas.shape[1], 3), 255, dtype=np.uint8)
    cv2.rectangle(band, (0, 0), (round(14 * size), band.shape[0]), colour, -1)
    for i, line in enumerate(lines):
        at = (round(30 * size), round(12 * size) + step * i + round(26 * size))
        ink = colour if i == 0 else (40, 40, 40)
        cv2.putText(band, line, at, cv2.FONT_HERSHEY_SIMPLEX, 0.9 * size, ink, max(1, round(2 * size)), cv2.LINE_AA)
    return np.vstack([band, canvas])
