"""What the print alone says of forgeries: ``python -m benchmarks.print_cues DIR [--json OUT] [--limit N]``.

DIR is a set of ``python -m samples make`` with genuine cards and edited_name, edited_nik. Each picture is judged as the
product does, from its bytes; then each cue is held against the policy's threshold, by how wide the card is. False
alarms are counted on every card whose part under that cue was not touched, whoever holds it; pictures that nobody can
read (beyond) are left out. A cue that cannot tell raises no alarm and finds nothing: how often is stated beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.latency import machine
from benchmarks.markdown import rate_text, table
from benchmarks.metrics import rate
from benchmarks.store import load_labels
from kyc_vision.build import load_verifier
from kyc_vision.image import read
from kyc_vision.pipeline import Verifier
from kyc_vision.types import Cue, Evidence

#: Kinds whose card is a genuine print, whoever holds it and whatever else was done.
GENUINE = ("genuine", "impostor", "two_people", "portrait_pasted", "nik_contradiction", "cut_out_face")
#: What is touched when a field was edited: these cues look at it.
LOOKS_AT = {"edited_nik": ("nik_typeface", "nik_digit"), "edited_name": ("row_grid", "row_face")}
CUES = ("nik_typeface", "nik_digit", "row_grid", "row_face")
BANDS: Mapping[str, tuple[float, float]] = {"320–480 px": (320.0, 480.0), "480 px and more": (480.0, float("inf"))}
#: The day of the judgement: no cue depends on it.
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Seen:
    """One cue of one picture.

    Attributes:
        group: ``untouched``, or kind and face of the edit.
        band: of the card's true width.
        cue: its name.
        score: None where it cannot tell.
        odd: whether the score is above the policy's threshold.
    """

    group: str
    band: str
    cue: str
    score: float | None
    odd: bool


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.print_cues", description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures to this file")
    parser.add_argument("--limit", type=int, help="only the first N pictures")
    arguments = parser.parse_args()
    rows = [row for row in load_labels(arguments.folder, arguments.limit) if judgeable(row)]
    if not rows:
        parser.error(f"there is no card to be judged in {arguments.folder}")
    seen = list(judged(arguments.folder, rows, load_verifier()))
    figures = summary(seen)
    print(as_table(figures))
    if arguments.json:
        result = {"set": arguments.folder.name, "pictures": len(rows), "machine": machine(), "figures": figures}
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def judgeable(row: Mapping[str, Any]) -> bool:
    """Whether a picture shows a print of ours that somebody could read, wide enough for any cue."""
    known = row["kind"] in GENUINE or row["kind"] in LOOKS_AT
    return known and row["difficulty"] != "beyond" and band(row["card_width_px"]) is not None


def band(width_px: float) -> str | None:
    """Which band of widths a card is in; None below them."""
    return next((name for name, (low, high) in BANDS.items() if low <= width_px < high), None)


def judged(folder: Path, rows: list[dict[str, Any]], verifier: Verifier) -> Iterator[Seen]:
    """Every cue of every picture; a card that is not found cannot tell."""
    limits = verifier.policy.thresholds
    for done, row in enumerate(rows, 1):
        evidence = verifier.verify(read((folder / row["file"]).read_bytes()), today=TODAY).evidence
        for cue in _cues(evidence):
            odd = cue.score is not None and cue.score > float(getattr(limits, f"max_{cue.name}"))
            yield Seen(group(row, cue.name), band(row["card_width_px"]) or "", cue.name, cue.score, odd)
        print(f"\r{done}/{len(rows)} pictures ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _cues(evidence: Evidence) -> tuple[Cue, ...]:
    return evidence.cues or tuple(Cue(name, None, None, "no card was found") for name in CUES)


def group(row: Mapping[str, Any], cue: str) -> str:
    """``untouched`` where the cue looks at what was printed by the registry, else what was done there."""
    if cue not in LOOKS_AT.get(row["kind"], ()):
        return "untouched"
    return f"{row['kind']}, {row.get('edit') or 'unknown'} face"


def summary(seen: list[Seen]) -> dict[str, Any]:
    """cue → band → group → rates: above the threshold, and cannot tell."""
    figures: dict[str, Any] = {}
    for cue in CUES:
        for name in BANDS:
            of_band = [one for one in seen if (one.cue, one.band) == (cue, name)]
            for what in sorted({one.group for one in of_band}, key=lambda text: (text != "untouched", text)):
                some = [one for one in of_band if one.group == what]
                figures.setdefault(cue, {}).setdefault(name, {})[what] = {
                    "odd": rate(one.odd for one in some).as_json(),
                    "cannot tell": rate(one.score is None for one in some).as_json(),
                }
    return figures


def as_table(figures: Mapping[str, Any]) -> str:
    """One row for each cue, band and group."""
    rows = [
        [cue, name, what, rate_text(rates["odd"], with_n=True), rates["cannot tell"]["hits"]]
        for cue, bands in figures.items()
        for name, groups in bands.items()
        for what, rates in groups.items()
    ]
    return table(["cue", "card's width", "part", "above the threshold", "cannot tell"], rows)


if __name__ == "__main__":
    sys.exit(main())
