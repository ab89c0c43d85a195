from dataclasses import replace

import numpy as np

from kyc_vision.overlay import draw
from kyc_vision.types import Check, Decision, Outcome, Pixels, Verdict
from tests.fakes import evidence, print_cue, verification


def red(pixels: Pixels) -> np.ndarray:
    """(H, W) where a line in red runs, its soft edges left out."""
    return pixels[..., 0].astype(int) - pixels[..., 1:].max(axis=-1) > 100


def drawn(cue_name: str) -> np.ndarray:
    """Where red runs over the selfie, when a check names a cue."""
    named = f"{cue_name}: digit 3 of 16"
    check = Check("print_consistent", Outcome.WARN, 4.0, 3.6, ("FRAUD_PRINT_INCONSISTENT",), named)
    verdict = Verdict(Decision.APPROVED, 0.98, (check,), check.reasons)
    found = verification(verdict=verdict, evidence=evidence(cues=(print_cue("nik_digit", 4.0),)))
    return red(draw(found)[-found.evidence.image.size_wh[1] :])


def test_a_cue_that_a_check_names_is_drawn_where_it_is() -> None:
    place = print_cue("nik_digit", 4.0).place
    assert place is not None
    (left, top), _, (right, bottom), _ = place
    rows, columns = np.nonzero(drawn("nik_digit"))
    assert (columns.min(), rows.min(), columns.max(), rows.max()) == (left, top, right, bottom)
    assert not drawn("row_grid").any()


def test_a_cue_that_cannot_tell_is_not_drawn() -> None:
    blind = replace(print_cue(), score=None, place=None)
    assert not red(draw(verification(evidence=evidence(cues=(blind,))))).any()
