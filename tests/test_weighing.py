import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.types import Cue, cannot_tell
from kyc_vision.weighing import Attack, AttackModel, Curve
from kyc_vision.weights import MODELS

CURVE = Curve((0.0, 1.0, 3.0), (-1.0, 0.0, 4.0))
MODEL = AttackModel(
    {
        "screen": Attack(0.01, 0.5, {"moire": CURVE, "rim": Curve((0.0, 1.0), (-1.0, 2.0))}),
        "copy": Attack(0.02, 1.0, {"dots": CURVE}),
    },
    "d",
)
scores = st.one_of(st.none(), st.floats(-5, 5))


def weighed(**cues: float | None) -> dict[str, float]:
    return {one.attack: one.log_ratio for one in MODEL.weigh([Cue(name, score) for name, score in cues.items()])}


def test_a_curve_is_straight_between_its_knots_and_level_beyond_them():
    assert [CURVE.at(x) for x in (-9, 0, 0.5, 2, 3, 99)] == [-1, -1, -0.5, 2, 4, 4]


@pytest.mark.parametrize(
    ("knots", "ratios"),
    [((), ()), ((0.0, 1.0), (1.0,)), ((1.0, 1.0), (0.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))],
    ids=["none", "unequal", "scores that do not rise", "falls"],
)
def test_a_curve_that_could_reward_more_of_a_sign_is_refused(knots, ratios):
    with pytest.raises(ValueError, match="curve"):
        Curve(knots, ratios)


def test_an_attacks_cues_are_added_and_shrunk_and_set_against_how_often_it_is_expected():
    first, second = MODEL.weigh([Cue("moire", 3.0), Cue("rim", 1.0), Cue("dots", 0.0)])
    assert (first.attack, first.log_ratio) == ("screen", 0.5 * (4 + 2))
    assert first.odds == pytest.approx(0.01 * 2.718281828**3)
    assert [(cue.name, ratio) for cue, ratio in first.shares] == [("moire", 2.0), ("rim", 1.0)]
    assert (second.attack, second.log_ratio) == ("copy", -1.0)
    assert first.probability == pytest.approx(first.odds / (1 + first.odds))


def test_what_cannot_tell_adds_nothing_and_is_named():
    screen = next(
        one for one in MODEL.weigh([cannot_tell("moire", "too small"), Cue("rim", 0.0)]) if one.attack == "screen"
    )
    assert (screen.log_ratio, screen.blind) == (-0.5, ("moire",))
    nothing = {one.attack: one for one in MODEL.weigh([])}
    assert {(one.log_ratio, one.odds) for one in nothing.values()} == {(0.0, 0.01), (0.0, 0.02)}
    assert nothing["screen"].blind == ("moire", "rim")
    assert nothing["copy"].shares == ()


@given(scores, scores, st.floats(0, 5))
def test_more_of_a_sign_never_speaks_less_for_an_attack(moire, rim, more):
    before = weighed(moire=moire, rim=rim)["screen"]
    if moire is not None:
        assert weighed(moire=moire + more, rim=rim)["screen"] >= before


def test_the_committed_numbers_load():
    model = AttackModel.load(MODELS / "calibration.json")
    assert model.attacks
    assert all(0 < one.slope <= 1 and one.prior_odds > 0 for one in model.attacks.values())
    assert sum(len(one.curves) for one in model.attacks.values()) >= 9


def test_other_numbers_have_another_digest(tmp_path):
    table = json.loads((MODELS / "calibration.json").read_text())
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(table))
    same = AttackModel.load(path).digest
    next(iter(table["attacks"]["kinds"].values()))["slope"] = 0.123
    path.write_text(json.dumps(table))
    assert same == AttackModel.load(MODELS / "calibration.json").digest != AttackModel.load(path).digest
