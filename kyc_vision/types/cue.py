"""One sign that a picture is not what it seems to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Corners (x, y) in pixels of the upright selfie.
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """One question put to the picture: does anything here speak of a forgery, a copy or a screen?

    Attributes:
        name: what was asked, snake_case.
        score: larger is more suspicious, in the cue's own unit; None when the picture cannot tell.
        place: where that was seen, a polygon in selfie px; None when the picture cannot tell or it is no one place.
        detail: what was seen there, or why the picture cannot tell; no personal data.
    """

    name: str
    score: float | None
    place: Polygon | None = None
    detail: str = ""

    @property
    def measurable(self) -> bool:
        """Whether the picture can tell."""
        return self.score is not None


def polygon(points: NDArray[np.floating]) -> Polygon:
    """(N, 2) px as a place: plain numbers, to a tenth of a pixel."""
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)


def cannot_tell(name: str, why: str) -> Cue:
    """The cue of a picture that cannot tell, and why."""
    return Cue(name, None, None, why)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How much the cues together speak for one way of deceiving, against a genuine picture.

    Attributes:
        attack: the way, snake_case, e.g. ``card_on_screen``.
        log_ratio: natural logarithm of the likelihood ratio of this attack against genuine; 0 says nothing, each 2.3
            makes it ten times as likely.
        odds: of this attack against genuine, with how often it is expected.
        shares: (cue, its part of log_ratio), strongest first; of the cues that could tell.
        blind: names of its cues that could not tell.
    """

    attack: str
    log_ratio: float
    odds: float
    shares: tuple[tuple[Cue, float], ...]
    blind: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """Of this attack, 0–1, if it were the only one."""
        return self.odds / (1 + self.odds)
