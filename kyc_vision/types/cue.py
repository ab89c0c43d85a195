"""One sign that a picture is not what it seems to be."""

from __future__ import annotations

from dataclasses import dataclass

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


def cannot_tell(name: str, why: str) -> Cue:
    """The cue of a picture that cannot tell, and why."""
    return Cue(name, None, None, why)
