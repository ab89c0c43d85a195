"""What one would script from ready parts, on the same pictures: ``python -m benchmarks.peers --labels DIR --out F``.

``rapidocr`` (PP-OCRv6) and ``tesseract`` (Indonesian) read the whole picture as it is, then a regex finds the NIK and
what stands beside "Nama"; ``akshara`` crops and reads a KTP by itself. ``face_recognition`` then compares the two
largest faces: one person under 0.6, its documented default. A peer that is not installed is left out, and the result
says so. Run it with a Python that has them; the project's own needs none:

    python -m venv PEERS && PEERS/bin/pip install rapidocr==3.10.0 onnxruntime akshara-ocr==0.3.0 rapidfuzz \
      "setuptools<81" dlib-bin face-recognition-models==0.3.0
    PEERS/bin/pip install --no-deps face-recognition==1.3.0

Answers are kept in DIR/peers.jsonl. The column kyc_vision comes from DIR/predictions.jsonl (benchmarks.accuracy).
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.cases import Case, case
from benchmarks.figures import KEY_FIELDS, decisions, field_figures, percentiles
from benchmarks.metrics import rate
from benchmarks.store import Judge, Row, described, digest, judged, load_labels, rows
from kyc_vision.types import Pixels

#: What each peer needs: a package, or more.
NEEDS = {
    "rapidocr": ("rapidocr", "onnxruntime", "face-recognition"),
    "tesseract": ("pytesseract", "face-recognition"),
    "akshara": ("akshara-ocr", "face-recognition"),
}
#: face_recognition's documented tolerance.
TOLERANCE = 0.6
#: Letters that a reader takes for digits, as scripts of this kind undo them.
_AS_DIGITS = str.maketrans("OoDIlLiZSsbGBq?", "000111125566897")
#: A picture → NIK and name, each empty when it was not found.
Reader = Callable[[Pixels], tuple[str, str]]


def main() -> int:
    """Read, compare, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="folder with pictures and labels.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, JSON")
    parser.add_argument("--limit", type=int, default=150, help="only the first N pictures")
    parser.add_argument("--seconds", type=float, help="stop after this long; run again to go on")
    parser.add_argument("--peers", nargs="+", choices=sorted(NEEDS), default=sorted(NEEDS))
    arguments = parser.parse_args()
    labels = load_labels(arguments.labels, arguments.limit)
    result: Row = {"set": described(arguments.labels, labels), "peers": {}}
    for peer in arguments.peers:
        if absent := [name for name in NEEDS[peer] if not _version(name)]:
            print(f"{peer} is left out, not installed: {', '.join(absent)} (see --help)", file=sys.stderr)
            result["peers"][peer] = {"left out": f"not installed: {', '.join(absent)}"}
            continue
        cases, seconds = run(peer, arguments.labels, labels, arguments.seconds)
        if len(cases) < len(labels):
            print(f"{peer}: {len(cases)} of {len(labels)}; the same command goes on", file=sys.stderr)
            return 3
        result["peers"][peer] = {"versions": _versions(peer), **column(cases, seconds)}
    ours = _ours(arguments.labels, labels)
    if ours:
        result["peers"]["kyc_vision"] = column(ours, [c.timings_ms["total"] / 1000 for c in ours if c.timings_ms])
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(arguments.out)
    return 0


def run(peer: str, folder: Path, labels: list[Row], seconds: float | None) -> tuple[list[Case], list[float]]:
    """The peer's cases and what each took in seconds."""
    reader = READERS[peer]()
    made_by = digest({"peer": peer, "versions": _versions(peer), "script": Path(__file__).read_text(encoding="utf-8")})
    judge = Judge(folder / "peers.jsonl", made_by, lambda data: answer(data, reader))
    answers = list(judged(folder, labels, judge, seconds=seconds))
    return [case(label, said) for label, said in answers], [said["seconds"] for _, said in answers]


def answer(data: bytes, reader: Reader) -> Row:
    """Read and compare as a script would; the shape of kyc_vision.report.describe."""
    begin = time.perf_counter()
    with Image.open(io.BytesIO(data)) as picture:
        pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"), dtype=np.uint8)
    (nik, name), distance = reader(pixels), face_distance(pixels)
    if not nik or not name or distance is None:
        decision = "retake"
    else:
        decision = "approved" if distance < TOLERANCE else "rejected"
    printed = {"nik": nik, "name": name}
    return {
        "decision": decision,
        "confidence": 0.0,
        "reasons": [],
        "size_wh": [pixels.shape[1], pixels.shape[0]],
        "fields": {field: {"text": value, "confidence": 0.0} if value else None for field, value in printed.items()},
        "seconds": round(time.perf_counter() - begin, 3),
    }


