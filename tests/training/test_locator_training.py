"""The locator's network, losses, averages, checkpoints and figures; skipped where torch is not installed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from kyc_vision.card.heatmaps import Coarse  # noqa: E402
from samples.pool import Truth  # noqa: E402
from training.locator.frames import collate, network_input, plain  # noqa: E402
from training.locator.journal import COLUMNS, LOG, Journal  # noqa: E402
from training.locator.losses import losses  # noqa: E402
from training.locator.network import Locator, Outputs, multiply_adds, parameters  # noqa: E402
from training.locator.state import Average, State, load, save  # noqa: E402
from training.locator.train import parse  # noqa: E402
from training.locator.validate import figures  # noqa: E402

QUAD = np.array([[60, 80], [160, 80], [160, 143], [60, 143]], dtype=np.float32)
CARD = Truth("genuine", QUAD, None, False, False, 0.0, 1.0)
NOTHING = Truth("no_card", None, None, False, False, 0.0, 0.0)
FRAME = np.full((256, 256, 3), 90, np.uint8)


def logits(shares):
    inside = shares.clamp(1e-6, 1 - 1e-6)
    return torch.log(inside / (1 - inside))


def right(batch):
    """The outputs of a network that has learned everything."""
    sure = torch.full((len(batch.presence), 6), -4.0)
    sure[:, 0], sure[:, 1] = 8 * batch.presence - 4, 8 * batch.mirrored - 4
    sure[torch.arange(len(sure)), 2 + batch.turns] = 4.0
    return Outputs(logits(batch.heat), logits(batch.mask), batch.votes, sure)


def test_the_network_is_small_and_its_outputs_have_their_shapes():
    network = Locator().eval()
    assert parameters(network) < 1_500_000
    assert multiply_adds(network) < 250_000_000
    with torch.inference_mode():
        shapes = [tuple(one.shape) for one in network(torch.zeros(2, 3, 256, 256))]
    assert shapes == [(2, 4, 64, 64), (2, 1, 64, 64), (2, 8, 16, 16), (2, 6)]


def test_the_losses_of_the_truth_are_nearly_nothing_and_of_anything_else_more():
    batch = collate([(FRAME, CARD), (FRAME, NOTHING)])
    best = losses(right(batch), batch)
    for name in ("heat", "mask", "dice", "votes"):
        assert float(getattr(best, name)) < 1e-3, name
    for name in ("presence", "mirrored", "turns"):
        assert float(getattr(best, name)) < 0.12, name  # labels are smoothed
    wrong = losses(Outputs(*(torch.zeros_like(one) for one in right(batch))), batch)
    assert all(float(worse) > float(good) for worse, good in zip(wrong, best, strict=True))


def test_votes_flags_and_dice_say_nothing_without_a_card():
    batch = collate([(FRAME, NOTHING), (FRAME, NOTHING)])
    none = losses(Outputs(*(torch.randn_like(one) for one in right(batch))), batch)
    assert float(none.votes) == float(none.dice) == float(none.mirrored) == float(none.turns) == 0
    assert float(none.presence) > 0


def test_frames_reach_the_network_channels_last_and_between_0_and_1():
    batch = collate([(np.full((256, 256, 3), 255, np.uint8), NOTHING)])
    said = network_input(batch.frames)
    assert said.shape == (1, 3, 256, 256)
    assert float(said.max()) == 1
    assert said.is_contiguous(memory_format=torch.channels_last)


def test_a_plain_frame_is_letterboxed_and_its_corners_go_with_it():
    pixels = np.full((896, 672, 3), 200, np.uint8)
    quad = np.array([[-0.5, -0.5], [671.5, -0.5], [671.5, 447.5], [-0.5, 447.5]], dtype=np.float32)
    frame, truth = plain(pixels, Truth("genuine", quad, None, False, False, 0.0, 1.0))
    assert frame[:, 32:224].min() == 200
    assert frame[:, :32].max() == frame[:, 224:].max() == 0
    np.testing.assert_allclose(truth.quad, [[31.5, -0.5], [223.5, -0.5], [223.5, 127.5], [31.5, 127.5]], atol=1e-4)


def test_the_average_moves_by_a_thousandth_once_it_is_settled():
    network = Locator()
    average = Average(network, 0.999)
    before = average.values["votes.1.weight"].clone()
    with torch.no_grad():
        network.votes[1].weight += 1
    average.update(network, 1_000_000)
    np.testing.assert_allclose((average.values["votes.1.weight"] - before).numpy(), 1e-3, atol=1e-5)


def test_a_checkpoint_comes_back_as_it_was_saved(tmp_path: Path):
    assert load(tmp_path) is None
    network = Locator()
    optimizer = torch.optim.AdamW(network.parameters())
    state = State(7, 1.5, network.state_dict(), network.state_dict(), optimizer.state_dict(), {"seed": 3})
    save(state, tmp_path)
    back = load(tmp_path)
    assert back is not None
    assert (back.step, back.minutes, back.made_of) == (7, 1.5, {"seed": 3})
    assert torch.equal(back.network["votes.1.weight"], state.network["votes.1.weight"])
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_the_log_forgets_what_came_after_the_checkpoint(tmp_path: Path):
    journal = Journal(tmp_path, 0)
    for step in (10, 20):
        journal.log({"step": step, "minutes": step, "samples": 40 * step, "loss": 0.5})
    Journal(tmp_path, 15).log({"step": 18, "minutes": 18, "samples": 720, "loss": 0.25})
    with (tmp_path / LOG).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["10", "18"]
    assert tuple(rows[0]) == COLUMNS
    assert rows[1]["loss"] == "0.25"


def test_the_learning_rate_rises_and_falls():
    plan = parse(["--pool", "p", "--out", "o", "--minutes", "100"])
    rates = [plan.rate(plan.progress(0, minutes)) for minutes in (0, 3, 50, 100, 120)]
    assert rates[0] < 0.01 * plan.lr
    assert rates[1] == pytest.approx(plan.lr, rel=0.01)
    assert rates[2] == pytest.approx(plan.lr / 2, rel=0.02)
    assert rates[3] == rates[4] == pytest.approx(plan.lr / 100, rel=0.01)


def test_figures_of_answers_worked_by_hand():
    level, none = np.array([1, 0, 0, 0], np.float32), np.zeros(4, np.float32)
    said = [
        Coarse(QUAD + np.array([2, 0], np.float32), 0.9, 0.1, level, none),  # 2 % of 100 px off
        Coarse(QUAD[[2, 3, 0, 1]], 0.8, 0.1, level, none),  # upside down
        Coarse(QUAD, 0.7, 0.1, level, none),  # no card there
        Coarse(QUAD, 0.2, 0.1, level, none),
    ]
    of = figures(said, [CARD, CARD, NOTHING, NOTHING])
    assert (of.precision, of.recall, of.auc) == (pytest.approx(2 / 3), 1.0, 1.0)
    assert (of.mirrored, of.turns) == (1.0, 1.0)
    assert (of.fit.cards, of.fit.repairable, of.fit.iou_80) == (2, 0.5, 1.0)
    assert of.bands["64-128"].cards == 2
