"""How well cards are read, by the thousand: ``python -m benchmarks.reading --n 2000 --seed 70000 [--workers 2]``.

Cards alone (samples.closeup: print, pose, lens, light, sensor and JPEG as in ``samples make``), half *medium*, the rest
*easy*, *hard* and *beyond*; located by the product's print and edges from the true outline moved by 1 %. Identities are
invented; the words of their names and streets are not among those that the readers were taught on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import printed_value
from benchmarks.metrics import wilson
from kyc_vision.build import READING_CALIBRATION, field_reader, text_spotter
from kyc_vision.card.agree import bring_together
from kyc_vision.card.locate import PRINT_SEEN
from kyc_vision.card.rectify import rectify
from kyc_vision.geometry import mean_width
from kyc_vision.ocr.confidence import RAW, ReadingConfidence, agreement
from kyc_vision.ocr.fields import FieldReader
from kyc_vision.ocr.nik_reader import NikReading
from kyc_vision.ocr.rows import FIRST
from kyc_vision.types import CardLocation, Field, Image, NotRead, Pixels, Quad, TextLine
from kyc_vision.weights import manifest
from samples.closeup import closeup
from samples.difficulty import Difficulty
from samples.people import load
from samples.progress import Progress

#: Shares of the difficulties.
MIX: tuple[tuple[Difficulty, float], ...] = (("easy", 0.2), ("medium", 0.45), ("hard", 0.25), ("beyond", 0.1))
#: Error of the outline that the print and the edges start from, share of the card's width.
_OFF = 0.01
WIDTHS_PX = (0, 280, 320, 400, 480, 10_000)
#: Cards that are read once more, for the times, by one process where several shared the reading.
TIMED = 300
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


class _Clock:
    """A reader that notes when each of its lines was read."""

    def __init__(self, reader: Any, ends: list[float]) -> None:
        self._reader, self._ends = reader, ends

    def recognize(self, pixels: Pixels, quad: Quad, both: bool = False) -> TextLine:
        """As the reader does."""
        line: TextLine = self._reader.recognize(pixels, quad, both)
        self._ends.append(time.perf_counter())
        return line

    def read(self, pixels: Pixels, quad: Quad) -> NikReading | None:
        """As the reader does."""
        reading: NikReading | None = self._reader.read(pixels, quad)
        self._ends.append(time.perf_counter())
        return reading


@dataclass(frozen=True, slots=True)
class Times:
    """ms until the lines of NIK, name, birth and sex are read (they are read first), and until all is."""

    four: float
    all: float


class _Reading:
    """What one process needs."""

    def __init__(self, raw: bool) -> None:
        confidence = RAW if raw else ReadingConfidence.load(READING_CALIBRATION)
        plain = field_reader(text_spotter(), confidence)
        self.ends: list[float] = []
        clocks = _Clock(plain.lines, self.ends), _Clock(plain.number, self.ends)
        self.reader: FieldReader = replace(plain, lines=clocks[0], number=clocks[1])
        self.photos = [photo for _, photo in sorted(load().items())]

    def card(self, seed: int) -> tuple[list[Record], Times]:
        """Every field of one card, and the time of reading it."""
        rng = np.random.default_rng([seed, 0xB7])
        levels, shares = zip(*MIX, strict=True)
        difficulty = levels[int(rng.choice(len(levels), p=shares))]
        made = closeup(seed, difficulty, self.photos[int(rng.integers(len(self.photos)))])
        off = rng.normal(0, _OFF * mean_width(made.quad), made.quad.shape).astype(np.float32)
        image = Image(made.pixels, "JPEG", "")
        location = located(made.pixels, made.quad + off)
        card = rectify(image, location)
        self.ends.clear()
        begin = time.perf_counter()
        fields = self.reader.read(card)
        ends = [*self.ends, time.perf_counter()]
        lines = 1 + len(FIRST) + sum(location.wrapped.count(name) for name in FIRST)
        took = Times(1e3 * (ends[min(lines, len(ends)) - 1] - begin), 1e3 * (ends[-1] - begin))
        printed = {name: printed_value(name, value) for name, value in made.identity.printed().items()}
        found = dict(fields.items())
        return [
            _record((seed, name, difficulty, made.width_px), printed[name].upper(), found[name]) for name in printed
        ], took


def located(pixels: Pixels, near: Quad) -> CardLocation:
    """The card, from an outline that is nearly right, as the product refines it."""
    found = bring_together(pixels, near)
    alignment = found.alignment
    return CardLocation(
        quad=found.quad,
        confidence=1.0,
        mirrored=False,
        anchors=alignment.marks if alignment else 0,
        residual_mm=alignment.residual_mm if alignment else 0.0,
        edges=found.edges,
        print_offset_mm=alignment.offset_mm if alignment else (0.0, 0.0),
        wrapped=found.print_.wrapped if found.print_.score >= PRINT_SEEN else (),
    )


def _record(card: tuple[int, str, str, float], printed: str, value: Field | NotRead) -> Record:
    if isinstance(value, NotRead):
        return Record(*card, False, False, False, 0.0, "", 0)
    text = value.text.upper()
    same = text.replace(" ", "") == printed.replace(" ", "")
    return Record(*card, True, text == printed, same, value.confidence, agreement(value).value, len(value.repaired))


def measured(seeds: Sequence[int], workers: int, *, raw: bool) -> Iterator[tuple[list[Record], Times]]:
    """Each card's records and ms, in the order of the seeds."""
    if workers < 2:
        yield from map(_Reading(raw).card, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(workers, _begin, (raw,)) as pool:
        yield from pool.imap(_card, seeds, chunksize=4)


_mine: _Reading


def _begin(raw: bool) -> None:
    global _mine  # noqa: PLW0603 - one reader per process
    _mine = _Reading(raw)


def _card(seed: int) -> tuple[list[Record], Times]:
    return _mine.card(seed)


def table(records: Sequence[Record]) -> str:
    """Rates by width and by difficulty, Markdown."""
    names = list(dict.fromkeys(record.name for record in records))
    spans = [(f"{a}–{b}" if b < 9999 else f"≥ {a}", a, b) for a, b in pairwise(WIDTHS_PX)]
    legible = [r for r in records if r.difficulty != "beyond"]
    lines = ["| field | " + " | ".join(f"{label} px" for label, _, _ in spans[1:]) + " | ≥ 320 px, 95 % interval |"]
    lines.append("|---" * (len(spans) + 1) + "|")
    for name in names:
        mine = [r for r in legible if r.name == name]
        cells = [_rate([r.right for r in mine if a <= r.width_px < b]) for _, a, b in spans[1:]]
        wide = [r.right for r in mine if r.width_px >= 320]
        low, high = wilson(sum(wide), len(wide))
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {_rate(wide)} ({100 * low:.1f}–{100 * high:.1f}) |")
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
JPEG as in `samples make`, located from an outline {_OFF:.0%} off; invented names of words that no reader was taught.
Exactly right, spaces and stops counted. Rates by width leave *beyond* out.

{table(records)}

{said(records, took)}
"""


def _rate(right: Sequence[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f} % ({sum(right)}/{len(right)})" if right else "–"


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=70_000, help="of the first card; the others follow")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--raw", action="store_true", help="the readers' own numbers instead of probabilities")
    parser.add_argument("--out", type=Path, help="write the section of the report, Markdown")
    parser.add_argument("--records", type=Path, help="write every record as a line of JSON")
    given = parser.parse_args()
    records: list[Record] = []
    took: list[Times] = []
    progress = Progress(given.n, sys.stderr)
    for found, ms in measured(range(given.seed, given.seed + given.n), given.workers, raw=given.raw):
        records += found
        took.append(ms)
        progress.show(len(took))
    progress.close()
    if given.workers > 1:  # processes that share the cores slow one another down: times are one process's
        seeds = range(given.seed, given.seed + min(given.n, TIMED))
        took = [ms for _, ms in measured(seeds, 1, raw=given.raw)]
    if given.records:
        given.records.write_text("".join(json.dumps(asdict(r)) + "\n" for r in records), encoding="utf-8")
    told = page(records, took, f"python -m benchmarks.reading --n {given.n} --seed {given.seed}")
    print(told)
    if given.out:
        given.out.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
