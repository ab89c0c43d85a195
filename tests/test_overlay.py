from dataclasses import replace

import numpy as np

from kyc_vision.overlay import draw
from kyc_vision.types import Check, Decision, Outcome, Verdict
from tests.fakes import evidence, print_cue, verification

ODD = (210, 40, 40)


def drawn(cue_name: str) -> np.ndarray:
    """The picture beneath the caption, of a verification whose check names a cue."""
    check = Check(
        "print_consistent", Outcome.WARN, 4.0, 3.6, ("FRAUD_PRINT_INCONSISTENT",), f"{cue_name}: digit 3 of 16"
    )
    verdict = Verdict(Decision.APPROVED, 0.98, (check,), check.reasons)
    found = verification(verdict=verdict, evidence=evidence(print_cues=(print_cue("nik_digit", 4.0),)))
    return draw(found)[-found.evidence.image.size_wh[1] :]


def test_a_cue_that_a_check_names_is_drawn_where_it_is() -> None:
    x, y, w, h = (round(v) for v in print_cue("nik_digit", 4.0).location or (0, 0, 0, 0))
    assert tuple(drawn("nik_digit")[y + h // 2, x]) == ODD
    assert tuple(drawn("nik_digit")[y, x + w // 2]) == ODD
    assert not (drawn("row_grid") == ODD).all(axis=-1).any()


def test_a_cue_that_cannot_tell_is_not_drawn() -> None:
    found = verification(evidence=evidence(print_cues=(replace(print_cue(), score=None, location=None),)))
    assert not (draw(found) == ODD).all(axis=-1).any()
