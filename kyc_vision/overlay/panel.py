"""Beside the selfie: the verdict in words, what the confidence lost, the ways of deceiving, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from kyc_vision.advice import advice
from kyc_vision.overlay.marks import LETTERS, odd
from kyc_vision.overlay.pens import FAINT, INK, LINE_PX, OF_DECISION, ORANGE, PAPER, RED, Colour, text, wrapped
from kyc_vision.overlay.waterfall import waterfall
from kyc_vision.types import Change, Check, FaceMatch, Outcome, Pixels, Verification

_MAX_REASONS = 8
_ROW_PX, _LABEL_PX, _BAR_PX = 27, 212, 150


def blocks(verification: Verification, width: int, needed: float | None) -> Iterator[Pixels]:
    """Pieces of the panel, (H, width, 3) each, from the most important down.

    Args:
        verification: what was found.
        width: px.
        needed: the confidence that approval needs, where it is known.
    """
    verdict = verification.verdict
    colour = OF_DECISION[verdict.decision]
    yield _headline(verification, width)
    if verdict.doubts:
        yield _titled("What the confidence lost", waterfall(verdict.doubts, verdict.confidence, colour, width, needed))
    else:
        words = "No estimate: without a card, its NIK and name and two faces there is nothing to be confident of."
        yield _titled("What the confidence lost", _paragraph([(words, INK)], width))
    if verification.nearest is not None:
        yield _titled("Nearest change", _paragraph([(_nearest(verification.nearest, verification), INK)], width))
    if verification.evidence.suspicions:
        yield _titled("Ways of deceiving, each by itself", _suspicions(verification, width))
    if signs := _signs(verification):
        yield _titled("Signs, by letter", _paragraph(signs, width))
    if advised := [(f"{i} {one.code}: {one.text_en}", ORANGE) for i, one in enumerate(advice(verification), 1)]:
        yield _titled("What to do better, by number", _paragraph(advised, width))


def _headline(verification: Verification, width: int) -> Pixels:
    verdict, match = verification.verdict, verification.evidence.match
    colour = OF_DECISION[verdict.decision]
    shown, more = verdict.reasons[:_MAX_REASONS], len(verdict.reasons) - _MAX_REASONS
    lines = [f"same person {match.probability:.3f}"] if isinstance(match, FaceMatch) else []
    lines += [*shown, *([f"and {more} more"] if more > 0 else [])]
    canvas = _paper(60 + round(LINE_PX * 0.6) * len(lines), width)
    cv2.rectangle(canvas, (0, 0), (width, 44), colour, -1)
    text(canvas, f"{verdict.decision.value.upper()}   confidence {verdict.confidence:.3f}", (12, 31), 0.85, PAPER)
    for i, line in enumerate(lines):
        text(canvas, line, (0, 74 + round(LINE_PX * 0.6) * i), 0.6)
    return canvas


def _suspicions(verification: Verification, width: int) -> Pixels:
    """One row for each attack: its probability as a bar with the limit, and what could not tell."""
    found = verification.evidence.suspicions
    checks = {check.name: check for check in verification.verdict.checks}
    canvas = _paper(_ROW_PX * len(found), width)
    for i, one in enumerate(found):
        base = _ROW_PX * i + 19
        check = checks.get(f"no_{one.attack}")
        failed = check is not None and check.outcome is Outcome.FAIL
        text(canvas, f"{'! ' if failed else ''}{one.attack.replace('_', ' ')}", (0, base), 0.55, RED if failed else INK)
        asked = one.shares and (check is None or check.outcome is not Outcome.NOT_EXECUTED)
        _gauge(canvas, base, one.probability if asked else 0.0, check)
        words = f"{one.probability:.1%}" if asked else "not asked" if one.shares else "cannot tell"
        if one.blind and asked:
            words += f"   {len(one.blind)} of {len(one.shares) + len(one.blind)} signs cannot tell"
        text(canvas, words, (_LABEL_PX + _BAR_PX + 14, base), 0.5)
    return canvas


def _gauge(canvas: Pixels, base: int, probability: float, check: Check | None) -> None:
    left, top, bottom = _LABEL_PX, base - 13, base + 1
    cv2.rectangle(canvas, (left, top), (left + _BAR_PX, bottom), FAINT, 1)
    failed = check is not None and check.outcome is Outcome.FAIL
    cv2.rectangle(canvas, (left, top), (left + round(_BAR_PX * probability), bottom), RED if failed else INK, -1)
    if check is not None and check.threshold is not None:
        at = left + round(_BAR_PX * check.threshold)
        cv2.line(canvas, (at, top - 4), (at, bottom + 4), INK, 2)


def _signs(verification: Verification) -> list[tuple[str, Colour]]:
    """Each cue that is drawn: its letter, by how much likelier it makes its attack, and what was seen."""
    return [
        (f"{letter} {cue.name}, {np.exp(ratio):.3g} x likelier{f': {cue.detail}' if cue.detail else ''}", RED)
        for letter, (cue, ratio) in zip(LETTERS, odd(verification), strict=False)
    ]


def _nearest(change: Change, verification: Verification) -> str:
    names, attacks = list(change.checks), {f"no_{one.attack}" for one in verification.evidence.suspicions}
    if attacks and attacks <= set(names):
        names = [*(name for name in names if name not in attacks), "every way of deceiving"]
    if change.decision is None:
        return f"Nothing stood in the way; nearest to its limit: {', '.join(names)}."
    return f"{change.decision.value.upper()}, had these passed: {', '.join(names)}."


def _titled(title: str, body: Pixels) -> Pixels:
    head = _paper(52, body.shape[1])
    cv2.line(head, (0, 12), (body.shape[1], 12), FAINT, 1)
    text(head, title, (0, 40), 0.66)
    return np.vstack([head, body])


def _paragraph(parts: Sequence[tuple[str, Colour]], width: int) -> Pixels:
    """Every part from a new line, broken at the width."""
    lines = [(line, colour) for words, colour in parts for line in wrapped(words, width - 4, 0.55)]
    canvas = _paper(24 * len(lines) + 6, width)
    for i, (line, colour) in enumerate(lines):
        text(canvas, line, (0, 24 * i + 17), 0.55, colour)
    return canvas


def _paper(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), PAPER[0], dtype=np.uint8)
