"""Markdown of rates and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]


def by(title: str, rows_by_label: Mapping[str, Json], columns: Sequence[str], *, corner: bool = False) -> str:
    """One row of rates for each class.

    Args:
        title: heading of the first column.
        rows_by_label: class → rates by column.
        columns: which of them.
        corner: whether the corner error is there too.
    """
    heading = [title, "n", *columns, *(["corner error, %"] if corner else [])]
    rows = []
    for label, row in rows_by_label.items():
        last = []
        if corner:
            c = row["corner_pct"]
            last = [f"{c['p50']:.2f} / {c['p95']:.2f}" if c["n"] else "–"]
        rows.append([label, row["n"], *(rate_text(row[column]) for column in columns), *last])
    return table(heading, rows)


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def rate_text(row: Json, *, with_n: bool = False) -> str:
    """97.5 (93.1–99.1), in %; with n: 118/121 = …; where people were drawn anew: (93.1–99.1; 43 people 91.0–99.8)."""
    if not row["n"]:
        return "–"
    bounds = f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
    # Drawn from nothing but hits, or none, it has no width.
    if (drawn := row.get("people")) and 0 < row["hits"] < row["n"]:
        bounds += f"; {drawn['clusters']} people {100 * drawn['low']:.1f}–{100 * drawn['high']:.1f}"
    text = f"{100 * row['rate']:.1f} ({bounds})"
    return f"{row['hits']}/{row['n']} = {text} %" if with_n else text


def count_text(row: Json) -> str:
    """How many."""
    return f"{row['hits']}" if row["n"] else "–"


def number_text(value: float | None) -> str:
    """Four digits, or a dash."""
    return "–" if value is None else f"{value:.4f}"


def scored_by(run: Json) -> tuple[str, str]:
    """Whose scores a result of faces holds, and their unit; one without dlib's weights is older than the fusing."""
    if "dlib_encoder" in run.get("weights", {}):
        return "the system's: SFace, in its band of doubt both engines", "log-likelihood ratio"
    return "SFace's alone", "cosine"
