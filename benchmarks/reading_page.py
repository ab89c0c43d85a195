"""Records of read cards, and the tables that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.metrics import wilson
from kyc_vision.build import READING_CALIBRATION
from kyc_vision.ocr.confidence import ReadingConfidence
from kyc_vision.weights import manifest
from samples.difficulty import Difficulty

#: Shares of the difficulties.
MIX: tuple[tuple[Difficulty, float], ...] = (("easy", 0.2), ("medium", 0.45), ("hard", 0.25), ("beyond", 0.1))
#: Error of the outline that the print and the edges start from, share of the card's width.
OFF = 0.01
WIDTHS_PX = (0, 280, 320, 400, 480, 10_000)
#: Stated probability from which a NIK must never be wrong.
NEVER_WRONG = 0.98


@dataclass(frozen=True, slots=True)
class Record:
    """One field of one card; no printed value.

    Attributes:
        seed: of the card.
        name: of the field.
        difficulty, width_px: of the card.
        read: whether any value was given.
        right: exactly what is printed, spaces counted.
        right_spaceless: spaces left out.
        confidence: as stated; 0 when nothing was read.
        agreement: of the readers; empty when nothing was read.
        repaired: digits that the decoder mended.
    """

    seed: int
    name: str
    difficulty: str
    width_px: float
    read: bool
    right: bool
    right_spaceless: bool
    confidence: float
    agreement: str
    repaired: int


@dataclass(frozen=True, slots=True)
class Times:
    """ms until the lines of NIK, name, birth and sex are read (they are read first), and until all is."""

    four: float
    all: float


def table(records: Sequence[Record]) -> str:
    """Rates by width and by difficulty, Markdown."""
    names = list(dict.fromkeys(record.name for record in records))
    spans = [(f"{a}–{b}" if b < 9999 else f"≥ {a}", a, b) for a, b in pairwise(WIDTHS_PX)]
    legible = [r for r in records if r.difficulty != "beyond"]
    lines = [
        "| field | "
        + " | ".join(f"{label} px" for label, _, _ in spans[1:])
        + " | ≥ 320 px (95 %) | of these easy and medium |"
    ]
    lines.append("|---" * (len(spans) + 2) + "|")
    for name in names:
        mine = [r for r in legible if r.name == name]
        cells = [_rate([r.right for r in mine if a <= r.width_px < b]) for _, a, b in spans[1:]]
        wide = [r.right for r in mine if r.width_px >= 320]
        fair = [r.right for r in mine if r.width_px >= 320 and r.difficulty in ("easy", "medium")]
        lines.append(f"| {name} | " + " | ".join([*cells, _with_interval(wide), _with_interval(fair)]) + " |")
    lines += ["", "| difficulty | cards | NIK right, wrong | name right, wrong | birth date | sex | others right |"]
    lines.append("|---" * 7 + "|")
    for difficulty in dict.fromkeys(level for level, _ in MIX):
        mine = [r for r in records if r.difficulty == difficulty]
        if mine:
            lines.append(_by_difficulty(difficulty, mine))
    return "\n".join(lines)


def _by_difficulty(difficulty: str, records: Sequence[Record]) -> str:
    def cell(name: str) -> str:
        mine = [r for r in records if r.name == name]
        return f"{_rate([r.right for r in mine])}, {sum(r.read and not r.right for r in mine)}"

    rest = [r.right for r in records if r.name not in ("nik", "name", "birth_date", "sex")]
    cards = len({r.seed for r in records})
    cells = " | ".join(cell(name) for name in ("nik", "name", "birth_date", "sex"))
    return f"| {difficulty} | {cards} | {cells} | {_rate(rest)} |"


def reliability(records: Sequence[Record], name: str) -> tuple[float, int, list[tuple[float, float, int]]]:
    """Expected calibration error over ten equal bins of those read, their number, and (stated, right, n) by bin."""
    mine = [r for r in records if r.name == name and r.read]
    if not mine:
        return 0.0, 0, []
    stated, right = np.array([r.confidence for r in mine]), np.array([r.right for r in mine])
    bins = np.minimum((stated * 10).astype(int), 9)
    masks = [bins == b for b in sorted(set(bins.tolist()))]
    rows = [(float(stated[mask].mean()), float(right[mask].mean()), int(mask.sum())) for mask in masks]
    return sum(abs(s - r) * n for s, r, n in rows) / len(mine), len(mine), rows


def said(records: Sequence[Record], took: Sequence[Times]) -> str:
    """The figures after the tables."""
    lines = []
    for name in ("nik", "name", "birth_date"):
        error, n, rows = reliability(records, name)
        parts = ", ".join(f"{s:.3f} → {r:.3f} ({n})" for s, r, n in rows)
        lines.append(f"- {name}: reliability error {error:.4f} (n = {n}); stated → right: {parts}")
    sure = [r for r in records if r.name == "nik" and r.confidence >= NEVER_WRONG]
    wrong = sum(not r.right for r in sure)
    _, most = wilson(wrong, len(sure))
    lines.append(
        f"- NIKs stated at {NEVER_WRONG} or more: {len(sure)} of {len({r.seed for r in records})}, wrong {wrong}"
        f" (at most {100 * most:.2f} %); repaired {sum(r.repaired > 0 for r in sure)}"
    )
    for label, times in (("the four of a verdict", [t.four for t in took]), ("all fields", [t.all for t in took])):
        spread = f"p50 {np.median(times):.0f} ms, p95 {np.quantile(times, 0.95):.0f} ms"
        lines.append(f"- {label}: {spread} (one process, {len(times)} cards)")
    return "\n".join(lines)


def page(records: Sequence[Record], took: Sequence[Times], command: str) -> str:
    """The section of the report."""
    readers = ", ".join(f"{name} {manifest()[name].sha256[:8]}" for name in ("row_reader", "nik_reader", "ppocr_rec"))
    digest = ReadingConfidence.load(READING_CALIBRATION).digest[:8]
    shares = ", ".join(f"{share:.0%} {level}" for level, share in MIX)
    return f"""## Reading, cards alone

`{command}`, readers {readers},
calibration {digest}: {len({r.seed for r in records})} cards ({shares}). Print, pose, lens, light, sensor and
JPEG as in `samples make`, located from an outline {OFF:.0%} off; invented names of words that no reader was taught.
Exactly right, spaces and stops counted. Rates by width leave *beyond* out.

{table(records)}

{said(records, took)}
"""


def _with_interval(right: Sequence[bool]) -> str:
    low, high = wilson(sum(right), len(right))
    return f"{_rate(right)} ({100 * low:.1f}–{100 * high:.1f})"


def _rate(right: Sequence[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f} % ({sum(right)}/{len(right)})" if right else "–"
