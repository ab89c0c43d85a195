"""The report's plots: PNG, colour-blind safe, axes with units. matplotlib is imported when the first one is drawn."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: Okabe & Ito (2008), colours that the colour-blind tell apart; markers and line styles differ besides.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: (rate as JSON) by label of the x axis.
Series = Mapping[str, Mapping[str, Any]]


class PlottingUnavailable(Exception):
    """matplotlib is not installed."""


def _pyplot() -> Any:
    """matplotlib for files, drawing the same bytes each time.

    Raises:
        PlottingUnavailable: it is not installed.
    """
    try:
        matplotlib = importlib.import_module("matplotlib")
    except ImportError as error:
        raise PlottingUnavailable(
            "plots need matplotlib: pip install matplotlib; --no-plots writes the tables"
        ) from error
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"font.size": 9, "axes.grid": True, "grid.alpha": 0.25, "savefig.dpi": 110})
    return importlib.import_module("matplotlib.pyplot")


def _axes(title: str, x: str, y: str) -> tuple[Any, Any]:
    figure, axes = _pyplot().subplots(figsize=(5.6, 3.6), layout="constrained")
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    _pyplot().close(figure)


def rates(path: Path, title: str, x: str, y: str, series: Mapping[str, Series]) -> None:
    """Rates with their 95 % intervals over classes; the classes are named with the n of the first series."""
    figure, axes = _axes(title, x, y)
    first = next(iter(series.values()))
    labels = list(first)
    for index, (name, points) in enumerate(series.items()):
        here = [i for i, label in enumerate(labels) if label in points and points[label]["n"]]
        values = [points[labels[i]] for i in here]
        heights = [100 * v["rate"] for v in values]
        below = [max(0.0, 100 * (v["rate"] - v["low"])) for v in values]
        above = [max(0.0, 100 * (v["high"] - v["rate"])) for v in values]
        at = [i + 0.14 * (index - (len(series) - 1) / 2) for i in here]
        colour, marker = COLOURS[index], MARKERS[index]
        axes.errorbar(
            at, heights, yerr=[below, above], label=name, color=colour, marker=marker, capsize=2, lw=1.2, ms=5
        )
    axes.set_xticks(range(len(labels)), [f"{label}\nn = {first[label]['n']}" for label in labels], fontsize=8)
    axes.set_ylim(-3, 103)
    axes.legend(frameon=False, fontsize=8)
    _save(figure, path)


def bars(path: Path, title: str, shares: Mapping[str, Mapping[str, Any]], parts: Sequence[str]) -> None:
    """One stacked bar of decisions for each kind."""
    figure, axes = _axes(title, "share of the pictures, %", "")
    names = list(shares)[::-1]
    left = [0.0] * len(names)
    hatches = ("", "//", "..", "xx", "")
    for index, part in enumerate(parts):
        widths = [100 * ((shares[name].get(part) or {}).get("rate") or 0.0) for name in names]
        axes.barh(
            names, widths, left=left, label=part, color=COLOURS[index], hatch=hatches[index], edgecolor="white", lw=0.4
        )
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(names)), [f"{name}, n = {shares[name]['n']}" for name in names], fontsize=7)
    axes.set_xlim(0, 100)
    figure.set_size_inches(6.4, max(1.9, 0.9 + 0.27 * len(names)))
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(parts), frameon=False, fontsize=8
    )
    _save(figure, path)


def reliability(path: Path, title: str, series: Mapping[str, Mapping[str, Any]]) -> None:
    """Share that is right over mean confidence; on the diagonal a confidence says what it means. Numbers: n."""
    figure, axes = _axes(title, "mean confidence of the bin", "share that is right")
    axes.plot([0, 1], [0, 1], color="#888888", lw=1, ls="--", label="as stated")
    for index, (name, figures) in enumerate(series.items()):
        bins = figures["bins"]
        xs, ys = [b["confidence"] + 0.008 * index for b in bins], [b["accuracy"] for b in bins]
        low = [max(0.0, b["accuracy"] - b["bounds"][0]) for b in bins]
        high = [max(0.0, b["bounds"][1] - b["accuracy"]) for b in bins]
        label = f"{name.replace('_', ' ')}, n = {figures['n']}, ECE {figures['ece']:.3f}"
        axes.errorbar(
            xs, ys, yerr=[low, high], label=label, color=COLOURS[index], fmt=MARKERS[index], capsize=2, lw=1, ms=5
        )
        for x, y, one in zip(xs, ys, bins, strict=True):
            axes.annotate(str(one["n"]), (x, y), (3, 3), textcoords="offset points", fontsize=6, color=COLOURS[index])
    axes.set(xlim=(-0.03, 1.06), ylim=(-0.03, 1.06))
    figure.set_size_inches(5.6, 4.2)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    _save(figure, path)


def lines(path: Path, labels: tuple[str, str, str], points: Mapping[str, Sequence[Sequence[float]]]) -> None:
    """Plain lines over a logarithmic y axis; labels are title, x and y."""
    figure, axes = _axes(*labels)
    for index, (name, rows) in enumerate(points.items()):
        axes.plot(*zip(*rows, strict=True), label=name, color=COLOURS[index], marker=MARKERS[index], ms=3, lw=1.2)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    _save(figure, path)


def det(path: Path, title: str, series: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """False non-matches over false matches, both logarithmic, with the interval of the former; no zero can be drawn."""
    figure, axes = _axes(title, "false match rate (FMR), %", "false non-match rate (FNMR), %")
    for index, (name, points) in enumerate(series.items()):
        seen = [
            (100 * f["rate"], 100 * m["rate"], 100 * m["low"], 100 * m["high"])
            for _, f, m in points
            if f["hits"] and m["hits"]
        ]
        xs, ys, low, high = zip(*seen, strict=True)
        axes.plot(xs, ys, label=name, color=COLOURS[index], marker=MARKERS[index], ms=3, lw=1.2)
        axes.fill_between(xs, low, high, color=COLOURS[index], alpha=0.18, lw=0)
    axes.set(xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.legend(frameon=False, fontsize=8)
    _save(figure, path)
