import numpy as np
import pytest

from benchmarks import calibrate_attacks as fitting
from benchmarks.calibrate_attacks import ACCUSES, ATTACKS, HINT, HINTS, auc, choose, confidence, fit, folds, slope
from benchmarks.curves import LEAST, MOST
from benchmarks.fraud import calibration, cues, genuine, kinds, left_out
from benchmarks.fraud_page import page
from benchmarks.scores import Scored
from benchmarks.thresholds import cross_fitted
from kyc_vision.confidence import ConfidenceModel
from kyc_vision.policy import Policy
from kyc_vision.reasons import ATTACKS as NAMED
from kyc_vision.weighing import AttackModel

EVERY_CUE = sorted({cue for _, of_attack in ATTACKS.values() for cue in of_attack})


def rows(n: int, *, silent: tuple[str, ...] = (), misled: tuple[str, ...] = (), variant: str = "") -> list[Scored]:
    """Pictures in which every cue is three deviations higher on its attack, but for those named."""
    rng = np.random.default_rng(3)
    found = []
    for kind in ("genuine", *(kind for of_kind, _ in ATTACKS.values() for kind in of_kind)):
        for i in range(n):
            scores = dict(zip(EVERY_CUE, rng.normal(0, 1, len(EVERY_CUE)), strict=True))
            for of_kind, of_attack in ATTACKS.values():
                for cue in of_attack if kind in of_kind else ():
                    scores[cue] += 0 if cue in silent else -3 if cue in misled else 3
            parts = (0.9999, 0.999, 0.99, False)
            right = kind == "genuine"
            found.append(Scored(f"{kind}_{i}", kind, "easy", variant, f"p{i % 20}", scores, parts, right, (), True))
    return found


SEEN = rows(60)


def test_every_attack_that_is_fitted_has_a_reason_and_the_other_way_round():
    assert set(ATTACKS) == set(NAMED)


def test_a_cue_that_is_silent_on_the_other_renderer_only_accuses_and_a_misled_one_has_no_weight():
    chosen, said = choose(SEEN, rows(30, silent=("scene_frame",), misled=("card_held",)))
    assert chosen["selfie_on_screen"]["scene_frame"] == ACCUSES
    assert "scene_frame" in " ".join(said)
    assert "card_held" not in chosen["card_inserted"]
    assert "no weight" in said["card_inserted: card_held"]
    assert chosen["grey_copy"]["card_frame"] == (LEAST, MOST)
    assert all(bounds == HINT for cues_ in chosen.values() for cue, bounds in cues_.items() if cue in HINTS)


def test_without_another_renderer_nothing_may_absolve():
    chosen, _ = choose(SEEN, [])
    assert {b for of_attack in chosen.values() for cue, b in of_attack.items() if cue not in HINTS} == {ACCUSES}


def test_the_curves_of_cues_that_only_accuse_never_go_below_nothing():
    chosen, _ = choose(SEEN, [])
    model = AttackModel.parse({"kinds": fit(SEEN, [], chosen)})
    for name, attack in model.attacks.items():
        assert 0 < attack.slope <= 1
        for cue, curve in attack.curves.items():
            assert cue in HINTS or min(curve.ratios) >= 0, (name, cue)
            assert max(curve.ratios) > 1


def test_the_folds_split_people():
    for held, rest in folds(SEEN):
        assert not {one.person for one in held} & {one.person for one in rest}
    assert sum(len(held) for held, _ in folds(SEEN)) == len(SEEN)


def test_the_slope_takes_back_what_dependent_cues_claim_twice():
    rng = np.random.default_rng(5)
    honest = [(x, attack) for attack in (True, False) for x in rng.normal(1 if attack else -1, np.sqrt(2), 4000)]
    assert slope(honest) == pytest.approx(1.0, abs=0.05)
    assert slope([(2 * x, attack) for x, attack in honest]) == pytest.approx(0.5, abs=0.05)
    assert slope([(0.1 * x, attack) for x, attack in honest]) == 1.0


def test_the_area_is_the_chance_that_an_attack_lies_above():
    assert auc(np.arange(5.0), np.arange(5.0) + 10) == 1
    assert auc(np.arange(5.0), np.arange(5.0)) == 0.5
    assert auc(np.arange(4.0), np.arange(9.0)) is None


def test_people_who_were_held_out_are_told_apart_and_the_confidence_is_calibrated():
    judged = cross_fitted(SEEN, rows(30), [])
    good = [one.confidence for one in judged if one.one.kind == "genuine"]
    bad = [one.confidence for one in judged if one.one.kind != "genuine"]
    assert len(judged) == len(SEEN)
    assert np.median(good) > 0.9
    assert np.median(bad) < 0.3
    assert calibration(judged)["ece"] < 0.03


def test_the_report_names_every_kind_and_what_the_fit_knew(monkeypatch):
    chosen, _ = choose(SEEN, [])
    models = AttackModel.parse({"kinds": fit(SEEN, [], chosen)}), ConfidenceModel.parse(confidence(SEEN, [], chosen))
    monkeypatch.setattr(AttackModel, "load", lambda _: models[0])
    monkeypatch.setattr(ConfidenceModel, "load", lambda _: models[1])
    monkeypatch.setattr(fitting, "FOLDS", 2)
    policy = Policy.load()
    judged = cross_fitted(SEEN, [], [])
    few = [one for one in SEEN if one.file.endswith(("_1", "_2"))]
    result = {
        "approve_confidence": 0.9,
        "people": 20,
        "kinds": kinds(judged, policy),
        "variant": {},
        "genuine": genuine(judged, policy),
        "ece": calibration(judged),
        "cues": cues(SEEN, [], []),
        "left_out": left_out(SEEN, [], [], few, 0.9),
    }
    text = page(result)
    for kind in (kind for of_kind, _ in ATTACKS.values() for kind in of_kind):
        assert f"| {kind} | 60 |" in text
    assert "easy and medium" in text
    assert result["kinds"]["together"]["n"] == 60 * 12
    assert result["genuine"]["all"]["rejected"]["hits"] == 0
    # No other attack has the paper face's cue: left out, nothing speaks of it.
    known, unknown = result["kinds"]["cut_out_face"], result["left_out"]["cut_out_face"]
    assert known["rate"] < 0.2 < unknown["rate"]
