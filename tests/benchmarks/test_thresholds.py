import numpy as np
import pytest

from benchmarks.scores import Scored
from benchmarks.thresholds import Judged, choose, p_value


def judged(confidence: float, *, kind: str = "impostor", open_: bool = True, worst: float = 0.0) -> Judged:
    return Judged(Scored("a.jpg", kind, "easy", "", "p", {}, None, False, (), open_), confidence, worst)


def test_approved_is_what_is_open_sure_enough_and_of_no_likely_attack():
    assert judged(0.95).approved(0.95)
    assert not judged(0.949).approved(0.95)
    assert not judged(0.99, open_=False).approved(0.5)
    assert not judged(0.99, worst=0.06).approved(0.95)


@pytest.mark.parametrize("share", [0.005, 0.02])
def test_the_bound_is_kept_in_nineteen_of_twenty_draws(share):
    # Losses whose true mean is just above the share: refuted by mistake in at most 5 % of draws.
    rng = np.random.default_rng(1)
    wrong = [p_value((rng.random(2000) < 1.02 * share).astype(float), share) <= 0.05 for _ in range(400)]
    assert np.mean(wrong) <= 0.05


def test_losses_above_the_share_are_never_refuted_and_none_in_many_always():
    assert p_value(np.array([0.0, 1.0]), 0.4) == 1
    assert p_value(np.zeros(600), 0.005) < 0.05 < p_value(np.zeros(590), 0.005)


def test_the_least_confidence_is_chosen_down_to_which_all_keep_the_share():
    rng = np.random.default_rng(2)
    frauds = {kind: [judged(0.3 * rng.random()) for _ in range(400)] for kind in ("impostor", "bw_copy")}
    chosen = choose(frauds, 0.01, 0.05)
    assert chosen == pytest.approx(0.5, abs=1e-9)
    frauds["bw_copy"][:200] = [judged(0.9)] * 200
    again = choose(frauds, 0.01, 0.05)
    assert again is not None
    assert 0.9 < again <= 0.901


def test_too_few_frauds_prove_nothing():
    assert choose({"impostor": [judged(0.0)] * 100}, 0.005, 0.05) is None