def nik_in(lines: list[str]) -> str:
    """The first run of 16 digits, or of characters that are easily taken for digits; empty when there is none."""
    for line in lines:
        after = re.sub(r"^\W*NIK\W*", "", line, flags=re.IGNORECASE)
        if found := re.search(r"[0-9OoDIlLiZSsbGBq?]{16}", re.sub(r"[\s:.]", "", after)):
            digits = found.group().translate(_AS_DIGITS)
            if sum(c.isdigit() for c in found.group()) >= 10:
                return digits
    return ""


def name_in(lines: list[str]) -> str:
    """What stands after "Nama" on its line, or on the next; empty when the label was not read."""
    for this, following in zip_longest(lines, lines[1:], fillvalue=""):
        if found := re.match(r"\W*Nama\b\W*(.*)", this, flags=re.IGNORECASE):
            return re.sub(r"[^A-Za-z .,'-]", "", found.group(1) or following).strip().upper()
    return ""


def face_distance(pixels: Pixels) -> float | None:
    """face_recognition's distance between the two largest faces; None when it sees fewer than two."""
    engine = importlib.import_module("face_recognition")
    boxes = sorted(engine.face_locations(pixels), key=lambda box: (box[2] - box[0]) * (box[1] - box[3]))[-2:]
    if len(boxes) < 2:
        return None
    one, other = engine.face_encodings(pixels, boxes)
    return float(np.linalg.norm(one - other))


def column(cases: list[Case], seconds: list[float]) -> Row:
    """One system's figures on the set."""
    genuine, attacks = [c for c in cases if c.group == "genuine"], [c for c in cases if c.group == "attack"]
    printed = [c for c in cases if c.group != "quality"]
    return {
        "fields": {name: field_figures(printed, name) for name in KEY_FIELDS[:2]},
        "genuine": decisions(genuine),
        "attacks": decisions(attacks),
        "approved with NIK or name wrong": rate(not c.read_right for c in cases if c.approved and c.fields).as_json(),
        "seconds": percentiles(seconds),
    }


def _ours(folder: Path, labels: list[Row]) -> list[Case]:
    """The project's own answers to the same pictures, the latest run's; none when a picture lacks one."""
    kept = rows(folder / "predictions.jsonl")
    if not kept:
        return []
    latest = Judge(folder / "predictions.jsonl", kept[-1]["made_by"], lambda _: {})
    wanted = list(judged(folder, labels, latest, seconds=-1))
    return [case(label, said) for label, said in wanted] if len(wanted) == len(labels) else []


def _rapidocr() -> Reader:
    engine = importlib.import_module("rapidocr").RapidOCR()

    def read(pixels: Pixels) -> tuple[str, str]:
        found = engine(np.ascontiguousarray(pixels[..., ::-1]))  # It takes BGR.
        if found.txts is None:
            return "", ""
        lines = joined([str(text) for text in found.txts], np.asarray(found.boxes, dtype=np.float64))
        return nik_in(lines), name_in(lines)

    return read


def _tesseract() -> Reader:
    engine = importlib.import_module("pytesseract")

    def read(pixels: Pixels) -> tuple[str, str]:
        text = str(engine.image_to_string(Image.fromarray(pixels), lang="ind"))
        lines = [line for line in text.splitlines() if line.strip()]
        return nik_in(lines), name_in(lines)

    return read


def _akshara() -> Reader:
    engine = importlib.import_module("akshara_ocr").IDDocOCR(doc_type="ktp", auto_crop=True)

    def read(pixels: Pixels) -> tuple[str, str]:
        found = engine.extract(np.ascontiguousarray(pixels[..., ::-1]))
        return str(found.nik or ""), str(found.nama or "").upper()

    return read


READERS: dict[str, Callable[[], Reader]] = {"rapidocr": _rapidocr, "tesseract": _tesseract, "akshara": _akshara}


def joined(texts: list[str], boxes: NDArray[np.float64]) -> list[str]:
    """Each text, and after it the nearest one to its right on its row: label and value are often found apart.

    Rows run along the median direction of the (N, 4, 2) boxes' upper sides, since the card is seldom level.
    """
    across = boxes[:, 1] - boxes[:, 0]
    angle = np.median(np.arctan2(across[:, 1], across[:, 0]))
    level = boxes @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    low, high = level.min(axis=1), level.max(axis=1)
    middle = (low + high) / 2
    lines = []
    for i, text in enumerate(texts):
        same_row = np.abs(middle[:, 1] - middle[i, 1]) < 0.6 * (high[i, 1] - low[i, 1])
        right = np.flatnonzero(same_row & (middle[:, 0] > high[i, 0]))
        lines.append(f"{text} {texts[right[np.argmin(low[right, 0])]]}" if len(right) else text)
    return lines


def _versions(peer: str) -> dict[str, str]:
    return {name: _version(name) for name in NEEDS[peer]}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
