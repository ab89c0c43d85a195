"""What was found, drawn on the selfie: card, rows, portrait and faces; what is odd; what to do better."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision import layout
from kyc_vision.advice import advice
from kyc_vision.geometry import apply_homography, corners
from kyc_vision.overlay.pens import BLUE, OF_DECISION, ORANGE, RED, Area, outline, tag
from kyc_vision.types import Box, CardLocation, Cue, FaceMatch, Field, Outcome, Pixels, RectifiedCard, Verification

#: An attack's cues are drawn when it took this much of the confidence, or when a check named it.
_LOST = 0.01
#: So many cues at most: more would hide the card.
LETTERS = "ABCDEF"
_OUTSIDE_PX = 4


def marked(verification: Verification, size_wh: tuple[int, int]) -> Pixels:
    """The selfie as large as it goes into size_wh, px, with everything that has a place drawn on it."""
    evidence = verification.evidence
    wide, high = evidence.image.size_wh
    scale = min(size_wh[0] / wide, size_wh[1] / high)
    to = (max(1, round(wide * scale)), max(1, round(high * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    canvas = np.asarray(cv2.resize(evidence.image.pixels, to, interpolation=way), dtype=np.uint8)
    colour = OF_DECISION[verification.verdict.decision]
    if isinstance(evidence.location, CardLocation):
        quad = evidence.location.quad.astype(np.float64) * scale
        _read(canvas, verification, scale)
        outline(canvas, quad, colour, 3)
        # Thick along the top of the print: which way up it was seen.
        left, right = np.rint(quad[:2]).astype(int).tolist()
        cv2.line(canvas, left, right, colour, 7, cv2.LINE_AA)
    match = evidence.match
    shown = (match.probe, match.reference) if isinstance(match, FaceMatch) else evidence.faces
    for face in shown:
        outline(canvas, corners(face.box) * scale, colour, 2)
    _labelled(canvas, verification, scale)
    return canvas


def _labelled(canvas: Pixels, verification: Verification, scale: float) -> None:
    """What to do better, dotted and by number; what is odd, dashed and by letter."""
    taken: list[Area] = []
    found = [(f"{i} {one.code}", one.place, ORANGE, 5) for i, one in enumerate(advice(verification), 1)]
    signs = zip(LETTERS, odd(verification), strict=False)
    found += [(f"{letter} {cue.name}", cue.place, RED, 14) for letter, (cue, _) in signs]
    seen = [(words, np.array(place) * scale, ink, dash_px) for words, place, ink, dash_px in found if place is not None]
    for _, at, ink, dash_px in seen:
        # A little outside of it, so that it stays to be seen.
        outline(canvas, at + np.sign(at - at.mean(axis=0)) * _OUTSIDE_PX, ink, 3, dash_px)
    for words, at, ink, _ in seen:
        tag(canvas, words, at, ink, taken)


def odd(verification: Verification) -> list[tuple[Cue, float]]:
    """(cue, its log-likelihood ratio) of what speaks for an attack that cost confidence, strongest first."""
    verdict = verification.verdict
    blamed = {one.cause for one in verdict.doubts if one.lost >= _LOST}
    blamed |= {check.name.removeprefix("no_") for check in verdict.checks if check.outcome is Outcome.FAIL}
    strongest: dict[str, tuple[Cue, float]] = {}
    for one in verification.evidence.suspicions:
        for cue, ratio in one.shares if one.attack in blamed else ():
            if ratio > max(0.0, strongest.get(cue.name, (cue, 0.0))[1]):
                strongest[cue.name] = (cue, ratio)
    return sorted(strongest.values(), key=lambda pair: pair[1], reverse=True)[: len(LETTERS)]


def _read(canvas: Pixels, verification: Verification, scale: float) -> None:
    """Thin boxes about every value that was read, and about the portrait."""
    card, fields = verification.evidence.card, verification.evidence.fields
    if card is None or fields is None:
        return
    boxes = [value.box for _, value in fields.items() if isinstance(value, Field)]
    for box in [*boxes, _portrait(card)]:
        at = apply_homography(np.linalg.inv(card.homography), corners(box)) * scale
        cv2.polylines(canvas, [np.rint(at).astype(np.int32).reshape(-1, 1, 2)], True, BLUE, 1, cv2.LINE_AA)


def _portrait(card: RectifiedCard) -> Box:
    x, y, w, h = (value * card.px_per_mm for value in layout.PORTRAIT_MM)
    return x, y, w, h
