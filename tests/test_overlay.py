"""The overlay: what has a place is drawn there, and the bars lead from 1.00 to the confidence."""

from dataclasses import replace

import numpy as np
import pytest

from kyc_vision.overlay import WIDTH_PX, draw, save_overlay
from kyc_vision.overlay.marks import marked, odd
from kyc_vision.overlay.pens import tag, width_px, wrapped
from kyc_vision.overlay.waterfall import OTHERS, steps, waterfall
from kyc_vision.types import Change, Check, Decision, Doubt, Outcome, Pixels, Suspicion, Verdict, Verification
from tests.fakes import evidence, image, print_cue, verification


def red(pixels: Pixels) -> np.ndarray:
    """(H, W) where red is, its soft edges left out."""
    return pixels[..., 0].astype(int) - pixels[..., 1:].max(axis=-1) > 120


def suspected(named: str = "", ratio: float = 3.0, lost: float = 0.0) -> Verification:
    """The name seems edited, by a cue with a place; a check names an attack, or a doubt takes some confidence."""
    checks = (Check(named, Outcome.FAIL, 0.5, 0.1, ("FRAUD_TEXT_EDITED",)),) if named else ()
    doubts = (Doubt("name_edited", 1.0, lost),) if lost else ()
    verdict = Verdict(Decision.REVIEW, 1 - lost, checks, ("FRAUD_TEXT_EDITED",), doubts)
    suspicions = (Suspicion("name_edited", ratio, 1.0, ((print_cue("nik_digit", 4.0), ratio),)),)
    return verification(verdict=verdict, evidence=evidence(suspicions=suspicions))


def retake() -> Verification:
    """A NIK that could not be read."""
    check = Check("nik_read", Outcome.FAIL, 0.2, 0.9, ("OCR_NIK_UNREADABLE",))
    return verification(verdict=Verdict(Decision.RETAKE, 0.0, (check,), check.reasons))


def test_a_cue_that_a_check_names_is_drawn_where_it_is() -> None:
    place = print_cue("nik_digit", 4.0).place
    assert place is not None
    # Twice as large as the selfie of 800 × 600.
    found = red(marked(suspected("no_name_edited"), (1600, 1200)))
    for x, y in 2 * np.array(place):
        assert found[int(y) - 8 : int(y) + 9, int(x) - 8 : int(x) + 9].any()
    rows, columns = np.nonzero(found)
    assert rows.min() > 2 * 90 - 60
    assert rows.max() < 2 * 128 + 60
    assert columns.min() > 2 * 240 - 10


def test_a_cue_that_cost_confidence_is_drawn_though_no_check_names_it() -> None:
    assert red(marked(suspected(lost=0.05), (800, 600))).any()


@pytest.mark.parametrize(
    "other",
    [suspected("no_colour_copy"), suspected("no_name_edited", ratio=-1.0), suspected(lost=0.002), suspected()],
    ids=["another attack", "it speaks for the card", "next to nothing lost", "nothing named"],
)
def test_what_speaks_against_nobody_is_not_drawn(other: Verification) -> None:
    assert odd(other) == []
    assert not red(marked(other, (800, 600))).any()


def test_one_cue_of_two_attacks_is_drawn_once_by_its_greater_weight() -> None:
    cue = print_cue("nik_digit", 4.0)
    both = tuple(Suspicion(name, r, 1.0, ((cue, r),)) for name, r in (("name_edited", 2.0), ("nik_edited", 3.0)))
    doubts = (Doubt("name_edited", 1.0, 0.2), Doubt("nik_edited", 2.0, 0.4))
    verdict = Verdict(Decision.REVIEW, 0.4, (), ("FRAUD_TEXT_EDITED",), doubts)
    assert odd(verification(verdict=verdict, evidence=evidence(suspicions=both))) == [(cue, 3.0)]


def test_what_to_do_better_is_drawn_only_on_a_retake() -> None:
    asked = retake()
    other = replace(asked, verdict=replace(asked.verdict, decision=Decision.REVIEW))
    differs = np.any(marked(asked, (800, 600)) != marked(other, (800, 600)), axis=-1)
    # The blank card fills its own pixels: its NIK lies at the picture's (230…590, 98…135), its label to the left.
    assert differs[90:145, 230:590].any()
    assert draw(asked).shape[0] > draw(other).shape[0]


def test_the_panel_stands_beside_a_high_selfie_and_below_a_wide_one() -> None:
    high = draw(verification(evidence=evidence(image=image(600, 800))))
    wide = draw(verification(evidence=evidence(image=image(800, 600))))
    assert high.shape[1] == wide.shape[1] == WIDTH_PX
    assert high.shape[0] < 1400
    assert (wide[1200:].min(axis=-1) == 255).mean() > 0.5
    assert (high[:1200, 950:].min(axis=-1) == 255).mean() > 0.5


