"""What is left of a run to be read: log.csv, curves.png, validation.jsonl, run.json."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.locator.losses import Losses
from training.locator.validate import Figures

LOG, CURVES, VALIDATION, RUN = "log.csv", "curves.png", "validation.jsonl", "run.json"
SETS = ("augmented", "plain")
_SHOWN = ("precision", "recall", "auc", "mirrored", "turns", "median", "p95", "repairable", "iou_80")
COLUMNS = (
    "step", "minutes", "samples", "per_second", "lr", "loss", *Losses._fields,
    *(f"{of}_{name}" for of in SETS for name in _SHOWN),
)  # fmt: skip


class Journal:
    """A run's folder. A run that goes on from a step forgets what was written after that step."""

    def __init__(self, folder: Path, step: int) -> None:
        """Open the folder at the step that the run goes on from, 0 for a new one."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._rows = [row for row in _read(folder / LOG) if int(row["step"]) <= step]
        _replace(folder / LOG, _lines(self._rows))
        kept = (folder / VALIDATION).read_text(encoding="utf-8").splitlines() if (folder / VALIDATION).is_file() else []
        _replace(folder / VALIDATION, "".join(f"{line}\n" for line in kept if json.loads(line)["step"] <= step))

    def log(self, row: Mapping[str, float], measured: Mapping[str, Figures] | None = None) -> None:
        """Append a row; figures by the name of the set they were measured on, where it was validated."""
        values: dict[str, float] = dict(row)
        for of, figures in (measured or {}).items():
            flat = {**asdict(figures), **asdict(figures.fit)}
            values |= {f"{of}_{name}": flat[name] for name in _SHOWN}
        text = {name: f"{values[name]:.6g}" if name in values else "" for name in COLUMNS}
        text |= {name: str(int(values[name])) for name in ("step", "samples")}
        self._rows.append(text)
        with (self._folder / LOG).open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(text)
        if measured:
            line = {"step": int(values["step"]), **{of: asdict(figures) for of, figures in measured.items()}}
            with (self._folder / VALIDATION).open("a", encoding="utf-8") as file:
                file.write(json.dumps(_rounded(line)) + "\n")

    def describe(self, run: Mapping[str, Any]) -> None:
        """Write what the run is made of and how far it is."""
        _replace(self._folder / RUN, json.dumps(_rounded(dict(run)), indent=2) + "\n")

    def draw(self) -> None:
        """Draw the curves; needs two rows."""
        if len(self._rows) < 2:
            return
        # Only who draws needs it: it takes a second to load, and the tests do without.
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        figure = Figure(figsize=(12, 8), layout="constrained")
        FigureCanvasAgg(figure)
        panels: Sequence[tuple[str, tuple[str, ...], bool]] = (
            ("losses, weighted", ("loss", *Losses._fields), True),
            ("learning rate", ("lr",), False),
            ("validation: share wrong", _of("recall", "precision", "mirrored", "turns", "repairable"), True),
            ("validation: corner error, share of the card's width", _of("median", "p95"), True),
        )
        for axes, (title, names, logarithmic) in zip(figure.subplots(2, 2).flat, panels, strict=True):
            for name in names:
                minutes, values = self._curve(name)
                wrong = "wrong" in title
                shown = [max(1 - value, 1e-3) for value in values] if wrong else values
                axes.plot(minutes, shown, ":" if name.startswith("augmented") else "-", label=name, linewidth=1)
            axes.set(title=title, xlabel="minutes", yscale="log" if logarithmic else "linear")
            axes.grid(visible=True, alpha=0.3)
            axes.legend(fontsize=7)
        part = self._folder / f"part-{CURVES}"
        figure.savefig(part, dpi=90)
        part.replace(self._folder / CURVES)

    def _curve(self, name: str) -> tuple[list[float], list[float]]:
        points = [(float(row["minutes"]), float(row[name])) for row in self._rows if row[name] not in ("", "nan")]
        return [x for x, _ in points], [y for _, y in points]


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"{of}_{name}" for of in SETS for name in names)


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(rows: Sequence[Mapping[str, str]]) -> str:
    return "".join(f"{line}\n" for line in (",".join(COLUMNS), *(",".join(row[c] for c in COLUMNS) for row in rows)))


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _rounded(value: Any) -> Any:
    """Six digits are plenty, and nan is no JSON."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value
