"""Each metric on numbers worked by hand, and each of them caught with a bug planted in its source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from benchmarks import metrics

SOURCE = Path(metrics.__file__).read_text(encoding="utf-8")
CARD = np.array([[0, 0], [100, 0], [100, 50], [0, 50]], dtype=np.float64)
Check = Callable[[ModuleType], None]


def wilson_interval(m: ModuleType) -> None:
    # 5 of 10: middle 0.5, half = 1.95996 / 1.384146 · √(0.025 + 3.841459 / 400) = 0.26341.
    assert m.wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    # None of 10: z² / (n + z²) = 3.841459 / 13.841459.
    assert m.wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    # 1 of 4: middle (0.25 + 0.480182) / 1.960365 = 0.372472, half = 1.95996 / 1.960365 · √(0.046875 + 0.060023).
    assert m.wilson(1, 4) == pytest.approx((0.04559, 0.69936), abs=2e-5)
    assert m.wilson(0, 0) == (0.0, 1.0)


def rate_knows_its_count(m: ModuleType) -> None:
    one = m.rate(flag for flag in (True, False, True, True))
    assert (one.hits, one.n, one.value) == (3, 4, 0.75)
    assert m.rate([]).value is None
    assert m.Rate(0, 10).as_json() == {"hits": 0, "n": 10, "rate": 0.0, "low": 0.0, "high": 0.277533}


def placement(m: ModuleType) -> None:
    # Moved by (3, 4): 5 px at each corner of a card of 100 px; overlap 97 · 46 = 4462 of 10000 − 4462.
    moved = m.place(CARD + np.array([3, 4]), CARD)
    assert moved.corner_pct == pytest.approx(5.0)
    assert moved.iou == pytest.approx(4462 / 5538, abs=1e-6)
    assert (moved.same_way_up, moved.same_winding) == (True, True)


def placement_of_one_corner(m: ModuleType) -> None:
    # One corner of four off by 8 px: 2 px on average. The card is 90 px wide on average, 100 and 80.
    truth = np.array([[0, 0], [100, 0], [90, 50], [10, 50]], dtype=np.float64)
    assert m.place(truth + np.array([[8, 0], [0, 0], [0, 0], [0, 0]]), truth).corner_pct == pytest.approx(100 * 2 / 90)


def way_up_and_mirroring(m: ModuleType) -> None:
    turned = m.place(np.roll(CARD, 2, axis=0), CARD)
    assert (turned.same_way_up, turned.same_winding) == (False, True)
    assert (turned.iou, turned.corner_pct) == (pytest.approx(1.0), pytest.approx(0.0))
    mirrored = m.place(CARD[[1, 0, 3, 2]], CARD)
    assert (mirrored.same_way_up, mirrored.same_winding) == (True, False)
    assert mirrored.corner_pct == pytest.approx(0.0)
    # Upside down and mirrored: the print's top left is seen at the bottom left.
    both = m.place(CARD[[3, 2, 1, 0]], CARD)
    assert (both.same_way_up, both.same_winding) == (False, False)


def recall(m: ModuleType) -> None:
    found = m.recall_at([0.80, 0.79, 0.0, 0.95], 0.8)
    assert (found.hits, found.n) == (2, 4)


def edit_distance(m: ModuleType) -> None:
    assert m.edits("KITTEN", "SITTING") == 3
    assert (m.edits("", "ABC"), m.edits("ABC", ""), m.edits("", "")) == (3, 3, 0)
    assert m.edits("1234", "1324") == 2
    assert m.edits("ABCD", "ABD") == 1


def error_rate_is_pooled(m: ModuleType) -> None:
    # One of 4 and none of 16: 1 / 20, not the mean of 1 / 4 and 0.
    assert m.character_error_rate([(1, 4), (0, 16)]) == pytest.approx(0.05)
    assert m.character_error_rate([(5, 2)]) == pytest.approx(2.5)
    assert m.character_error_rate([]) is None


def calibration(m: ModuleType) -> None:
    bins = m.reliability([0.95, 0.85, 0.85, 0.05, 1.0], [True, True, False, False, True])
    assert [(b.n, b.effective_n, b.confidence, b.accuracy) for b in bins] == [
        (1, 1, pytest.approx(0.05), 0.0),
        (2, 2, pytest.approx(0.85), 0.5),
        (2, 2, pytest.approx(0.975), 1.0),
    ]
    # 0.2 · 0.05 + 0.4 · 0.35 + 0.4 · 0.025
    assert m.expected_calibration_error(bins) == pytest.approx(0.16)


def weighted_calibration(m: ModuleType) -> None:
    # One bin; weights 3 and 1: confidence (3 · 0.92 + 0.96) / 4 = 0.93, accuracy 3 / 4; the gap is 0.18.
    (one,) = m.reliability([0.92, 0.96], [True, False], [3.0, 1.0])
    assert (one.confidence, one.accuracy, one.weight) == (pytest.approx(0.93), 0.75, 1.0)
    assert m.expected_calibration_error([one]) == pytest.approx(0.18)
    # (3 + 1)² / (9 + 1) = 1.6 cases' worth.
    assert one.effective_n == pytest.approx(1.6)
    assert one.bounds == pytest.approx(m.wilson(1.2, 1.6))


def stated_prior(m: ModuleType) -> None:
    assert m.prior_weights([True, True, True, False], 0.9) == pytest.approx([0.3, 0.3, 0.3, 0.1])
    assert m.prior_weights([True, True], 0.9) == pytest.approx([0.5, 0.5])


def each_attack_apart(m: ModuleType) -> None:
    found = m.attacks_approved(["screen", "copy", "screen", "screen"], [True, False, False, False])
    assert {kind: (r.hits, r.n) for kind, r in found.items()} == {"copy": (0, 1), "screen": (1, 3)}


def approval_needs_confidence_and_nothing_against_it(m: ModuleType) -> None:
    confidence, open_ = np.array([0.95, 0.9, 0.89, 0.99]), np.array([True, True, True, False])
    assert m.approved_at(confidence, open_, 0.9).tolist() == [True, True, False, False]


def cost(m: ModuleType) -> None:
    confidence, genuine = np.array([0.95, 0.8, 0.95, 0.97, 0.5]), np.array([True, True, False, False, False])
    open_, costs = np.array([True, True, True, False, True]), m.Costs(100.0, 1.0, 0.9)
    # At 0.9: half the genuine, a third of the frauds: 0.9 / 2 + 0.1 · 2 / 3 handled, 100 · 0.1 / 3 lost.
    assert m.expected_cost(confidence, open_, genuine, 0.9, costs) == pytest.approx(0.45 + 0.2 / 3 + 10 / 3)
    # At 0.8, which counts as enough, all the genuine.
    assert m.expected_cost(confidence, open_, genuine, 0.8, costs) == pytest.approx(0.2 / 3 + 10 / 3)
    assert m.expected_cost(confidence, open_, genuine, 1.01, costs) == pytest.approx(1.0)


def match_errors(m: ModuleType) -> None:
    scores = np.array([0.5, 0.4, 0.6, 0.1])
    wrong, missed = m.false_matches(scores, 0.5), m.false_non_matches(scores[:3], 0.5)
    assert (wrong.hits, wrong.n) == (2, 4)
    assert (missed.hits, missed.n) == (1, 3)


def accepts_at_a_false_match_rate(m: ModuleType) -> None:
    impostor = np.array([0.3, 0.9, 0.0, 0.1, 0.6, 0.8, 0.2, 0.7, 0.5, 0.4])
    # Three of ten may pass: 0.9, 0.8, 0.7; so anything above 0.6 is accepted.
    threshold = m.threshold_at(impostor, 0.3)
    assert 0.6 < threshold < 0.6001
    assert m.false_matches(impostor, threshold).hits == 3
    accepted = m.true_accepts(np.array([0.65, 0.3, 0.95, 0.7, 0.6]), impostor, 0.3)
    assert (accepted.hits, accepted.n) == (3, 5)
    # Equal scores cannot be parted: none of them may pass.
    assert m.false_matches(np.full(10, 0.5), m.threshold_at(np.full(10, 0.5), 0.3)).hits == 0


def too_few_impostors(m: ModuleType) -> None:
    scores = np.linspace(0, 1, 3000)
    assert m.threshold_at(scores[:2900], 1e-3) is None
    assert m.true_accepts(scores, scores[:2900], 1e-3) is None
    assert m.threshold_at(scores, 1e-3) is not None


def trade_off(m: ModuleType) -> None:
    impostor, genuine = np.linspace(0, 0.9, 10), np.array([0.55, 0.65, 0.95])
    points = [(fmr.hits, fnmr.hits, fmr.n, fnmr.n) for _, fmr, fnmr in m.det_points(genuine, impostor, [0.1, 0.3, 0.4])]
    assert points == [(3, 1, 10, 3), (4, 0, 10, 3)]


CHECKS: tuple[Check, ...] = (
    wilson_interval,
    rate_knows_its_count,
    placement,
    placement_of_one_corner,
    way_up_and_mirroring,
    recall,
    edit_distance,
    error_rate_is_pooled,
    calibration,
    weighted_calibration,
    stated_prior,
    each_attack_apart,
    approval_needs_confidence_and_nothing_against_it,
    cost,
    match_errors,
    accepts_at_a_false_match_rate,
    too_few_impostors,
    trade_off,
)
#: check, what stands in the source, the bug that is planted there.
BUGS: tuple[tuple[Check, str, str], ...] = (
    (wilson_interval, "share + z2 / (2 * n)", "share"),
    (wilson_interval, "z2 / (4 * n * n)", "0"),
    (wilson_interval, "share * (1 - share) / n", "share / n"),
    (wilson_interval, "Z95 / (1 + z2 / n) * math", "Z95 * math"),
    (wilson_interval, "return 0.0, 1.0", "return 0.0, 0.0"),
    (rate_knows_its_count, "Rate(sum(listed), len(listed))", "Rate(len(listed), len(listed))"),
    (rate_knows_its_count, "return self.hits / self.n if self.n else None", "return self.hits / max(self.n, 1)"),
    (placement, "axis=1).mean()) for", "axis=0).mean()) for"),
    (placement, "polygon_iou(here, there)", "polygon_iou(here, here)"),
    (placement_of_one_corner, "axis=1).mean()) for", "axis=1).max()) for"),
    (placement_of_one_corner, "width = float(top + bottom) / 2", "width = float(top)"),
    (way_up_and_mirroring, "min(errors) / width", "errors[0] / width"),
    (way_up_and_mirroring, "errors[0] == min(errors)", "True"),
    (way_up_and_mirroring, "signed_area(there) > 0", "signed_area(there) != 0"),
    (way_up_and_mirroring, "here[[1, 0, 3, 2]]", "here"),
    (recall, "iou >= level", "iou > level"),
    (recall, "rate(iou >= level for iou in ious)", "rate(iou >= level for iou in ious if iou)"),
    (edit_distance, "above[j - 1] + (got != wanted)", "above[j] + (got != wanted)"),
    (edit_distance, "row[-1] + 1, above[j] + 1, ", "row[-1] + 1, "),
    (edit_distance, "range(len(truth) + 1)", "[0] * (len(truth) + 1)"),
    (error_rate_is_pooled, "sum(characters for", "len(listed) * max(characters for"),
    (error_rate_is_pooled, " / printed if printed", " / max(1, len(listed)) if printed"),
    (calibration, "np.minimum((c * bins).astype(int), bins - 1)", "(c * bins).astype(int)"),
    (calibration, "abs(one.confidence - one.accuracy)", "(one.confidence - one.accuracy)"),
    (calibration, "one.weight * abs", "abs"),
    (weighted_calibration, "float((r * w)[inside].sum() / weight)", "float(r[inside].mean())"),
    (weighted_calibration, "float((c * w)[inside].sum() / weight)", "float(c[inside].mean())"),
    (weighted_calibration, "weight**2 / float((w[inside] ** 2).sum())", "float(inside.sum())"),
    (weighted_calibration, "weight / float(w.sum())", "weight"),
    (stated_prior, "prior / good if each else (1 - prior) / bad", "(1 - prior) / good if each else prior / bad"),
    (stated_prior, "prior / good if each", "prior / len(genuine) if each"),
    (each_attack_apart, "in pairs if other == kind", "in pairs"),
    (approval_needs_confidence_and_nothing_against_it, "open_ & (confidence >= threshold)", "confidence >= threshold"),
    (approval_needs_confidence_and_nothing_against_it, "confidence >= threshold)", "confidence > threshold)"),
    (cost, "open_ & (confidence >= threshold)", "confidence >= threshold"),
    (cost, "confidence >= threshold)", "confidence > threshold)"),
    (cost, "approved[~genuine].mean()", "approved.mean()"),
    (cost, "* bad * costs.approved_fraud", "* costs.approved_fraud"),
    (cost, "costs.prior_genuine * (1 - good) +", "costs.prior_genuine * good +"),
    (match_errors, "(impostor >= threshold)", "(impostor > threshold)"),
    (match_errors, "(genuine < threshold)", "(genuine <= threshold)"),
    (match_errors, "(genuine < threshold)", "(genuine >= threshold)"),
    (accepts_at_a_false_match_rate, "np.sort(impostor)[::-1]", "impostor"),
    (accepts_at_a_false_match_rate, "np.sort(impostor)[::-1]", "np.sort(impostor)"),
    (accepts_at_a_false_match_rate, "highest[int(allowed + 1e-9)]", "highest[int(allowed + 1e-9) - 1]"),
    (accepts_at_a_false_match_rate, "float(np.nextafter(highest[int(allowed + 1e-9)], np.inf))", "float(highest[3])"),
    (accepts_at_a_false_match_rate, "(genuine >= threshold)", "(genuine < threshold)"),
    (too_few_impostors, "allowed < LEAST_EXPECTED - 1e-9", "allowed < 0"),
    (too_few_impostors, "LEAST_EXPECTED - 1e-9", "LEAST_EXPECTED + 1e-9"),
    (trade_off, "false_matches(impostor, t), false", "false_matches(genuine, t), false"),
    (trade_off, "false_non_matches(genuine, t)) for", "false_non_matches(impostor, t)) for"),
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_metric_is_as_worked_by_hand(check):
    check(metrics)


@pytest.mark.parametrize(("check", "right", "wrong"), BUGS, ids=lambda part: getattr(part, "__name__", part))
def test_planted_bug_is_caught(check, right, wrong):
    assert right in SOURCE, "the source has changed: plant the bug anew"
    broken = ModuleType("benchmarks.metrics")
    exec(compile(SOURCE.replace(right, wrong), "planted", "exec"), broken.__dict__)
    with pytest.raises(AssertionError):
        check(broken)


def test_every_check_has_a_bug_to_catch():
    assert {check for check, _, _ in BUGS} == set(CHECKS)
