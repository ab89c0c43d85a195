"""A finger interrupts the card's border."""

from __future__ import annotations

import numpy as np

from kyc_vision.card.cues.held import card_held
from kyc_vision.card.cues.skin import Holder
from tests.card.cues.held_up import QUAD, SKIN, Look, around, checks, stripes

WHO = Holder(np.array(SKIN, dtype=np.float64), (500.0, 120.0))


def test_a_finger_over_the_edge_holds_the_card() -> None:
    cue = card_held(around(Look(finger_mm=30)), 480.0, WHO)
    assert cue.score is not None
    assert -22 < cue.score < -10


def test_nothing_holds_a_card_before_any_shirt() -> None:
    for shirt in (None, stripes(), checks()):
        cue = card_held(around(Look(), shirt), 480.0, WHO)
        assert cue.score is not None
        assert cue.score > -2


def test_skin_beside_an_uncrossed_border_cannot_tell() -> None:
    palm = np.full((1000, 1000, 3), (92, 60, 70), np.uint8)
    palm[640:, 300:600] = SKIN
    assert card_held(around(Look(), palm), 480.0, WHO).score is None
    # Towards the face it is the neck's, and without a face nobody's.
    neck = np.full((1000, 1000, 3), (92, 60, 70), np.uint8)
    neck[:400, 300:600] = SKIN
    assert card_held(around(Look(), neck), 480.0, WHO).score is not None
    assert card_held(around(Look(), palm), 480.0, None).score is not None


def test_a_card_that_is_cut_or_small_cannot_tell() -> None:
    cut = (QUAD + np.array([300, 0])).astype(np.float32)
    assert card_held(around(Look(quad=cut)), 480.0, WHO).score is None
    assert card_held(around(Look(finger_mm=30)), 200.0, WHO).score is None


def test_a_card_as_bright_as_the_skin_cannot_tell() -> None:
    burnt = Holder(np.array([200.0, 215, 228]), (500.0, 120.0))
    assert card_held(around(Look(finger_mm=30)), 480.0, burnt).score is None
