"""Train a reader: ``python -m training.ctc.train nik --out training/nik/run --minutes M --seed S`` (or rows).

The same command goes on where a stopped run was; with more minutes it goes on further. Lines are drawn from the seed
and their number, so that a run that goes on sees what it would have seen.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import math
import platform
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from kyc_vision.ocr.cut import HEIGHT_PX
from training.ctc.journal import draw_curves
from training.ctc.network import STRIDE, Reader, parameters
from training.ctc.stream import Batch, Recipe, Stream, batch, loader, validation
from training.locator.state import Average, State, load, save
from training.locator.trainer import keep_freed_memory

_WEIGHT_DECAY, _DECAY, _MAX_NORM, _WARM_UP, _LAST_LR = 0.01, 0.999, 5.0, 0.02, 0.005
_ROW_S, _SAVE_S, _HELD = 30.0, 120.0, 768


@dataclass(frozen=True, slots=True)
class Plan:
    """The command's arguments."""

    what: str
    out: Path
    minutes: float
    seed: int
    batch: int
    lr: float
    workers: int
    validate_minutes: float

    def rate(self, progress: float) -> float:
        """The learning rate: up in a straight line, down along half a cosine wave."""
        down = _LAST_LR + (1 - _LAST_LR) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        return self.lr * min(1.0, progress / _WARM_UP + 1e-3) * down


