from dataclasses import replace

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.letters import set_lines
from kyc_vision.card.cues.line_ink import line_ink
from kyc_vision.card.cues.rows import value_lines
from kyc_vision.types import Cue, Pixels
from tests.card.cues.test_placing import TEXTS, WHO, lines_of
from tests.card.printed import FINE, seen, sheet

CENTRES = layout.row_centres_mm(())


def inked(field: str, share: float) -> Pixels:
    """The print, one line's ink paler (share below 1) or darker."""
    whole, blank = (pixels.astype(np.float32) for pixels in (sheet(WHO), sheet(replace(WHO, **{field: ""}))))
    rows = slice(*(round((CENTRES[field] + v) * FINE) for v in (-1.2, 1.2)))
    forged = whole.copy()
    forged[rows] = blank[rows] + share * (whole[rows] - blank[rows])
    return np.clip(forged, 0, 255).astype(np.uint8)


def cue(pixels: Pixels, width: int = 600) -> Cue:
    card = seen(pixels, width)
    return line_ink(lines_of(card), card)


def score(pixels: Pixels, width: int = 600) -> float:
    found = cue(pixels, width).score
    assert found is not None
    return found


@pytest.mark.parametrize("width", [340, 500, 800])
def test_a_genuine_card_is_quiet(width):
    assert score(sheet(WHO), width) < 1.6


@pytest.mark.parametrize("width", [400, 700])
@pytest.mark.parametrize(("share", "what"), [(0.7, "paler"), (1.2, "darker")])
def test_a_line_in_another_ink_is_seen_at_its_row(share, what, width):
    pixels = inked("name", share) if share < 1 else inked("name", 1.0)
    if share > 1:
        # All others paler: the darkest ink there is cannot be made darker.
        for field in ("address", "village", "district", "religion", "marital_status", "occupation", "valid_until"):
            rows = slice(*(round((CENTRES[field] + v) * FINE) for v in (-1.2, 1.2)))
            pixels[rows] = inked(field, 0.75)[rows]
    found = cue(pixels, width)
    assert found.score is not None
    assert found.score > 2.0
    assert found.detail == f"row name: {what} than the others"
    assert found.place is not None
    assert np.mean(found.place, axis=0)[1] / 11.8 == pytest.approx(CENTRES["name"], abs=0.4)


def test_light_that_falls_off_down_the_card_is_no_ink():
    pixels = sheet(WHO)
    light = np.linspace(1.0, 0.6, len(pixels))[:, None, None]
    assert score((pixels * light).astype(np.uint8)) < 1.6


def test_lines_that_share_no_letters_tell_nothing():
    card = seen(sheet(WHO), 600)
    lines = set_lines(card, value_lines(card), {field: TEXTS[field] for field in ("name", "address", "rt_rw")})
    assert line_ink(lines, card).score is None
    small = seen(sheet(WHO), 300)
    assert "320 are needed" in line_ink(lines_of(small), small).detail
