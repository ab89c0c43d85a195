import numpy as np

from kyc_vision.overlay import draw
from kyc_vision.types import Check, Decision, Outcome, Pixels, Suspicion, Verdict
from tests.fakes import evidence, print_cue, verification


def red(pixels: Pixels) -> np.ndarray:
    """(H, W) where a line in red runs, its soft edges left out."""
    return pixels[..., 0].astype(int) - pixels[..., 1:].max(axis=-1) > 100


def drawn(named: str, ratio: float = 3.0) -> np.ndarray:
    """Where red runs over the selfie, when a check fails on an attack; the text's cue is the one with a place."""
    check = Check(named, Outcome.FAIL, 0.5, 0.1, ("FRAUD_TEXT_EDITED",))
    verdict = Verdict(Decision.REVIEW, 0.4, (check,), check.reasons)
    suspicions = (Suspicion("name_edited", ratio, 1.0, ((print_cue("nik_digit", 4.0), ratio),)),)
    found = verification(verdict=verdict, evidence=evidence(suspicions=suspicions))
    return red(draw(found)[-found.evidence.image.size_wh[1] :])


def test_a_cue_that_a_check_names_is_drawn_where_it_is() -> None:
    place = print_cue("nik_digit", 4.0).place
    assert place is not None
    (left, top), _, (right, bottom), _ = place
    rows, columns = np.nonzero(drawn("no_name_edited"))
    assert (columns.min(), rows.min(), columns.max(), rows.max()) == (left, top, right, bottom)
    assert not drawn("no_colour_copy").any()
    assert not drawn("no_name_edited", -1.0).any()