def network_input(lines: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 → (N, 3, H, W) float32 in 0–1, laid out as the convolutions read it."""
    return lines.permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)


class Run:
    """A sitting: learn, write down, validate, save, until the time is over or somebody asks to stop."""

    def __init__(self, plan: Plan) -> None:
        """Take up the run in plan.out, or begin one."""
        torch.manual_seed(plan.seed)
        self._plan = plan
        self._recipe = Recipe(importlib.import_module(f"training.{plan.what}.lines"))
        symbols = self._recipe.module.SYMBOLS
        self._network = Reader(self._recipe.module.SIZE, 1 + len(symbols))
        self._network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._average = Average(self._network, _DECAY)
        self._optimizer = torch.optim.AdamW(self._network.parameters(), lr=plan.lr, weight_decay=_WEIGHT_DECAY)
        self._loss = nn.CTCLoss(zero_infinity=True)
        self._made_of = {"seed": plan.seed, "batch": plan.batch, "what": plan.what, "symbols": symbols}
        self._made_of["parameters"] = parameters(self._network)
        self.step, before = 0, 0.0
        plan.out.mkdir(parents=True, exist_ok=True)
        if (state := load(plan.out)) is not None:
            if state.made_of != self._made_of:
                sys.exit(f"error: the run in {plan.out} is made of something else: choose another --out")
            self._network.load_state_dict(state.network)
            self._optimizer.load_state_dict(state.optimizer)
            self._average.values = state.average
            self.step, before = state.step, state.minutes
        self._begin = time.monotonic() - 60 * before
        self._held = validation(self._recipe, plan.seed, _HELD)
        self._stopping = False

    @property
    def minutes(self) -> float:
        """So far, over all sittings."""
        return (time.monotonic() - self._begin) / 60

    def stop(self, *_: object) -> None:
        """Finish the step, save, leave: what a signal asks for."""
        self._stopping = True

    def go(self) -> None:
        """The whole sitting."""
        plan = self._plan
        batches = iter(loader(Stream(self._recipe, plan.seed, plan.batch, self.step), plan.workers))
        rowed = saved = validated = time.monotonic()
        total, since = 0.0, self.step
        while not self._stopping and self.minutes < plan.minutes:
            total += self._learn(next(batches))
            now = time.monotonic()
            if now - validated > 60 * plan.validate_minutes:
                self._row(total / (self.step - since), (self.step - since) / (now - rowed), self._validate())
                validated, rowed, total, since = time.monotonic(), time.monotonic(), 0.0, self.step
            elif now - rowed > _ROW_S:
                self._row(total / (self.step - since), (self.step - since) / (now - rowed), None)
                rowed, total, since = now, 0.0, self.step
            if now - saved > _SAVE_S:
                self._save()
                saved = now
        if self.step > since:
            self._row(total / (self.step - since), (self.step - since) / (time.monotonic() - rowed), self._validate())
        self._save()

    def _learn(self, lines: Batch) -> float:
        self._network.train()
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.rate(self.minutes / self._plan.minutes)
        logits = self._network(network_input(lines.lines))
        steps = torch.full((len(lines.lengths),), logits.shape[1])
        loss = self._loss(logits.log_softmax(2).transpose(0, 1), lines.targets, steps, lines.lengths)
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), _MAX_NORM)
        self._optimizer.step()
        self.step += 1
        self._average.update(self._network, self.step)
        return float(loss.detach())

    def _validate(self) -> tuple[float, float]:
        """(share of lines exactly right, letters wrong over letters) of the averaged weights."""
        network = Reader(self._recipe.module.SIZE, 1 + len(self._recipe.module.SYMBOLS))
        self._average.copy_to(network)
        network.eval()
        right, wrong, letters = 0, 0, 0
        with torch.inference_mode():
            for strip in self._held:
                one = batch([strip], self._recipe.module.SYMBOLS)
                said = self.decode(network(network_input(one.lines))[0])
                right += said == strip.text
                wrong += Levenshtein.distance(said, strip.text)
                letters += len(strip.text)
        return right / len(self._held), wrong / letters

    def decode(self, logits: Tensor) -> str:
        """Best path: repeats merged, blanks dropped."""
        classes = torch.unique_consecutive(logits.argmax(1)).tolist()
        return "".join(self._recipe.module.SYMBOLS[c - 1] for c in classes if c).strip()

    def _row(self, loss: float, per_second: float, measured: tuple[float, float] | None) -> None:
        path, plan = self._plan.out / "log.csv", self._plan
        rate = plan.rate(self.minutes / plan.minutes)
        exact, letters = (f"{v:.5f}" for v in measured) if measured else ("", "")
        row = [self.step, f"{self.minutes:.2f}", self.step * plan.batch, f"{per_second * plan.batch:.1f}",
               f"{rate:.6f}", f"{loss:.5f}", exact, letters]  # fmt: skip
        fresh = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(["step", "minutes", "lines", "per_second", "lr", "loss", "exact", "letter_errors"])
            writer.writerow(row)
        print(" ".join(str(v) for v in row), flush=True)
        if measured:
            draw_curves(path, plan.out / "curves.png")

    def _save(self) -> None:
        plan = self._plan
        weights, optimizer = self._network.state_dict(), self._optimizer.state_dict()
        save(State(self.step, self.minutes, weights, self._average.values, optimizer, self._made_of), plan.out)
        commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout  # noqa: S607
        made = {
            **{key: value for key, value in self._made_of.items() if key != "symbols"},
            "minutes": round(self.minutes, 1), "steps": self.step, "lines": self.step * plan.batch, "lr": plan.lr,
            "torch": torch.__version__.partition("+")[0],
            "machine": f"{platform.machine()}, 1 thread, {plan.workers} worker(s)",
            "commit": commit.strip(), "height_px": HEIGHT_PX, "stride_px": STRIDE,
        }  # fmt: skip
        (plan.out / "run.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Train; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.ctc.train", description=__doc__)
    parser.add_argument("what", choices=("nik", "rows"))
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--minutes", type=float, default=60.0, help="of the whole run, validation included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--lr", type=float, default=3e-3, help="the highest")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw lines")
    parser.add_argument("--validate-minutes", type=float, default=5.0)
    plan = Plan(**vars(parser.parse_args()))
    torch.set_num_threads(1)
    cv2.setNumThreads(1)  # a pool of OpenCV's threads does not live through the fork of the workers
    keep_freed_memory()
    run = Run(plan)
    signal.signal(signal.SIGINT, run.stop)
    signal.signal(signal.SIGTERM, run.stop)
    run.go()
    return 0


if __name__ == "__main__":
    sys.exit(main())
