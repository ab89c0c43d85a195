"""Train the locator: ``python -m training.locator.train --pool DIR --out training/locator/run --minutes M --seed S``.

The same command goes on where a stopped run was; with more minutes it goes on further, the learning rate following
the new schedule. With --steps the schedule counts steps and not minutes, which makes a run repeatable to the bit on
the same machine; without, it ends on time however busy the machine is.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

import torch

from samples.errors import SampleError
from training.locator.frames import Stream, loader, open_pools, plain_frames, sides, validation_frames
from training.locator.journal import Journal
from training.locator.losses import Losses
from training.locator.provenance import description
from training.locator.trainer import Plan, Trainer, keep_freed_memory
from training.locator.validate import Figures, answers, figures, hold, told

_ROW_S, _SAVE_S = 30.0, 120.0
_AUGMENTED, _PLAIN = 600, 400


class Run:
    """A sitting: learn, write down, validate, save, until the time is over or somebody asks to stop."""

    def __init__(self, plan: Plan) -> None:
        """Open pools and run; raises SampleError."""
        self._plan, self._pools = plan, open_pools(plan.pools)
        self._sides = sides(self._pools, plan.seed)
        self._trainer = Trainer(plan, self._pools)
        self._journal = Journal(plan.out, self._trainer.step)
        self._sums, self._since, self._since_step = (
            torch.zeros(len(Losses._fields)),
            time.monotonic(),
            self._trainer.step,
        )
        self._stopping = False

    def stop(self, *_: object) -> None:
        """Finish the step, save, leave: what a signal asks for."""
        self._stopping = True

    def go(self) -> None:
        """The whole sitting."""
        plan, trainer, held_out = self._plan, self._trainer, self._sides.held_out
        frames = {
            "augmented": hold(validation_frames(self._pools, held_out, _AUGMENTED, plan.seed)),
            "plain": hold(plain_frames(self._pools, held_out, _PLAIN, plan.seed)),
        }
        print(
            f"{len(self._sides.train)} pictures train, {len(held_out)} validate; from step {trainer.step}", flush=True
        )
        batches = iter(
            loader(Stream(self._pools, self._sides.train, plan.seed, plan.batch, trainer.step), plan.workers)
        )
        saved = validated = time.monotonic()
        while not self._stopping and plan.progress(trainer.step, trainer.minutes) < 1:
            lr = plan.rate(plan.progress(trainer.step, trainer.minutes))
            self._sums += torch.stack(tuple(trainer.learn(next(batches), lr)))
            now = time.monotonic()
            if now - validated > 60 * plan.validate_minutes:
                self._write({name: figures(answers(trainer.averaged(), f), f.truths) for name, f in frames.items()})
                validated = time.monotonic()
            elif now - self._since > _ROW_S:
                self._write()
            if now - saved > _SAVE_S:
                self._save()
                saved = time.monotonic()
        if not self._stopping and trainer.step > self._since_step:
            self._write({name: figures(answers(trainer.averaged(), f), f.truths) for name, f in frames.items()})
        self._save()

    def _write(self, measured: dict[str, Figures] | None = None) -> None:
        """A row of the log, on the steps since the last one."""
        plan, trainer, now = self._plan, self._trainer, time.monotonic()
        steps = max(1, trainer.step - self._since_step)
        means = dict(zip(Losses._fields, (self._sums / steps).tolist(), strict=True))
        progress = plan.progress(trainer.step, trainer.minutes)
        row = {
            "step": trainer.step,
            "minutes": trainer.minutes,
            "samples": trainer.step * plan.batch,
            "per_second": steps * plan.batch / (now - self._since),
            "lr": plan.rate(progress),
            "loss": sum(means.values()),
            **means,
        }
        self._journal.log(row, measured)
        parts = " ".join(f"{name} {value:.3f}" for name, value in means.items())
        print(
            f"{progress:6.1%} step {trainer.step} {row['per_second']:.0f}/s loss {row['loss']:.3f}: {parts}", flush=True
        )
        for name, of in (measured or {}).items():
            print(f"  {name}: {told(of)}", flush=True)
        if measured:
            self._journal.draw()
        self._sums.zero_()
        self._since, self._since_step = time.monotonic(), trainer.step

    def _save(self) -> None:
        self._trainer.save(self._plan.out)
        self._journal.describe(description(self._plan, self._pools, self._sides, self._trainer))


def parse(arguments: list[str] | None = None) -> Plan:
    """The command line as a plan."""
    parser = argparse.ArgumentParser(prog="python -m training.locator.train", description=__doc__)
    parser.add_argument("--pool", type=Path, action="append", required=True, help="may be given more than once")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--minutes", type=float, default=360.0, help="of the whole run, validation included")
    parser.add_argument("--steps", type=int, help="let the run be so many steps, however long they take")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--lr", type=float, default=3e-3, help="the highest")
    parser.add_argument("--workers", type=int, default=1, help="processes that make frames")
    parser.add_argument("--threads", type=int, default=1, help="of torch; 2 only if nothing else runs")
    parser.add_argument("--validate-minutes", type=float, default=10.0, help="between validations")
    given = vars(parser.parse_args(arguments))
    plan = Plan(pools=tuple(given.pop("pool")), **given)
    if min(plan.minutes, plan.batch, plan.lr, plan.threads, plan.validate_minutes) <= 0 or plan.workers < 0:
        parser.error("minutes, batch, lr, threads and validate-minutes are above 0, workers is not below")
    return plan


def main() -> int:
    """Train; returns the exit status."""
    plan = parse()
    torch.set_num_threads(plan.threads)
    keep_freed_memory()
    try:
        run = Run(plan)
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGINT, run.stop)
    signal.signal(signal.SIGTERM, run.stop)
    run.go()
    return 0


if __name__ == "__main__":
    sys.exit(main())
