"""Where the card is, alone: ``python -m benchmarks.locating DIR [--json OUT] [--overlays OUT]``.

DIR holds pictures, with labels.jsonl (``python -m samples make``) or without: an operator's own. With labels every way
of locating is measured against the true corners, part by part: the network's first look, both looks, then edges, then
edges and print, the words alone, and all of it as the product has it. Without labels it says how many were found and
how sure. Overlays show the outline that the product found, thick along the print's top, and the true one in white.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.latency import machine
from benchmarks.markdown import rate_text, table
from benchmarks.metrics import Placement, place, rate, recall_at
from benchmarks.sections import ablation
from benchmarks.store import load_labels
from kyc_vision.build import card_locator, face_detector, text_spotter
from kyc_vision.card.locate import CardLocator, by_print
from kyc_vision.card.look import CardLooker
from kyc_vision.card.refine import refine
from kyc_vision.errors import InputError
from kyc_vision.face.detect import FaceDetector
from kyc_vision.geometry import mean_width
from kyc_vision.image import read
from kyc_vision.types import CardLocation, Face, Image, Quad

Way = Callable[[Image, tuple[Face, ...]], Quad | None]
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
#: Kinds whose card is a card in a hand, untouched: what recall is stated over.
UNTOUCHED = ("genuine", "impostor")
#: The network's presence that counts as "a card" for the ways that have no print to say so.
PRESENT = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture by one way.

    Attributes:
        group: difficulty of an untouched card, ``none`` where no e-KTP is shown, else the kind.
        found: whether an e-KTP was said to be there.
        placement: against the truth; None when not found or not there.
        ms: what it took, decoding and faces apart.
    """

    group: str
    found: bool
    placement: Placement | None
    ms: float


def ways(locator: CardLocator, looker: CardLooker) -> Mapping[str, Way]:
    """Every way of locating, from its parts."""

    def network(looks: int) -> Way:
        alone = CardLooker(looker.network, looks)

        def seen(selfie: Image, _: tuple[Face, ...]) -> Quad | None:
            coarse = alone.look(selfie.pixels)
            return coarse.quad if coarse.presence >= PRESENT else None

        return seen

    def edges(selfie: Image, faces: tuple[Face, ...]) -> Quad | None:
        quad = network(2)(selfie, faces)
        return None if quad is None else refine(selfie.pixels, quad).quad

    def edges_and_print(selfie: Image, _: tuple[Face, ...]) -> Quad | None:
        coarse = looker.look(selfie.pixels)
        found = by_print(selfie.pixels, coarse) if coarse.presence >= PRESENT else None
        return found.quad if found is not None else None

    def located(way: CardLocator | Any) -> Way:
        def found(selfie: Image, faces: tuple[Face, ...]) -> Quad | None:
            location = way.locate(selfie, faces)
            return location.quad if isinstance(location, CardLocation) else None

        return found

    return {
        "network, one look": network(1),
        "network, two looks": network(2),
        "+ edges": edges,
        "+ edges and print": edges_and_print,
        "words alone": located(locator.words),
        "all, as the product": located(locator),
    }


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.locating", description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures to this file")
    parser.add_argument("--overlays", type=Path, metavar="OUT", help="also draw what was found, one JPEG a picture")
    parser.add_argument("--limit", type=int, help="only the first N pictures")
    parser.add_argument("--skip-words", action="store_true", help="leave out the slow way by words alone")
    arguments = parser.parse_args()
    rows = _rows(arguments.folder, arguments.limit)
    if not rows:
        parser.error(f"there is no picture in {arguments.folder}")
    locator, detector = card_locator(text_spotter()), face_detector()
    assert isinstance(locator.looker, CardLooker)
    asked = ways(locator, locator.looker)
    if arguments.skip_words:
        asked = {name: way for name, way in asked.items() if name != "words alone"}
    answers = judged(arguments.folder, rows, asked, detector, arguments.overlays)
    labelled = any("quad" in row for row in rows)
    figures = {name: summary(seen, labelled=labelled) for name, seen in answers.items()}
    print(ablation(figures) if labelled else found_only(figures))
    if arguments.json:
        result = {"set": arguments.folder.name, "pictures": len(rows), "machine": machine(), "figures": figures}
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def _rows(folder: Path, limit: int | None) -> list[dict[str, Any]]:
    """Labels, or a row with only a file for each picture of a folder without."""
    if (folder / "labels.jsonl").is_file():
        return load_labels(folder, limit)
    files = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    return [{"file": file} for file in files][:limit]