def test_the_bars_lead_from_one_to_the_confidence_longest_first() -> None:
    doubts = [Doubt("nik_misread", 1.0, 0.1), Doubt("paper_face", 3.0, 0.3), *[Doubt("same_picture", 0.1, 0.004)] * 5]
    found = steps(doubts, 0.58)
    assert [one.cause for one in found] == ["paper_face", "nik_misread", OTHERS]
    assert [one.before for one in found] == [1.0, *[one.after for one in found[:-1]]]
    assert found[-1].after == 0.58


def test_a_loss_that_is_small_on_the_long_axis_has_a_bar_on_the_short_one() -> None:
    doubts = [Doubt("paper_face", 0.1, 0.005), Doubt("nik_misread", 0.1, 0.005)]
    assert [one.cause for one in steps(doubts, 0.99)] == ["paper_face", "nik_misread"]
    assert [one.cause for one in steps([*doubts, Doubt("another_person", 9.0, 0.5)], 0.49)] == [
        "another_person",
        OTHERS,
    ]


def test_the_bars_are_as_long_as_what_was_lost() -> None:
    (start, end), (less, same) = (
        (columns.min(), columns.max())
        for lost in (0.5, 0.25)
        for columns in [np.nonzero(red(waterfall([Doubt("a", 1.0, lost)], 1 - lost, (0, 0, 0), 696, None)))[1]]
    )
    assert end == same
    assert end - start == pytest.approx(2 * (same - less), abs=2)


def test_the_confidence_that_is_needed_is_a_line() -> None:
    doubts = [Doubt("paper_face", 1.0, 0.5)]
    with_line, without = (waterfall(doubts, 0.5, (0, 0, 0), 696, needed) for needed in (0.9, None))
    # Axis from 212 to 612 px.
    changed = np.nonzero((with_line != without).any(axis=-1)[:90])[1]
    assert abs(np.median(changed) - (212 + 0.9 * 400)) < 3


def test_without_doubts_and_with_letters_beyond_the_font_there_is_a_picture(tmp_path) -> None:
    cue = replace(print_cue("nik_digit", 4.0), detail="ziffer ½ …")
    check = Check("no_name_edited", Outcome.FAIL, 0.5, 0.1, ("FRAUD_TEXT_EDITED",))
    found = verification(
        verdict=Verdict(Decision.REVIEW, 0.0, (check,), check.reasons),
        evidence=evidence(suspicions=(Suspicion("name_edited", 2.0, 1.0, ((cue, 2.0),), ("row_face",)),)),
        nearest=Change(("no_name_edited",), Decision.APPROVED),
    )
    save_overlay(found, tmp_path / "new" / "seen.png", 0.9)
    assert (tmp_path / "new" / "seen.png").read_bytes().startswith(b"\x89PNG")


def test_broken_lines_fit_and_lose_no_word() -> None:
    words = "Please bring the card closer to the camera and take the photo again"
    lines = wrapped(words, 200)
    assert " ".join(lines) == words
    assert len(lines) > 2
    assert max(width_px(line) for line in lines) <= 200


def test_no_label_covers_another() -> None:
    canvas, taken = np.zeros((300, 400, 3), dtype=np.uint8), []
    corners = np.array([[200.0, 100.0], [300.0, 100.0], [300.0, 112.0], [200.0, 112.0]])
    for i in range(4):
        tag(canvas, f"{i} A ROW", corners, (200, 20, 20), taken)
    covered = np.zeros(canvas.shape[:2], dtype=int)
    for x, y, w, h in taken:
        covered[y : y + h, x : x + w] += 1
    assert covered.max() == 1
    # The row itself stays to be seen.
    assert covered[100:113, 200:301].sum() == 0


def test_an_attack_that_was_not_asked_about_has_no_bar() -> None:
    def ink(outcome: Outcome) -> int:
        check = Check("no_name_edited", outcome, None, 0.1, () if outcome is Outcome.PASS else ("CARD_NOT_FOUND",))
        suspicions = (Suspicion("name_edited", 3.0, 4.0, ((print_cue("nik_digit", 4.0), 3.0),)),)
        verdict = Verdict(Decision.REVIEW, 0.0, (check,), ("CARD_NOT_FOUND",))
        found = draw(verification(verdict=verdict, evidence=evidence(suspicions=suspicions)))
        return int((found[1200:].max(axis=-1) < 60).sum())

    # Four fifths of a bar of 150 px, 14 px high.
    assert ink(Outcome.PASS) - ink(Outcome.NOT_EXECUTED) > 1000
