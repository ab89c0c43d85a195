"""A run's curves, drawn from its log."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt


def draw_curves(log: Path, out: Path) -> None:
    """Loss, lines right and letters wrong over the lines that were seen."""
    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    measured = [row for row in rows if row["exact"]]
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.2), layout="constrained")
    seen, measured_at = [int(r["lines"]) / 1e3 for r in rows], [int(r["lines"]) / 1e3 for r in measured]
    axes[0].plot(seen, [float(r["loss"]) for r in rows])
    axes[0].set(title="CTC loss per letter", yscale="log")
    axes[1].plot(measured_at, [100 * float(r["exact"]) for r in measured], marker=".")
    axes[1].set(title="held-out lines exactly right, %")
    axes[2].plot(measured_at, [100 * float(r["letter_errors"]) for r in measured], marker=".")
    axes[2].set(title="held-out letters wrong, %", yscale="log")
    for each in axes:
        each.set_xlabel("lines seen, thousands")
        each.grid(alpha=0.3)
    figure.savefig(out, dpi=90)
    plt.close(figure)