def judged(
    folder: Path, rows: list[dict[str, Any]], asked: Mapping[str, Way], detector: FaceDetector, overlays: Path | None
) -> dict[str, list[Seen]]:
    """Every picture by every way, in turn; a picture that the door refuses is left out and named."""
    answers: dict[str, list[Seen]] = {name: [] for name in asked}
    for done, row in enumerate(rows, 1):
        try:
            selfie = read((folder / row["file"]).read_bytes())
        except InputError as error:
            print(f"\n{row['file']}: {error}", file=sys.stderr)
            continue
        faces = detector.detect(selfie.pixels, at_least=2)
        truth = np.array(row["quad"], dtype=np.float32) if row.get("quad") else None
        quad: Quad | None = None
        for name, way in asked.items():
            begin = time.perf_counter()
            quad = way(selfie, faces)
            ms = 1000 * (time.perf_counter() - begin)
            placement = place(quad, truth) if quad is not None and truth is not None else None
            answers[name].append(Seen(_group(row), quad is not None, placement, ms))
        if overlays:
            draw(selfie, quad, truth, overlays / f"{Path(row['file']).stem}.jpg")
        print(f"\r{done}/{len(rows)} pictures ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return answers


def _group(row: Mapping[str, Any]) -> str:
    if "kind" not in row:
        return "own"
    if not row.get("quad"):
        return "none"
    return str(row["difficulty"]) if row["kind"] in UNTOUCHED else str(row["kind"])


def summary(seen: list[Seen], *, labelled: bool) -> dict[str, Any]:
    """Rates and times of one way."""
    times = [one.ms for one in seen]
    result: dict[str, Any] = {
        "ms": {"p50": round(float(np.median(times)), 1), "p95": round(float(np.quantile(times, 0.95)), 1)},
        "found": rate(one.found for one in seen).as_json(),
    }
    if not labelled:
        return result
    for level in ("easy", "medium", "hard", "beyond"):
        cards = [one for one in seen if one.group == level]
        ious = [one.placement.iou if one.placement else 0.0 for one in cards]
        placed = [one.placement for one in cards if one.placement]
        corners = [one.corner_pct for one in placed]
        result[level] = {
            **{f"IoU {iou}": recall_at(ious, iou).as_json() for iou in (0.8, 0.9, 0.95)},
            "way up and mirroring": rate(one.same_way_up and one.same_winding for one in placed).as_json(),
            "corner %": [round(float(np.quantile(corners, q)), 2) for q in (0.5, 0.95)] if corners else None,
        }
    result["false card"] = rate(one.found for one in seen if one.group == "none").as_json()
    return result


def found_only(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """A table for pictures without labels."""
    rows = [[name, rate_text(row["found"], with_n=True), row["ms"]["p50"]] for name, row in figures.items()]
    return table(["way", "found", "ms, p50"], rows)


def draw(selfie: Image, quad: Quad | None, truth: Quad | None, path: Path) -> None:
    """The outline that was found, thick along the print's top; the true one in white beneath."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = np.ascontiguousarray(selfie.pixels[..., ::-1])
    thick = max(2, round(max(canvas.shape[:2]) / 700))
    for corners, colour in ((truth, (255, 255, 255)), (quad, (60, 200, 60))):
        if corners is None:
            continue
        points = np.rint(corners).astype(np.int32)
        cv2.polylines(canvas, [points.reshape(-1, 1, 2)], True, colour, thick, cv2.LINE_AA)
        cv2.line(canvas, points[0].tolist(), points[1].tolist(), colour, 2 * thick, cv2.LINE_AA)
    said = "no card" if quad is None else f"{mean_width(quad):.0f} px"
    cv2.putText(canvas, said, (12, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (60, 200, 60), 2, cv2.LINE_AA)
    scale = min(1.0, 1000 / max(canvas.shape[:2]))
    cv2.imwrite(str(path), cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


if __name__ == "__main__":
    sys.exit(main())
