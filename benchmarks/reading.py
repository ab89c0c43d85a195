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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import printed_value
from benchmarks.reading_page import MIX, OFF, Record, Times, page
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
from samples.closeup import closeup
from samples.people import load
from samples.progress import Progress

#: Cards that are read once more, for the times, by one process where several shared the reading.
TIMED = 300


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
        off = rng.normal(0, OFF * mean_width(made.quad), made.quad.shape).astype(np.float32)
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
